#include "commits.h"

#include "Work/decision.h"
#include "Work/keys.h"
#include "Work/ledger_arguments.h"
#include "Work/transaction.h"

/* For fewer entries the commands around a transaction cost more than it saves. For more, the keys exceed Lua's limit
 * of arguments to one call. */
enum { SMALLEST_TRANSACTION = 32, LARGEST_TRANSACTION = 2000, LONGEST_PAUSE = 64 };

static int fits_transaction(const struct delivery *delivery) {
    size_t count = delivery->batch.count;
    return count >= SMALLEST_TRANSACTION && count <= LARGEST_TRANSACTION && delivery->mark.length > 0;
}

static void begin(struct commits *commits, struct delivery *delivery) {
    delivery->turn = ledger_turn(
        commits->commit.ledger, &delivery->batch, delivery->batch.count < SMALLEST_TRANSACTION);
}

/* Queues WATCH and the check that the transaction would write what the script would write. If not, the check touches
 * a watched key. Another watched key expires, so that a transaction that comes late is not executed. */
static void append_check(struct commits *commits, struct session *session, const struct delivery *delivery) {
    const struct commit *commit = &commits->commit;
    const struct slice watch[] = {
        SLICE("WATCH"), commits_key, commits->claims_key, bytes_slice(&commit->ledger->timely_key)};
    ledger_append_timely(session, commit->ledger);
    session_queue(session, sizeof watch / sizeof *watch, watch);
    const struct slice head[] = {
        SLICE("EVAL"), commits->check, SLICE("4"), commit->stream, decision_stream, commits_key, commits->claims_key,
        commit->group, bytes_slice(&delivery->mark)};
    for (size_t n = 0; n < sizeof head / sizeof *head; n++) session_argument(session, head[n]);
    session_number(session, delivery->batch.count);
    ledger_append_accounts(session, commit->ledger, 0);
    for (size_t n = 0; n < delivery->batch.count; n++) {
        outcome_key(&commits->scratch, &delivery->batch.plans[n]);
        session_argument(session, bytes_slice(&commits->scratch));
        answer_key(&commits->scratch, &delivery->batch.plans[n]);
        session_argument(session, bytes_slice(&commits->scratch));
    }
    session_end(session);
}

static void append_transaction(struct commits *commits, struct session *session, struct delivery *delivery) {
    begin(commits, delivery);
    append_check(commits, session, delivery);
    delivery->shares = transaction_begin(session, &commits->commit, &delivery->batch, &commits->scratch);
    ledger_append_mark(session, commits->commit.ledger);
    transaction_end(session, &commits->commit);
    delivery->is_transaction = 1;
}

void commits_append_script(struct commits *commits, struct session *session, struct delivery *delivery) {
    begin(commits, delivery);
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

/* Behind SET and WATCH, the check answers 1 and the accounts that it looked at, or 0 after it has made the transaction
 * fail. */
static void confirm_check(struct commits *commits, struct session *session, struct turn *turn) {
    session_skip(session, 2);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("the check failed: %s", reply->str);
    if (reply->elements > 1) ledger_take_report(commits->commit.ledger, reply, 1, turn);
    session_release(session, reply);
}

static int confirm_script(struct commits *commits, struct session *session, struct delivery *delivery) {
    commit_confirm(session, &commits->commit, &delivery->batch, &delivery->turn);
    /* Another host commits too: it would make the next transaction fail. */
    if (delivery->turn.follows_others && commits->by_script == 0) commits->by_script = 1;
    return delivery->batch.count == 0;
}

int commits_confirm(struct commits *commits, struct session *session, struct delivery *delivery) {
    if (delivery->batch.count == delivery->batch.capacity) backlog_note(commits->backlog);
    if (!delivery->is_transaction) return confirm_script(commits, session, delivery);
    confirm_check(commits, session, &delivery->turn);
    /* Besides the shares, one command more than in every transaction: the mark. */
    size_t commands = delivery->shares + transaction_commands(&delivery->batch) + 1;
    int is_done = transaction_confirm(session, commands, delivery->shares, &delivery->batch);
    if (is_done) {
        commits->pause = 0;
    } else {
        note_refusal(commits);
        ledger_was_refused(commits->commit.ledger);
    }
    return is_done;
}
