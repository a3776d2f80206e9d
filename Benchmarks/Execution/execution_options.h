#ifndef EXECUTION_OPTIONS_H
#define EXECUTION_OPTIONS_H

/* What becomes of permits: shares in percent. A permit of the rest is taken and never reported. */
struct fates {
    /* Taken and filled. */
    unsigned executed;
    /* Taken, and refused by the exchange. */
    unsigned refused;
    /* Reported as not executed without being taken: another permit was missing. */
    unsigned withheld;
};

struct execution_options {
    const char *socket_path;
    /* The decisions behind this entry are followed. */
    const char *after;
    /* The positions to publish, or NULL; and the time between two publications. */
    const char *positions_path;
    unsigned interval_ms;
    unsigned long long result_max_length;
    struct fates fates;
    /* Whether to end when no decision is left. */
    int ends_when_idle;
};

/* Prints the usage and ends the process with 2 if an option is wrong. */
struct execution_options execution_options_parse(int count, char **arguments);

#endif
