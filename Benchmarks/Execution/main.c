/* The execution layer around the host's benchmark: it follows the decisions, takes each permit with GETDEL, and reports
 * the permitted plans on the result stream as fast as they come. It also publishes the positions. It trades nothing.
 *
 * One connection carries everything, in one write a batch, so that on a machine with two cores it takes little from
 * what is measured. */
#include "executor.h"
#include "publisher.h"

#include <signal.h>
#include <stdio.h>

/* A signal to stop takes effect after this time at the latest. */
enum { LONGEST_WAIT_MS = 250 };

static volatile sig_atomic_t stopping = 0;

static void stop(int signal) {
    (void)signal;
    stopping = 1;
}

static void print_counts(const struct executor *executor) {
    printf("permits %llu executed %llu refused %llu withheld %llu silent %llu missing %llu\n", executor->permits,
           executor->fates[FATE_EXECUTED], executor->fates[FATE_REFUSED], executor->fates[FATE_WITHHELD],
           executor->fates[FATE_SILENT], executor->missing);
}

int main(int count, char **arguments) {
    struct execution_options options = execution_options_parse(count, arguments);
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0) fail("cannot handle signals");

    struct session session;
    struct publisher publisher;
    session_open(&session, options.socket_path, REPLIES_ARENA);
    publisher_open(&publisher, &session, options.positions_path, options.interval_ms);
    struct executor executor = {.session = &session, .options = &options};
    bytes_append_slice(&executor.last, slice_of(options.after));

    int is_over = 0;
    while (!stopping && !is_over) {
        /* The executor's other commands are queued already. The read stands last, because it may wait. */
        size_t snapshots = publisher_append(&publisher);
        executor_append_read(&executor, publisher_wait(&publisher, LONGEST_WAIT_MS));
        session_send(&session);
        executor_settle(&executor);
        session_skip(&session, snapshots);
        size_t decisions = executor_read(&executor);
        is_over = options.ends_when_idle && decisions == 0 && executor_is_idle(&executor);
    }
    print_counts(&executor);

    executor_free(&executor);
    publisher_close(&publisher);
    session_close(&session);
    return 0;
}
