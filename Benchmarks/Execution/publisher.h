#ifndef PUBLISHER_H
#define PUBLISHER_H

#include "session.h"

struct position;

/* Writes the positions' snapshots again and again, as the exchange's publisher does, so that hosts see shares shown. */
struct publisher {
    struct session *session;
    struct position *positions;
    size_t count;
    unsigned interval_ms;
    unsigned long long due_ms;
    struct bytes key;
};

/* Reads lines of a symbol, its quantity and its mark price, with one blank between. Without a file it publishes
 * nothing. */
void publisher_open(struct publisher *publisher, struct session *session, const char *path, unsigned interval_ms);
void publisher_close(struct publisher *publisher);

/* The time until the next snapshots are due, at most `longest`. */
unsigned publisher_wait(const struct publisher *publisher, unsigned longest);

/* Queues the snapshots if they are due; returns the number of commands. */
size_t publisher_append(struct publisher *publisher);

#endif
