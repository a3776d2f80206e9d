/* The floor of the host's benchmark: the host's Redis work on a batch, without deciding anything.
 *
 * One connection carries the commands: the commit of a batch and the reading of the next go out together, and while Redis is at them the batch between is
 * made ready. The other names the records that have changed, so that only those are read again. */
#include "exchange.h"
#include "feed.h"
#include "Work/consumer_options.h"
#include "records.h"
#include "Work/batch.h"
#include "Work/commit.h"
#include "Work/session.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopping = 0;

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void stop_on_signals(void) {
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0) fail("cannot handle signals");
}

static void read_file(const char *path, struct bytes *content) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail("cannot open %s", path);
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) bytes_append(content, chunk, count);
    if (ferror(file)) fail("cannot read %s", path);
    fclose(file);
}

static void create_group(struct session *session, const struct consumer_options *options) {
    session_argument(session, SLICE("XGROUP"));
    session_argument(session, SLICE("CREATE"));
    session_argument(session, slice_of(options->stream));
    session_argument(session, slice_of(options->group));
    session_argument(session, SLICE("0"));
    session_argument(session, SLICE("MKSTREAM"));
    session_end(session);
    session_send(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) fail("XGROUP CREATE: %s", reply->str);
    session_release(session, reply);
}

/* The hash under which Redis keeps the script. */
static void load_script(struct session *session, const char *path, struct bytes *sha) {
    struct bytes source = {0};
    read_file(path, &source);
    const struct slice arguments[] = {SLICE("SCRIPT"), SLICE("LOAD"), bytes_slice(&source)};
    redisReply *reply = session_command(session, 3, arguments);
    bytes_append_slice(sha, reply_text(reply));
    session_release(session, reply);
    bytes_free(&source);
}

static void host_name(struct bytes *output) {
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0) fail("no host name");
    bytes_append_slice(output, slice_of(name));
    bytes_append(output, ":", 1);
    bytes_append_number(output, (unsigned long long)getpid());
}

static void receive(struct exchange *exchange, struct session *feed, struct batch *entries) {
    exchange_await(exchange, entries);
    if (entries->count > 0) feed_ask(feed);
}

/* Decides and commits until told to stop, as the host does. While one batch is made ready, Redis commits the one before and reads the next. */
static void serve(struct exchange *exchange, const struct commit *commit, struct session *feed, struct bytes *scratch) {
    struct session *session = exchange->session;
    struct records records;
    struct batch batches[2], *hand = &batches[0], *next = &batches[1];
    records_init(&records);
    for (size_t n = 0; n < 2; n++) batch_init(&batches[n], exchange->options->batch);

    while (!stopping) {
        if (hand->count == 0) {
            batch_drop(hand, session);
            if (!exchange->is_reading) exchange_send(exchange, READ_WAITING);
            receive(exchange, feed, hand);
            /* A full batch has more behind it: let Redis fetch that meanwhile. */
            if (hand->count == exchange->options->batch) exchange_send(exchange, READ_AT_HAND);
            continue;
        }
        feed_learn(feed, &records);
        size_t missing = records_request(&records, hand, session, scratch);
        if (missing > 0) {
            session_send(session);
            if (exchange->is_reading) receive(exchange, feed, next);
            records_receive(session, missing);
        }
        commit_append(session, commit, hand, scratch);
        if (exchange->is_reading) receive(exchange, feed, next);
        exchange->committing = hand->count;
        exchange_send(exchange, next->count > 0 ? READ_AT_HAND : READ_WAITING);
        batch_drop(hand, session);
        struct batch *done = hand;
        hand = next;
        next = done;
    }

    if (exchange->is_reading) exchange_await(exchange, next);
    for (size_t n = 0; n < 2; n++) {
        batch_drop(&batches[n], session);
        batch_free(&batches[n]);
    }
    records_free(&records);
}

int main(int count, char **arguments) {
    struct consumer_options options = consumer_options_parse(count, arguments, 1);
    stop_on_signals();

    struct session session, feed;
    struct bytes sha = {0}, host = {0}, scratch = {0};
    session_open(&session, options.socket_path, options.replies);
    session_open(&feed, options.socket_path, options.replies);
    create_group(&session, &options);
    load_script(&session, options.script_path, &sha);
    feed_open(&feed, &session, &scratch);
    host_name(&host);
    const struct commit commit = {
        .name = bytes_slice(&sha), .stream = slice_of(options.stream), .group = slice_of(options.group), .host = bytes_slice(&host),
        .decision_max_length = options.decision_max_length};
    struct exchange exchange = {.session = &session, .options = &options};
    serve(&exchange, &commit, &feed, &scratch);

    bytes_free(&scratch);
    bytes_free(&host);
    bytes_free(&sha);
    session_close(&feed);
    session_close(&session);
    return 0;
}
