#ifndef PROTOCOLS_OPTIONS_H
#define PROTOCOLS_OPTIONS_H

#include <stddef.h>

struct options {
    /* The file with the host's commit script, as gatehost-bench --print-script prints it. */
    const char *script_path;
    /* The file for the results as JSON, or NULL. */
    const char *json_path;
    size_t plans;
    size_t batch;
    size_t rounds;
};

/* Prints the error and ends the process with 2 if an option is wrong. */
struct options options_parse(int count, char **arguments);

#endif
