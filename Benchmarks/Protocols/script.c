#include "committer.h"

#include "../Floor/Work/keys.h"

#include <string.h>

/* The script checks for itself. Only plans that reserve need the newest reservations beforehand. */
static void prepare(struct committer *committer, const struct batch *batch) {
    if (!committer->reserves) return;
    for (size_t n = 0; n < batch->count; n++) committer_symbol(committer, batch->plans[n].symbol);
    for (size_t n = 0; n < committer->symbol_count; n++) {
        session_argument(&committer->session, SLICE("HGET"));
        struct slice key = committer_key(committer, reservation_prefix, committer->symbols[n].symbol);
        session_argument(&committer->session, key);
        session_argument(&committer->session, SLICE("last entry"));
        session_end(&committer->session);
    }
}

static void prepared(struct committer *committer, const struct batch *batch) {
    (void)batch;
    if (!committer->reserves) return;
    for (size_t n = 0; n < committer->symbol_count; n++) {
        struct symbol_state *state = &committer->symbols[n];
        redisReply *reply = session_reply(&committer->session);
        struct slice newest = reply->type == REDIS_REPLY_NIL ? SLICE("") : reply_text(reply);
        if (newest.length > sizeof state->newest) fail("an entry id of %zu bytes", newest.length);
        memcpy(state->newest, newest.data, newest.length);
        state->newest_length = newest.length;
        session_release(&committer->session, reply);
    }
}

/* Each plan expects the reservation of the plan before it on its symbol. */
static void expect(struct committer *committer, const struct batch *batch) {
    for (size_t n = 0; n < batch->count; n++) {
        struct plan *plan = &batch->plans[n];
        struct symbol_state *state = committer_symbol(committer, plan->symbol);
        const struct plan *last = NULL;
        for (size_t k = n; k > 0 && last == NULL; k--) {
            const struct plan *earlier = &batch->plans[k - 1];
            if (!earlier->is_over_budget && slice_equals(earlier->symbol, plan->symbol)) last = earlier;
        }
        plan->reserves = 1;
        plan->expected = last != NULL ? last->id : (struct slice){state->newest, state->newest_length};
    }
}

static void append(struct committer *committer, const struct batch *batch) {
    if (committer->reserves) expect(committer, batch);
    commit_append(&committer->session, &committer->commit, batch, &committer->scratch);
}

static void confirm(struct committer *committer, struct batch *batch) {
    if (committer->reserves) {
        commit_keep_conflicts(&committer->session, batch);
    } else {
        commit_confirm(&committer->session, batch->count);
        batch->count = 0;
    }
}

const struct protocol script_protocol = {.prepare = prepare, .prepared = prepared, .append = append,
    .confirm = confirm};
