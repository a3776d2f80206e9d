#include "session.h"

#include <string.h>

void session_open(struct session *session, const char *socket_path) {
    *session = (struct session){0};
    session->redis = redisConnectUnix(socket_path);
    if (session->redis == NULL) fail("out of memory");
    if (session->redis->err) fail("cannot connect to %s: %s", socket_path, session->redis->errstr);
}

void session_close(struct session *session) {
    redisFree(session->redis);
    bytes_free(&session->arguments);
    bytes_free(&session->header);
}

void session_argument(struct session *session, struct slice argument) {
    /* `$`, up to 20 digits and two line ends besides the argument itself. */
    char *start = bytes_reserve(&session->arguments, argument.length + 32);
    char *end = start;
    *end++ = '$';
    end = write_number(end, argument.length);
    *end++ = '\r';
    *end++ = '\n';
    if (argument.length > 0) memcpy(end, argument.data, argument.length);
    end += argument.length;
    *end++ = '\r';
    *end++ = '\n';
    session->arguments.length += (size_t)(end - start);
    session->argument_count += 1;
}

void session_number(struct session *session, unsigned long long number) {
    char digits[20];
    session_argument(session, (struct slice){digits, (size_t)(write_number(digits, number) - digits)});
}

void session_end(struct session *session) {
    bytes_clear(&session->header);
    bytes_append(&session->header, "*", 1);
    bytes_append_number(&session->header, session->argument_count);
    bytes_append(&session->header, "\r\n", 2);
    /* hiredis only joins these bytes to what it has still to write. */
    if (redisAppendFormattedCommand(session->redis, session->header.data, session->header.length) != REDIS_OK ||
        redisAppendFormattedCommand(session->redis, session->arguments.data, session->arguments.length) != REDIS_OK) {
        fail("cannot queue a command: %s", session->redis->errstr);
    }
    bytes_clear(&session->arguments);
    session->argument_count = 0;
}

redisReply *session_reply(struct session *session) {
    void *reply = NULL;
    if (redisGetReply(session->redis, &reply) != REDIS_OK || reply == NULL) fail("lost the connection: %s", session->redis->errstr);
    return reply;
}

redisReply *session_command(struct session *session, size_t count, const struct slice *arguments) {
    for (size_t n = 0; n < count; n++) session_argument(session, arguments[n]);
    session_end(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("%.*s: %s", (int)arguments[0].length, arguments[0].data, reply->str);
    return reply;
}

struct slice reply_text(const redisReply *reply) {
    if (reply->type != REDIS_REPLY_STRING) fail("a reply of type %d where a string belongs", reply->type);
    return (struct slice){reply->str, (size_t)reply->len};
}
