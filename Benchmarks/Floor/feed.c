#include "feed.h"

static unsigned long long identifier(struct session *feed) {
    const struct slice question[] = {SLICE("CLIENT"), SLICE("ID")};
    redisReply *reply = session_command(feed, 2, question);
    if (reply->type != REDIS_REPLY_INTEGER || reply->integer <= 0) fail("CLIENT ID did not answer with a number");
    unsigned long long number = (unsigned long long)reply->integer;
    session_release(feed, reply);
    return number;
}

void feed_open(struct session *feed, struct session *commands, struct bytes *scratch) {
    bytes_clear(scratch);
    bytes_append_number(scratch, identifier(feed));
    const struct slice subscribe[] = {SLICE("SUBSCRIBE"), SLICE("__redis__:invalidate")};
    session_release(feed, session_command(feed, 2, subscribe));

    struct slice track[6 + 2 * RECORDS] = {SLICE("CLIENT"), SLICE("TRACKING"), SLICE("ON"), SLICE("REDIRECT"), bytes_slice(scratch), SLICE("BCAST")};
    for (size_t n = 0; n < RECORDS; n++) {
        track[6 + 2 * n] = SLICE("PREFIX");
        track[7 + 2 * n] = record_keys[n];
    }
    session_release(commands, session_command(commands, sizeof track / sizeof *track, track));
}

/* A message of the channel: `message`, the channel, and the names, or nothing after a flush. */
static void forget(struct records *records, const redisReply *message) {
    const redisReply *names = message->elements == 3 ? message->element[2] : NULL;
    if (names == NULL || names->type != REDIS_REPLY_ARRAY) return records_forget_all(records);
    for (size_t n = 0; n < names->elements; n++) records_forget(records, reply_text(names->element[n]));
}

void feed_ask(struct session *feed) {
    session_argument(feed, SLICE("PING"));
    session_end(feed);
    session_send(feed);
}

void feed_learn(struct session *feed, struct records *records) {
    for (;;) {
        redisReply *reply = session_reply(feed);
        if (reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) fail("the feed said something that is no message");
        int is_pong = slice_equals(reply_text(reply->element[0]), SLICE("pong"));
        if (!is_pong) forget(records, reply);
        session_release(feed, reply);
        if (is_pong) return;
    }
}
