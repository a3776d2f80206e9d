#include "feed.h"

static unsigned long long identifier(struct session *session) {
    const struct slice question[] = {SLICE("CLIENT"), SLICE("ID")};
    redisReply *reply = session_command(session, 2, question);
    if (reply->type != REDIS_REPLY_INTEGER || reply->integer <= 0) fail("CLIENT ID did not answer with a number");
    unsigned long long number = (unsigned long long)reply->integer;
    session_release(session, reply);
    return number;
}

static void subscribe(struct feed *feed, struct slice identifier) {
    bytes_append_slice(&feed->fence_channel, SLICE("quantum:governor:fence:"));
    bytes_append_slice(&feed->fence_channel, identifier);
    const struct slice channels[] = {SLICE("SUBSCRIBE"), SLICE("__redis__:invalidate"),
        bytes_slice(&feed->fence_channel)};
    session_queue(&feed->session, 3, channels);
    session_send(&feed->session);
    session_skip(&feed->session, 2);
}

/* OPTIN: Redis tracks only the reads that ask for it. */
static void track(struct session *commands, struct slice identifier) {
    const struct slice off[] = {SLICE("CLIENT"), SLICE("TRACKING"), SLICE("OFF")};
    const struct slice on[] = {SLICE("CLIENT"), SLICE("TRACKING"), SLICE("ON"), SLICE("REDIRECT"), identifier,
        SLICE("OPTIN")};
    session_queue(commands, sizeof off / sizeof *off, off);
    session_queue(commands, sizeof on / sizeof *on, on);
    session_send(commands);
    session_skip(commands, 2);
}

void feed_open(struct feed *feed, const char *socket_path, enum reply_memory memory, struct session *commands) {
    *feed = (struct feed){0};
    session_open(&feed->session, socket_path, memory);
    char digits[20];
    const struct slice number = {digits, (size_t)(write_number(digits, identifier(&feed->session)) - digits)};
    subscribe(feed, number);
    track(commands, number);
}

void feed_close(struct feed *feed) {
    bytes_free(&feed->fence_channel);
    session_close(&feed->session);
}

static unsigned long long number_of(struct slice text) {
    unsigned long long number = 0;
    for (size_t n = 0; n < text.length; n++) number = number * 10 + (unsigned long long)(text.data[n] - '0');
    return number;
}

/* The reply holds the changed keys; it is nil after a flush. */
static void forget(struct records *records, const redisReply *names) {
    if (names->type != REDIS_REPLY_ARRAY) return records_forget_all(records);
    for (size_t n = 0; n < names->elements; n++) records_forget(records, reply_text(names->element[n]));
}

void feed_learn(struct feed *feed, unsigned long long fence, struct records *records) {
    while (feed->fence < fence) {
        /* `message`, the channel, and the payload. */
        redisReply *message = session_reply(&feed->session);
        if (message->type != REDIS_REPLY_ARRAY || message->elements != 3) fail("the feed sent no message");
        if (slice_equals(reply_text(message->element[1]), bytes_slice(&feed->fence_channel))) {
            feed->fence = number_of(reply_text(message->element[2]));
        } else {
            forget(records, message->element[2]);
        }
        session_release(&feed->session, message);
    }
}
