#include "backlog.h"

#include "Work/monotonic.h"

/* A backlog is over if no batch was full for this long. */
enum { BACKLOG_LIFE_US = 50000 };

void backlog_note(struct backlog *backlog) {
    backlog->full_batch_us = monotonic_us();
}

int backlog_is_there(const struct backlog *backlog) {
    /* Read first, so that the clock is not behind it. */
    unsigned long long full_batch_us = backlog->full_batch_us;
    return monotonic_us() - full_batch_us < BACKLOG_LIFE_US;
}
