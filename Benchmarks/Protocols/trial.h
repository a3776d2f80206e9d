#ifndef PROTOCOLS_TRIAL_H
#define PROTOCOLS_TRIAL_H

#include "committer.h"
#include "options.h"

/* What is compared. */
struct contender {
    const char *name;
    const struct protocol *protocol;
    enum commit_call call;
    int reserves;
    int guards_permits;
    size_t committers;
};

/* What one round of it cost. */
struct cost {
    double redis_us;
    double committer_us;
    double plans_per_second;
    /* Decisions sent for each decision made, and how many of them were in a commit. */
    double sent_per_decision;
    double decisions_per_commit;
};

/* On a fresh server, with the stream full beforehand; ends the process if any plan does not get exactly one decision. */
struct cost trial_run(const struct contender *contender, const struct options *options, struct slice lua);

#endif
