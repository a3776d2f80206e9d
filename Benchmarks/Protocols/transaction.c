#include "committer.h"
#include "stage.h"

#include "../Floor/Work/keys.h"
#include "../Floor/Work/transaction.h"

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

static void prepared(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    session_skip(session, 1);
    redisReply *reply = session_reply(session);
    size_t keys = 1 + (committer->guards_permits ? 2 : 1) * batch->count;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != keys) fail("MGET did not answer for every key");
    /* Nobody claims here, and every plan is new. */
    for (size_t n = 0; n < reply->elements; n++) {
        if (reply->element[n]->type != REDIS_REPLY_NIL) fail("a plan id had its outcome, or somebody claimed");
    }
    session_release(session, reply);
    session_skip(session, committer->symbol_count);
}

static void append(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    for (size_t n = 0; n < batch->count; n++) batch->plans[n].reserves = committer->reserves;
    transaction_begin(session, &committer->commit, batch, &committer->scratch);
    for (size_t n = 0; committer->reserves && n < committer->symbol_count; n++) {
        session_argument(session, SLICE("PEXPIRE"));
        session_argument(session, committer_key(committer, reservation_prefix, committer->symbols[n].symbol));
        session_number(session, 3720000);
        session_end(session);
    }
    transaction_end(session, &committer->commit);
}

static void confirm(struct committer *committer, struct batch *batch) {
    size_t commands = transaction_commands(batch) + (committer->reserves ? committer->symbol_count : 0);
    if (transaction_confirm(&committer->session, commands, batch)) batch->count = 0;
}

const struct protocol transaction_protocol = {.prepare = prepare, .prepared = prepared, .append = append, .confirm = confirm};
