#include "arena.h"
#include "bytes.h"

#include <stdalign.h>
#include <stdlib.h>

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) char data[];
};

enum { BLOCK_SIZE = 1 << 18 };

static struct arena_block *new_block(size_t size) {
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) fail("out of memory");
    *block = (struct arena_block){.size = size};
    return block;
}

void *arena_allocate(struct arena *arena, size_t size) {
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (arena->first == NULL) arena->first = arena->current = new_block(size > BLOCK_SIZE ? size : BLOCK_SIZE);
    while (arena->current->size - arena->used < size) {
        if (arena->current->next == NULL) arena->current->next = new_block(size > BLOCK_SIZE ? size : BLOCK_SIZE);
        arena->current = arena->current->next;
        arena->used = 0;
    }
    void *start = arena->current->data + arena->used;
    arena->used += size;
    return start;
}

void arena_clear(struct arena *arena) {
    arena->current = arena->first;
    arena->used = 0;
    arena->root = NULL;
}

void arena_free(struct arena *arena) {
    for (struct arena_block *block = arena->first; block != NULL;) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}
