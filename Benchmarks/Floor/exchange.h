#ifndef FLOOR_EXCHANGE_H
#define FLOOR_EXCHANGE_H

#include "Work/consumer_options.h"
#include "Work/batch.h"
#include "Work/session.h"

enum reading { READ_AT_HAND, READ_WAITING };

/* What is under way on the connection for commands: at most the commit of one batch and the reading of the next, sent together. */
struct exchange {
    struct session *session;
    const struct consumer_options *options;
    /* Decisions whose commit is queued or under way. */
    size_t committing;
    int is_reading;
};

/* Queues a read behind what is queued already, and sends it all. */
void exchange_send(struct exchange *exchange, enum reading reading);

/* Waits for what is under way, and gives the entries that came. */
void exchange_await(struct exchange *exchange, struct batch *entries);

#endif
