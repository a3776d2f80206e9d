#ifndef FLOOR_TRANSACTION_H
#define FLOOR_TRANSACTION_H

#include "batch.h"
#include "commit.h"

/* The writes of the commit script, as plain commands between MULTI and EXEC. The caller must know that every entry
 * is still pending with this consumer and that no plan id has an outcome, and must watch the keys that change
 * otherwise. */

/* Queues MULTI and the shares of the batch, and then the decision on every plan. More commands may follow before the
 * transaction ends. Returns the number of commands that add shares. */
size_t transaction_begin(
    struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);
void transaction_end(struct session *session, const struct commit *commit);

/* The number of commands that these two queue for the batch, besides MULTI, EXEC and the shares. */
size_t transaction_commands(const struct batch *batch);

/* Reads the replies of a transaction with so many commands, of which the first add shares. Returns 0 if Redis refused
 * it because a watched key changed. */
int transaction_confirm(struct session *session, size_t commands, size_t shares, const struct batch *batch);

#endif
