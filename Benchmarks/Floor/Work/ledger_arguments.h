#ifndef FLOOR_LEDGER_ARGUMENTS_H
#define FLOOR_LEDGER_ARGUMENTS_H

#include "ledger.h"
#include "session.h"

/* The accounts of the present batch, in the layout of LedgerArguments. A transaction adds the shares by commands of
 * its own; these come first in it. Returns the number of commands. */
void ledger_append_accounts(struct session *session, const struct ledger *ledger, int with_shares);
size_t ledger_append_shares(struct session *session, const struct ledger *ledger, struct bytes *scratch);

/* The claims of a plan for the commit script: how many arguments they are, with their number, and the arguments. */
size_t ledger_claim_arguments(const struct plan *plan);
void ledger_append_claims(struct session *session, const struct plan *plan);

/* What the outcome record of a permit says of its grant, which may be without shares. */
void ledger_write_grant(struct bytes *output, const struct ledger *ledger, const struct plan *plan);

/* The key that lives as long as a transaction may be late, and the commit's mark for the commits key. */
void ledger_append_timely(struct session *session, const struct ledger *ledger);
void ledger_append_mark(struct session *session, const struct ledger *ledger);

/* Takes what a script reports of the accounts behind its results. */
void ledger_take_report(struct ledger *ledger, const redisReply *reply, size_t results, struct turn *turn);

#endif
