#ifndef FLOOR_OPTIONS_H
#define FLOOR_OPTIONS_H

#include "Work/session.h"

#include <stddef.h>

struct options {
    const char *socket_path;
    const char *stream;
    const char *group;
    const char *consumer;
    const char *script_path;
    size_t batch;
    unsigned long long decision_max_length;
    enum reply_memory replies;
};

/* Prints what is wrong and ends the process with 2 if something is. */
struct options options_parse(int count, char **arguments);

#endif
