#include "report.h"

#include "../Floor/Work/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct spread {
    double median;
    double least;
    double most;
};

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static struct spread spread_of(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    double median = count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
    return (struct spread){.median = median, .least = values[0], .most = values[count - 1]};
}

/* The spread of one member over all rounds, or of its ratio to another contender's. */
static struct spread spread_of_member(const struct cost *costs, const struct cost *base, size_t rounds, size_t member) {
    double *values = calloc(rounds, sizeof *values);
    if (values == NULL) fail("out of memory");
    for (size_t n = 0; n < rounds; n++) {
        double value, other;
        memcpy(&value, (const char *)&costs[n] + member, sizeof value);
        if (base != NULL) {
            memcpy(&other, (const char *)&base[n] + member, sizeof other);
            value /= other;
        }
        values[n] = value;
    }
    struct spread spread = spread_of(values, rounds);
    free(values);
    return spread;
}

/* Finds the script that a contender is compared with: the nearest one before it. */
static size_t base_of(const struct contender *contenders, size_t index) {
    while (contenders[index].protocol != &script_protocol || contenders[index].call != CALL_SCRIPT) index -= 1;
    return index;
}

void report_print(
    const struct contender *contenders, size_t count, const struct cost *costs, const struct options *options) {
    printf("%zu plans a round, batches of %zu, %zu rounds: medians [min - max]\n\n", options->plans, options->batch,
           options->rounds);
    printf("%-36s %-26s %-22s %-20s %-24s %s\n", "protocol", "redis-server us/plan", "of the script's",
           "committer us/plan", "plans/s", "sent per decision");
    for (size_t n = 0; n < count; n++) {
        const struct cost *own = costs + n * options->rounds, *base = costs + base_of(contenders, n) * options->rounds;
        size_t rounds = options->rounds;
        struct spread redis = spread_of_member(own, NULL, rounds, offsetof(struct cost, redis_us));
        struct spread ratio = spread_of_member(own, base, rounds, offsetof(struct cost, redis_us));
        struct spread committer = spread_of_member(own, NULL, rounds, offsetof(struct cost, committer_us));
        struct spread rate = spread_of_member(own, NULL, rounds, offsetof(struct cost, plans_per_second));
        struct spread sent = spread_of_member(own, NULL, rounds, offsetof(struct cost, sent_per_decision));
        printf("%-36s %6.2f [%5.2f - %5.2f]     %.3f [%.3f - %.3f]  %5.2f [%4.2f - %4.2f]  ", contenders[n].name,
               redis.median, redis.least, redis.most, ratio.median, ratio.least, ratio.most, committer.median,
               committer.least, committer.most);
        printf("%6.0f [%6.0f - %6.0f] %.2f [%.2f - %.2f]\n", rate.median, rate.least, rate.most, sent.median,
               sent.least, sent.most);
    }
}

void report_write_json(const char *path, const struct contender *contenders, size_t count, const struct cost *costs,
                       const struct options *options) {
    FILE *file = fopen(path, "w");
    if (file == NULL) fail("cannot write %s", path);
    fprintf(file, "{\"plans\": %zu, \"batch\": %zu, \"contenders\": [", options->plans, options->batch);
    for (size_t n = 0; n < count; n++) {
        fprintf(file, "%s\n  {\"name\": \"%s\", \"committers\": %zu, \"rounds\": [", n == 0 ? "" : ",",
                contenders[n].name, contenders[n].committers);
        for (size_t round = 0; round < options->rounds; round++) {
            const struct cost *cost = &costs[n * options->rounds + round];
            fprintf(
                file,
                "%s\n    {\"redis_us_per_plan\": %.3f, \"committer_us_per_plan\": %.3f, \"plans_per_second\": %.0f, "
                "\"sent_per_decision\": %.4f, \"decisions_per_commit\": %.2f}",
                round == 0 ? "" : ",", cost->redis_us, cost->committer_us, cost->plans_per_second,
                cost->sent_per_decision, cost->decisions_per_commit);
        }
        fputs("]}", file);
    }
    fputs("]}\n", file);
    if (fclose(file) != 0) fail("cannot write %s", path);
}
