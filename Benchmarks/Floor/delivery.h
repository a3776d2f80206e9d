#ifndef FLOOR_DELIVERY_H
#define FLOOR_DELIVERY_H

#include "Work/batch.h"

/* The entries that a read brought. */
struct delivery {
    struct batch batch;
    /* The number of the fence behind them. */
    unsigned long long fence;
    /* The mark of claims that was there before they were read; empty if there was none. */
    struct bytes mark;
    /* Which way they were sent to be committed. */
    int is_transaction;
};

#endif
