#ifndef FLOOR_TRANSACTION_H
#define FLOOR_TRANSACTION_H

#include "batch.h"
#include "commit.h"

/* What the commit script writes, as plain commands between MULTI and EXEC. Whoever asks for it knows that every entry is still this consumer's and that no
 * plan id has had its outcome, and watches what would change that. */

/* Queues MULTI and the decision on every plan of the batch. Further commands may follow before the transaction ends. */
void transaction_begin(struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);
void transaction_end(struct session *session, const struct commit *commit);

/* How many commands these two queue for the batch, besides MULTI and EXEC. */
size_t transaction_commands(const struct batch *batch);

/* Reads the answers to it all, of so many commands. Returns 0 if something that was watched has changed, so that nothing was done. */
int transaction_confirm(struct session *session, size_t commands, const struct batch *batch);

#endif
