#ifndef CONSUMER_OPTIONS_H
#define CONSUMER_OPTIONS_H

#include "session.h"

#include <stddef.h>

struct consumer_options {
    const char *socket_path;
    const char *stream;
    const char *group;
    const char *consumer;
    const char *script_path;
    const char *check_path;
    size_t batch;
    unsigned long long decision_max_length;
    enum reply_memory replies;
};

/* Prints what is wrong and ends the process with 2 if something is. Only the floor has a script to commit by, a check that
 * goes before a transaction, and replies to choose. */
struct consumer_options consumer_options_parse(int count, char **arguments, int is_floor);

#endif
