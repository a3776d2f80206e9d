#include "commit.h"

#include "decision.h"
#include "keys.h"

enum { RESERVATION_ARGUMENTS = 4, VIOLATION_ARGUMENTS = 5 };

static void append_violation(
    struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    session_argument(session, violation_stream);
    session_number(session, VIOLATIONS_KEPT);
    session_number(session, 2);
    session_argument(session, SLICE("json"));
    violation_json(scratch, plan, moment);
    session_argument(session, bytes_slice(scratch));
}

static void append_reservation(
    struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    reservation_key(scratch, plan->symbol);
    session_argument(session, bytes_slice(scratch));
    session_argument(session, plan->quantity);
    session_number(session, reservation_end(moment));
    session_argument(session, plan->expected);
}

static void append_decision(
    struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    int blocks = plan->is_over_budget;
    session_argument(session, plan->id);
    session_argument(session, outcome_name(plan));
    session_argument(session, plan->plan_id);
    session_argument(session, plan->symbol);
    session_argument(session, deciding_gate(plan));
    session_argument(session, decision_reason(plan));
    session_argument(session, gates_json(plan));
    outcome_text(scratch, plan);
    session_argument(session, bytes_slice(scratch));
    answer_json(scratch, plan, moment);
    session_argument(session, bytes_slice(scratch));
    session_argument(session, plan->action);
    session_argument(session, plan->side);
    session_argument(session, plan->quantity);
    plan_json(scratch, plan);
    session_argument(session, bytes_slice(scratch));

    if (!blocks) {
        session_argument(session, plan->quantity);
        session_argument(session, granted_notional);
    }
    size_t reserving = plan->reserves ? RESERVATION_ARGUMENTS : 0, violating = blocks ? VIOLATION_ARGUMENTS : 0;
    if (reserving + violating == 0) return session_number(session, 0);
    /* The record has no further values; the effects follow. */
    session_number(session, 2 + reserving + violating);
    session_number(session, 0);
    session_number(session, plan->reserves ? 1 : 0);
    if (plan->reserves) append_reservation(session, plan, moment, scratch);
    if (blocks) append_violation(session, plan, moment, scratch);
}

void commit_append(
    struct session *session, const struct commit *commit, const struct batch *batch, struct bytes *scratch) {
    struct moment moment = moment_now();
    session_argument(session, commit->call == CALL_SCRIPT ? SLICE("EVALSHA") : SLICE("FCALL"));
    session_argument(session, commit->name);
    session_number(session, 4);
    session_argument(session, commit->stream);
    session_argument(session, decision_stream);
    session_argument(session, dead_letter_stream);
    session_argument(session, commits_key);
    session_argument(session, commit->group);
    session_argument(session, commit->host);
    session_argument(session, configuration_hash);
    session_number(session, moment.milliseconds);
    session_number(session, commit->decision_max_length);
    session_number(session, 100000);
    session_number(session, PERMIT_LIFE);
    session_number(session, BLOCK_LIFE);
    session_number(session, OUTCOME_LIFE);
    session_argument(session, permit_prefix);
    session_argument(session, block_prefix);
    session_argument(session, outcome_prefix);
    session_argument(session, SLICE("last entry"));
    session_number(session, 3720000);
    for (size_t n = 0; n < batch->count; n++) append_decision(session, &batch->plans[n], &moment, scratch);
    session_end(session);
}

/* The script's results, as in CommitResult. */
enum { RESULT_APPLIED = 1, RESULT_PERMIT_EXISTS = 4, RESULT_CONFLICT = 5 };

static redisReply *results(struct session *session, size_t count) {
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("the commit failed: %s", reply->str);
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != count) fail("the commit did not answer for every plan");
    return reply;
}

static int is_result(const redisReply *reply, long long result) {
    return reply->type == REDIS_REPLY_INTEGER && reply->integer == result;
}

void commit_confirm(struct session *session, size_t count) {
    redisReply *reply = results(session, count);
    for (size_t n = 0; n < count; n++) {
        long long result = reply->element[n]->type == REDIS_REPLY_INTEGER ? reply->element[n]->integer : 0;
        if (result < RESULT_APPLIED || result > RESULT_PERMIT_EXISTS) fail("a plan was not decided");
    }
    session_release(session, reply);
}

size_t commit_keep_conflicts(struct session *session, struct batch *batch) {
    redisReply *reply = results(session, batch->count);
    size_t kept = 0, count = batch->count;
    for (size_t n = 0; n < count; n++) {
        if (is_result(reply->element[n], RESULT_CONFLICT)) batch->plans[kept++] = batch->plans[n];
        else if (!is_result(reply->element[n], RESULT_APPLIED)) fail("a decision was not applied as proposed");
    }
    session_release(session, reply);
    batch->count = kept;
    return count - kept;
}
