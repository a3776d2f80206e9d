#ifndef FLOOR_SYMBOLS_H
#define FLOOR_SYMBOLS_H

#include "account.h"

struct symbol {
    struct slice name;
    /* Whether its records have been read since their last change, and the last order to read all accounts that its
     * account has followed. */
    int is_read;
    unsigned long long account_reading;
    struct account position;
};

/* All symbols so far, found by name. */
struct symbols {
    struct symbol **table;
    size_t capacity;
    size_t count;
};

void symbols_init(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

/* A symbol, or NULL if it is new; and the same, which then adds it. */
struct symbol *symbols_find(const struct symbols *symbols, struct slice name);
struct symbol *symbols_at(struct symbols *symbols, struct slice name);

#endif
