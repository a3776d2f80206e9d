#ifndef FLOOR_DECISION_H
#define FLOOR_DECISION_H

#include "batch.h"

/* The moment of a batch; as text in epoch seconds. */
struct moment {
    unsigned long long seconds;
    unsigned long long milliseconds;
    char text[32];
};

struct moment moment_now(void);

/* What the host's gates find, as its decision records tell it: constants of the size that the benchmark's workload gives them. */
struct slice gates_json(const struct plan *plan);

/* These replace what `output` holds. The workload's fields hold nothing that JSON would escape. */
void permit_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void block_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void violation_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void plan_json(struct bytes *output, const struct plan *plan);

#endif
