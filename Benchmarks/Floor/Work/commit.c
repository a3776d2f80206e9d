#include "commit.h"

#include "decision.h"
#include "keys.h"
#include "ledger_arguments.h"

enum { VIOLATION_ARGUMENTS = 5 };

static void append_violation(
    struct session *session, const struct plan *plan, const struct moment *moment, struct bytes *scratch) {
    session_argument(session, violation_stream);
    session_number(session, VIOLATIONS_KEPT);
    session_number(session, 2);
    session_argument(session, SLICE("json"));
    violation_json(scratch, plan, moment);
    session_argument(session, bytes_slice(scratch));
}

static void append_decision(
    struct session *session, const struct commit *commit, const struct plan *plan, const struct moment *moment,
    struct bytes *scratch) {
    int blocks = plan->is_over_budget;
    session_argument(session, plan->id);
    session_argument(session, outcome_name(plan));
    session_argument(session, plan->plan_id);
    session_argument(session, plan->symbol);
    session_argument(session, deciding_gate(plan));
    session_argument(session, decision_reason(plan));
    session_argument(session, gates_json(plan));
    outcome_text(scratch, plan);
    ledger_write_grant(scratch, commit->ledger, plan);
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
    size_t claiming = ledger_claim_arguments(plan), violating = blocks ? VIOLATION_ARGUMENTS : 0;
    if (claiming + violating == 0) return session_number(session, 0);
    /* The record has no further values; the effects follow. */
    session_number(session, 1 + (claiming > 0 ? claiming : 1) + violating);
    session_number(session, 0);
    ledger_append_claims(session, plan);
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
    ledger_append_accounts(session, commit->ledger, 1);
    for (size_t n = 0; n < batch->count; n++) {
        append_decision(session, commit, &batch->plans[n], &moment, scratch);
    }
    session_end(session);
}

/* The script's results, as in CommitResult. */
enum { RESULT_APPLIED = 1, RESULT_PERMIT_EXISTS = 4, RESULT_CONFLICT = 5 };

void commit_confirm(struct session *session, const struct commit *commit, struct batch *batch, struct turn *turn) {
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("the commit failed: %s", reply->str);
    size_t kept = 0;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < batch->count) {
        fail("the commit did not answer for every plan");
    }
    for (size_t n = 0; n < batch->count; n++) {
        long long result = reply->element[n]->type == REDIS_REPLY_INTEGER ? reply->element[n]->integer : 0;
        if (result == RESULT_CONFLICT) batch->plans[kept++] = batch->plans[n];
        else if (result < RESULT_APPLIED || result > RESULT_PERMIT_EXISTS) fail("a plan was not decided");
    }
    ledger_take_report(commit->ledger, reply, batch->count, turn);
    session_release(session, reply);
    batch->count = kept;
}
