/* The floor of the host's benchmark: the host's Redis work on a batch, without any decision.
 *
 * One connection carries the commands. The commit of a batch and a read go out together, and while Redis executes them,
 * the floor prepares the batch between. In a backlog two such exchanges are in flight. The other connection reports the
 * changed records, so that only those are read again. */
#include "commits.h"
#include "feed.h"
#include "intake.h"
#include "reader.h"
#include "records.h"
#include "Work/consumer_options.h"
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
    if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) != 0) {
        fail("XGROUP CREATE: %s", reply->str);
    }
    session_release(session, reply);
}

/* Loads the script; `sha` receives its digest. */
static void load_script(struct session *session, const char *path, struct bytes *sha) {
    struct bytes source = {0};
    read_file(path, &source);
    const struct slice arguments[] = {SLICE("SCRIPT"), SLICE("LOAD"), bytes_slice(&source)};
    redisReply *reply = session_command(session, 3, arguments);
    bytes_append_slice(sha, reply_text(reply));
    session_release(session, reply);
    bytes_free(&source);
}

static void append_claims_key(struct bytes *output, const struct consumer_options *options) {
    bytes_append_slice(output, SLICE("quantum:governor:intake:claims:"));
    bytes_append_slice(output, slice_of(options->stream));
    bytes_append(output, ":", 1);
    bytes_append_slice(output, slice_of(options->group));
}

static void append_host_name(struct bytes *output) {
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0) fail("no host name");
    bytes_append_slice(output, slice_of(name));
    bytes_append(output, ":", 1);
    bytes_append_number(output, (unsigned long long)getpid());
}

/* Reads missing records while no exchange is in flight. */
static void load_records(
    struct records *records, struct intake *intake, const struct batch *batch, struct bytes *scratch) {
    intake_settle(intake);
    size_t missing = records_request(records, batch, intake->session, scratch);
    session_send(intake->session);
    records_receive(intake->session, missing);
}

/* Decides and commits until a signal, as the host does. */
static void serve(struct intake *intake, struct feed *feed, struct records *records, struct bytes *scratch) {
    while (!stopping) {
        struct delivery *current = intake_current(intake);
        if (current == NULL) {
            intake_await(intake);
            /* Receives the fences behind empty reads too, so that they do not pile up. */
            if (intake_current(intake) == NULL) feed_learn(feed, intake->fence, records);
            continue;
        }
        feed_learn(feed, current->fence, records);
        if (!records_suffice(records, &current->batch)) load_records(records, intake, &current->batch, scratch);
        intake_commit(intake);
    }
    intake_settle(intake);
}

int main(int count, char **arguments) {
    struct consumer_options options = consumer_options_parse(count, arguments, 1);
    stop_on_signals();

    struct session session;
    struct feed feed;
    struct records records;
    struct bytes sha = {0}, check = {0}, claims_key = {0}, host = {0}, scratch = {0};
    session_open(&session, options.socket_path, options.replies);
    create_group(&session, &options);
    load_script(&session, options.script_path, &sha);
    read_file(options.check_path, &check);
    feed_open(&feed, options.socket_path, options.replies, &session);
    append_claims_key(&claims_key, &options);
    append_host_name(&host);
    records_init(&records);
    struct commits commits = {
        .commit = {
            .name = bytes_slice(&sha),
            .stream = slice_of(options.stream),
            .group = slice_of(options.group),
            .host = bytes_slice(&host),
            .decision_max_length = options.decision_max_length},
        .check = bytes_slice(&check), .claims_key = bytes_slice(&claims_key)};
    struct reader reader = {
        .session = &session,
        .options = &options,
        .fence_channel = bytes_slice(&feed.fence_channel),
        .claims_key = bytes_slice(&claims_key),
        .host = bytes_slice(&host)};
    struct intake intake = {.session = &session, .commits = &commits, .reader = &reader};
    intake_init(&intake, options.batch);
    serve(&intake, &feed, &records, &scratch);

    intake_free(&intake);
    records_free(&records);
    bytes_free(&reader.scratch);
    bytes_free(&commits.scratch);
    bytes_free(&scratch);
    bytes_free(&host);
    bytes_free(&claims_key);
    bytes_free(&check);
    bytes_free(&sha);
    feed_close(&feed);
    session_close(&session);
    return 0;
}
