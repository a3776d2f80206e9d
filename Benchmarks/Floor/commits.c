#include "commits.h"

#include "Work/decision.h"
#include "Work/keys.h"
#include "Work/transaction.h"

/* For fewer entries the commands around a transaction cost more than it saves. For more, the keys exceed Lua's limit
 * of arguments to one call. */
enum { SMALLEST_TRANSACTION = 32, LARGEST_TRANSACTION = 2000, LONGEST_PAUSE = 64 };

static int fits_transaction(const struct delivery *delivery) {
    size_t count = delivery->batch.count;
    return count >= SMALLEST_TRANSACTION && count <= LARGEST_TRANSACTION && delivery->mark.length > 0;
}

/* Queues WATCH and the check that the transaction would write what the script would write. If not, the check touches
 * a watched key. */
static void append_check(struct commits *commits, struct session *session, const struct delivery *delivery) {
    const struct commit *commit = &commits->commit;
    const struct slice watch[] = {SLICE("WATCH"), commits_key, commits->claims_key};
    session_queue(session, 3, watch);
    const struct slice head[] = {
        SLICE("EVAL"), commits->check, SLICE("4"), commit->stream, decision_stream, commits_key, commits->claims_key,
        commit->group, bytes_slice(&delivery->mark)};
    for (size_t n = 0; n < sizeof head / sizeof *head; n++) session_argument(session, head[n]);
    session_number(session, delivery->batch.count);
    for (size_t n = 0; n < delivery->batch.count; n++) {
        outcome_key(&commits->scratch, &delivery->batch.plans[n]);
        session_argument(session, bytes_slice(&commits->scratch));
        answer_key(&commits->scratch, &delivery->batch.plans[n]);
        session_argument(session, bytes_slice(&commits->scratch));
    }
    session_end(session);
}

static void append_transaction(struct commits *commits, struct session *session, struct delivery *delivery) {
    append_check(commits, session, delivery);
    transaction_begin(session, &commits->commit, &delivery->batch, &commits->scratch);
    session_argument(session, SLICE("PEXPIRE"));
    session_argument(session, commits_key);
    session_number(session, COMMITS_LIFE_MS);
    session_end(session);
    transaction_end(session, &commits->commit);
    delivery->is_transaction = 1;
}

void commits_append_script(struct commits *commits, struct session *session, struct delivery *delivery) {
    commit_append(session, &commits->commit, &delivery->batch, &commits->scratch);
    delivery->is_transaction = 0;
}

void commits_append(struct commits *commits, struct session *session, struct delivery *delivery) {
    if (commits->by_script == 0 && fits_transaction(delivery)) return append_transaction(commits, session, delivery);
    if (commits->by_script > 0) commits->by_script -= 1;
    commits_append_script(commits, session, delivery);
}

/* Doubles the pause with each refusal. */
static void note_refusal(struct commits *commits) {
    commits->pause = commits->pause == 0 ? 1 : commits->pause < LONGEST_PAUSE ? commits->pause * 2 : LONGEST_PAUSE;
    commits->by_script = commits->pause;
}

int commits_confirm(struct commits *commits, struct session *session, struct delivery *delivery) {
    if (!delivery->is_transaction) {
        commit_confirm(session, delivery->batch.count);
        return 1;
    }
    /* The replies to WATCH and the check. */
    session_skip(session, 2);
    /* One command more than in every transaction: PEXPIRE. */
    int is_done = transaction_confirm(session, transaction_commands(&delivery->batch) + 1, &delivery->batch);
    if (is_done) commits->pause = 0;
    else note_refusal(commits);
    return is_done;
}
