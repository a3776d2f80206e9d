#include "executor.h"

#include "decision.h"
#include "keys.h"

static const struct slice result_stream = SLICE_OF_LITERAL("quantum:stream:apply.result");

/* Spreads the fates evenly: 37 and 100 have no common divisor. */
static enum fate next_fate(struct executor *executor) {
    const struct fates *shares = &executor->options->fates;
    unsigned place = (unsigned)(executor->permits++ * 37 % 100);
    if (place < shares->executed) return FATE_EXECUTED;
    if (place < shares->executed + shares->refused) return FATE_REFUSED;
    return place < shares->executed + shares->refused + shares->withheld ? FATE_WITHHELD : FATE_SILENT;
}

int executor_is_idle(const struct executor *executor) {
    return executor->count == 0 && executor->reports == 0;
}

void executor_append_read(struct executor *executor, unsigned wait_ms) {
    struct session *session = executor->session;
    session_argument(session, SLICE("XREAD"));
    session_argument(session, SLICE("COUNT"));
    session_number(session, EXECUTOR_BATCH);
    if (wait_ms > 0 && executor_is_idle(executor)) {
        session_argument(session, SLICE("BLOCK"));
        session_number(session, wait_ms);
    }
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, decision_stream);
    session_argument(session, bytes_slice(&executor->last));
    session_end(session);
}

static void append_field(struct session *session, struct slice name, struct slice value) {
    session_argument(session, name);
    session_argument(session, value);
}

/* A report as the apply layer writes it, and with what the contract adds: the filled quantity, and whether the
 * exchange refused. */
static void append_report(struct executor *executor, const struct order *order, enum fate fate, struct slice error) {
    struct session *session = executor->session;
    struct moment moment = moment_now();
    int is_executed = fate == FATE_EXECUTED;
    session_argument(session, SLICE("XADD"));
    session_argument(session, result_stream);
    append_field(session, SLICE("MAXLEN"), SLICE("~"));
    session_number(session, executor->options->result_max_length);
    session_argument(session, SLICE("*"));
    append_field(session, SLICE("plan_id"), order->plan_id);
    append_field(session, SLICE("symbol"), order->symbol);
    append_field(session, SLICE("decision"), SLICE("EXECUTE"));
    append_field(session, SLICE("executed"), is_executed ? SLICE("True") : SLICE("False"));
    append_field(session, SLICE("would_execute"), SLICE("True"));
    append_field(session, SLICE("steps_results"), SLICE("[]"));
    append_field(session, SLICE("error"), error);
    session_argument(session, SLICE("timestamp"));
    session_number(session, moment.seconds);
    if (is_executed) append_field(session, SLICE("filled_qty"), order->quantity);
    if (fate == FATE_REFUSED) append_field(session, SLICE("exchange_refused"), SLICE("true"));
    session_end(session);
    executor->reports += 1;
}

static void settle(struct executor *executor, const struct order *order) {
    executor->fates[order->fate] += 1;
    if (order->fate == FATE_WITHHELD) return append_report(executor, order, FATE_WITHHELD, SLICE("permit_missing: p33"));
    redisReply *permit = session_reply(executor->session);
    if (permit->type == REDIS_REPLY_ERROR) fail("GETDEL: %s", permit->str);
    int is_taken = permit->type == REDIS_REPLY_STRING;
    session_release(executor->session, permit);
    if (!is_taken) {
        executor->missing += 1;
        append_report(executor, order, FATE_WITHHELD, SLICE("permit_missing: governor"));
    } else if (order->fate != FATE_SILENT) {
        append_report(executor, order, order->fate, order->fate == FATE_REFUSED ? SLICE("-2019") : SLICE(""));
    }
}

static void take_permit(struct executor *executor, const redisReply *fields) {
    struct order order = {0};
    int is_permit = 0;
    for (size_t n = 0; n + 1 < fields->elements; n += 2) {
        struct slice name = reply_text(fields->element[n]), value = reply_text(fields->element[n + 1]);
        if (slice_equals(name, SLICE("plan_id"))) order.plan_id = value;
        else if (slice_equals(name, SLICE("symbol"))) order.symbol = value;
        else if (slice_equals(name, SLICE("computed_qty"))) order.quantity = value;
        else if (slice_equals(name, SLICE("outcome"))) is_permit = slice_equals(value, SLICE("permit"));
    }
    if (!is_permit) return;
    order.fate = next_fate(executor);
    executor->orders[executor->count++] = order;
    if (order.fate == FATE_WITHHELD) return;
    bytes_clear(&executor->key);
    bytes_append_slice(&executor->key, permit_prefix);
    bytes_append_slice(&executor->key, order.plan_id);
    const struct slice take[] = {SLICE("GETDEL"), bytes_slice(&executor->key)};
    session_queue(executor->session, 2, take);
}

/* The entries of an XREAD reply; NULL if none came in time. */
static const redisReply *entries_of(const redisReply *reply) {
    if (reply->type == REDIS_REPLY_NIL) return NULL;
    if (reply->type == REDIS_REPLY_ERROR) fail("XREAD: %s", reply->str);
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1 || reply->element[0]->elements != 2) {
        fail("XREAD answered something that is not one stream");
    }
    return reply->element[0]->element[1];
}

void executor_settle(struct executor *executor) {
    session_skip(executor->session, executor->reports);
    executor->reports = 0;
    for (size_t n = 0; n < executor->count; n++) settle(executor, &executor->orders[n]);
    executor->count = 0;
    session_release(executor->session, executor->reply);
    executor->reply = NULL;
}

size_t executor_read(struct executor *executor) {
    executor->reply = session_reply(executor->session);
    const redisReply *entries = entries_of(executor->reply);
    if (entries == NULL) return 0;
    if (entries->elements > EXECUTOR_BATCH) fail("XREAD answered more entries than it was asked for");
    for (size_t n = 0; n < entries->elements; n++) {
        const redisReply *entry = entries->element[n];
        if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2) fail("an entry without fields");
        bytes_clear(&executor->last);
        bytes_append_slice(&executor->last, reply_text(entry->element[0]));
        take_permit(executor, entry->element[1]);
    }
    return entries->elements;
}

void executor_free(struct executor *executor) {
    session_release(executor->session, executor->reply);
    bytes_free(&executor->last);
    bytes_free(&executor->key);
}
