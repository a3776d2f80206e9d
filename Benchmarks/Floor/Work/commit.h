#ifndef FLOOR_COMMIT_H
#define FLOOR_COMMIT_H

#include "batch.h"
#include "session.h"

/* EVALSHA of a script, or FCALL of a function. */
enum commit_call { CALL_SCRIPT, CALL_FUNCTION };

struct commit {
    enum commit_call call;
    /* The hash of the script, or the function's name. */
    struct slice name;
    struct slice stream;
    struct slice group;
    /* As in decision records: host name and process id. */
    struct slice host;
    unsigned long long decision_max_length;
};

/* Queues the commit of a decision on every plan of the batch, by the host's own script. Plans that reserve do so only if the newest
 * reservation is still the expected one. */
void commit_append(struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);

/* Reads the answer: the script must have decided each of so many plans, as proposed or as one whose id had its outcome already. */
void commit_confirm(struct session *session, size_t count);

/* Keeps the plans that somebody's reservation got in the way of, in order; all others must have been applied. Returns how many were. */
size_t commit_sift(struct session *session, struct batch *batch);

#endif
