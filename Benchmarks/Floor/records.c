#include "records.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The records that the host's gates read: four of each symbol, with these prefixes, and the portfolio's heat.
 * Reservations are not among them, because the workload does not reserve. */
enum { SYMBOL_RECORDS = 4 };
static const struct slice symbol_prefixes[SYMBOL_RECORDS] = {
    SLICE_OF_LITERAL("quantum:portfolio:budget:"),
    SLICE_OF_LITERAL("quantum:position:snapshot:"),
    SLICE_OF_LITERAL("quantum:state:positions:"),
    SLICE_OF_LITERAL("quantum:state:market:"),
};
static const struct slice heat_key = SLICE_OF_LITERAL("quantum:portfolio:heat");

struct seen_symbol {
    char *name;
    size_t length;
    int is_read;
};

static struct seen_symbol *new_table(size_t capacity) {
    struct seen_symbol *table = calloc(capacity, sizeof *table);
    if (table == NULL) fail("out of memory");
    return table;
}

void records_init(struct records *records) {
    *records = (struct records){.table = new_table(256), .capacity = 256};
}

void records_free(struct records *records) {
    for (size_t n = 0; n < records->capacity; n++) free(records->table[n].name);
    free(records->table);
    *records = (struct records){0};
}

/* Finds the symbol's place in a table whose capacity is a power of two and which is never full. The place has no
 * name if the symbol is missing. */
static struct seen_symbol *find(struct seen_symbol *table, size_t capacity, struct slice symbol) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t n = 0; n < symbol.length; n++) hash = (hash ^ (unsigned char)symbol.data[n]) * 0x100000001b3u;
    size_t slot = hash & (capacity - 1);
    while (table[slot].name != NULL && !slice_equals((struct slice){table[slot].name, table[slot].length}, symbol)) {
        slot = (slot + 1) & (capacity - 1);
    }
    return &table[slot];
}

static void grow(struct records *records) {
    struct seen_symbol *table = new_table(records->capacity * 2);
    for (size_t n = 0; n < records->capacity; n++) {
        struct seen_symbol *old = &records->table[n];
        if (old->name != NULL) *find(table, records->capacity * 2, (struct slice){old->name, old->length}) = *old;
    }
    free(records->table);
    records->table = table;
    records->capacity *= 2;
}

static struct seen_symbol *symbol_entry(struct records *records, struct slice symbol) {
    struct seen_symbol *entry = find(records->table, records->capacity, symbol);
    if (entry->name != NULL) return entry;
    if (records->count * 2 >= records->capacity) {
        grow(records);
        entry = find(records->table, records->capacity, symbol);
    }
    entry->name = malloc(symbol.length + 1);
    if (entry->name == NULL) fail("out of memory");
    memcpy(entry->name, symbol.data, symbol.length);
    entry->length = symbol.length;
    records->count += 1;
    return entry;
}

void records_forget(struct records *records, struct slice key) {
    if (slice_equals(key, heat_key)) records->has_heat = 0;
    for (size_t n = 0; n < SYMBOL_RECORDS; n++) {
        struct slice prefix = symbol_prefixes[n];
        if (key.length <= prefix.length || memcmp(key.data, prefix.data, prefix.length) != 0) continue;
        struct slice symbol = {key.data + prefix.length, key.length - prefix.length};
        find(records->table, records->capacity, symbol)->is_read = 0;
    }
}

void records_forget_all(struct records *records) {
    for (size_t n = 0; n < records->capacity; n++) records->table[n].is_read = 0;
    records->has_heat = 0;
}

int records_suffice(const struct records *records, const struct batch *batch) {
    if (!records->has_heat) return 0;
    for (size_t n = 0; n < batch->count; n++) {
        if (!find(records->table, records->capacity, batch->plans[n].symbol)->is_read) return 0;
    }
    return 1;
}

/* Reads a record and its remaining lifetime, and asks Redis to report its next change. */
static void request(struct session *session, struct slice key) {
    const struct slice track[] = {SLICE("CLIENT"), SLICE("CACHING"), SLICE("YES")};
    const struct slice read[] = {SLICE("HGETALL"), key};
    const struct slice life[] = {SLICE("PTTL"), key};
    session_queue(session, 3, track);
    session_queue(session, 2, read);
    session_queue(session, 2, life);
}

size_t records_request(
    struct records *records, const struct batch *batch, struct session *session, struct bytes *scratch) {
    size_t count = 0;
    for (size_t n = 0; n < batch->count; n++) {
        struct seen_symbol *entry = symbol_entry(records, batch->plans[n].symbol);
        if (entry->is_read) continue;
        entry->is_read = 1;
        for (size_t record = 0; record < SYMBOL_RECORDS; record++) {
            bytes_clear(scratch);
            bytes_append_slice(scratch, symbol_prefixes[record]);
            bytes_append_slice(scratch, batch->plans[n].symbol);
            request(session, bytes_slice(scratch));
        }
        count += SYMBOL_RECORDS;
    }
    if (!records->has_heat) {
        records->has_heat = 1;
        request(session, heat_key);
        count += 1;
    }
    return count;
}

void records_receive(struct session *session, size_t count) {
    for (size_t n = 0; n < count; n++) {
        session_skip(session, 1);
        redisReply *record = session_reply(session);
        if (record->type != REDIS_REPLY_ARRAY) fail("a record was not answered as asked");
        session_release(session, record);
        session_skip(session, 1);
    }
}
