#ifndef PROTOCOLS_COMMITTER_H
#define PROTOCOLS_COMMITTER_H

#include "../Floor/Work/batch.h"
#include "../Floor/Work/commit.h"
#include "../Floor/Work/session.h"

struct symbol_state {
    struct slice symbol;
    /* The newest reservation on it, as far as is known; empty if there is none. */
    char newest[48];
    size_t newest_length;
};

enum { MAXIMUM_SYMBOLS = 64 };

/* One host of the group: reads batches and commits a decision on each plan. */
struct committer {
    struct session session;
    struct commit commit;
    const struct protocol *protocol;
    size_t batch;
    /* Whether permits reserve, which ties plans on one symbol together, whoever decides them. */
    int reserves;
    /* Whether a transaction makes sure that nobody outside the group gave a plan its permit. */
    int guards_permits;
    struct slice consumer;
    struct bytes scratch;
    struct bytes key;
    struct symbol_state symbols[MAXIMUM_SYMBOLS];
    size_t symbol_count;
    struct tally {
        size_t decided;
        /* Decisions that were sent to be committed; more than were decided where others got in the way. */
        size_t sent;
        size_t commits;
    } tally;
};

/* How a batch is committed. What must be known beforehand, if anything, is asked for one step ahead of the commit. */
struct protocol {
    /* Queues what tells whether the batch may be committed, and makes sure to learn if that changes. */
    void (*prepare)(struct committer *, const struct batch *);
    void (*prepared)(struct committer *, const struct batch *);
    void (*append)(struct committer *, const struct batch *);
    /* Reads the answer and leaves in the batch what was not committed. */
    void (*confirm)(struct committer *, struct batch *);
};

extern const struct protocol script_protocol, transaction_protocol;

/* Decides all that is in the stream. */
void committer_run(struct committer *committer);

/* Where the state of a plan's symbol is kept. */
struct symbol_state *committer_symbol(struct committer *committer, struct slice symbol);

/* A key: a prefix and a name behind it; valid until the next one. */
struct slice committer_key(struct committer *committer, struct slice prefix, struct slice name);

#endif
