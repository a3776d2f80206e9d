#include "commit.h"

#include <stdio.h>
#include <time.h>

/* The host writes these from its gates' findings. Here they are constants of the size that the benchmark's workload gives them. */
#define BUDGET "{\"gate\":\"p28-budget\",\"mode\":\"enforce\","
#define HEAT "{\"gate\":\"heat\",\"mode\":\"enforce\","
#define PASS "\"verdict\":\"pass\",\"effect\":\"none\",\"reason\":\"\","
#define HEAT_EVIDENCE                                                                                                             \
    "\"evidence\":{\"heat\":0.06,\"projected_heat\":0.06002001,\"warm\":0.25,\"hot\":0.65,\"sigma\":0.01,\"equity_usd\":100000," \
    "\"heat_age_sec\":1.123456},\"duration_us\":1.042}"

static const struct slice entry_gates = SLICE_OF_LITERAL(
    "[" BUDGET PASS "\"evidence\":{\"budget_usd\":1820,\"position_notional\":600.00406776,\"reserved_qty\":0,\"budget_age_sec\":1.123456},\"duration_us\":1.042},"
    HEAT PASS HEAT_EVIDENCE "]");
static const struct slice close_gates = SLICE_OF_LITERAL(
    "[" BUDGET PASS "\"evidence\":{},\"duration_us\":1.042}," HEAT PASS "\"evidence\":{},\"duration_us\":0.542}]");
static const struct slice block_gates = SLICE_OF_LITERAL(
    "[" BUDGET "\"verdict\":\"block\",\"effect\":\"blocked\",\"reason\":\"p28_budget_violation\","
    "\"evidence\":{\"budget_usd\":1820,\"position_notional\":5400.03660984,\"over_budget\":3580.03660984,\"position_after\":0.056376,"
    "\"reserved_qty\":0,\"price\":95786.09,\"budget_age_sec\":1.123456},\"duration_us\":1.042}," HEAT PASS HEAT_EVIDENCE "]");

/* The moment of a batch; as text in epoch seconds. */
struct moment {
    unsigned long long seconds;
    unsigned long long milliseconds;
    char text[32];
};

static struct moment now(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_REALTIME, &time) != 0) fail("no clock");
    struct moment moment = {.seconds = (unsigned long long)time.tv_sec, .milliseconds = (unsigned long long)time.tv_nsec / 1000000};
    snprintf(moment.text, sizeof moment.text, "%llu.%06ld", moment.seconds, time.tv_nsec / 1000);
    return moment;
}

static void append_literal(struct bytes *bytes, const char *text) {
    bytes_append_slice(bytes, slice_of(text));
}

static void permit_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    bytes_clear(output);
    append_literal(output, "{\"granted\": true, \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_literal(output, "\", \"decision\": \"EXECUTE\", \"computed_qty\": ");
    bytes_append_slice(output, plan->quantity);
    append_literal(output, ", \"computed_notional\": 200.00135592, \"created_at\": ");
    append_literal(output, moment->text);
    append_literal(output,
        ", \"consumed\": false, \"eff_score\": \"\", \"eff_confidence\": \"\", \"eff_stale\": \"1\", \"eff_factor\": \"1.0000\", "
        "\"eff_action\": \"NONE\", \"eff_reason\": \"missing_eff\", \"downsize_factor\": \"1.0000\", \"extra_cooldown_sec\": \"0\"}");
}

static void block_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    bytes_clear(output);
    append_literal(output, "{\"reason\": \"p28_budget_violation\", \"timestamp\": ");
    append_literal(output, moment->text);
    append_literal(output, ", \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_literal(output, "\"}");
}

static void violation_json(struct bytes *output, const struct plan *plan, const struct moment *moment) {
    bytes_clear(output);
    append_literal(output, "{\"event_type\": \"budget.violation\", \"symbol\": \"");
    bytes_append_slice(output, plan->symbol);
    append_literal(output, "\", \"position_notional\": 5400.03660984, \"budget_usd\": 1820, \"over_budget\": 3580.03660984, \"mode\": \"enforce\", "
                           "\"timestamp\": ");
    bytes_append_number(output, moment->seconds);
    append_literal(output, ", \"plan_id\": \"");
    bytes_append_slice(output, plan->plan_id);
    append_literal(output, "\"}");
}

/* Plain concatenation: the workload's fields hold nothing that JSON would escape. */
static void plan_json(struct bytes *output, const struct plan *plan) {
    bytes_clear(output);
    for (size_t n = 0; n + 1 < plan->fields->elements; n += 2) {
        append_literal(output, n == 0 ? "{\"" : "\",\"");
        bytes_append_slice(output, reply_text(plan->fields->element[n]));
        append_literal(output, "\":\"");
        bytes_append_slice(output, reply_text(plan->fields->element[n + 1]));
    }
    append_literal(output, "\"}");
}

static void argument_pair(struct session *session, struct slice name, struct slice value) {
    session_argument(session, name);
    session_argument(session, value);
}

static void append_decision(struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    int blocks = plan->is_over_budget;
    session_argument(session, plan->id);
    session_argument(session, blocks ? SLICE("block") : SLICE("permit"));
    session_argument(session, plan->plan_id);
    session_argument(session, plan->symbol);
    session_argument(session, blocks ? SLICE("p28-budget") : SLICE(""));
    session_argument(session, blocks ? SLICE("p28_budget_violation") : SLICE("all_gates_passed"));
    session_argument(session, blocks ? block_gates : plan->is_close ? close_gates : entry_gates);
    session_argument(session, SLICE("0123456789abcdef"));
    if (blocks) block_json(scratch, plan, moment);
    else permit_json(scratch, plan, moment);
    session_argument(session, bytes_slice(scratch));

    session_number(session, blocks ? 8 : 12);
    argument_pair(session, SLICE("action"), plan->action);
    argument_pair(session, SLICE("side"), plan->side);
    argument_pair(session, SLICE("quantity"), plan->quantity);
    if (!blocks) {
        argument_pair(session, SLICE("computed_qty"), plan->quantity);
        argument_pair(session, SLICE("computed_notional"), SLICE("200.00135592"));
    }
    plan_json(scratch, plan);
    argument_pair(session, SLICE("plan"), bytes_slice(scratch));

    session_number(session, blocks ? 1 : 0);
    if (blocks) {
        session_argument(session, SLICE("quantum:stream:budget.violation"));
        session_number(session, 1000);
        session_number(session, 2);
        violation_json(scratch, plan, moment);
        argument_pair(session, SLICE("json"), bytes_slice(scratch));
    }
    /* No reservations: see the README. */
    session_number(session, 0);
}

void commit_batch(struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch) {
    struct moment moment = now();
    session_argument(session, SLICE("EVALSHA"));
    session_argument(session, commit->sha);
    session_number(session, 3);
    session_argument(session, commit->stream);
    session_argument(session, SLICE("quantum:stream:governor.decision"));
    session_argument(session, SLICE("quantum:stream:apply.plan.dead"));
    session_argument(session, commit->group);
    session_argument(session, commit->host);
    session_argument(session, SLICE("0123456789abcdef"));
    session_number(session, moment.seconds * 1000 + moment.milliseconds);
    session_number(session, commit->decision_max_length);
    session_number(session, 100000);
    session_number(session, 60);
    session_number(session, 3600);
    session_number(session, 86400);
    session_argument(session, SLICE("quantum:permit:"));
    session_argument(session, SLICE("quantum:governor:block:"));
    session_argument(session, SLICE("quantum:governor:outcome:"));
    session_argument(session, SLICE("last entry"));
    session_number(session, 3720000);
    for (size_t n = 0; n < batch->count; n++) append_decision(session, &batch->plans[n], &moment, scratch);
    session_end(session);

    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("EVALSHA: %s", reply->str);
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != batch->count) fail("the commit did not answer for every plan");
    for (size_t n = 0; n < reply->elements; n++) {
        if (reply->element[n]->type != REDIS_REPLY_INTEGER || reply->element[n]->integer != 1) fail("a decision was not applied as proposed");
    }
    freeReplyObject(reply);
}
