#include "arena.h"

#include <string.h>

/* Creates a reply and links it to its parent array. */
static redisReply *new_reply(const redisReadTask *task) {
    redisReply *reply = arena_allocate(task->privdata, sizeof *reply);
    *reply = (redisReply){.type = task->type};
    if (task->parent != NULL) ((redisReply *)task->parent->obj)->element[task->idx] = reply;
    return reply;
}

static void *create_string(const redisReadTask *task, char *text, size_t length) {
    redisReply *reply = new_reply(task);
    reply->str = arena_allocate(task->privdata, length + 1);
    memcpy(reply->str, text, length);
    reply->str[length] = '\0';
    reply->len = (__typeof__(reply->len))length;
    return reply;
}

static void *create_array(const redisReadTask *task, int elements) {
    redisReply *reply = new_reply(task);
    if (elements > 0) reply->element = arena_allocate(task->privdata, (size_t)elements * sizeof *reply->element);
    reply->elements = (size_t)elements;
    return reply;
}

static void *create_integer(const redisReadTask *task, long long value) {
    redisReply *reply = new_reply(task);
    reply->integer = value;
    return reply;
}

/* The task still has the announced type, a string or an array. */
static void *create_nil(const redisReadTask *task) {
    redisReply *reply = new_reply(task);
    reply->type = REDIS_REPLY_NIL;
    return reply;
}

/* Does nothing, because the arena frees its replies. */
static void free_object(void *reply) {
    (void)reply;
}

redisReplyObjectFunctions arena_replies = {
    .createString = create_string,
    .createArray = create_array,
    .createInteger = create_integer,
    .createNil = create_nil,
    .freeObject = free_object,
};
