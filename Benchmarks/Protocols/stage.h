#ifndef PROTOCOLS_STAGE_H
#define PROTOCOLS_STAGE_H

#include "../Floor/Work/session.h"

#include <stddef.h>

extern const struct slice plans_stream, group_name;

/* Creates the group, and publishes plans as the intent bridge writes them, over twelve symbols. Of 40 plans, 28 are
 * entries, 7 are closes, and a gate would block 5. */
void stage_publish(struct session *session, size_t plans);

/* Checks that each plan has exactly one decision and that no entry is pending. */
void stage_audit(struct session *session, size_t plans);

/* Reads the commit's Lua code from a Lua file or from the Swift file that holds it as a raw string. */
void stage_read_script(const char *path, struct bytes *lua);

#endif
