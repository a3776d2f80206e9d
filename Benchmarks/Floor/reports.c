#include "reports.h"

#include "Work/account.h"
#include "Work/keys.h"
#include "Work/monotonic.h"

#include <time.h>

static const struct slice result_stream = SLICE_OF_LITERAL("quantum:stream:apply.result");
enum { LONGEST_WAIT_MS = 250, PAUSE_PER_SETTLEMENT = 19, LONGEST_PAUSE_US = 100000 };

static void append_read(struct session *session, const struct consumer_options *options, struct slice group) {
    const struct slice head[] = {
        SLICE("XREADGROUP"), SLICE("GROUP"), group, slice_of(options->consumer), SLICE("COUNT")};
    for (size_t n = 0; n < sizeof head / sizeof *head; n++) session_argument(session, head[n]);
    session_number(session, options->batch);
    session_argument(session, SLICE("BLOCK"));
    session_number(session, LONGEST_WAIT_MS);
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, result_stream);
    session_argument(session, SLICE(">"));
    session_end(session);
}

/* The keys and lives, and of each pool the records that show what was executed: how many, and what stands before and
 * behind the symbol of each. */
static void append_head(struct session *session, struct slice script) {
    const struct slice snapshots = SLICE("quantum:position:snapshot:"), states = SLICE("quantum:state:positions:");
    const struct slice none = SLICE(""), long_leg = SLICE(":LONG"), short_leg = SLICE(":SHORT");
    const struct slice keys[] = {SLICE("EVALSHA"), script, SLICE("0"), account_prefix, outcome_prefix, permit_prefix};
    const struct slice pools[] = {
        SLICE("2"),
        SLICE("position"), SLICE("ts_epoch"), SLICE("6"), snapshots, none, states, none,
        snapshots, long_leg, states, long_leg, snapshots, short_leg, states, short_leg,
        SLICE("heat"), SLICE("timestamp"), SLICE("1"), SLICE("quantum:portfolio:heat"), none};
    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++) session_argument(session, keys[n]);
    session_number(session, ACCOUNT_LIFE_MS);
    session_number(session, EXECUTED_LIFE_MS);
    for (size_t n = 0; n < sizeof pools / sizeof *pools; n++) session_argument(session, pools[n]);
}

/* The plan id, and `T`, `R` or `F` with the filled quantity: executed, refused by the exchange, or neither. */
static void append_report(struct session *session, const redisReply *fields, struct bytes *scratch) {
    struct slice plan = {0}, executed = {0}, quantity = {0}, refused = {0};
    for (size_t n = 0; n + 1 < fields->elements; n += 2) {
        struct slice name = reply_text(fields->element[n]), value = reply_text(fields->element[n + 1]);
        if (slice_equals(name, SLICE("plan_id"))) plan = value;
        else if (slice_equals(name, SLICE("executed"))) executed = value;
        else if (slice_equals(name, SLICE("filled_qty"))) quantity = value;
        else if (slice_equals(name, SLICE("exchange_refused"))) refused = value;
    }
    session_argument(session, plan);
    int is_executed = slice_equals(executed, SLICE("True")), is_refused = slice_equals(refused, SLICE("true"));
    bytes_clear(scratch);
    bytes_append(scratch, is_executed ? "T" : is_refused ? "R" : "F", 1);
    if (quantity.length > 0) {
        struct parts parts = parts_of(amount_of(quantity));
        bytes_append(scratch, " ", 1);
        bytes_append_number(scratch, parts.units);
        bytes_append(scratch, " ", 1);
        bytes_append_number(scratch, parts.whole);
    }
    session_argument(session, bytes_slice(scratch));
}

/* Plans go first: in a backlog, settling pauses nineteen times as long as it took. */
static void pause_after(unsigned long long taken_us) {
    unsigned long long pause_us = taken_us * PAUSE_PER_SETTLEMENT;
    if (pause_us > LONGEST_PAUSE_US) pause_us = LONGEST_PAUSE_US;
    const struct timespec pause = {.tv_nsec = (long)pause_us * 1000};
    nanosleep(&pause, NULL);
}

static void settle(
    struct session *session, const struct reports *reports, struct slice group, redisReply *entries,
    struct bytes *scratch) {
    append_head(session, reports->script);
    session_argument(session, commits_key);
    session_argument(session, result_stream);
    session_argument(session, group);
    session_number(session, entries->elements);
    for (size_t n = 0; n < entries->elements; n++) {
        session_argument(session, reply_text(entries->element[n]->element[0]));
    }
    for (size_t n = 0; n < entries->elements; n++) append_report(session, entries->element[n]->element[1], scratch);
    session_end(session);
    unsigned long long begun_us = monotonic_us();
    session_send(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("the reports: %s", reply->str);
    if (reply->elements != 2 || reply->element[1]->integer != 0) fail("a report found a damaged account");
    session_release(session, reply);
    if (backlog_is_there(reports->backlog)) pause_after(monotonic_us() - begun_us);
}

static void *run(void *argument) {
    const struct reports *reports = argument;
    struct session session;
    struct bytes group = {0}, scratch = {0};
    bytes_append_slice(&group, slice_of(reports->options->group));
    bytes_append_slice(&group, SLICE("-reservations"));
    session_open(&session, reports->options->socket_path, reports->options->replies);
    session_create_group(&session, result_stream, bytes_slice(&group));
    while (!*reports->stopping) {
        append_read(&session, reports->options, bytes_slice(&group));
        session_send(&session);
        redisReply *reply = session_reply(&session);
        if (reply->type == REDIS_REPLY_ERROR) fail("XREADGROUP: %s", reply->str);
        if (reply->type == REDIS_REPLY_ARRAY) {
            settle(&session, reports, bytes_slice(&group), reply->element[0]->element[1], &scratch);
        }
        session_release(&session, reply);
    }
    session_close(&session);
    bytes_free(&group);
    bytes_free(&scratch);
    return NULL;
}

void reports_start(struct reports *reports) {
    if (pthread_create(&reports->thread, NULL, run, reports) != 0) fail("cannot start a thread");
}

void reports_join(struct reports *reports) {
    pthread_join(reports->thread, NULL);
}
