#ifndef FLOOR_SESSION_H
#define FLOOR_SESSION_H

#include "arena.h"
#include "bytes.h"

#include <hiredis/hiredis.h>

/* The memory of replies: hiredis' default with one allocation an element, or one arena a reply. */
enum reply_memory { REPLIES_TREE, REPLIES_ARENA };

/* More than the replies that are held at once: the entries of four batches and the reply just read. */
enum { SESSION_ARENAS = 5 };

/* One connection, and the commands that are written for it. */
struct session {
    redisContext *redis;
    struct bytes arguments;
    size_t argument_count;
    /* Complete commands that are not sent yet. */
    struct bytes output;
    enum reply_memory memory;
    struct arena arenas[SESSION_ARENAS];
};

void session_open(struct session *session, const char *socket_path, enum reply_memory memory);
void session_close(struct session *session);

/* Appends an argument to the next command; `session_end` queues the command. */
void session_argument(struct session *session, struct slice argument);
void session_number(struct session *session, unsigned long long number);
void session_end(struct session *session);

/* Queues a complete command. */
void session_queue(struct session *session, size_t count, const struct slice *arguments);

/* Sends the queued commands, in one write if the socket accepts it. */
void session_send(struct session *session);

/* Reads one reply, which the caller must release. It may be an error. */
redisReply *session_reply(struct session *session);
void session_release(struct session *session, redisReply *reply);

/* Reads replies and checks only that they are no errors. */
void session_skip(struct session *session, size_t count);

/* Sends one command and returns its reply, which must not be an error. */
redisReply *session_command(struct session *session, size_t count, const struct slice *arguments);

/* Creates a consumer group at the stream's beginning, unless it exists. */
void session_create_group(struct session *session, struct slice stream, struct slice group);

struct slice reply_text(const redisReply *reply);

#endif
