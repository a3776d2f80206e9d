#ifndef PROTOCOLS_OPTIONS_H
#define PROTOCOLS_OPTIONS_H

#include <stddef.h>

struct options {
    /* The host's commit script: Lua, or the Swift file that holds it as a raw string. */
    const char *script_path;
    /* Where the results go as JSON, if anywhere. */
    const char *json_path;
    size_t plans;
    size_t batch;
    size_t rounds;
};

/* Prints what is wrong and ends the process with 2 if something is. */
struct options options_parse(int count, char **arguments);

#endif
