#ifndef PROTOCOLS_STAGE_H
#define PROTOCOLS_STAGE_H

#include "../Floor/Work/session.h"

#include <stddef.h>

extern const struct slice plans_stream, group_name;

/* Publishes plans as the intent bridge writes them, over twelve symbols: of 40, 28 entries, 7 closes, and 5 that a gate would block. Makes the group. */
void stage_publish(struct session *session, size_t plans);

/* Each plan must have exactly one decision, and none may be pending. */
void stage_audit(struct session *session, size_t plans);

/* The Lua of the commit, from a Lua file or from the Swift file that holds it as a raw string. */
void stage_read_script(const char *path, struct bytes *lua);

#endif
