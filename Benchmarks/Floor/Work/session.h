#ifndef FLOOR_SESSION_H
#define FLOOR_SESSION_H

#include "arena.h"
#include "bytes.h"

#include <hiredis/hiredis.h>

/* Where replies live: hiredis' default, one allocation an element, or an arena a reply. */
enum reply_memory { REPLIES_TREE, REPLIES_ARENA };

/* More replies than are held at once: the entries of four batches, and what is just being looked at. */
enum { SESSION_ARENAS = 5 };

/* One connection, and the command that is being written for it. */
struct session {
    redisContext *redis;
    struct bytes arguments;
    size_t argument_count;
    /* Whole commands that are not sent yet. */
    struct bytes output;
    enum reply_memory memory;
    struct arena arenas[SESSION_ARENAS];
};

void session_open(struct session *session, const char *socket_path, enum reply_memory memory);
void session_close(struct session *session);

/* Arguments of the next command, in order; `session_end` queues the command. */
void session_argument(struct session *session, struct slice argument);
void session_number(struct session *session, unsigned long long number);
void session_end(struct session *session);

/* Queues a command that is there as a whole. */
void session_queue(struct session *session, size_t count, const struct slice *arguments);

/* Sends what is queued, in one write where the socket takes it. */
void session_send(struct session *session);

/* Reads one reply, which the caller releases. Error replies, too, are replies. */
redisReply *session_reply(struct session *session);
void session_release(struct session *session, redisReply *reply);

/* Reads replies that only must not be errors. */
void session_skip(struct session *session, size_t count);

/* One command with one reply, which must not be an error. */
redisReply *session_command(struct session *session, size_t count, const struct slice *arguments);

struct slice reply_text(const redisReply *reply);

#endif
