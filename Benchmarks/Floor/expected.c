#include "expected.h"

#include "Work/account.h"

#include <stdlib.h>

void expected_free(struct expected *expected) {
    free(expected->list);
    *expected = (struct expected){0};
}

void expected_add(struct expected *expected, struct expectation expectation) {
    if (expected->count == expected->capacity) {
        expected->capacity = expected->capacity == 0 ? 256 : expected->capacity * 2;
        expected->list = realloc(expected->list, expected->capacity * sizeof expectation);
        if (expected->list == NULL) fail("out of memory");
    }
    expected->list[expected->count++] = expectation;
}

void expected_record(
    struct expected *expected, struct session *session, struct slice command, struct slice key, struct slice field,
    unsigned long long *time_ms) {
    const struct slice track[] = {SLICE("CLIENT"), SLICE("CACHING"), SLICE("YES")};
    const struct slice read[] = {command, key};
    const struct slice life[] = {SLICE("PTTL"), key};
    session_queue(session, 3, track);
    session_queue(session, 2, read);
    session_queue(session, 2, life);
    expected_add(expected, (struct expectation){1, field, time_ms});
}

/* The newest of the records that show what was executed counts. */
static void note_time(const struct expectation *expected, const redisReply *record) {
    for (size_t n = 0; n + 1 < record->elements; n += 2) {
        if (!slice_equals(reply_text(record->element[n]), expected->field)) continue;
        unsigned long long time_ms = amount_of(reply_text(record->element[n + 1])) / 100000;
        if (time_ms > *expected->time_ms) *expected->time_ms = time_ms;
    }
}

static void receive(const struct expectation *expected, struct session *session) {
    if (expected->is_tracked) session_skip(session, 1);
    redisReply *record = session_reply(session);
    if (record->type == REDIS_REPLY_ERROR) fail("a record was not answered: %s", record->str);
    if (expected->time_ms != NULL) note_time(expected, record);
    session_release(session, record);
    if (expected->is_tracked) session_skip(session, 1);
}

void expected_receive(const struct expected *expected, struct session *session) {
    for (size_t n = 0; n < expected->count; n++) receive(&expected->list[n], session);
}
