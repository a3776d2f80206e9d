#ifndef CONSUMER_OPTIONS_H
#define CONSUMER_OPTIONS_H

#include "session.h"

#include <stddef.h>

struct consumer_options {
    const char *socket_path;
    const char *stream;
    const char *group;
    const char *consumer;
    const char *scripts_path;
    size_t batch;
    unsigned long long decision_max_length;
    enum reply_memory replies;
};

/* Prints the usage and ends the process with 2 if an option is wrong. Only the floor takes a folder of scripts and a
 * choice of reply memory. */
struct consumer_options consumer_options_parse(int count, char **arguments, int is_floor);

#endif
