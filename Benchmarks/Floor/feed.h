#ifndef FLOOR_FEED_H
#define FLOOR_FEED_H

#include "records.h"
#include "Work/session.h"

/* A second connection on which Redis reports changed records: client-side caching in RESP2. */
struct feed {
    struct session session;
    /* The channel of the fence, a number that is published behind every read of entries. When it arrives, all
     * changes from before the entries have arrived too. */
    struct bytes fence_channel;
    /* The last number received. */
    unsigned long long fence;
};

/* Tracks the reads of `commands`. */
void feed_open(struct feed *feed, const char *socket_path, enum reply_memory memory, struct session *commands);
void feed_close(struct feed *feed);

/* Waits for the fence with this number, and forgets the changed records. */
void feed_learn(struct feed *feed, unsigned long long fence, struct records *records);

#endif
