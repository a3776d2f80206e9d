#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void refuse(void) {
    fputs("usage: gatehost-echo --socket PATH --stream KEY --group NAME --consumer NAME --batch N --decision-max-length N\n", stderr);
    exit(2);
}

struct options options_parse(int count, char **arguments) {
    static const struct option known[] = {
        {"socket", required_argument, NULL, 's'},
        {"stream", required_argument, NULL, 't'},
        {"group", required_argument, NULL, 'g'},
        {"consumer", required_argument, NULL, 'c'},
        {"batch", required_argument, NULL, 'b'},
        {"decision-max-length", required_argument, NULL, 'm'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {0};
    int option;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        switch (option) {
        case 's': options.socket_path = optarg; break;
        case 't': options.stream = optarg; break;
        case 'g': options.group = optarg; break;
        case 'c': options.consumer = optarg; break;
        case 'b': options.batch = optarg; break;
        case 'm': options.decision_max_length = optarg; break;
        default: refuse();
        }
    }
    if (optind != count || !options.socket_path || !options.stream || !options.group || !options.consumer || !options.batch ||
        !options.decision_max_length) {
        refuse();
    }
    return options;
}
