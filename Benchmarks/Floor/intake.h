#ifndef FLOOR_INTAKE_H
#define FLOOR_INTAKE_H

#include "commits.h"
#include "delivery.h"
#include "reader.h"
#include "records.h"

/* In a backlog two exchanges are in flight, so that Redis always has the next one. As many deliveries are kept until
 * their commit is confirmed, and as many are read or requested. */
enum { MAXIMUM_EXCHANGES = 2, DELIVERIES = 2 * MAXIMUM_EXCHANGES };

/* A read and the commit of one delivery, if any, sent together. */
struct exchange {
    struct delivery *committed;
    struct request request;
};

/* The work on the connection for commands. Deliveries are read, committed and confirmed one after the other. */
struct intake {
    struct session *session;
    struct commits *commits;
    struct reader *reader;
    struct records *records;
    struct delivery deliveries[DELIVERIES];
    struct exchange exchanges[MAXIMUM_EXCHANGES];
    /* Since the start: deliveries read and sent to the commit, exchanges sent and answered. */
    size_t read, committed;
    size_t sent, answered;
    /* The fence of the last answered exchange. */
    unsigned long long fence;
    /* The deliveries whose commits were refused. */
    struct delivery *refused[MAXIMUM_EXCHANGES];
    size_t refusals;
};

void intake_init(struct intake *intake, size_t batch);
void intake_free(struct intake *intake);

/* The oldest delivery whose commit has not been sent, or NULL. */
struct delivery *intake_current(struct intake *intake);

/* Waits for entries, for a limited time. Call it only if there is no current delivery. */
void intake_await(struct intake *intake);

/* Whether a commit is in flight. */
int intake_is_committing(const struct intake *intake);

/* Waits until no exchange is in flight. */
void intake_settle(struct intake *intake);

/* Commits the current delivery and reads more. */
void intake_commit(struct intake *intake);

#endif
