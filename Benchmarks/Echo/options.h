#ifndef ECHO_OPTIONS_H
#define ECHO_OPTIONS_H

struct options {
    const char *socket_path;
    const char *stream;
    const char *group;
    const char *consumer;
    const char *batch;
    const char *decision_max_length;
};

/* Ends the process with 2 and a usage line where something is missing or unknown. Redis checks the numbers. */
struct options options_parse(int count, char **arguments);

#endif
