#include "scripts.h"

#include <stdio.h>

static void read_script(const char *folder, const char *name, struct bytes *content) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.lua", folder, name) >= sizeof path) fail("%s is too long", folder);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail("cannot open %s", path);
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) bytes_append(content, chunk, count);
    if (ferror(file)) fail("cannot read %s", path);
    fclose(file);
}

static void load(struct session *session, const char *folder, const char *name, struct bytes *digest) {
    struct bytes source = {0};
    read_script(folder, name, &source);
    const struct slice arguments[] = {SLICE("SCRIPT"), SLICE("LOAD"), bytes_slice(&source)};
    redisReply *reply = session_command(session, 3, arguments);
    bytes_append_slice(digest, reply_text(reply));
    session_release(session, reply);
    bytes_free(&source);
}

void scripts_load(struct scripts *scripts, const char *folder, struct session *session) {
    load(session, folder, "commit", &scripts->commit);
    load(session, folder, "account", &scripts->account);
    load(session, folder, "reports", &scripts->reports);
    read_script(folder, "check", &scripts->check);
}

void scripts_free(struct scripts *scripts) {
    bytes_free(&scripts->commit);
    bytes_free(&scripts->account);
    bytes_free(&scripts->check);
    bytes_free(&scripts->reports);
}
