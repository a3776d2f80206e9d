#ifndef FLOOR_READER_H
#define FLOOR_READER_H

#include "delivery.h"
#include "Work/consumer_options.h"
#include "Work/session.h"

enum reading { READ_AVAILABLE, READ_WAITING };

/* Reads entries. */
struct reader {
    struct session *session;
    const struct consumer_options *options;
    /* The channel of the fences, and the number of fences so far. */
    struct slice fence_channel;
    unsigned long long fences;
    /* The key of the mark of claims, and whether the mark is missing. */
    struct slice claims_key;
    int is_mark_missing;
    /* Host name and process id, as in decision records. */
    struct slice host;
    struct bytes scratch;
};

/* A read that was sent. */
struct request {
    unsigned long long fence;
    int sets_mark;
};

/* Queues a read, with the query of the mark before it and the fence behind it. */
struct request reader_append(struct reader *reader, enum reading reading);

/* Reads the reply. */
void reader_take(struct reader *reader, struct request request, struct delivery *delivery);

#endif
