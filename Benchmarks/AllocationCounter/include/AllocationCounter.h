#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/* The heap's use by all threads of this process since its start. */
typedef struct {
    /* Successful calls of malloc, calloc, realloc and the aligned allocators. */
    uint64_t allocations;
    /* Calls of free with memory to free. */
    uint64_t frees;
    /* The requested bytes. */
    uint64_t bytes;
} AllocationCounts;

AllocationCounts allocation_counts(void);

#endif
