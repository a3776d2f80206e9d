#ifndef FLOOR_BATCH_H
#define FLOOR_BATCH_H

#include "account.h"
#include "bytes.h"
#include "session.h"

/* The fields of a plan that its decision record repeats. They are slices of the plan's reply. */
struct plan {
    struct slice id;
    struct slice plan_id;
    struct slice symbol;
    struct slice action;
    struct slice side;
    struct slice quantity;
    int is_close;
    /* The workload marks the plans that a gate would block, because the floor does not decide. */
    int is_over_budget;
    const redisReply *fields;
    /* The accounts from which it takes, NULL for none, and the amount of the position's. */
    struct account *position, *heat;
    unsigned long long amount;
};

struct batch {
    struct plan *plans;
    size_t count;
    size_t capacity;
    /* The reply that the plans are slices of. */
    redisReply *reply;
};

void batch_init(struct batch *batch, size_t capacity);
void batch_free(struct batch *batch);

/* Takes ownership of an XREADGROUP reply with one stream, or of a null reply. */
void batch_take(struct batch *batch, redisReply *reply);
void batch_drop(struct batch *batch, struct session *session);

#endif
