#define _GNU_SOURCE
#include "execution_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void refuse(void) {
    fprintf(stderr,
            "usage: %s --socket PATH --after ID --result-max-length N --executed %% --refused %% --withheld %%\n"
            "       [--positions FILE --interval MS] [--end-when-idle]\n",
            program_invocation_short_name);
    exit(2);
}

static unsigned long long number(const char *text, unsigned long long maximum) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > maximum) refuse();
    return value;
}

struct execution_options execution_options_parse(int count, char **arguments) {
    static const struct option known[] = {
        {"socket", required_argument, NULL, 's'},
        {"after", required_argument, NULL, 'a'},
        {"result-max-length", required_argument, NULL, 'm'},
        {"executed", required_argument, NULL, 'x'},
        {"refused", required_argument, NULL, 'r'},
        {"withheld", required_argument, NULL, 'w'},
        {"positions", required_argument, NULL, 'p'},
        {"interval", required_argument, NULL, 'i'},
        {"end-when-idle", no_argument, NULL, 'e'},
        {NULL, 0, NULL, 0},
    };
    struct execution_options options = {0};
    int option;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        switch (option) {
        case 's': options.socket_path = optarg; break;
        case 'a': options.after = optarg; break;
        case 'm': options.result_max_length = number(optarg, 1000000000); break;
        case 'x': options.fates.executed = (unsigned)number(optarg, 100); break;
        case 'r': options.fates.refused = (unsigned)number(optarg, 100); break;
        case 'w': options.fates.withheld = (unsigned)number(optarg, 100); break;
        case 'p': options.positions_path = optarg; break;
        case 'i': options.interval_ms = (unsigned)number(optarg, 3600000); break;
        case 'e': options.ends_when_idle = 1; break;
        default: refuse();
        }
    }
    struct fates fates = options.fates;
    if (optind != count || !options.socket_path || !options.after || options.result_max_length == 0 ||
        fates.executed + fates.refused + fates.withheld > 100 ||
        (options.positions_path != NULL) != (options.interval_ms > 0)) {
        refuse();
    }
    return options;
}
