#ifndef FLOOR_LEDGER_H
#define FLOOR_LEDGER_H

#include "batch.h"
#include "symbols.h"

/* The host's LedgerSession and LedgerBatch: the bucket of the grants, the marks of commits, and the accounts of the
 * present batch. Without symbols there are no accounts. */
struct ledger {
    struct symbols *symbols;
    struct account heat;
    /* Tells this session from others in labels and marks. */
    struct bytes name;
    unsigned long long sequence, period;
    /* Redis' time less this machine's monotonic time. */
    long long offset_ms;
    struct bytes label, mark, last_mark;
    struct account **accounts;
    size_t count, capacity;
};

/* `redis_ms` is Redis' time. */
void ledger_init(struct ledger *ledger, struct symbols *symbols, unsigned long long redis_ms);
void ledger_free(struct ledger *ledger);

/* A batch is to be committed: sums what its permits take, by account. Of a large batch only the account is tidied
 * whose turn it is, of a small one all are. */
void ledger_turn(struct ledger *ledger, struct batch *batch, int is_small);

/* A commit has told Redis' time; a transaction was not executed. */
void ledger_note_time(struct ledger *ledger, long long redis_ms);
void ledger_was_refused(struct ledger *ledger);

#endif
