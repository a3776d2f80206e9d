#include "batch.h"

#include <stdlib.h>

void batch_init(struct batch *batch, size_t capacity) {
    *batch = (struct batch){.capacity = capacity, .plans = calloc(capacity, sizeof *batch->plans)};
    if (batch->plans == NULL) fail("out of memory");
}

void batch_free(struct batch *batch) {
    free(batch->plans);
    *batch = (struct batch){0};
}

static struct plan parse(const redisReply *entry) {
    if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 || entry->element[1]->type != REDIS_REPLY_ARRAY) {
        fail("an entry without fields");
    }
    const redisReply *fields = entry->element[1];
    struct plan plan = {.id = reply_text(entry->element[0]), .fields = fields};
    for (size_t n = 0; n + 1 < fields->elements; n += 2) {
        struct slice name = reply_text(fields->element[n]);
        struct slice value = reply_text(fields->element[n + 1]);
        if (slice_equals(name, SLICE("plan_id"))) plan.plan_id = value;
        else if (slice_equals(name, SLICE("symbol"))) plan.symbol = value;
        else if (slice_equals(name, SLICE("action"))) plan.action = value;
        else if (slice_equals(name, SLICE("side"))) plan.side = value;
        else if (slice_equals(name, SLICE("qty"))) plan.quantity = value;
        else if (slice_equals(name, SLICE("reduceOnly"))) plan.is_close = slice_equals(value, SLICE("true"));
        else if (slice_equals(name, SLICE("regime"))) plan.is_over_budget = slice_equals(value, SLICE("over_budget"));
    }
    if (plan.plan_id.length == 0 || plan.symbol.length == 0) fail("an entry without plan_id or symbol");
    return plan;
}

void batch_take(struct batch *batch, redisReply *reply) {
    if (reply->type == REDIS_REPLY_ERROR) fail("XREADGROUP: %s", reply->str);
    batch->reply = reply;
    batch->count = 0;
    if (reply->type == REDIS_REPLY_NIL) return;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1 || reply->element[0]->type != REDIS_REPLY_ARRAY ||
        reply->element[0]->elements != 2 || reply->element[0]->element[1]->type != REDIS_REPLY_ARRAY) {
        fail("XREADGROUP answered something that is not one stream");
    }
    const redisReply *entries = reply->element[0]->element[1];
    if (entries->elements > batch->capacity) fail("XREADGROUP answered more entries than it was asked for");
    for (size_t n = 0; n < entries->elements; n++) batch->plans[n] = parse(entries->element[n]);
    batch->count = entries->elements;
}

void batch_drop(struct batch *batch, struct session *session) {
    session_release(session, batch->reply);
    batch->reply = NULL;
    batch->count = 0;
}
