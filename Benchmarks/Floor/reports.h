#ifndef FLOOR_REPORTS_H
#define FLOOR_REPORTS_H

#include "backlog.h"
#include "Work/consumer_options.h"

#include <pthread.h>
#include <signal.h>

/* Settles grants by the execution layer's reports, as the host does: on a thread and a connection of its own, by the
 * host's own script, a batch at a time, and in a backlog for a twentieth of the time at most. */
struct reports {
    const struct consumer_options *options;
    /* The script's digest. */
    struct slice script;
    const struct backlog *backlog;
    const volatile sig_atomic_t *stopping;
    pthread_t thread;
};

void reports_start(struct reports *reports);

/* Waits for the end, which comes soon after `stopping` is set. */
void reports_join(struct reports *reports);

#endif
