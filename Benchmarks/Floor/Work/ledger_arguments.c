#include "ledger_arguments.h"

#include "keys.h"

/* A share: the end of the field's name, and the value. */
struct share {
    char suffix[2];
    size_t length;
    unsigned long long value;
};

/* Of each lane up to two. Returns their number. */
static size_t shares_of(const struct account *account, struct share shares[2 * LANES]) {
    size_t count = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        struct parts parts = parts_of(account->added[lane]);
        char digit = (char)('0' + lane);
        if (parts.units > 0) shares[count++] = (struct share){{digit}, 1, parts.units};
        if (parts.whole > 0) shares[count++] = (struct share){{digit, 'w'}, 2, parts.whole};
    }
    return count;
}

static void append_bound(
    struct session *session, struct slice lanes, unsigned long long whole, unsigned long long units) {
    session_argument(session, lanes);
    session_argument(session, SLICE("<"));
    session_number(session, whole);
    session_number(session, units);
}

static size_t bounds_of(const struct account *account) {
    return (account->opens ? 1 : 0) + (account->blocks ? 1 : 0);
}

/* Of each account, bound and share. */
enum { ACCOUNT_ARGUMENTS = 7, BOUND_ARGUMENTS = 4, SHARE_ARGUMENTS = 2 };

static size_t account_arguments(const struct ledger *ledger, int with_shares) {
    struct share shares[2 * LANES];
    size_t count = 0;
    for (size_t n = 0; n < ledger->count; n++) {
        const struct account *account = ledger->accounts[n];
        count += ACCOUNT_ARGUMENTS + BOUND_ARGUMENTS * bounds_of(account);
        if (with_shares) count += SHARE_ARGUMENTS * shares_of(account, shares);
    }
    return count;
}

static void append_account(struct session *session, const struct account *account, int is_read, int with_shares) {
    struct share shares[2 * LANES];
    size_t count = with_shares ? shares_of(account, shares) : 0;
    session_argument(session, bytes_slice(&account->key));
    session_number(session, account->snapshot_ms);
    session_number(session, account->margin_ms);
    session_argument(session, account->is_told ? SLICE("") : SLICE("1"));
    session_number(session, is_read ? 1 : 0);
    session_number(session, bounds_of(account));
    session_number(session, count);
    if (account->opens) append_bound(session, account->lanes, account->limit, 76923166);
    /* A block stands while there is no more to close than it was judged by. */
    if (account->blocks) append_bound(session, SLICE("16"), 0, 0);
    for (size_t n = 0; n < count; n++) {
        session_argument(session, (struct slice){shares[n].suffix, shares[n].length});
        session_number(session, shares[n].value);
    }
}

void ledger_append_accounts(struct session *session, const struct ledger *ledger, int with_shares) {
    session_argument(session, bytes_slice(&ledger->label));
    session_number(session, EXECUTED_LIFE_MS);
    session_number(session, ACCOUNT_LIFE_MS);
    session_argument(session, bytes_slice(&ledger->mark));
    session_argument(session, bytes_slice(&ledger->last_mark));
    session_number(session, ledger->since);
    session_number(session, ledger->count);
    session_number(session, ledger->read_count);
    session_number(session, account_arguments(ledger, with_shares));
    for (size_t n = 0; n < ledger->count; n++) {
        append_account(session, ledger->accounts[n], n < ledger->read_count, with_shares);
        ledger->accounts[n]->is_told = 1;
    }
}

/* Adds to the total, or else to the bucket. */
static void append_increment(
    struct session *session, const struct ledger *ledger, const struct account *account, const struct share *share,
    int is_bucket, struct bytes *scratch) {
    bytes_clear(scratch);
    bytes_append_slice(scratch, is_bucket ? SLICE("g:") : SLICE("t:"));
    if (is_bucket) {
        bytes_append_slice(scratch, bytes_slice(&ledger->label));
        bytes_append(scratch, ":", 1);
    }
    bytes_append(scratch, share->suffix, share->length);
    session_argument(session, SLICE("HINCRBY"));
    session_argument(session, bytes_slice(&account->key));
    session_argument(session, bytes_slice(scratch));
    session_number(session, share->value);
    session_end(session);
}

/* Where the key has no life yet, and where its life is shorter. */
static void append_life(struct session *session, const struct account *account, struct slice condition) {
    session_argument(session, SLICE("PEXPIRE"));
    session_argument(session, bytes_slice(&account->key));
    session_number(session, ACCOUNT_LIFE_MS);
    session_argument(session, condition);
    session_end(session);
}

size_t ledger_append_shares(struct session *session, const struct ledger *ledger, struct bytes *scratch) {
    size_t commands = 0;
    for (size_t n = 0; n < ledger->count; n++) {
        const struct account *account = ledger->accounts[n];
        struct share shares[2 * LANES];
        size_t count = shares_of(account, shares);
        for (size_t k = 0; k < count; k++) {
            append_increment(session, ledger, account, &shares[k], 0, scratch);
            append_increment(session, ledger, account, &shares[k], 1, scratch);
        }
        commands += 2 * count;
        if (!account->is_new) continue;
        append_life(session, account, SLICE("NX"));
        append_life(session, account, SLICE("GT"));
        commands += 2;
    }
    return commands;
}

void ledger_append_timely(struct session *session, const struct ledger *ledger) {
    session_argument(session, SLICE("SET"));
    session_argument(session, bytes_slice(&ledger->timely_key));
    session_argument(session, SLICE("1"));
    session_argument(session, SLICE("PX"));
    session_number(session, BUCKET_MS);
    session_end(session);
}

void ledger_append_mark(struct session *session, const struct ledger *ledger) {
    session_argument(session, SLICE("SET"));
    session_argument(session, commits_key);
    session_argument(session, bytes_slice(&ledger->left_mark));
    session_argument(session, SLICE("PX"));
    session_number(session, COMMITS_LIFE_MS);
    session_end(session);
}

/* Before the texts on the accounts: the number of damaged parts, Redis' time, the number of the session's last commit
 * that came behind others', and the number of accounts that were looked at. */
enum { REPORT_DAMAGED, REPORT_TIME, REPORT_SINCE, REPORT_COUNT, REPORT_HEAD };

void ledger_take_report(struct ledger *ledger, const redisReply *reply, size_t results, struct turn *turn) {
    if (turn->accounts == 0) return;
    if (reply->elements < results + REPORT_HEAD) fail("a script reported no accounts");
    redisReply *const *report = reply->element + results;
    size_t texts = reply->elements - results - REPORT_HEAD;
    if (report[REPORT_COUNT]->integer != (long long)texts || texts > turn->accounts) {
        fail("a script did not report the accounts that it looked at");
    }
    if (report[REPORT_DAMAGED]->integer != 0) fail("an account was damaged");
    ledger_note_time(ledger, turn, report[REPORT_TIME]->integer);
    turn->follows_others = report[REPORT_SINCE]->integer != (long long)ledger->since;
    ledger->since = (unsigned long long)report[REPORT_SINCE]->integer;
}
