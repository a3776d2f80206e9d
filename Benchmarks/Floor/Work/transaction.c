#include "transaction.h"

#include "decision.h"
#include "keys.h"
#include "ledger_arguments.h"

static void append_pair(struct session *session, struct slice name, struct slice value) {
    session_argument(session, name);
    session_argument(session, value);
}

/* Completes SET for a key that must not exist. */
static void end_set(struct session *session, struct slice value, unsigned long long seconds) {
    append_pair(session, value, SLICE("EX"));
    session_number(session, seconds);
    session_argument(session, SLICE("NX"));
    session_end(session);
}

static void append_answer(
    struct session *session, const struct commit *commit, const struct plan *plan, const struct moment *moment,
    struct bytes *scratch) {
    session_argument(session, SLICE("SET"));
    outcome_key(scratch, plan);
    session_argument(session, bytes_slice(scratch));
    outcome_text(scratch, plan);
    ledger_write_grant(scratch, commit->ledger, plan);
    end_set(session, bytes_slice(scratch), OUTCOME_LIFE);
    session_argument(session, SLICE("SET"));
    answer_key(scratch, plan);
    session_argument(session, bytes_slice(scratch));
    answer_json(scratch, plan, moment);
    end_set(session, bytes_slice(scratch), plan->is_over_budget ? BLOCK_LIFE : PERMIT_LIFE);
}

static void append_violation(
    struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    session_argument(session, SLICE("XADD"));
    session_argument(session, violation_stream);
    append_pair(session, SLICE("MAXLEN"), SLICE("~"));
    session_number(session, VIOLATIONS_KEPT);
    session_argument(session, SLICE("*"));
    violation_json(scratch, plan, moment);
    append_pair(session, SLICE("json"), bytes_slice(scratch));
    session_end(session);
}

/* The fields have the script's order. */
static void append_record(
    struct session *session, const struct commit *commit, const struct plan *plan, const struct moment *moment,
    struct bytes *scratch) {
    session_argument(session, SLICE("XADD"));
    session_argument(session, decision_stream);
    session_argument(session, SLICE("*"));
    append_pair(session, SLICE("intent_id"), plan->id);
    append_pair(session, SLICE("plan_id"), plan->plan_id);
    append_pair(session, SLICE("symbol"), plan->symbol);
    append_pair(session, SLICE("outcome"), outcome_name(plan));
    append_pair(session, SLICE("gate"), deciding_gate(plan));
    append_pair(session, SLICE("reason"), decision_reason(plan));
    append_pair(session, SLICE("gates"), gates_json(plan));
    append_pair(session, SLICE("config_hash"), configuration_hash);
    append_pair(session, SLICE("host"), commit->host);
    session_argument(session, SLICE("decided_at_ms"));
    session_number(session, moment->milliseconds);
    append_pair(session, SLICE("action"), plan->action);
    append_pair(session, SLICE("side"), plan->side);
    append_pair(session, SLICE("quantity"), plan->quantity);
    plan_json(scratch, plan);
    append_pair(session, SLICE("plan"), bytes_slice(scratch));
    if (!plan->is_over_budget) {
        append_pair(session, SLICE("computed_qty"), plan->quantity);
        append_pair(session, SLICE("computed_notional"), granted_notional);
    }
    session_end(session);
}

size_t transaction_begin(
    struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch) {
    struct moment moment = moment_now();
    session_queue(session, 1, &SLICE("MULTI"));
    size_t shares = ledger_append_shares(session, commit->ledger, scratch);
    session_argument(session, SLICE("XACK"));
    session_argument(session, commit->stream);
    session_argument(session, commit->group);
    for (size_t n = 0; n < batch->count; n++) session_argument(session, batch->plans[n].id);
    session_end(session);
    for (size_t n = 0; n < batch->count; n++) {
        const struct plan *plan = &batch->plans[n];
        append_answer(session, commit, plan, &moment, scratch);
        if (plan->is_over_budget) append_violation(session, plan, &moment, scratch);
        append_record(session, commit, plan, &moment, scratch);
    }
    return shares;
}

void transaction_end(struct session *session, const struct commit *commit) {
    session_argument(session, SLICE("XTRIM"));
    session_argument(session, decision_stream);
    append_pair(session, SLICE("MAXLEN"), SLICE("~"));
    session_number(session, commit->decision_max_length);
    session_end(session);
    session_queue(session, 1, &SLICE("EXEC"));
}

size_t transaction_commands(const struct batch *batch) {
    /* XACK and XTRIM; for each plan its outcome, answer and record. */
    size_t count = 2 + 3 * batch->count;
    for (size_t n = 0; n < batch->count; n++) {
        count += batch->plans[n].is_over_budget ? 1 : 0;
    }
    return count;
}

int transaction_confirm(struct session *session, size_t commands, size_t shares, const struct batch *batch) {
    /* The replies to MULTI and to each queued command. */
    session_skip(session, 1 + commands);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("EXEC: %s", reply->str);
    int is_done = reply->type != REDIS_REPLY_NIL;
    if (is_done) {
        if (reply->type != REDIS_REPLY_ARRAY || reply->elements != commands) {
            fail("EXEC did not answer for every command");
        }
        for (size_t n = 0; n < commands; n++) {
            if (reply->element[n]->type == REDIS_REPLY_ERROR) fail("%s", reply->element[n]->str);
            /* SET NX answers nil if the key exists. */
            if (reply->element[n]->type == REDIS_REPLY_NIL) fail("a plan had its outcome or answer, unseen");
        }
        if (reply->element[shares]->integer != (long long)batch->count) fail("an entry was not pending");
    }
    session_release(session, reply);
    return is_done;
}
