#ifndef FLOOR_COMMITS_H
#define FLOOR_COMMITS_H

#include "delivery.h"
#include "Work/commit.h"

/* By which way batches are committed: large ones in a transaction, which costs Redis less, unless something got in the way of one not long ago. */
struct commits {
    struct commit commit;
    /* The text of the check that goes before a transaction. */
    struct slice check;
    /* The key of the mark that whoever claims entries deletes. */
    struct slice claims_key;
    struct bytes scratch;
    /* How many batches still go by the script, whatever their size, and how many will after the next refusal. */
    size_t by_script;
    size_t pause;
};

/* Queue the commit of a decision on every plan. */
void commits_append(struct commits *commits, struct session *session, struct delivery *delivery);
void commits_append_script(struct commits *commits, struct session *session, struct delivery *delivery);

/* Reads the answer. Returns 0 if something got in the way of a transaction, so that nothing was written. */
int commits_confirm(struct commits *commits, struct session *session, struct delivery *delivery);

#endif
