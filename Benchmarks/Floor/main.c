/* The floor of the host's benchmark: the host's Redis work on a batch, without any decision.
 *
 * One connection carries the commands. The commit of a batch and a read go out together, and while Redis executes
 * them, the floor prepares the batch between. In a backlog two such exchanges are in flight. The second connection
 * reports the changed records, so that only those are read again. The third one, on a thread of its own, settles
 * reports. */
#include "commits.h"
#include "feed.h"
#include "intake.h"
#include "reader.h"
#include "records.h"
#include "reports.h"
#include "scripts.h"
#include "Work/consumer_options.h"
#include "Work/session.h"

#include <signal.h>
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

/* Redis' time, epoch ms. */
static unsigned long long redis_time(struct session *session) {
    redisReply *reply = session_command(session, 1, &SLICE("TIME"));
    unsigned long long time_ms = amount_of(reply_text(reply->element[0])) / 100000;
    session_release(session, reply);
    return time_ms;
}

/* The host reads the accounts anew for a batch of fewer entries. */
enum { FEW_ENTRIES = 16 };

/* Reads what is missing while no exchange is in flight. */
static void prepare(struct records *records, struct intake *intake, const struct batch *batch) {
    if (batch->count < FEW_ENTRIES && !intake_is_committing(intake)) records_forget_accounts(records);
    if (records_suffice(records, batch)) return;
    intake_settle(intake);
    records_load(records, batch, intake->session);
}

/* Decides and commits until a signal, as the host does. */
static void serve(struct intake *intake, struct feed *feed, struct records *records) {
    while (!stopping) {
        struct delivery *current = intake_current(intake);
        if (current == NULL) {
            intake_await(intake);
            /* Receives the fences behind empty reads too, so that they do not pile up. */
            if (intake_current(intake) == NULL) feed_learn(feed, intake->fence, records);
            continue;
        }
        feed_learn(feed, current->fence, records);
        prepare(records, intake, &current->batch);
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
    struct scripts scripts = {0};
    struct backlog backlog = {0};
    struct ledger ledger;
    struct bytes claims_key = {0}, host = {0};
    session_open(&session, options.socket_path, options.replies);
    session_create_group(&session, slice_of(options.stream), slice_of(options.group));
    scripts_load(&scripts, options.scripts_path, &session);
    feed_open(&feed, options.socket_path, options.replies, &session);
    append_claims_key(&claims_key, &options);
    append_host_name(&host);
    ledger_init(&ledger, &records.symbols, redis_time(&session));
    records_init(&records, &ledger, bytes_slice(&scripts.account));
    struct commits commits = {
        .commit = {
            .name = bytes_slice(&scripts.commit),
            .stream = slice_of(options.stream),
            .group = slice_of(options.group),
            .host = bytes_slice(&host),
            .decision_max_length = options.decision_max_length,
            .ledger = &ledger},
        .check = bytes_slice(&scripts.check), .claims_key = bytes_slice(&claims_key), .backlog = &backlog};
    struct reader reader = {
        .session = &session,
        .options = &options,
        .fence_channel = bytes_slice(&feed.fence_channel),
        .claims_key = bytes_slice(&claims_key),
        .host = bytes_slice(&host)};
    struct intake intake = {.session = &session, .commits = &commits, .reader = &reader, .records = &records};
    intake_init(&intake, options.batch);
    struct reports reports = {
        .options = &options, .script = bytes_slice(&scripts.reports), .backlog = &backlog, .stopping = &stopping};
    reports_start(&reports);
    serve(&intake, &feed, &records);
    reports_join(&reports);

    intake_free(&intake);
    records_free(&records);
    ledger_free(&ledger);
    bytes_free(&reader.scratch);
    bytes_free(&commits.scratch);
    bytes_free(&host);
    bytes_free(&claims_key);
    scripts_free(&scripts);
    feed_close(&feed);
    session_close(&session);
    return 0;
}
