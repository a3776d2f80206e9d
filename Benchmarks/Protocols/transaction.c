#include "committer.h"
#include "stage.h"

#include "../Floor/Work/decision.h"

/* MULTI and EXEC with plain commands, which Redis does not carry out if a watched key has changed since it was read.
 *
 * - The fence is a key that every claimer changes together with its claim. Unchanged since before the entries were read, it says that all of them are still
 *   this host's, so that one XACK takes them all out of the pending list: an entry gets one decision (I1).
 * - The outcome key of each plan says whether its id has had its outcome from another entry, here or on another host: one plan id, one outcome (I2). Nothing
 *   but watching it while it is still empty guards against a second entry with the id that another host commits at the same time.
 * - The permit key of each plan says whether another Governor gave a permit; SET NX in the transaction would find out, but not keep the record from saying so.
 *   The script does tell. It can be left out here, to see what it costs.
 * - Where plans reserve, the reservations of each symbol are watched too.
 *
 * What was watched is forgotten by EXEC, so the watches of the next batch are set behind it. */
static const struct slice fence_key = SLICE_OF_LITERAL("quantum:governor:fence:apply.plan:governor");
static const struct slice permit_prefix = SLICE_OF_LITERAL("quantum:permit:");
static const struct slice block_prefix = SLICE_OF_LITERAL("quantum:governor:block:");
static const struct slice outcome_prefix = SLICE_OF_LITERAL("quantum:governor:outcome:");
static const struct slice body_hash = SLICE_OF_LITERAL("0123456789abcdef");

static void append_plan_keys(struct committer *committer, const struct batch *batch) {
    for (size_t n = 0; n < batch->count; n++) {
        session_argument(&committer->session, committer_key(committer, outcome_prefix, batch->plans[n].plan_id));
        if (!committer->guards_permits) continue;
        session_argument(&committer->session, committer_key(committer, permit_prefix, batch->plans[n].plan_id));
    }
}

static void append_reservations(struct committer *committer, const struct batch *batch) {
    for (size_t n = 0; n < batch->count; n++) committer_symbol(committer, batch->plans[n].symbol);
    for (size_t n = 0; n < committer->symbol_count; n++) {
        session_argument(&committer->session, committer_key(committer, reservation_prefix, committer->symbols[n].symbol));
    }
}

static void prepare(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    session_argument(session, SLICE("WATCH"));
    session_argument(session, fence_key);
    append_plan_keys(committer, batch);
    if (committer->reserves) append_reservations(committer, batch);
    session_end(session);
    session_argument(session, SLICE("MGET"));
    session_argument(session, fence_key);
    append_plan_keys(committer, batch);
    session_end(session);
    for (size_t n = 0; n < committer->symbol_count; n++) {
        session_argument(session, SLICE("HGET"));
        session_argument(session, committer_key(committer, reservation_prefix, committer->symbols[n].symbol));
        session_argument(session, SLICE("last entry"));
        session_end(session);
    }
}

static void skip_reply(struct session *session) {
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("%s", reply->str);
    session_release(session, reply);
}

static void prepared(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    skip_reply(session);
    redisReply *reply = session_reply(session);
    size_t keys = 1 + (committer->guards_permits ? 2 : 1) * batch->count;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != keys) fail("MGET did not answer for every key");
    /* Nobody claims here, and every plan is new. */
    for (size_t n = 0; n < reply->elements; n++) {
        if (reply->element[n]->type != REDIS_REPLY_NIL) fail("a plan id had its outcome, or somebody claimed");
    }
    session_release(session, reply);
    for (size_t n = 0; n < committer->symbol_count; n++) skip_reply(session);
}

static void set(struct committer *committer, struct slice key, struct slice value, unsigned long long seconds) {
    struct session *session = &committer->session;
    session_argument(session, SLICE("SET"));
    session_argument(session, key);
    session_argument(session, value);
    session_argument(session, SLICE("EX"));
    session_number(session, seconds);
    session_end(session);
}

static void append_pair(struct session *session, struct slice name, struct slice value) {
    session_argument(session, name);
    session_argument(session, value);
}

static void append_record(struct committer *committer, const struct plan *plan, const struct moment *moment) {
    struct session *session = &committer->session;
    int blocks = plan->is_over_budget;
    session_argument(session, SLICE("XADD"));
    session_argument(session, decision_stream);
    session_argument(session, SLICE("*"));
    append_pair(session, SLICE("intent_id"), plan->id);
    append_pair(session, SLICE("plan_id"), plan->plan_id);
    append_pair(session, SLICE("symbol"), plan->symbol);
    append_pair(session, SLICE("outcome"), blocks ? SLICE("block") : SLICE("permit"));
    append_pair(session, SLICE("gate"), blocks ? SLICE("p28-budget") : SLICE(""));
    append_pair(session, SLICE("reason"), blocks ? SLICE("p28_budget_violation") : SLICE("all_gates_passed"));
    append_pair(session, SLICE("gates"), gates_json(plan));
    append_pair(session, SLICE("config_hash"), SLICE("0123456789abcdef"));
    append_pair(session, SLICE("host"), committer->commit.host);
    session_argument(session, SLICE("decided_at_ms"));
    session_number(session, moment->milliseconds);
    append_pair(session, SLICE("action"), plan->action);
    append_pair(session, SLICE("side"), plan->side);
    append_pair(session, SLICE("quantity"), plan->quantity);
    plan_json(&committer->scratch, plan);
    append_pair(session, SLICE("plan"), bytes_slice(&committer->scratch));
    if (!blocks) {
        append_pair(session, SLICE("computed_qty"), plan->quantity);
        append_pair(session, SLICE("computed_notional"), SLICE("200.00135592"));
    }
    session_end(session);
}

static void append_violation(struct committer *committer, const struct plan *plan, const struct moment *moment) {
    struct session *session = &committer->session;
    const struct slice head[] = {SLICE("XADD"), SLICE("quantum:stream:budget.violation"), SLICE("MAXLEN"), SLICE("~"), SLICE("1000"), SLICE("*")};
    for (size_t n = 0; n < sizeof head / sizeof *head; n++) session_argument(session, head[n]);
    violation_json(&committer->scratch, plan, moment);
    append_pair(session, SLICE("json"), bytes_slice(&committer->scratch));
    session_end(session);
}

static void append_reservation(struct committer *committer, const struct plan *plan, const struct moment *moment) {
    struct session *session = &committer->session;
    bytes_clear(&committer->scratch);
    bytes_append_slice(&committer->scratch, plan->quantity);
    bytes_append(&committer->scratch, " ", 1);
    bytes_append_number(&committer->scratch, moment->milliseconds + 120000);
    bytes_append_slice(&committer->scratch, SLICE(" 0"));
    session_argument(session, SLICE("HSET"));
    session_argument(session, committer_key(committer, reservation_prefix, plan->symbol));
    append_pair(session, plan->plan_id, bytes_slice(&committer->scratch));
    append_pair(session, SLICE("last entry"), plan->id);
    session_end(session);
}

static void append_plan(struct committer *committer, const struct plan *plan, const struct moment *moment) {
    int blocks = plan->is_over_budget;
    if (blocks) block_json(&committer->scratch, plan, moment);
    else permit_json(&committer->scratch, plan, moment);
    struct slice prefix = blocks ? block_prefix : permit_prefix;
    set(committer, committer_key(committer, prefix, plan->plan_id), bytes_slice(&committer->scratch), blocks ? 3600 : 60);
    bytes_clear(&committer->scratch);
    bytes_append_slice(&committer->scratch, body_hash);
    bytes_append(&committer->scratch, " ", 1);
    bytes_append_slice(&committer->scratch, plan->id);
    bytes_append_slice(&committer->scratch, blocks ? SLICE(" block") : SLICE(" permit"));
    set(committer, committer_key(committer, outcome_prefix, plan->plan_id), bytes_slice(&committer->scratch), 86400);
    if (committer->reserves && !blocks) append_reservation(committer, plan, moment);
    if (blocks) append_violation(committer, plan, moment);
    append_record(committer, plan, moment);
}

/* How many commands `append` queues for a batch, besides MULTI and EXEC. */
static size_t command_count(const struct committer *committer, const struct batch *batch) {
    /* XACK and XTRIM; of a plan, its answer, outcome and record. */
    size_t count = 2 + 3 * batch->count;
    for (size_t n = 0; n < batch->count; n++) {
        if (batch->plans[n].is_over_budget || committer->reserves) count += 1;
    }
    return count + (committer->reserves ? committer->symbol_count : 0);
}

static void append(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    struct moment moment = moment_now();
    session_argument(session, SLICE("MULTI"));
    session_end(session);
    session_argument(session, SLICE("XACK"));
    session_argument(session, plans_stream);
    session_argument(session, group_name);
    for (size_t n = 0; n < batch->count; n++) session_argument(session, batch->plans[n].id);
    session_end(session);
    for (size_t n = 0; n < batch->count; n++) append_plan(committer, &batch->plans[n], &moment);
    for (size_t n = 0; committer->reserves && n < committer->symbol_count; n++) {
        session_argument(session, SLICE("PEXPIRE"));
        session_argument(session, committer_key(committer, reservation_prefix, committer->symbols[n].symbol));
        session_number(session, 3720000);
        session_end(session);
    }
    const struct slice trim[] = {SLICE("XTRIM"), decision_stream, SLICE("MAXLEN"), SLICE("~")};
    for (size_t n = 0; n < sizeof trim / sizeof *trim; n++) session_argument(session, trim[n]);
    session_number(session, committer->commit.decision_max_length);
    session_end(session);
    session_argument(session, SLICE("EXEC"));
    session_end(session);
}

static void confirm(struct committer *committer, struct batch *batch) {
    struct session *session = &committer->session;
    size_t commands = command_count(committer, batch);
    for (size_t n = 0; n < 1 + commands; n++) skip_reply(session);
    redisReply *reply = session_reply(session);
    if (reply->type != REDIS_REPLY_NIL) {
        if (reply->type != REDIS_REPLY_ARRAY || reply->elements != commands) fail("EXEC did not answer for every command");
        for (size_t n = 0; n < commands; n++) {
            if (reply->element[n]->type == REDIS_REPLY_ERROR) fail("%s", reply->element[n]->str);
        }
        if (reply->element[0]->integer != (long long)batch->count) fail("an entry was not pending");
        batch->count = 0;
    }
    session_release(session, reply);
}

const struct protocol transaction_protocol = {.prepare = prepare, .prepared = prepared, .append = append, .confirm = confirm};
