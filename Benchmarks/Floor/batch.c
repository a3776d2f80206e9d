#include "batch.h"
#include "session.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void batch_init(struct batch *batch, size_t capacity) {
    *batch = (struct batch){.capacity = capacity, .table_size = 2};
    while (batch->table_size < capacity * 2) batch->table_size *= 2;
    batch->plans = calloc(capacity, sizeof *batch->plans);
    batch->symbols = calloc(capacity, sizeof *batch->symbols);
    batch->table = calloc(batch->table_size, sizeof *batch->table);
    if (batch->plans == NULL || batch->symbols == NULL || batch->table == NULL) fail("out of memory");
}

void batch_free(struct batch *batch) {
    free(batch->plans);
    free(batch->symbols);
    free(batch->table);
    *batch = (struct batch){0};
}

static void add_symbol(struct batch *batch, struct slice symbol) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t n = 0; n < symbol.length; n++) hash = (hash ^ (unsigned char)symbol.data[n]) * 0x100000001b3u;
    size_t slot = hash & (batch->table_size - 1);
    while (batch->table[slot] != 0) {
        if (slice_equals(batch->symbols[batch->table[slot] - 1], symbol)) return;
        slot = (slot + 1) & (batch->table_size - 1);
    }
    batch->symbols[batch->symbol_count] = symbol;
    batch->symbol_count += 1;
    batch->table[slot] = batch->symbol_count;
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

void batch_take(struct batch *batch, const redisReply *reply) {
    memset(batch->table, 0, batch->table_size * sizeof *batch->table);
    batch->count = 0;
    batch->symbol_count = 0;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1 || reply->element[0]->type != REDIS_REPLY_ARRAY ||
        reply->element[0]->elements != 2 || reply->element[0]->element[1]->type != REDIS_REPLY_ARRAY) {
        fail("XREADGROUP answered something that is not one stream");
    }
    const redisReply *entries = reply->element[0]->element[1];
    if (entries->elements > batch->capacity) fail("XREADGROUP answered more entries than it was asked for");
    for (size_t n = 0; n < entries->elements; n++) {
        batch->plans[n] = parse(entries->element[n]);
        add_symbol(batch, batch->plans[n].symbol);
    }
    batch->count = entries->elements;
}
