#include "reader.h"

#include "Work/decision.h"

/* A signal to stop takes effect after this time at the latest. */
enum { LONGEST_WAIT_MS = 250, MARK_LIFE = 86400 };

/* Every mark is unique, so that a deleted mark never comes back. */
static void append_mark(struct reader *reader) {
    struct moment moment = moment_now();
    bytes_clear(&reader->scratch);
    bytes_append_slice(&reader->scratch, reader->host);
    bytes_append(&reader->scratch, " ", 1);
    bytes_append_slice(&reader->scratch, slice_of(moment.text));
    bytes_append(&reader->scratch, " ", 1);
    bytes_append_number(&reader->scratch, reader->fences);
    session_argument(reader->session, SLICE("SET"));
    session_argument(reader->session, reader->claims_key);
    session_argument(reader->session, bytes_slice(&reader->scratch));
    session_argument(reader->session, SLICE("NX"));
    session_argument(reader->session, SLICE("EX"));
    session_number(reader->session, MARK_LIFE);
    session_end(reader->session);
}

static void append_read(struct reader *reader, enum reading reading) {
    struct session *session = reader->session;
    session_argument(session, SLICE("XREADGROUP"));
    session_argument(session, SLICE("GROUP"));
    session_argument(session, slice_of(reader->options->group));
    session_argument(session, slice_of(reader->options->consumer));
    session_argument(session, SLICE("COUNT"));
    session_number(session, reader->options->batch);
    if (reading == READ_WAITING) {
        session_argument(session, SLICE("BLOCK"));
        session_number(session, LONGEST_WAIT_MS);
    }
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, slice_of(reader->options->stream));
    session_argument(session, SLICE(">"));
    session_end(session);
}

struct request reader_append(struct reader *reader, enum reading reading) {
    struct session *session = reader->session;
    const struct request request = {.fence = ++reader->fences, .sets_mark = reader->is_mark_missing};
    if (request.sets_mark) append_mark(reader);
    reader->is_mark_missing = 0;
    const struct slice look[] = {SLICE("GET"), reader->claims_key};
    session_queue(session, 2, look);
    append_read(reader, reading);
    session_argument(session, SLICE("PUBLISH"));
    session_argument(session, reader->fence_channel);
    session_number(session, request.fence);
    session_end(session);
    return request;
}

/* A key of another type counts as no mark. */
static void take_mark(struct reader *reader, struct delivery *delivery) {
    redisReply *reply = session_reply(reader->session);
    bytes_clear(&delivery->mark);
    if (reply->type == REDIS_REPLY_STRING) bytes_append_slice(&delivery->mark, reply_text(reply));
    else reader->is_mark_missing = 1;
    session_release(reader->session, reply);
}

void reader_take(struct reader *reader, struct request request, struct delivery *delivery) {
    if (request.sets_mark) session_skip(reader->session, 1);
    take_mark(reader, delivery);
    batch_take(&delivery->batch, session_reply(reader->session));
    delivery->fence = request.fence;
    session_skip(reader->session, 1);
}
