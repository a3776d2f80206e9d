#include "session.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Large enough for a full batch's commit. */
static const int send_buffer_size = 1 << 20;

void session_open(struct session *session, const char *socket_path, enum reply_memory memory) {
    *session = (struct session){.memory = memory};
    session->redis = redisConnectUnix(socket_path);
    if (session->redis == NULL) fail("out of memory");
    if (session->redis->err) fail("cannot connect to %s: %s", socket_path, session->redis->errstr);
    setsockopt(session->redis->fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_size, sizeof send_buffer_size);
    if (memory == REPLIES_ARENA) session->redis->reader->fn = &arena_replies;
}

void session_close(struct session *session) {
    redisFree(session->redis);
    bytes_free(&session->arguments);
    bytes_free(&session->output);
    for (size_t n = 0; n < SESSION_ARENAS; n++) arena_free(&session->arenas[n]);
}

void session_argument(struct session *session, struct slice argument) {
    /* `$`, up to 20 digits and two line ends, besides the argument itself. */
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
    bytes_append(&session->output, "*", 1);
    bytes_append_number(&session->output, session->argument_count);
    bytes_append(&session->output, "\r\n", 2);
    bytes_append_slice(&session->output, bytes_slice(&session->arguments));
    bytes_clear(&session->arguments);
    session->argument_count = 0;
}

void session_queue(struct session *session, size_t count, const struct slice *arguments) {
    for (size_t n = 0; n < count; n++) session_argument(session, arguments[n]);
    session_end(session);
}

void session_send(struct session *session) {
    size_t sent = 0;
    while (sent < session->output.length) {
        ssize_t count = write(session->redis->fd, session->output.data + sent, session->output.length - sent);
        if (count >= 0) sent += (size_t)count;
        else if (errno != EINTR) fail("lost the connection: %s", strerror(errno));
    }
    bytes_clear(&session->output);
}

static struct arena *free_arena(struct session *session) {
    for (size_t n = 0; n < SESSION_ARENAS; n++) {
        if (session->arenas[n].root == NULL) return &session->arenas[n];
    }
    fail("more replies are held than there are arenas");
}

redisReply *session_reply(struct session *session) {
    struct arena *arena = NULL;
    if (session->memory == REPLIES_ARENA) session->redis->reader->privdata = arena = free_arena(session);
    void *reply = NULL;
    if (redisGetReply(session->redis, &reply) != REDIS_OK || reply == NULL) {
        fail("lost the connection: %s", session->redis->errstr);
    }
    if (arena != NULL) arena->root = reply;
    return reply;
}

void session_release(struct session *session, redisReply *reply) {
    if (reply == NULL) return;
    if (session->memory == REPLIES_TREE) return freeReplyObject(reply);
    for (size_t n = 0; n < SESSION_ARENAS; n++) {
        if (session->arenas[n].root == reply) return arena_clear(&session->arenas[n]);
    }
    fail("a reply of no arena");
}

void session_skip(struct session *session, size_t count) {
    for (size_t n = 0; n < count; n++) {
        redisReply *reply = session_reply(session);
        if (reply->type == REDIS_REPLY_ERROR) fail("%s", reply->str);
        session_release(session, reply);
    }
}

redisReply *session_command(struct session *session, size_t count, const struct slice *arguments) {
    session_queue(session, count, arguments);
    session_send(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("%.*s: %s", (int)arguments[0].length, arguments[0].data, reply->str);
    return reply;
}

void session_create_group(struct session *session, struct slice stream, struct slice group) {
    const struct slice create[] = {SLICE("XGROUP"), SLICE("CREATE"), stream, group, SLICE("0"), SLICE("MKSTREAM")};
    session_queue(session, sizeof create / sizeof *create, create);
    session_send(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) {
        fail("XGROUP CREATE: %s", reply->str);
    }
    session_release(session, reply);
}

struct slice reply_text(const redisReply *reply) {
    if (reply->type != REDIS_REPLY_STRING) fail("a reply of type %d where a string belongs", reply->type);
    return (struct slice){reply->str, (size_t)reply->len};
}
