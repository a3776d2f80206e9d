#ifndef FLOOR_INTAKE_H
#define FLOOR_INTAKE_H

#include "commits.h"
#include "delivery.h"
#include "reader.h"

/* In a backlog so many exchanges are under way, so that Redis has the next when it is done with one. As many deliveries are kept until they are known to be
 * committed, and as many have been read since or are asked for. */
enum { MAXIMUM_EXCHANGES = 2, DELIVERIES = 2 * MAXIMUM_EXCHANGES };

/* The commit of one delivery, if any, and a read, sent together. */
struct exchange {
    struct delivery *committed;
    struct request request;
};

/* What goes on on the connection for commands. Deliveries are read, committed and confirmed one after the other. */
struct intake {
    struct session *session;
    struct commits *commits;
    struct reader *reader;
    struct delivery deliveries[DELIVERIES];
    struct exchange exchanges[MAXIMUM_EXCHANGES];
    /* How many deliveries were read and sent to be committed, and how many exchanges were sent and answered, since the start. */
    size_t read, committed;
    size_t sent, answered;
    /* The number of the last fence that was answered. */
    unsigned long long fence;
    /* Whose transactions were refused. */
    struct delivery *refused[MAXIMUM_EXCHANGES];
    size_t refusals;
};

void intake_init(struct intake *intake, size_t batch);
void intake_free(struct intake *intake);

/* The oldest delivery that has not been sent to be committed, or NULL. */
struct delivery *intake_hand(struct intake *intake);

/* Waits for entries where none are in hand, for a while. */
void intake_await(struct intake *intake);

/* Waits until nothing is under way. */
void intake_settle(struct intake *intake);

/* Commits the delivery in hand and asks for more. */
void intake_commit(struct intake *intake);

#endif
