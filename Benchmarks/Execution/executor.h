#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "execution_options.h"
#include "session.h"

/* The largest number of decisions in one read. */
enum { EXECUTOR_BATCH = 256 };

enum fate { FATE_EXECUTED, FATE_REFUSED, FATE_WITHHELD, FATE_SILENT, FATES };

/* A permitted plan. The slices are of the reply that brought its decision. */
struct order {
    struct slice plan_id;
    struct slice symbol;
    struct slice quantity;
    enum fate fate;
};

/* Takes permits and reports their plans. The reports on one read, the taking of the permits of the next one, and a
 * further read go out together. */
struct executor {
    struct session *session;
    const struct execution_options *options;
    /* The entry behind which the next read begins. */
    struct bytes last;
    struct bytes key;
    struct order orders[EXECUTOR_BATCH];
    size_t count;
    redisReply *reply;
    /* Reports that are queued. */
    size_t reports;
    /* Permits so far, by their fate, and those that were gone when their turn came. */
    unsigned long long fates[FATES];
    unsigned long long permits, missing;
};

/* Whether nothing is left to take or to report. */
int executor_is_idle(const struct executor *executor);

/* Queues a read of decisions. It waits for so long if the executor is idle, and not at all otherwise. */
void executor_append_read(struct executor *executor, unsigned wait_ms);

/* Receives the replies to all that was queued before the read, and queues the reports that follow. */
void executor_settle(struct executor *executor);

/* Receives the reply to the read, and queues the taking of permits. Returns the number of decisions. */
size_t executor_read(struct executor *executor);

void executor_free(struct executor *executor);

#endif
