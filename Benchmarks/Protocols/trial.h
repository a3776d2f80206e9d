#ifndef PROTOCOLS_TRIAL_H
#define PROTOCOLS_TRIAL_H

#include "committer.h"
#include "options.h"

/* A protocol under comparison. */
struct contender {
    const char *name;
    const struct protocol *protocol;
    enum commit_call call;
    int guards_permits;
    size_t committers;
};

/* The cost of one round. */
struct cost {
    double redis_us;
    double committer_us;
    double plans_per_second;
    /* Decisions sent for each decision made, and decisions per commit. */
    double sent_per_decision;
    double decisions_per_commit;
};

/* Runs one round on a fresh server with a full stream. Ends the process unless every plan gets exactly one decision. */
struct cost trial_run(const struct contender *contender, const struct options *options, struct slice lua);

#endif
