#ifndef FLOOR_BACKLOG_H
#define FLOOR_BACKLOG_H

/* Whether more plans wait than a batch holds. Both threads use it. */
struct backlog {
    /* When the last full batch was committed. */
    _Atomic unsigned long long full_batch_us;
};

void backlog_note(struct backlog *backlog);
int backlog_is_there(const struct backlog *backlog);

#endif
