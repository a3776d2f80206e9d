#ifndef PROTOCOLS_COMMITTER_H
#define PROTOCOLS_COMMITTER_H

#include "../Floor/Work/batch.h"
#include "../Floor/Work/commit.h"
#include "../Floor/Work/session.h"

/* One host of the group, which reads batches and commits a decision on each plan. */
struct committer {
    struct session session;
    struct commit commit;
    const struct protocol *protocol;
    size_t batch;
    /* Whether a transaction checks that no other Governor has permitted a plan. */
    int guards_permits;
    struct slice consumer;
    struct bytes scratch;
    struct bytes key;
    struct tally {
        size_t decided;
        /* Decisions sent to the commit. Above the number of decisions made if there were conflicts. */
        size_t sent;
        size_t commits;
    } tally;
};

/* A way to commit a batch. Queries that must precede the commit are sent one step ahead of it. */
struct protocol {
    /* Queues the queries that tell whether the batch may be committed, and the watches for changes. */
    void (*prepare)(struct committer *, const struct batch *);
    void (*prepared)(struct committer *, const struct batch *);
    void (*append)(struct committer *, const struct batch *);
    /* Reads the reply and leaves the refused plans in the batch. */
    void (*confirm)(struct committer *, struct batch *);
};

extern const struct protocol script_protocol, transaction_protocol;

/* Decides all entries of the stream. */
void committer_run(struct committer *committer);

/* A key from a prefix and a name; valid until the next call. */
struct slice committer_key(struct committer *committer, struct slice prefix, struct slice name);

#endif
