#ifndef FLOOR_EXPECTED_H
#define FLOOR_EXPECTED_H

#include "Work/session.h"

/* A reply to come. Of a record that shows what was executed, the field with its time and where that belongs. */
struct expectation {
    int is_tracked;
    struct slice field;
    unsigned long long *time_ms;
};

/* The replies to what was queued. */
struct expected {
    struct expectation *list;
    size_t count, capacity;
};

void expected_free(struct expected *expected);

void expected_add(struct expected *expected, struct expectation expectation);

/* Reads a record and its remaining lifetime, and asks Redis to report its next change. */
void expected_record(
    struct expected *expected, struct session *session, struct slice command, struct slice key, struct slice field,
    unsigned long long *time_ms);

/* Receives all of them, and keeps only times. */
void expected_receive(const struct expected *expected, struct session *session);

#endif
