#include "intake.h"

void intake_init(struct intake *intake, size_t batch) {
    for (size_t n = 0; n < DELIVERIES; n++) batch_init(&intake->deliveries[n].batch, batch);
}

void intake_free(struct intake *intake) {
    for (size_t n = 0; n < DELIVERIES; n++) {
        batch_drop(&intake->deliveries[n].batch, intake->session);
        batch_free(&intake->deliveries[n].batch);
        bytes_free(&intake->deliveries[n].mark);
    }
}

struct delivery *intake_current(struct intake *intake) {
    return intake->committed < intake->read ? &intake->deliveries[intake->committed % DELIVERIES] : NULL;
}

static size_t in_flight(const struct intake *intake) {
    return intake->sent - intake->answered;
}

/* Sends an exchange, behind the commands that are queued already. */
static void begin(struct intake *intake, struct delivery *committed, enum reading reading) {
    struct exchange *exchange = &intake->exchanges[intake->sent++ % MAXIMUM_EXCHANGES];
    *exchange = (struct exchange){.committed = committed, .request = reader_append(intake->reader, reading)};
    session_send(intake->session);
}

static void end(struct intake *intake) {
    struct exchange *exchange = &intake->exchanges[intake->answered++ % MAXIMUM_EXCHANGES];
    struct delivery *committed = exchange->committed, *delivery = &intake->deliveries[intake->read % DELIVERIES];
    if (committed != NULL) {
        if (commits_confirm(intake->commits, intake->session, committed)) {
            batch_drop(&committed->batch, intake->session);
        } else {
            intake->refused[intake->refusals++] = committed;
        }
    }
    reader_take(intake->reader, exchange->request, delivery);
    intake->fence = delivery->fence;
    if (delivery->batch.count > 0) intake->read += 1;
    else batch_drop(&delivery->batch, intake->session);
}

/* Commits what is left of a delivery by the script, which decides each entry by itself, with records and accounts
 * that are read anew. */
static void commit_again(struct intake *intake, struct delivery *delivery) {
    while (delivery->batch.count > 0) {
        records_forget_batch(intake->records, &delivery->batch);
        records_load(intake->records, &delivery->batch, intake->session);
        commits_append_script(intake->commits, intake->session, delivery);
        session_send(intake->session);
        if (commits_confirm(intake->commits, intake->session, delivery)) break;
    }
    batch_drop(&delivery->batch, intake->session);
}

/* No exchange may be in flight, and nothing queued. */
static void retry(struct intake *intake) {
    for (size_t n = 0; n < intake->refusals; n++) commit_again(intake, intake->refused[n]);
    intake->refusals = 0;
}

int intake_is_committing(const struct intake *intake) {
    for (size_t n = intake->answered; n < intake->sent; n++) {
        if (intake->exchanges[n % MAXIMUM_EXCHANGES].committed != NULL) return 1;
    }
    return 0;
}

void intake_settle(struct intake *intake) {
    while (in_flight(intake) > 0) end(intake);
    if (intake->refusals > 0) retry(intake);
}

static int is_full(const struct delivery *delivery) {
    return delivery->batch.count == delivery->batch.capacity;
}

void intake_await(struct intake *intake) {
    if (in_flight(intake) == 0) begin(intake, NULL, READ_WAITING);
    end(intake);
    if (intake->refusals > 0) intake_settle(intake);
    /* More entries follow a full batch: let Redis read them meanwhile. */
    int is_alone = in_flight(intake) == 0 && intake->read - intake->committed == 1;
    if (is_alone && is_full(intake_current(intake))) begin(intake, NULL, READ_AVAILABLE);
}

void intake_commit(struct intake *intake) {
    struct delivery *current = intake_current(intake);
    commits_append(intake->commits, intake->session, current);
    /* In a backlog one exchange may still be in flight. */
    size_t most = is_full(current) ? MAXIMUM_EXCHANGES - 1 : 0;
    while (in_flight(intake) > most) end(intake);
    if (intake->refusals > 0) {
        /* Refused deliveries come first. */
        bytes_clear(&intake->session->output);
        intake_settle(intake);
        commits_append(intake->commits, intake->session, current);
    }
    intake->committed += 1;
    /* The read does not block if there is more to do, nor behind a transaction, whose plans would wait too if it is
     * refused. */
    int is_waiting = intake_current(intake) == NULL && in_flight(intake) == 0 && !current->is_transaction;
    begin(intake, current, is_waiting ? READ_WAITING : READ_AVAILABLE);
}
