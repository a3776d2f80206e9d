#ifndef FLOOR_SESSION_H
#define FLOOR_SESSION_H

#include "bytes.h"

#include <hiredis/hiredis.h>

/* One connection, and the command that is being written for it. */
struct session {
    redisContext *redis;
    struct bytes arguments;
    size_t argument_count;
    struct bytes header;
};

void session_open(struct session *session, const char *socket_path);
void session_close(struct session *session);

/* Arguments of the next command, in order; `session_end` queues the command. */
void session_argument(struct session *session, struct slice argument);
void session_number(struct session *session, unsigned long long number);
void session_end(struct session *session);

/* Writes what is queued and reads one reply, which the caller frees. Error replies, too, are replies. */
redisReply *session_reply(struct session *session);

/* One command with one reply, which must not be an error. */
redisReply *session_command(struct session *session, size_t count, const struct slice *arguments);

struct slice reply_text(const redisReply *reply);

#endif
