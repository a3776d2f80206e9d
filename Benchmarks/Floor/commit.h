#ifndef FLOOR_COMMIT_H
#define FLOOR_COMMIT_H

#include "batch.h"
#include "session.h"

struct commit {
    struct slice sha;
    struct slice stream;
    struct slice group;
    /* As in decision records: host name and process id. */
    struct slice host;
    unsigned long long decision_max_length;
};

/* Commits a decision on every plan of the batch by the host's own script; each must have been applied. */
void commit_batch(struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch);

#endif
