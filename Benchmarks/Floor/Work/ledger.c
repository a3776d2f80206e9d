#include "ledger.h"

#include "keys.h"
#include "monotonic.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often an account of large batches is tidied at most. */
enum { TIDY_INTERVAL_MS = 100 };

static unsigned long long monotonic_ms(void) {
    return monotonic_us() / 1000;
}

void ledger_init(struct ledger *ledger, struct symbols *symbols, unsigned long long redis_ms) {
    *ledger = (struct ledger){.symbols = symbols};
    account_init_heat(&ledger->heat);
    bytes_append(&ledger->name, "f", 1);
    bytes_append_number(&ledger->name, (unsigned long long)getpid());
    bytes_append_slice(&ledger->timely_key, timely_prefix);
    bytes_append_slice(&ledger->timely_key, bytes_slice(&ledger->name));
    ledger->offset_ms = (long long)redis_ms - (long long)monotonic_ms();
}

void ledger_free(struct ledger *ledger) {
    bytes_free(&ledger->heat.key);
    bytes_free(&ledger->name);
    bytes_free(&ledger->timely_key);
    bytes_free(&ledger->label);
    bytes_free(&ledger->mark);
    bytes_free(&ledger->last_mark);
    bytes_free(&ledger->left_mark);
    free(ledger->accounts);
}

/* If the present bucket's end does not fit Redis' time, the next commit begins another. */
void ledger_note_time(struct ledger *ledger, const struct turn *turn, long long redis_ms) {
    ledger->offset_ms = redis_ms - (long long)turn->begun_ms;
    int is_timely =
        ledger->end_ms >= redis_ms + SHARE_LIFE_MS + BUCKET_MS && ledger->end_ms <= redis_ms + 2 * SHARE_LIFE_MS;
    if (!is_timely) bytes_clear(&ledger->label);
}

void ledger_was_refused(struct ledger *ledger) {
    /* Every account counts as new again: it may have no life yet. */
    ledger->heat.bucket = 0;
    for (size_t n = 0; n < ledger->symbols->capacity; n++) {
        struct symbol *symbol = ledger->symbols->table[n];
        if (symbol != NULL) symbol->position.bucket = 0;
    }
}

static void write_mark(struct ledger *ledger, struct bytes *mark) {
    bytes_clear(mark);
    bytes_append_slice(mark, bytes_slice(&ledger->name));
    bytes_append(mark, ".", 1);
    bytes_append_number(mark, ledger->sequence);
    bytes_append(mark, ".", 1);
}

/* The bucket ends when the last of its grants has counted for its whole life, also if its commit is late by the width
 * of a bucket, and the end of its transaction by another. */
static void begin_bucket(struct ledger *ledger, unsigned long long now) {
    if (ledger->period == now / BUCKET_MS && ledger->label.length > 0) return;
    ledger->period = now / BUCKET_MS;
    ledger->bucket += 1;
    ledger->end_ms = (long long)now + ledger->offset_ms + SHARE_LIFE_MS + 3 * BUCKET_MS;
    bytes_clear(&ledger->label);
    bytes_append_slice(&ledger->label, bytes_slice(&ledger->name));
    bytes_append(&ledger->label, ".", 1);
    bytes_append_number(&ledger->label, (unsigned long long)ledger->end_ms);
}

static void begin_marks(struct ledger *ledger) {
    write_mark(ledger, &ledger->last_mark);
    ledger->sequence += 1;
    write_mark(ledger, &ledger->mark);
    write_mark(ledger, &ledger->left_mark);
    bytes_append_number(&ledger->left_mark, ledger->since);
}

static struct account *use(struct ledger *ledger, struct account *account) {
    if (account->batch == ledger->sequence) return account;
    account->batch = ledger->sequence;
    memset(account->added, 0, sizeof account->added);
    account->opens = account->blocks = account->is_new = 0;
    if (ledger->count == ledger->capacity) {
        ledger->capacity = ledger->capacity == 0 ? 64 : ledger->capacity * 2;
        ledger->accounts = realloc(ledger->accounts, ledger->capacity * sizeof *ledger->accounts);
        if (ledger->accounts == NULL) fail("out of memory");
    }
    ledger->accounts[ledger->count++] = account;
    return account;
}

static void take(struct ledger *ledger, struct plan *plan) {
    plan->position = use(ledger, &symbols_at(ledger->symbols, plan->symbol)->position);
    plan->amount = amount_of(plan->quantity);
    plan->heat = NULL;
    if (plan->is_close) {
        plan->position->added[LANE_CAPPED_SELL] += plan->amount;
        return;
    }
    plan->heat = use(ledger, &ledger->heat);
    plan->heat->opens = plan->position->opens = 1;
    if (plan->is_over_budget) {
        plan->position->blocks = 1;
        return;
    }
    plan->position->added[LANE_BUY] += plan->amount;
    plan->heat->added[LANE_HEAT] += ENTRY_HEAT;
}

static int has_share(const struct account *account) {
    return account->added[LANE_BUY] > 0 || account->added[LANE_CAPPED_SELL] > 0;
}

static void note_shares(struct ledger *ledger, struct account *account) {
    account->is_new = has_share(account) && account->bucket != ledger->bucket;
    if (account->is_new) account->bucket = ledger->bucket;
}

/* Moves an account to those that are read. */
static void read_account(struct ledger *ledger, size_t index, unsigned long long now) {
    struct account *account = ledger->accounts[index];
    ledger->accounts[index] = ledger->accounts[ledger->read_count];
    ledger->accounts[ledger->read_count++] = account;
    account->tidied_ms = now;
}

/* Reads the account that was tidied the longest time ago. */
static void read_due(struct ledger *ledger, unsigned long long now) {
    size_t due = ledger->read_count;
    if (due == ledger->count) return;
    for (size_t n = due + 1; n < ledger->count; n++) {
        if (ledger->accounts[n]->tidied_ms < ledger->accounts[due]->tidied_ms) due = n;
    }
    if (now - ledger->accounts[due]->tidied_ms > TIDY_INTERVAL_MS) read_account(ledger, due, now);
}

struct turn ledger_turn(struct ledger *ledger, struct batch *batch, int is_small) {
    unsigned long long now = monotonic_ms();
    begin_bucket(ledger, now);
    begin_marks(ledger);
    ledger->count = ledger->read_count = 0;
    for (size_t n = 0; n < batch->count; n++) take(ledger, &batch->plans[n]);
    for (size_t n = 0; n < ledger->count; n++) {
        note_shares(ledger, ledger->accounts[n]);
        if (is_small || !ledger->accounts[n]->is_told) read_account(ledger, n, now);
    }
    read_due(ledger, now);
    for (size_t n = 0; n < ledger->count; n++) ledger->accounts[n]->place = n + 1;
    return (struct turn){.accounts = ledger->count, .begun_ms = now};
}
