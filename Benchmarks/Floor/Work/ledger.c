#include "ledger.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* `answers.reservation_ttl`, its eighth, and how often an account of large batches is tidied at most. */
enum { SHARE_LIFE_MS = 120000, BUCKET_MS = SHARE_LIFE_MS / 8, TIDY_INTERVAL_MS = 100 };

static unsigned long long monotonic_ms(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) fail("no clock");
    return (unsigned long long)time.tv_sec * 1000 + (unsigned long long)time.tv_nsec / 1000000;
}

void ledger_init(struct ledger *ledger, struct symbols *symbols, unsigned long long redis_ms) {
    *ledger = (struct ledger){.symbols = symbols};
    account_init_heat(&ledger->heat);
    bytes_append(&ledger->name, "f", 1);
    bytes_append_number(&ledger->name, (unsigned long long)getpid());
    ledger_note_time(ledger, (long long)redis_ms);
}

void ledger_free(struct ledger *ledger) {
    bytes_free(&ledger->heat.key);
    bytes_free(&ledger->name);
    bytes_free(&ledger->label);
    bytes_free(&ledger->mark);
    bytes_free(&ledger->last_mark);
    free(ledger->accounts);
}

void ledger_note_time(struct ledger *ledger, long long redis_ms) {
    ledger->offset_ms = redis_ms - (long long)monotonic_ms();
}

void ledger_was_refused(struct ledger *ledger) {
    /* Every account counts as new again, and untold. */
    ledger->heat.period = 0;
    for (size_t n = 0; n < ledger->symbols->capacity; n++) {
        struct symbol *symbol = ledger->symbols->table[n];
        if (symbol != NULL) symbol->position.period = symbol->position.is_told = 0;
    }
}

static void write_mark(struct ledger *ledger, struct bytes *mark) {
    bytes_clear(mark);
    bytes_append_slice(mark, bytes_slice(&ledger->name));
    bytes_append(mark, ".", 1);
    bytes_append_number(mark, ledger->sequence);
}

/* The bucket ends when the last of its grants has counted for its whole life. */
static void begin_period(struct ledger *ledger, unsigned long long now) {
    if (ledger->period == now / BUCKET_MS) return;
    ledger->period = now / BUCKET_MS;
    bytes_clear(&ledger->label);
    bytes_append_slice(&ledger->label, bytes_slice(&ledger->name));
    bytes_append(&ledger->label, ".", 1);
    bytes_append_number(
        &ledger->label, (unsigned long long)((long long)now + ledger->offset_ms + SHARE_LIFE_MS + BUCKET_MS));
}

static struct account *use(struct ledger *ledger, struct account *account) {
    if (account->batch == ledger->sequence) return account;
    account->batch = ledger->sequence;
    memset(account->added, 0, sizeof account->added);
    account->opens = account->blocks = account->tidies = account->is_new = 0;
    if (ledger->count == ledger->capacity) {
        ledger->capacity = ledger->capacity == 0 ? 64 : ledger->capacity * 2;
        ledger->accounts = realloc(ledger->accounts, ledger->capacity * sizeof *ledger->accounts);
        if (ledger->accounts == NULL) fail("out of memory");
    }
    ledger->accounts[ledger->count++] = account;
    account->place = ledger->count;
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

void ledger_turn(struct ledger *ledger, struct batch *batch, int is_small) {
    unsigned long long now = monotonic_ms();
    begin_period(ledger, now);
    write_mark(ledger, &ledger->last_mark);
    ledger->sequence += 1;
    write_mark(ledger, &ledger->mark);
    ledger->count = 0;
    for (size_t n = 0; n < batch->count; n++) take(ledger, &batch->plans[n]);
    struct account *due = NULL;
    for (size_t n = 0; n < ledger->count; n++) {
        struct account *account = ledger->accounts[n];
        account->is_new = has_share(account) && account->period != ledger->period;
        if (account->is_new) account->period = ledger->period;
        account->tidies = is_small;
        if (is_small) account->tidied_ms = now;
        else if (due == NULL || account->tidied_ms < due->tidied_ms) due = account;
    }
    if (due == NULL || now - due->tidied_ms <= TIDY_INTERVAL_MS) return;
    due->tidies = 1;
    due->tidied_ms = now;
}
