/* The least that an answer to a plan takes: read, write a permit (or a block) and a decision of two fields,
 * acknowledge. It reads no state, decides nothing, and does not write atomically, so no host may work like this. It
 * shows the cost of a round through Redis. */
#include "bytes.h"
#include "consumer_options.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t stopping = 0;

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void append(redisContext *redis, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int result = redisvAppendCommand(redis, format, arguments);
    va_end(arguments);
    if (result != REDIS_OK) fail("cannot queue a command: %s", redis->errstr);
}

static redisReply *next_reply(redisContext *redis) {
    void *reply = NULL;
    if (redisGetReply(redis, &reply) != REDIS_OK || reply == NULL) fail("lost the connection: %s", redis->errstr);
    return reply;
}

static void create_group(redisContext *redis, const struct consumer_options *options) {
    append(redis, "XGROUP CREATE %s %s 0 MKSTREAM", options->stream, options->group);
    redisReply *reply = next_reply(redis);
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) {
        fail("XGROUP CREATE: %s", reply->str);
    }
    freeReplyObject(reply);
}

/* The value of a field, of length 0 if the entry has none. */
static redisReply field(const redisReply *fields, const char *name) {
    for (size_t n = 0; n + 1 < fields->elements; n += 2) {
        if (strcmp(fields->element[n]->str, name) == 0) return *fields->element[n + 1];
    }
    return (redisReply){.str = ""};
}

static void answer(redisContext *redis, const struct consumer_options *options, const redisReply *entry) {
    if (entry->elements != 2 || entry->element[1]->type != REDIS_REPLY_ARRAY) fail("an entry without fields");
    redisReply plan = field(entry->element[1], "plan_id"), regime = field(entry->element[1], "regime");
    /* The workload marks the plans that a gate would block, because nothing decides here. */
    int blocks = strcmp(regime.str, "over_budget") == 0;
    append(redis, "SET %s%b %s EX 60", blocks ? "quantum:governor:block:" : "quantum:permit:", plan.str,
           (size_t)plan.len, "1");
    append(redis, "XADD quantum:stream:governor.decision MAXLEN ~ %llu * plan_id %b outcome %s",
           options->decision_max_length, plan.str, (size_t)plan.len, blocks ? "block" : "permit");
    append(redis, "XACK %s %s %s", options->stream, options->group, entry->element[0]->str);
}

/* The entries of an XREADGROUP reply; NULL if none came in time. */
static const redisReply *entries_of(const redisReply *reply) {
    if (reply->type == REDIS_REPLY_NIL) return NULL;
    if (reply->type == REDIS_REPLY_ERROR) fail("XREADGROUP: %s", reply->str);
    if (reply->elements != 1 || reply->element[0]->elements != 2) {
        fail("XREADGROUP answered something that is not one stream");
    }
    return reply->element[0]->element[1];
}

int main(int count, char **arguments) {
    struct consumer_options options = consumer_options_parse(count, arguments, 0);
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0) fail("cannot handle signals");
    redisContext *redis = redisConnectUnix(options.socket_path);
    if (redis == NULL || redis->err) fail("cannot connect to %s", options.socket_path);
    create_group(redis, &options);

    while (!stopping) {
        append(redis, "XREADGROUP GROUP %s %s COUNT %llu BLOCK 250 STREAMS %s >", options.group, options.consumer,
               (unsigned long long)options.batch, options.stream);
        redisReply *reply = next_reply(redis);
        const redisReply *entries = entries_of(reply);
        for (size_t n = 0; entries != NULL && n < entries->elements; n++) answer(redis, &options, entries->element[n]);
        for (size_t n = 0; entries != NULL && n < 3 * entries->elements; n++) {
            redisReply *written = next_reply(redis);
            if (written->type == REDIS_REPLY_ERROR) fail("%s", written->str);
            freeReplyObject(written);
        }
        freeReplyObject(reply);
    }
    redisFree(redis);
    return 0;
}
