#ifndef FLOOR_COMMIT_H
#define FLOOR_COMMIT_H

#include "batch.h"
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
};

/* Queues the commit of a decision on every plan of the batch, by the host's own script. A plan that reserves is
 * committed only if the newest reservation is still the expected one. */
void commit_append(
    struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);

/* Reads the reply. The script must have decided each of the plans, as proposed or as one whose id has an outcome. */
void commit_confirm(struct session *session, size_t count);

/* Keeps, in order, the plans that conflicted with another host's reservation; all others must have been applied.
 * Returns the number of applied plans. */
size_t commit_keep_conflicts(struct session *session, struct batch *batch);

#endif
