#include "ledger_arguments.h"

enum { CLAIM_ARGUMENTS = 5 };

static size_t claims_of(const struct plan *plan) {
    return plan->position == NULL ? 0 : plan->is_close ? 1 : plan->is_over_budget ? 2 : 3;
}

size_t ledger_claim_arguments(const struct plan *plan) {
    size_t claims = claims_of(plan);
    return claims == 0 ? 0 : 1 + CLAIM_ARGUMENTS * claims;
}

/* No claim needs a full account: nothing of the workload is blocked for that. */
static void append_claim(
    struct session *session, const struct account *account, size_t lane, unsigned long long amount) {
    struct parts parts = parts_of(amount);
    session_number(session, account->place);
    session_number(session, lane);
    session_number(session, parts.units);
    session_number(session, parts.whole);
    session_number(session, 0);
}

void ledger_append_claims(struct session *session, const struct plan *plan) {
    session_number(session, claims_of(plan));
    if (plan->position == NULL) return;
    if (plan->is_close) return append_claim(session, plan->position, LANE_CAPPED_SELL, plan->amount);
    append_claim(session, plan->position, LANE_BUY, 0);
    append_claim(session, plan->heat, LANE_HEAT, plan->is_over_budget ? BLOCK_HEAT : ENTRY_HEAT);
    if (!plan->is_over_budget) append_claim(session, plan->position, LANE_BUY, plan->amount);
}

static void write_part(
    struct bytes *output, const struct account *account, size_t lane, struct slice mark, unsigned long long value) {
    if (value == 0) return;
    bytes_append(output, " ", 1);
    bytes_append_slice(output, account_scope(account));
    bytes_append(output, " ", 1);
    bytes_append_number(output, lane);
    bytes_append_slice(output, mark);
    bytes_append(output, " ", 1);
    bytes_append_number(output, value);
}

static void write_share(
    struct bytes *output, const struct account *account, size_t lane, unsigned long long amount) {
    struct parts parts = parts_of(amount);
    write_part(output, account, lane, SLICE(""), parts.units);
    write_part(output, account, lane, SLICE("w"), parts.whole);
}

void ledger_write_grant(struct bytes *output, const struct ledger *ledger, const struct plan *plan) {
    if (plan->is_over_budget) return;
    bytes_append_slice(output, SLICE(" given "));
    bytes_append_slice(output, ledger->label.length > 0 ? bytes_slice(&ledger->label) : SLICE("-"));
    if (plan->position == NULL) return;
    if (plan->heat != NULL) write_share(output, plan->heat, LANE_HEAT, ENTRY_HEAT);
    write_share(output, plan->position, plan->is_close ? LANE_CAPPED_SELL : LANE_BUY, plan->amount);
}
