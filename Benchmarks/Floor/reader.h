#ifndef FLOOR_READER_H
#define FLOOR_READER_H

#include "delivery.h"
#include "Work/consumer_options.h"
#include "Work/session.h"

enum reading { READ_AT_HAND, READ_WAITING };

/* Asks for entries. */
struct reader {
    struct session *session;
    const struct consumer_options *options;
    /* Where a number is published behind each read, and how many were. */
    struct slice fence_channel;
    unsigned long long fences;
    /* The key of the mark of claims, and whether there was no mark. */
    struct slice claims_key;
    int is_mark_missing;
    /* As in decision records. */
    struct slice host;
    struct bytes scratch;
};

/* What was asked for. */
struct request {
    unsigned long long fence;
    int sets_mark;
};

/* Queues a read: before it what tells of the mark, behind it the fence. */
struct request reader_append(struct reader *reader, enum reading reading);

/* Reads the answer. */
void reader_take(struct reader *reader, struct request request, struct delivery *delivery);

#endif
