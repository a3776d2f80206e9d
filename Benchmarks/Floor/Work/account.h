#ifndef FLOOR_ACCOUNT_H
#define FLOOR_ACCOUNT_H

#include "bytes.h"

/* The lanes that the workload uses: uncapped buys and capped sells of a position, and the heat's only one. */
enum { LANE_BUY = 0, LANE_HEAT = 0, LANE_CAPPED_SELL = 3, LANES = 4 };

/* The heat of a permitted entry, and of one beyond the budget: constants of the size that the workload produces. */
#define ENTRY_HEAT 200001356ull
#define BLOCK_HEAT 2000000000000063ull

/* An account of the host's ledger: what this process knows of it, and what the present batch does to it. */
struct account {
    struct bytes key;
    /* The arguments that never change: the margin in ms, and of the bound the lanes and the whole limit. */
    unsigned long long margin_ms, limit;
    struct slice lanes;
    /* The time of the record that shows what was executed, epoch ms; 0 if there is none. */
    unsigned long long snapshot_ms;
    /* Whether a commit has said that there is a position. The heat has none. */
    int is_told;
    /* The number of the bucket in which it last had a share, and when it was last tidied. */
    unsigned long long bucket, tidied_ms;

    /* The batch that last used it. The rest is of that batch. */
    unsigned long long batch;
    /* Its place in the list of accounts, from 1. */
    size_t place;
    /* What the permits take, in units of 0.00000001. */
    unsigned long long added[LANES];
    /* Whether a plan opens, whether a gate would block one, and whether the account is new in its bucket. */
    int opens, blocks, is_new;
};

/* An amount as the ledger keeps it: units of 0.00000001, and from 10,000 on whole ones apart. */
struct parts {
    unsigned long long units, whole;
};

struct parts parts_of(unsigned long long amount);

/* Units of 0.00000001 of a decimal number without a sign. */
unsigned long long amount_of(struct slice text);

/* The account by which grants name it: its key without the prefix. */
struct slice account_scope(const struct account *account);

/* Gives an empty account its key. */
void account_init_position(struct account *account, struct slice symbol);
void account_init_heat(struct account *account);

#endif
