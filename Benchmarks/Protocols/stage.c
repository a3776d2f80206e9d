#define _GNU_SOURCE
#include "stage.h"

#include "../Floor/Work/keys.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const struct slice plans_stream = SLICE_OF_LITERAL("quantum:stream:apply.plan");
const struct slice group_name = SLICE_OF_LITERAL("governor");

enum { PIPELINE_DEPTH = 500 };

/* Makes every digit vary, as in a digest. */
static uint64_t mixed(uint64_t number) {
    number = (number + 1) * 0x9e3779b97f4a7c15u;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
    return number ^ (number >> 27);
}

static void publish(struct session *session, size_t index) {
    static const char *const symbols[] = {"BTCUSDC", "ETHUSDC", "SOLUSDC", "XRPUSDC", "BNBUSDC", "DOGEUSDC",
                                          "SUIUSDC", "LINKUSDC", "ADAUSDC", "AVAXUSDC", "LTCUSDC", "BCHUSDC"};
    int is_over_budget = index % 8 == 7, is_close = !is_over_budget && index % 5 == 4;
    char plan_id[17];
    snprintf(plan_id, sizeof plan_id, "%016llx", (unsigned long long)mixed(index));
    const char *const arguments[] = {
        "XADD", plans_stream.data, "*",
        "plan_id", plan_id, "decision", "EXECUTE", "symbol", symbols[index % 12],
        "side", is_close ? "SELL" : "BUY", "type", "MARKET", "qty", "0.002088",
        "reduceOnly", is_close ? "true" : "false", "source", "intent_bridge", "signature", "intent_bridge",
        "timestamp", "1795354622", "action", is_close ? "FULL_CLOSE_PROPOSED" : "ENTRY_PROPOSED",
        "leverage", "5", "entry_price", "95786.09000000", "confidence", "0.5183219432830812",
        "regime", is_over_budget ? "over_budget" : "unknown"};
    for (size_t n = 0; n < sizeof arguments / sizeof *arguments; n++) session_argument(session, slice_of(arguments[n]));
    session_end(session);
}

void stage_publish(struct session *session, size_t plans) {
    const struct slice create[] = {SLICE("XGROUP"), SLICE("CREATE"), plans_stream, group_name, SLICE("0"),
        SLICE("MKSTREAM")};
    session_release(session, session_command(session, 6, create));
    for (size_t start = 0; start < plans; start += PIPELINE_DEPTH) {
        size_t count = plans - start < PIPELINE_DEPTH ? plans - start : PIPELINE_DEPTH;
        for (size_t n = 0; n < count; n++) publish(session, start + n);
        session_send(session);
        for (size_t n = 0; n < count; n++) {
            redisReply *reply = session_reply(session);
            reply_text(reply);
            session_release(session, reply);
        }
    }
}

void stage_audit(struct session *session, size_t plans) {
    const struct slice length[] = {SLICE("XLEN"), decision_stream};
    redisReply *reply = session_command(session, 2, length);
    if (reply->integer != (long long)plans) fail("%lld decisions of %zu plans", reply->integer, plans);
    session_release(session, reply);
    const struct slice pending[] = {SLICE("XPENDING"), plans_stream, group_name};
    reply = session_command(session, 3, pending);
    if (reply->element[0]->integer != 0) fail("%lld entries are still pending", reply->element[0]->integer);
    session_release(session, reply);
}

void stage_read_script(const char *path, struct bytes *lua) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail("cannot open %s", path);
    struct bytes text = {0};
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) bytes_append(&text, chunk, count);
    if (ferror(file)) fail("cannot read %s", path);
    fclose(file);

    bytes_append_slice(lua, bytes_slice(&text));
    bytes_free(&text);
}
