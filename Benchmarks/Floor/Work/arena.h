#ifndef FLOOR_ARENA_H
#define FLOOR_ARENA_H

#include <hiredis/hiredis.h>
#include <stddef.h>

struct arena_block;

/* Memory of one reply, given back as a whole and kept for the next. */
struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t used;
    /* The reply that lives here; none, if the arena is free. */
    redisReply *root;
};

/* Uninitialised, aligned for any object. */
void *arena_allocate(struct arena *arena, size_t size);
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

/* Builds the replies that freeReplyObject must not see, in the arena that is the reader's `privdata`. */
extern redisReplyObjectFunctions arena_replies;

#endif
