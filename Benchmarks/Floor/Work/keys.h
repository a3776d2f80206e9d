#ifndef FLOOR_KEYS_H
#define FLOOR_KEYS_H

#include "bytes.h"

/* Where the host keeps what it writes: whole keys, and what keys begin with. */
extern const struct slice decision_stream, dead_letter_stream, violation_stream, commits_key;
extern const struct slice permit_prefix, block_prefix, outcome_prefix, reservation_prefix;

/* How long it lives, in seconds. */
enum { PERMIT_LIFE = 60, BLOCK_LIFE = 3600, OUTCOME_LIFE = 86400 };

enum { VIOLATIONS_KEPT = 1000 };

/* For how long, in milliseconds, a commit lets the commits key live, which it touches for those who watch it. */
enum { COMMITS_LIFE_MS = 86400000 };

#endif
