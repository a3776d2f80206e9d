/* The floor of the host's benchmark: the host's Redis work on a batch, without deciding anything.
 * One round trip for the entries, one for the records, one for the commit. */
#include "batch.h"
#include "commit.h"
#include "options.h"
#include "records.h"
#include "session.h"

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

static void create_group(struct session *session, const struct options *options) {
    session_argument(session, SLICE("XGROUP"));
    session_argument(session, SLICE("CREATE"));
    session_argument(session, slice_of(options->stream));
    session_argument(session, slice_of(options->group));
    session_argument(session, SLICE("0"));
    session_argument(session, SLICE("MKSTREAM"));
    session_end(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) fail("XGROUP CREATE: %s", reply->str);
    freeReplyObject(reply);
}

/* The hash under which Redis keeps the script. */
static void load_script(struct session *session, const char *path, struct bytes *sha) {
    struct bytes source = {0};
    read_file(path, &source);
    const struct slice arguments[] = {SLICE("SCRIPT"), SLICE("LOAD"), bytes_slice(&source)};
    redisReply *reply = session_command(session, 3, arguments);
    bytes_append_slice(sha, reply_text(reply));
    freeReplyObject(reply);
    bytes_free(&source);
}

static void host_name(struct bytes *output) {
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0) fail("no host name");
    bytes_append_slice(output, slice_of(name));
    bytes_append(output, ":", 1);
    bytes_append_number(output, (unsigned long long)getpid());
}

static redisReply *read_entries(struct session *session, const struct options *options) {
    session_argument(session, SLICE("XREADGROUP"));
    session_argument(session, SLICE("GROUP"));
    session_argument(session, slice_of(options->group));
    session_argument(session, slice_of(options->consumer));
    session_argument(session, SLICE("COUNT"));
    session_number(session, options->batch);
    session_argument(session, SLICE("BLOCK"));
    session_number(session, 250);
    session_argument(session, SLICE("STREAMS"));
    session_argument(session, slice_of(options->stream));
    session_argument(session, SLICE(">"));
    session_end(session);
    redisReply *reply = session_reply(session);
    if (reply->type == REDIS_REPLY_ERROR) fail("XREADGROUP: %s", reply->str);
    return reply;
}

int main(int count, char **arguments) {
    struct options options = options_parse(count, arguments);
    stop_on_signals();

    struct session session;
    session_open(&session, options.socket_path);
    create_group(&session, &options);
    struct bytes sha = {0}, host = {0}, scratch = {0};
    load_script(&session, options.script_path, &sha);
    host_name(&host);
    struct batch batch;
    batch_init(&batch, options.batch);
    const struct commit commit = {
        .sha = bytes_slice(&sha), .stream = slice_of(options.stream), .group = slice_of(options.group), .host = bytes_slice(&host),
        .decision_max_length = options.decision_max_length};

    while (!stopping) {
        redisReply *entries = read_entries(&session, &options);
        if (entries->type != REDIS_REPLY_NIL) {
            batch_take(&batch, entries);
            records_read(&session, &batch, &scratch);
            commit_batch(&session, &commit, &batch, &scratch);
        }
        freeReplyObject(entries);
    }

    batch_free(&batch);
    bytes_free(&scratch);
    bytes_free(&host);
    bytes_free(&sha);
    session_close(&session);
    return 0;
}
