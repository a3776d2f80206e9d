#ifndef FLOOR_DELIVERY_H
#define FLOOR_DELIVERY_H

#include "Work/batch.h"
#include "Work/ledger.h"

/* The entries of one read. */
struct delivery {
    struct batch batch;
    /* The number of the fence behind the read. */
    unsigned long long fence;
    /* The mark of claims before the read; empty if there was none. */
    struct bytes mark;
    /* Whether the entries were committed in a transaction. */
    int is_transaction;
    /* Its last commit, and the number of commands that add shares. */
    struct turn turn;
    size_t shares;
};

#endif
