#ifndef FLOOR_DECISION_H
#define FLOOR_DECISION_H

#include "batch.h"

/* The time of a batch, also as text in epoch seconds. */
struct moment {
    unsigned long long seconds;
    unsigned long long milliseconds;
    char text[32];
};

struct moment moment_now(void);

/* Constants in place of the host's configuration hash and a permit's notional. */
extern const struct slice configuration_hash, granted_notional;

/* The outcome, the gate and the reason of a plan's decision record. */
struct slice outcome_name(const struct plan *plan);
struct slice deciding_gate(const struct plan *plan);
struct slice decision_reason(const struct plan *plan);

/* The gates' results of a plan's decision record: constants of the size that the workload produces. */
struct slice gates_json(const struct plan *plan);

/* These replace the content of `output`. The workload's fields need no escapes in JSON. */
void answer_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void violation_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void plan_json(struct bytes *output, const struct plan *plan);

/* The value of the outcome key: the decision's body, entry and kind. */
void outcome_text(struct bytes *output, const struct plan *plan);

/* The keys of a plan's outcome, and of its permit or block. */
void outcome_key(struct bytes *output, const struct plan *plan);
void answer_key(struct bytes *output, const struct plan *plan);

#endif
