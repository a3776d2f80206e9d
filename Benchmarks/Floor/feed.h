#ifndef FLOOR_FEED_H
#define FLOOR_FEED_H

#include "records.h"
#include "Work/session.h"

/* A connection of its own on which Redis names records that have changed since they were read: client-side caching as RESP2 has it. */
struct feed {
    struct session session;
    /* Behind every read of entries a number is published here: the fence. Once it has come, so have all names of what changed before the entries did. */
    struct bytes fence_channel;
    /* The last number that came. */
    unsigned long long fence;
};

/* Of what `commands` reads. */
void feed_open(struct feed *feed, const char *socket_path, enum reply_memory memory, struct session *commands);
void feed_close(struct feed *feed);

/* Waits for the fence with this number, and forgets the records that have changed. */
void feed_learn(struct feed *feed, unsigned long long fence, struct records *records);

#endif
