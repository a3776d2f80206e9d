#include "exchange.h"

#include "Work/commit.h"

/* A signal to stop is seen at the latest after so long. */
enum { LONGEST_WAIT_MS = 250 };

void exchange_send(struct exchange *exchange, enum reading reading) {
    struct session *session = exchange->session;
    const struct consumer_options *options = exchange->options;
    session_argument(session, SLICE("XREADGROUP"));
    session_argument(session, SLICE("GROUP"));
    session_argument(session, slice_of(options->group));
    session_argument(session, slice_of(options->consumer));
    session_argument(session, SLICE("COUNT"));
    session_number(session, options->batch);
    if (reading == READ_WAITING) {
        session_argument(session, SLICE("BLOCK"));
        session_number(session, LONGEST_WAIT_MS);
    }
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, slice_of(options->stream));
    session_argument(session, SLICE(">"));
    session_end(session);
    session_send(session);
    exchange->is_reading = 1;
}

void exchange_await(struct exchange *exchange, struct batch *entries) {
    if (exchange->committing > 0) commit_confirm(exchange->session, exchange->committing);
    exchange->committing = 0;
    batch_take(entries, session_reply(exchange->session));
    exchange->is_reading = 0;
}
