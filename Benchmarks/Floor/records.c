#include "records.h"

static const struct slice prefixes[] = {
    SLICE_OF_LITERAL("quantum:portfolio:budget:"),
    SLICE_OF_LITERAL("quantum:position:snapshot:"),
    SLICE_OF_LITERAL("quantum:state:positions:"),
    SLICE_OF_LITERAL("quantum:governor:reserved:position:"),
    SLICE_OF_LITERAL("quantum:state:market:"),
};
enum { PREFIXES = sizeof prefixes / sizeof prefixes[0] };

static void hgetall(struct session *session, struct slice key) {
    session_argument(session, SLICE("HGETALL"));
    session_argument(session, key);
    session_end(session);
}

void records_read(struct session *session, const struct batch *batch, struct bytes *scratch) {
    for (size_t n = 0; n < batch->symbol_count; n++) {
        for (size_t prefix = 0; prefix < PREFIXES; prefix++) {
            bytes_clear(scratch);
            bytes_append_slice(scratch, prefixes[prefix]);
            bytes_append_slice(scratch, batch->symbols[n]);
            hgetall(session, bytes_slice(scratch));
        }
    }
    hgetall(session, SLICE("quantum:portfolio:heat"));

    for (size_t n = 0; n < batch->symbol_count * PREFIXES + 1; n++) {
        redisReply *reply = session_reply(session);
        if (reply->type != REDIS_REPLY_ARRAY) fail("HGETALL did not answer with an array");
        freeReplyObject(reply);
    }
}
