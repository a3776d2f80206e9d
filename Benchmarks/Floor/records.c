#include "records.h"

#include "Work/keys.h"

#include <string.h>

/* The records that the host's gates read: four of each symbol, with these prefixes, the portfolio's heat and the kill
 * switch; and an account of each symbol and of the heat. The second and third show what was executed. */
enum { SYMBOL_RECORDS = 4, FIRST_POSITION = 1, LAST_POSITION = 2 };
static const struct slice symbol_prefixes[SYMBOL_RECORDS] = {
    SLICE_OF_LITERAL("quantum:portfolio:budget:"),
    SLICE_OF_LITERAL("quantum:position:snapshot:"),
    SLICE_OF_LITERAL("quantum:state:positions:"),
    SLICE_OF_LITERAL("quantum:state:market:"),
};
static const struct slice heat_key = SLICE_OF_LITERAL("quantum:portfolio:heat");
static const struct slice kill_key = SLICE_OF_LITERAL("quantum:global:kill_switch");
static const struct slice position_time = SLICE_OF_LITERAL("ts_epoch"), heat_time = SLICE_OF_LITERAL("timestamp");

void records_init(struct records *records, struct ledger *ledger, struct slice account_script) {
    *records = (struct records){.heat = &ledger->heat, .account_script = account_script, .account_reading = 1};
    symbols_init(&records->symbols);
}

void records_free(struct records *records) {
    symbols_free(&records->symbols);
    bytes_free(&records->scratch);
    expected_free(&records->expected);
}

void records_forget(struct records *records, struct slice key) {
    if (slice_equals(key, heat_key) || slice_equals(key, kill_key)) records->has_common = 0;
    for (size_t n = 0; n < SYMBOL_RECORDS; n++) {
        struct slice prefix = symbol_prefixes[n];
        if (key.length <= prefix.length || memcmp(key.data, prefix.data, prefix.length) != 0) continue;
        struct slice name = {key.data + prefix.length, key.length - prefix.length};
        struct symbol *symbol = symbols_find(&records->symbols, name);
        if (symbol != NULL) symbol->is_read = 0;
    }
}

void records_forget_all(struct records *records) {
    for (size_t n = 0; n < records->symbols.capacity; n++) {
        if (records->symbols.table[n] != NULL) records->symbols.table[n]->is_read = 0;
    }
    records->has_common = 0;
    records_forget_accounts(records);
}

void records_forget_accounts(struct records *records) {
    records->account_reading += 1;
}

void records_forget_batch(struct records *records, const struct batch *batch) {
    for (size_t n = 0; n < batch->count; n++) {
        struct symbol *symbol = symbols_at(&records->symbols, batch->plans[n].symbol);
        symbol->is_read = 0;
        symbol->account_reading = 0;
    }
    records->has_common = 0;
    records->heat_reading = 0;
}

int records_suffice(const struct records *records, const struct batch *batch) {
    if (!records->has_common || records->heat_reading != records->account_reading) return 0;
    for (size_t n = 0; n < batch->count; n++) {
        const struct symbol *symbol = symbols_find(&records->symbols, batch->plans[n].symbol);
        if (symbol == NULL || !symbol->is_read || symbol->account_reading != records->account_reading) return 0;
    }
    return 1;
}

static struct slice symbol_key(struct records *records, struct slice prefix, struct slice symbol) {
    bytes_clear(&records->scratch);
    bytes_append_slice(&records->scratch, prefix);
    bytes_append_slice(&records->scratch, symbol);
    return bytes_slice(&records->scratch);
}

static void begin_account(struct records *records, struct session *session, const struct account *account) {
    session_argument(session, SLICE("EVALSHA"));
    session_argument(session, records->account_script);
    session_number(session, 0);
    session_argument(session, bytes_slice(&account->key));
    expected_add(&records->expected, (struct expectation){0});
}

static void end_account(struct session *session, const struct account *account, struct slice field) {
    session_number(session, EXECUTED_LIFE_MS);
    session_number(session, account->margin_ms);
    session_argument(session, field);
}

static void request_symbol(struct records *records, struct session *session, struct symbol *symbol) {
    if (!symbol->is_read) {
        symbol->is_read = 1;
        symbol->position.snapshot_ms = 0;
        for (size_t n = 0; n < SYMBOL_RECORDS; n++) {
            int is_position = n >= FIRST_POSITION && n <= LAST_POSITION;
            expected_record(
                &records->expected, session, SLICE("HGETALL"), symbol_key(records, symbol_prefixes[n], symbol->name),
                position_time, is_position ? &symbol->position.snapshot_ms : NULL);
        }
    }
    if (symbol->account_reading == records->account_reading) return;
    symbol->account_reading = records->account_reading;
    begin_account(records, session, &symbol->position);
    session_argument(session, symbol_key(records, SLICE("quantum:governor:reserved:position:"), symbol->name));
    end_account(session, &symbol->position, position_time);
    for (size_t n = FIRST_POSITION; n <= LAST_POSITION; n++) {
        session_argument(session, symbol_key(records, symbol_prefixes[n], symbol->name));
    }
    session_end(session);
}

static void request_common(struct records *records, struct session *session) {
    if (!records->has_common) {
        records->has_common = 1;
        records->heat->snapshot_ms = 0;
        struct expected *expected = &records->expected;
        expected_record(expected, session, SLICE("HGETALL"), heat_key, heat_time, &records->heat->snapshot_ms);
        expected_record(expected, session, SLICE("GET"), kill_key, SLICE(""), NULL);
    }
    if (records->heat_reading == records->account_reading) return;
    records->heat_reading = records->account_reading;
    begin_account(records, session, records->heat);
    session_argument(session, SLICE(""));
    end_account(session, records->heat, heat_time);
    session_argument(session, heat_key);
    session_end(session);
}

void records_load(struct records *records, const struct batch *batch, struct session *session) {
    records->expected.count = 0;
    for (size_t n = 0; n < batch->count; n++) {
        request_symbol(records, session, symbols_at(&records->symbols, batch->plans[n].symbol));
    }
    request_common(records, session);
    session_send(session);
    expected_receive(&records->expected, session);
}
