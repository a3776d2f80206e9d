#include "committer.h"
#include "stage.h"

#include "../Floor/Work/keys.h"
#include "../Floor/Work/transaction.h"

/* Plain commands between MULTI and EXEC, which Redis refuses if a watched key has changed.
 *
 * - Every claimer changes the fence key together with its claim. If the key has not changed since before the read, all
 *   entries are still pending with this host, and one XACK acknowledges them: an entry gets one decision (I1).
 * - The outcome key of each plan tells whether its id has an outcome from another entry or another host (I2). The key
 *   must be watched while it is still empty, because another host may commit an entry with the same id at the same
 *   time.
 * - The permit key of each plan tells whether another Governor has written a permit. SET NX in the transaction would
 *   notice that, but the decision record would still claim the permit; the script's record does not. These keys can be
 *   left out here, to measure their cost.
 *
 * EXEC ends all watches, so the watches of the next batch are set behind it. */
static const struct slice fence_key = SLICE_OF_LITERAL("quantum:governor:fence:apply.plan:governor");

static void append_plan_keys(struct committer *committer, const struct batch *batch) {
    for (size_t n = 0; n < batch->count; n++) {
        session_argument(&committer->session, committer_key(committer, outcome_prefix, batch->plans[n].plan_id));
        if (!committer->guards_permits) continue;
        session_argument(&committer->session, committer_key(committer, permit_prefix, batch->plans[n].plan_id));
    }
}

static void prepare(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    session_argument(session, SLICE("WATCH"));
    session_argument(session, fence_key);
    append_plan_keys(committer, batch);
    session_end(session);
    session_argument(session, SLICE("MGET"));
    session_argument(session, fence_key);
    append_plan_keys(committer, batch);
    session_end(session);
}

static void prepared(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    session_skip(session, 1);
    redisReply *reply = session_reply(session);
    size_t keys = 1 + (committer->guards_permits ? 2 : 1) * batch->count;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != keys) fail("MGET did not answer for every key");
    /* No host claims in this bench, and every plan is new. */
    for (size_t n = 0; n < reply->elements; n++) {
        if (reply->element[n]->type != REDIS_REPLY_NIL) fail("a plan id had an outcome, or another host claimed");
    }
    session_release(session, reply);
}

static void append(struct committer *committer, const struct batch *batch) {
    struct session *session = &committer->session;
    transaction_begin(session, &committer->commit, batch, &committer->scratch);
    transaction_end(session, &committer->commit);
}

static void confirm(struct committer *committer, struct batch *batch) {
    size_t commands = transaction_commands(batch);
    if (transaction_confirm(&committer->session, commands, 0, batch)) batch->count = 0;
}

const struct protocol transaction_protocol = {.prepare = prepare, .prepared = prepared, .append = append,
    .confirm = confirm};
