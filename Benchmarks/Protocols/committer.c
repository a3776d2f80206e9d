#include "committer.h"

#include "stage.h"

static void request_entries(struct committer *committer) {
    struct session *session = &committer->session;
    session_argument(session, SLICE("XREADGROUP"));
    session_argument(session, SLICE("GROUP"));
    session_argument(session, group_name);
    session_argument(session, committer->consumer);
    session_argument(session, SLICE("COUNT"));
    session_number(session, committer->batch);
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, plans_stream);
    session_argument(session, SLICE(">"));
    session_end(session);
}

struct slice committer_key(struct committer *committer, struct slice prefix, struct slice name) {
    bytes_clear(&committer->key);
    bytes_append_slice(&committer->key, prefix);
    bytes_append_slice(&committer->key, name);
    return bytes_slice(&committer->key);
}

static void note(struct committer *committer, size_t count) {
    committer->tally.commits += 1;
    committer->tally.sent += count;
}

/* Plans are independent: the committer prepares one batch while Redis commits the one before
 * and reads the next. No commit can be refused. */
static void run_ahead(struct committer *committer, struct batch batches[2]) {
    struct session *session = &committer->session;
    struct batch *current = &batches[0], *next = &batches[1], before = {0};
    request_entries(committer);
    session_send(session);
    batch_take(current, session_reply(session));
    committer->protocol->prepare(committer, current);
    request_entries(committer);
    session_send(session);
    while (current->count > 0) {
        committer->protocol->append(committer, current);
        note(committer, current->count);
        if (before.count > 0) committer->protocol->confirm(committer, &before);
        if (before.count > 0) fail("a commit without conflicts was refused");
        committer->protocol->prepared(committer, current);
        batch_take(next, session_reply(session));
        committer->protocol->prepare(committer, next);
        request_entries(committer);
        session_send(session);

        committer->tally.decided += current->count;
        before = (struct batch){.count = current->count, .plans = current->plans};
        batch_drop(current, session);
        struct batch *done = current;
        current = next;
        next = done;
    }
    if (before.count > 0) committer->protocol->confirm(committer, &before);
    committer->protocol->prepared(committer, current);
    batch_take(next, session_reply(session));
}

void committer_run(struct committer *committer) {
    struct batch batches[2];
    for (size_t n = 0; n < 2; n++) batch_init(&batches[n], committer->batch);
    run_ahead(committer, batches);
    for (size_t n = 0; n < 2; n++) {
        batch_drop(&batches[n], &committer->session);
        batch_free(&batches[n]);
    }
}
