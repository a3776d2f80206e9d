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

/* What the host's configuration hash would say, and what a permit grants. */
extern const struct slice configuration_hash, granted_notional;

/* What is decided on a plan, in the words of its decision record. */
struct slice outcome_name(const struct plan *plan);
struct slice deciding_gate(const struct plan *plan);
struct slice decision_reason(const struct plan *plan);

/* What the host's gates find, as its decision records tell it: constants of the size that the benchmark's workload gives them. */
struct slice gates_json(const struct plan *plan);

/* These replace what `output` holds. The workload's fields hold nothing that JSON would escape. */
void answer_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void violation_json(struct bytes *output, const struct plan *plan, const struct moment *moment);
void plan_json(struct bytes *output, const struct plan *plan);

/* What is kept of a plan id: body, entry and kind of its decision. */
void outcome_text(struct bytes *output, const struct plan *plan);

/* The keys of a plan's outcome, and of its permit or block. */
void outcome_key(struct bytes *output, const struct plan *plan);
void answer_key(struct bytes *output, const struct plan *plan);
void reservation_key(struct bytes *output, struct slice symbol);

/* A reservation that the plan makes expires then, in milliseconds. */
unsigned long long reservation_end(const struct moment *moment);

#endif
