#ifndef FLOOR_DELIVERY_H
#define FLOOR_DELIVERY_H

#include "Work/batch.h"

/* The entries of one read. */
struct delivery {
    struct batch batch;
    /* The number of the fence behind the read. */
    unsigned long long fence;
    /* The mark of claims before the read; empty if there was none. */
    struct bytes mark;
    /* Whether the entries were committed in a transaction. */
    int is_transaction;
    /* The number of accounts that it uses, and of commands that add shares to them. */
    size_t accounts, shares;
};

#endif
