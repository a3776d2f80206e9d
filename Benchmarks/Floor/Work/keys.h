#ifndef FLOOR_KEYS_H
#define FLOOR_KEYS_H

#include "bytes.h"

/* The host's keys in Redis: whole keys, and prefixes. */
extern const struct slice decision_stream, dead_letter_stream, violation_stream, commits_key;
extern const struct slice permit_prefix, block_prefix, outcome_prefix, account_prefix, timely_prefix;

/* Lifetimes in seconds. */
enum { PERMIT_LIFE = 60, BLOCK_LIFE = 3600, OUTCOME_LIFE = 86400 };

enum { VIOLATIONS_KEPT = 1000 };

/* The lifetime in milliseconds that a commit gives the commits key. Setting the key makes other watchers'
 * transactions fail. */
enum { COMMITS_LIFE_MS = 86400000 };

/* In milliseconds: how long a share counts (`answers.reservation_ttl`) and its eighth, for which a bucket collects
 * grants; how long an executed share counts; the lifetime of an account. */
enum {
    SHARE_LIFE_MS = 120000,
    BUCKET_MS = SHARE_LIFE_MS / 8,
    EXECUTED_LIFE_MS = 3600000,
    ACCOUNT_LIFE_MS = EXECUTED_LIFE_MS + 2 * SHARE_LIFE_MS
};

#endif
