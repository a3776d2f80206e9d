#ifndef FLOOR_COMMITS_H
#define FLOOR_COMMITS_H

#include "backlog.h"
#include "delivery.h"
#include "Work/commit.h"

/* Chooses how batches are committed: large ones in a transaction, which costs Redis less, unless one was refused
 * recently. */
struct commits {
    struct commit commit;
    /* The Lua code of the check before a transaction. */
    struct slice check;
    /* The key of the mark that every claimer deletes. */
    struct slice claims_key;
    /* Learns of full batches. */
    struct backlog *backlog;
    struct bytes scratch;
    /* The number of batches, of any size, that still go through the script, and the number after the next refusal. */
    size_t by_script;
    size_t pause;
};

/* Queue the commit of a decision on every plan. */
void commits_append(struct commits *commits, struct session *session, struct delivery *delivery);
void commits_append_script(struct commits *commits, struct session *session, struct delivery *delivery);

/* Reads the reply. Returns 0 if a transaction was refused, so that nothing was written, or if the script left plans
 * because their accounts were not as they were judged. The delivery then has what is left. */
int commits_confirm(struct commits *commits, struct session *session, struct delivery *delivery);

#endif
