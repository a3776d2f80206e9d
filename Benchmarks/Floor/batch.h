#ifndef FLOOR_BATCH_H
#define FLOOR_BATCH_H

#include "bytes.h"

#include <hiredis/hiredis.h>

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
};

struct batch {
    struct plan *plans;
    size_t count;
    size_t capacity;
    /* The distinct symbols, in order of appearance. */
    struct slice *symbols;
    size_t symbol_count;
    /* An open-addressing hash table of 1 + indices into `symbols`; 0 is free. Its size is a power of two, at least twice `capacity`. */
    size_t *table;
    size_t table_size;
};

void batch_init(struct batch *batch, size_t capacity);
void batch_free(struct batch *batch);

/* Takes the entries of an XREADGROUP reply on one stream; their slices live as long as the reply. */
void batch_take(struct batch *batch, const redisReply *reply);

#endif
