#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: gatehost-protocols --script FILE [--plans N] [--batch N] [--rounds N] [--json FILE]\n";

static _Noreturn void refuse(void) {
    fputs(usage, stderr);
    exit(2);
}

static size_t number(const char *text, size_t maximum) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value == 0 || value > maximum) refuse();
    return (size_t)value;
}

struct options options_parse(int count, char **arguments) {
    static const struct option known[] = {
        {"script", required_argument, NULL, 'f'},
        {"plans", required_argument, NULL, 'p'},
        {"batch", required_argument, NULL, 'b'},
        {"rounds", required_argument, NULL, 'r'},
        {"json", required_argument, NULL, 'j'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.plans = 100000, .batch = 128, .rounds = 5};
    int option;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        switch (option) {
        case 'f': options.script_path = optarg; break;
        case 'p': options.plans = number(optarg, 10000000); break;
        case 'b': options.batch = number(optarg, 1000); break;
        case 'r': options.rounds = number(optarg, 1000); break;
        case 'j': options.json_path = optarg; break;
        default: refuse();
        }
    }
    if (optind != count || options.script_path == NULL) refuse();
    return options;
}
