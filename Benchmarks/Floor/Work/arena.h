#ifndef FLOOR_ARENA_H
#define FLOOR_ARENA_H

#include <hiredis/hiredis.h>
#include <stddef.h>

struct arena_block;

/* Memory of one reply, freed as a whole and reused for the next reply. */
struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t used;
    /* The reply in the arena; NULL if the arena is free. */
    redisReply *root;
};

/* Uninitialised memory, aligned for any object. */
void *arena_allocate(struct arena *arena, size_t size);
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

/* Builds replies in the arena that is the reader's `privdata`. freeReplyObject must not free these. */
extern redisReplyObjectFunctions arena_replies;

#endif
