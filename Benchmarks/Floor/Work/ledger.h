#ifndef FLOOR_LEDGER_H
#define FLOOR_LEDGER_H

#include "batch.h"
#include "symbols.h"

/* The host's LedgerSession and LedgerBatch: the bucket of the grants, the marks of commits, and the accounts of the
 * present batch. Without symbols there are no accounts. */
struct ledger {
    struct symbols *symbols;
    struct account heat;
    /* Tells this session from others in labels and marks, and the key that a transaction watches so as not to come
     * late. */
    struct bytes name, timely_key;
    /* The numbers of the last commit and of the present bucket, both from 1; the period of the bucket, and when it
     * ends by Redis' clock. */
    unsigned long long sequence, bucket, period;
    long long end_ms;
    /* The number of the last commit that is known to have come behind others'. */
    unsigned long long since;
    /* Redis' time less this machine's monotonic time. */
    long long offset_ms;
    /* The label is empty if the next commit must begin a bucket. A transaction leaves the mark with that number. */
    struct bytes label, mark, last_mark, left_mark;
    /* Those that are read in any case come first. */
    struct account **accounts;
    size_t count, read_count, capacity;
};

/* A commit: its accounts, and when it began. Its reply tells whether others had committed before it. */
struct turn {
    size_t accounts;
    unsigned long long begun_ms;
    int follows_others;
};

/* `redis_ms` is Redis' time. */
void ledger_init(struct ledger *ledger, struct symbols *symbols, unsigned long long redis_ms);
void ledger_free(struct ledger *ledger);

/* A batch is to be committed: sums what its permits take, by account. Of a large batch only those accounts are read
 * that are told of a position and the one whose turn it is, of a small one all are. */
struct turn ledger_turn(struct ledger *ledger, struct batch *batch, int is_small);

/* A commit has told Redis' time; a transaction was not executed. */
void ledger_note_time(struct ledger *ledger, const struct turn *turn, long long redis_ms);
void ledger_was_refused(struct ledger *ledger);

#endif
