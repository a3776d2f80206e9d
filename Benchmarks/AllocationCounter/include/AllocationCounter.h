#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/* What this process has asked of the heap since it began, all threads together. */
typedef struct {
    /* Calls of malloc, calloc, realloc and the aligned ones that gave memory. */
    uint64_t allocations;
    /* Calls of free with something to free. */
    uint64_t frees;
    /* The bytes asked for. */
    uint64_t bytes;
} AllocationCounts;

AllocationCounts allocation_counts(void);

#endif
