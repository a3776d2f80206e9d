#include "trial.h"

#include "server.h"
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A committer's process, with the pipes that start it and carry its report. */
struct worker {
    pid_t process;
    int start;
    int report;
};

struct report {
    struct tally tally;
    double processor_us;
};

static double now_us(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) fail("no clock");
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* A library with the script as its only function, for FCALL. */
static void load_function(struct session *session, struct slice lua) {
    struct bytes library = {0};
    bytes_append_slice(
        &library, SLICE("#!lua name=governor\nredis.register_function('governor_commit', function(KEYS, ARGV)\n"));
    bytes_append_slice(&library, lua);
    bytes_append_slice(&library, SLICE("\nend)\n"));
    const struct slice load[] = {SLICE("FUNCTION"), SLICE("LOAD"), bytes_slice(&library)};
    session_release(session, session_command(session, 3, load));
    bytes_free(&library);
}

static void load_script(struct session *session, struct slice lua, struct bytes *name) {
    const struct slice load[] = {SLICE("SCRIPT"), SLICE("LOAD"), lua};
    redisReply *reply = session_command(session, 3, load);
    bytes_append_slice(name, reply_text(reply));
    session_release(session, reply);
}

static _Noreturn void work(
    const struct contender *contender, const struct options *options, const char *socket_path, struct slice name,
    size_t number, int start, int report) {
    char consumer[32];
    /* No accounts. */
    struct ledger ledger = {0};
    snprintf(consumer, sizeof consumer, "committer-%zu", number);
    struct committer committer = {
        .protocol = contender->protocol,
        .batch = options->batch,
        .guards_permits = contender->guards_permits,
        .consumer = slice_of(consumer),
        .commit = {
            .call = contender->call,
            .name = name,
            .stream = plans_stream,
            .group = group_name,
            .host = SLICE("host-name:12345"),
            .decision_max_length = 2 * options->plans,
            .ledger = &ledger}};
    session_open(&committer.session, socket_path, REPLIES_ARENA);
    char go;
    if (read(start, &go, 1) != 1) _exit(1);
    double before = processor_time(getpid());
    committer_run(&committer);
    const struct report done = {.tally = committer.tally, .processor_us = processor_time(getpid()) - before};
    if (write(report, &done, sizeof done) != (ssize_t)sizeof done) _exit(1);
    _exit(0);
}

static struct worker start_worker(
    const struct contender *contender, const struct options *options, const char *socket_path, struct slice name,
    size_t number) {
    int start[2], report[2];
    if (pipe(start) != 0 || pipe(report) != 0) fail("cannot make a pipe");
    pid_t process = fork();
    if (process < 0) fail("cannot fork");
    if (process == 0) work(contender, options, socket_path, name, number, start[0], report[1]);
    close(start[0]);
    close(report[1]);
    return (struct worker){.process = process, .start = start[1], .report = report[0]};
}

static struct report collect_report(struct worker *worker) {
    struct report report;
    if (read(worker->report, &report, sizeof report) != (ssize_t)sizeof report) fail("a committer did not report");
    close(worker->report);
    close(worker->start);
    waitpid(worker->process, NULL, 0);
    return report;
}

struct cost trial_run(const struct contender *contender, const struct options *options, struct slice lua) {
    struct server server;
    struct session session;
    server_start(&server);
    session_open(&session, server.socket_path, REPLIES_TREE);
    stage_publish(&session, options->plans);
    struct bytes name = {0};
    if (contender->call == CALL_FUNCTION) {
        load_function(&session, lua);
        bytes_append_slice(&name, SLICE("governor_commit"));
    } else {
        load_script(&session, lua, &name);
    }

    struct worker workers[8];
    if (contender->committers > sizeof workers / sizeof *workers) fail("too many committers");
    for (size_t n = 0; n < contender->committers; n++) {
        workers[n] = start_worker(contender, options, server.socket_path, bytes_slice(&name), n);
    }
    double redis_before = processor_time(server.process), before = now_us();
    for (size_t n = 0; n < contender->committers; n++) {
        if (write(workers[n].start, "", 1) != 1) fail("a committer is gone");
    }
    struct tally sum = {0};
    double processor_us = 0;
    for (size_t n = 0; n < contender->committers; n++) {
        struct report report = collect_report(&workers[n]);
        sum.decided += report.tally.decided;
        sum.sent += report.tally.sent;
        sum.commits += report.tally.commits;
        processor_us += report.processor_us;
    }
    double elapsed = now_us() - before, redis_us = processor_time(server.process) - redis_before;
    double plans = (double)options->plans;
    if (sum.decided != options->plans) {
        fail("%s: %zu of %zu plans were decided", contender->name, sum.decided, options->plans);
    }
    stage_audit(&session, options->plans);
    session_close(&session);
    server_stop(&server);
    bytes_free(&name);
    return (struct cost){
        .redis_us = redis_us / plans, .committer_us = processor_us / plans, .plans_per_second = plans / elapsed * 1e6,
        .sent_per_decision = (double)sum.sent / plans, .decisions_per_commit = plans / (double)sum.commits};
}
