#ifndef FLOOR_SCRIPTS_H
#define FLOOR_SCRIPTS_H

#include "Work/session.h"

/* The host's own scripts: the digests of those that are loaded, and the text of the check, which is sent each time. */
struct scripts {
    struct bytes commit, account, reports;
    struct bytes check;
};

/* Reads them from a folder, and loads them. */
void scripts_load(struct scripts *scripts, const char *folder, struct session *session);
void scripts_free(struct scripts *scripts);

#endif
