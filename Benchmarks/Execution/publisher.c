#include "publisher.h"

#include "decision.h"

#include <stdio.h>
#include <stdlib.h>

struct position {
    char symbol[65];
    char quantity[41];
    char price[41];
};

void publisher_open(struct publisher *publisher, struct session *session, const char *path, unsigned interval_ms) {
    *publisher = (struct publisher){.session = session, .interval_ms = interval_ms};
    if (path == NULL) return;
    FILE *file = fopen(path, "r");
    if (file == NULL) fail("cannot open %s", path);
    struct position position;
    while (fscanf(file, "%64s %40s %40s", position.symbol, position.quantity, position.price) == 3) {
        publisher->positions = realloc(publisher->positions, (publisher->count + 1) * sizeof position);
        if (publisher->positions == NULL) fail("out of memory");
        publisher->positions[publisher->count++] = position;
    }
    if (!feof(file)) fail("%s is not what it should be", path);
    fclose(file);
}

void publisher_close(struct publisher *publisher) {
    free(publisher->positions);
    bytes_free(&publisher->key);
}

unsigned publisher_wait(const struct publisher *publisher, unsigned longest) {
    unsigned long long now = moment_now().milliseconds;
    if (publisher->count == 0 || publisher->due_ms >= now + longest) return longest;
    /* XREAD takes 0 for no limit at all. */
    return publisher->due_ms > now ? (unsigned)(publisher->due_ms - now) : 1;
}

static void append_snapshot(struct publisher *publisher, const struct position *position, unsigned long long seconds) {
    struct session *session = publisher->session;
    bytes_clear(&publisher->key);
    bytes_append_slice(&publisher->key, SLICE("quantum:position:snapshot:"));
    bytes_append_slice(&publisher->key, slice_of(position->symbol));
    const struct slice head[] = {
        SLICE("HSET"), bytes_slice(&publisher->key), SLICE("position_amt"), slice_of(position->quantity),
        SLICE("side"), SLICE("LONG"), SLICE("entry_price"), slice_of(position->price), SLICE("mark_price"),
        slice_of(position->price), SLICE("unrealized_pnl"), SLICE("0.0"), SLICE("leverage"), SLICE("5"),
        SLICE("source"), SLICE("binance_testnet"), SLICE("ts_epoch")};
    for (size_t n = 0; n < sizeof head / sizeof *head; n++) session_argument(session, head[n]);
    session_number(session, seconds);
    session_end(session);
}

size_t publisher_append(struct publisher *publisher) {
    struct moment now = moment_now();
    if (publisher->count == 0 || now.milliseconds < publisher->due_ms) return 0;
    publisher->due_ms = now.milliseconds + publisher->interval_ms;
    for (size_t n = 0; n < publisher->count; n++) {
        append_snapshot(publisher, &publisher->positions[n], now.seconds);
    }
    return publisher->count;
}
