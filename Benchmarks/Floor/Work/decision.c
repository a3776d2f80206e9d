#include "decision.h"

#include "keys.h"

#include <stdio.h>
#include <time.h>

#define BUDGET "{\"gate\":\"p28-budget\",\"mode\":\"enforce\","
#define KILL_SWITCH                                                                                               \
    "{\"gate\":\"kill-switch\",\"mode\":\"enforce\"," PASS "\"evidence\":{},\"duration_us\":0.212},"
#define HEAT "{\"gate\":\"heat\",\"mode\":\"enforce\","
#define PASS "\"verdict\":\"pass\",\"effect\":\"none\",\"reason\":\"\","
#define HEAT_EVIDENCE                                                                                             \
    "\"evidence\":{\"heat\":0.06,\"projected_heat\":0.06000001,\"warm\":0.25,\"hot\":0.65,\"sigma\":0.01,"         \
    "\"equity_usd\":1000000000000,\"heat_age_sec\":1.123,\"reserved_risk_usd\":14000.09491186},"                  \
    "\"duration_us\":0.242}"

static const struct slice entry_gates = SLICE_OF_LITERAL(
    "[" BUDGET PASS
    "\"evidence\":{\"budget_usd\":1000000000,\"position_notional\":6000.00406776,\"reserved_qty\":0.056376,"
    "\"budget_age_sec\":1.123},\"duration_us\":0.342}," KILL_SWITCH
    HEAT PASS HEAT_EVIDENCE "]");
static const struct slice close_gates = SLICE_OF_LITERAL(
    "[" BUDGET PASS "\"evidence\":{},\"duration_us\":0.242}," KILL_SWITCH
    HEAT PASS "\"evidence\":{},\"duration_us\":0.542}]");
static const struct slice block_gates = SLICE_OF_LITERAL(
    "[" BUDGET "\"verdict\":\"block\",\"effect\":\"blocked\",\"reason\":\"p28_budget_violation\","
    "\"evidence\":{\"budget_usd\":1000000000,\"position_notional\":2000000600.01252563,"
    "\"over_budget\":1000000600.01252563,\"position_after\":20879.862619,\"reserved_qty\":0.056376,"
    "\"price\":95786.09,\"budget_age_sec\":1.123},\"duration_us\":1.042}," KILL_SWITCH HEAT PASS HEAT_EVIDENCE "]");

static const struct slice body_hash = SLICE_OF_LITERAL("0123456789abcdef");
const struct slice configuration_hash = SLICE_OF_LITERAL("0123456789abcdef");
const struct slice granted_notional = SLICE_OF_LITERAL("200.00135592");

struct moment moment_now(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_REALTIME, &time) != 0) fail("no clock");
    struct moment moment = {.seconds = (unsigned long long)time.tv_sec};
    moment.milliseconds = moment.seconds * 1000 + (unsigned long long)time.tv_nsec / 1000000;
    snprintf(moment.text, sizeof moment.text, "%llu.%06ld", moment.seconds, time.tv_nsec / 1000);
    return moment;
}

struct slice outcome_name(const struct plan *plan) {
    return plan->is_over_budget ? SLICE("block") : SLICE("permit");
}

struct slice deciding_gate(const struct plan *plan) {
    return plan->is_over_budget ? SLICE("p28-budget") : SLICE("");
}

struct slice decision_reason(const struct plan *plan) {
    return plan->is_over_budget ? SLICE("p28_budget_violation") : SLICE("all_gates_passed");
}

struct slice gates_json(const struct plan *plan) {
    return plan->is_over_budget ? block_gates : plan->is_close ? close_gates : entry_gates;
}

static void append_text(struct bytes *bytes, const char *text) {
    bytes_append_slice(bytes, slice_of(text));
}

static void permit_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    append_text(output, "{\"granted\": true, \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_text(output, "\", \"decision\": \"EXECUTE\", \"computed_qty\": ");
    bytes_append_slice(output, plan->quantity);
    append_text(output, ", \"computed_notional\": 200.00135592, \"created_at\": ");
    append_text(output, moment->text);
    append_text(output,
        ", \"consumed\": false, \"eff_score\": \"\", \"eff_confidence\": \"\", \"eff_stale\": \"1\", "
        "\"eff_factor\": \"1.0000\", \"eff_action\": \"NONE\", \"eff_reason\": \"missing_eff\", "
        "\"downsize_factor\": \"1.0000\", \"extra_cooldown_sec\": \"0\"}");
}

static void block_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    append_text(output, "{\"reason\": \"p28_budget_violation\", \"timestamp\": ");
    append_text(output, moment->text);
    append_text(output, ", \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_text(output, "\"}");
}

void answer_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    bytes_clear(output);
    if (plan->is_over_budget) block_json(output, plan, moment);
    else permit_json(output, plan, moment);
}

void violation_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    bytes_clear(output);
    append_text(output, "{\"event_type\": \"budget.violation\", \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_text(output,
        "\", \"position_notional\": 2000000600.01252563, \"budget_usd\": 1000000000, "
        "\"over_budget\": 1000000600.01252563, "
        "\"mode\": \"enforce\", \"timestamp\": ");
    bytes_append_number(output, moment->seconds);
    append_text(output, ", \"plan_id\": \"");
    bytes_append_slice(output, plan->plan_id);
    append_text(output, "\"}");
}

void plan_json(struct bytes *output, const struct plan *plan) {
    bytes_clear(output);
    for (size_t n = 0; n + 1 < plan->fields->elements; n += 2) {
        append_text(output, n == 0 ? "{\"" : "\",\"");
        bytes_append_slice(output, reply_text(plan->fields->element[n]));
        append_text(output, "\":\"");
        bytes_append_slice(output, reply_text(plan->fields->element[n + 1]));
    }
    append_text(output, "\"}");
}

void outcome_text(struct bytes *output, const struct plan *plan) {
    bytes_clear(output);
    bytes_append_slice(output, body_hash);
    bytes_append(output, " ", 1);
    bytes_append_slice(output, plan->id);
    bytes_append(output, " ", 1);
    bytes_append_slice(output, outcome_name(plan));
}

static void key(struct bytes *output, struct slice prefix, struct slice name) {
    bytes_clear(output);
    bytes_append_slice(output, prefix);
    bytes_append_slice(output, name);
}

void outcome_key(struct bytes *output, const struct plan *plan) {
    key(output, outcome_prefix, plan->plan_id);
}

void answer_key(struct bytes *output, const struct plan *plan) {
    key(output, plan->is_over_budget ? block_prefix : permit_prefix, plan->plan_id);
}
