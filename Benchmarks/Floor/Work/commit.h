#ifndef FLOOR_COMMIT_H
#define FLOOR_COMMIT_H

#include "batch.h"
#include "ledger.h"
#include "session.h"

/* EVALSHA of a script, or FCALL of a function. */
enum commit_call { CALL_SCRIPT, CALL_FUNCTION };

struct commit {
    enum commit_call call;
    /* The script's digest or the function's name. */
    struct slice name;
    struct slice stream;
    struct slice group;
    /* Host name and process id, as in decision records. */
    struct slice host;
    unsigned long long decision_max_length;
    /* What the batch does to accounts. */
    struct ledger *ledger;
};

/* Queues the commit of a decision on every plan of the batch, by the host's own script. */
void commit_append(
    struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);

/* Reads the reply. Keeps in the batch, in order, the plans whose accounts were not as they were judged; each of the
 * others must have been decided, as proposed or as one whose id has an outcome. */
void commit_confirm(struct session *session, const struct commit *commit, struct batch *batch, struct turn *turn);

#endif
