#ifndef FLOOR_BATCH_H
#define FLOOR_BATCH_H

#include "bytes.h"
#include "session.h"

/* The fields of a plan that its decision record repeats; slices of the reply that brought it. */
struct plan {
    struct slice id;
    struct slice plan_id;
    struct slice symbol;
    struct slice action;
    struct slice side;
    struct slice quantity;
    int is_close;
    /* The workload marks the plans that a gate blocks, because the floor does not decide. */
    int is_over_budget;
    const redisReply *fields;
    /* Whether the plan reserves, and the reservation that must be the newest then, if any. */
    int reserves;
    struct slice expected;
};

struct batch {
    struct plan *plans;
    size_t count;
    size_t capacity;
    /* What the plans are slices of. */
    redisReply *reply;
};

void batch_init(struct batch *batch, size_t capacity);
void batch_free(struct batch *batch);

/* Takes over an XREADGROUP reply on one stream, or a null one. */
void batch_take(struct batch *batch, redisReply *reply);
void batch_drop(struct batch *batch, struct session *session);

#endif
