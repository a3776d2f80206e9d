#define _GNU_SOURCE
#include "consumer_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_floor;

static _Noreturn void refuse(void) {
    fprintf(stderr,
            "usage: %s --socket PATH --stream KEY --group NAME --consumer NAME --batch N --decision-max-length N%s\n",
            program_invocation_short_name, is_floor ? " --scripts FOLDER [--replies tree|arena]" : "");
    exit(2);
}

static unsigned long long number(const char *text, unsigned long long maximum) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value == 0 || value > maximum) refuse();
    return value;
}

/* Returns whether the text is the second of two words. */
static int choice(const char *text, const char *first, const char *second) {
    if (strcmp(text, first) == 0) return 0;
    if (strcmp(text, second) != 0) refuse();
    return 1;
}

struct consumer_options consumer_options_parse(int count, char **arguments, int floor) {
    is_floor = floor;
    static const struct option known[] = {
        {"socket", required_argument, NULL, 's'},
        {"stream", required_argument, NULL, 't'},
        {"group", required_argument, NULL, 'g'},
        {"consumer", required_argument, NULL, 'c'},
        {"batch", required_argument, NULL, 'b'},
        {"decision-max-length", required_argument, NULL, 'm'},
        {"scripts", required_argument, NULL, 'f'},
        {"replies", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    struct consumer_options options = {0};
    int option;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        switch (option) {
        case 's': options.socket_path = optarg; break;
        case 't': options.stream = optarg; break;
        case 'g': options.group = optarg; break;
        case 'c': options.consumer = optarg; break;
        case 'b': options.batch = (size_t)number(optarg, 100000); break;
        case 'm': options.decision_max_length = number(optarg, 1000000000); break;
        case 'f': options.scripts_path = optarg; break;
        case 'r': options.replies = choice(optarg, "tree", "arena") ? REPLIES_ARENA : REPLIES_TREE; break;
        default: refuse();
        }
    }
    if (optind != count || !options.socket_path || !options.stream || !options.group || !options.consumer ||
        options.batch == 0 || options.decision_max_length == 0 || is_floor != (options.scripts_path != NULL)) {
        refuse();
    }
    return options;
}
