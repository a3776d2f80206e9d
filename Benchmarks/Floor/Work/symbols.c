#include "symbols.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct symbol **new_table(size_t capacity) {
    struct symbol **table = calloc(capacity, sizeof *table);
    if (table == NULL) fail("out of memory");
    return table;
}

void symbols_init(struct symbols *symbols) {
    *symbols = (struct symbols){.table = new_table(256), .capacity = 256};
}

void symbols_free(struct symbols *symbols) {
    for (size_t n = 0; n < symbols->capacity; n++) {
        if (symbols->table[n] == NULL) continue;
        bytes_free(&symbols->table[n]->position.key);
        free((char *)symbols->table[n]->name.data);
        free(symbols->table[n]);
    }
    free(symbols->table);
    *symbols = (struct symbols){0};
}

/* Finds the symbol's place in a table whose capacity is a power of two and which is never full. The place is empty if
 * the symbol is missing. */
static struct symbol **find(struct symbol **table, size_t capacity, struct slice name) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t n = 0; n < name.length; n++) hash = (hash ^ (unsigned char)name.data[n]) * 0x100000001b3u;
    size_t slot = hash & (capacity - 1);
    while (table[slot] != NULL && !slice_equals(table[slot]->name, name)) slot = (slot + 1) & (capacity - 1);
    return &table[slot];
}

static void grow(struct symbols *symbols) {
    struct symbol **table = new_table(symbols->capacity * 2);
    for (size_t n = 0; n < symbols->capacity; n++) {
        struct symbol *old = symbols->table[n];
        if (old != NULL) *find(table, symbols->capacity * 2, old->name) = old;
    }
    free(symbols->table);
    symbols->table = table;
    symbols->capacity *= 2;
}

struct symbol *symbols_find(const struct symbols *symbols, struct slice name) {
    return *find(symbols->table, symbols->capacity, name);
}

struct symbol *symbols_at(struct symbols *symbols, struct slice name) {
    struct symbol **place = find(symbols->table, symbols->capacity, name);
    if (*place != NULL) return *place;
    if (symbols->count * 2 >= symbols->capacity) {
        grow(symbols);
        place = find(symbols->table, symbols->capacity, name);
    }
    struct symbol *symbol = calloc(1, sizeof *symbol);
    char *copy = malloc(name.length + 1);
    if (symbol == NULL || copy == NULL) fail("out of memory");
    memcpy(copy, name.data, name.length);
    symbol->name = (struct slice){copy, name.length};
    account_init_position(&symbol->position, symbol->name);
    symbols->count += 1;
    return *place = symbol;
}
