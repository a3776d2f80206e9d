#ifndef FLOOR_FEED_H
#define FLOOR_FEED_H

#include "records.h"
#include "Work/session.h"

/* Makes Redis name changed records on `feed`, a connection of its own, for what `commands` reads: client-side caching as RESP2 has it. */
void feed_open(struct session *feed, struct session *commands, struct bytes *scratch);

/* A PING is the fence: when it is answered, all names of what changed before it was sent have been read. Asked for as soon as entries have come, and before
 * Redis is given anything that takes it long, it is answered by the time that it is needed. */
void feed_ask(struct session *feed);

/* Waits for the answer, and forgets the records that have changed. */
void feed_learn(struct session *feed, struct records *records);

#endif
