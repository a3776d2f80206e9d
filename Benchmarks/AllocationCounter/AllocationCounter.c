/*
 * Counts heap allocations by replacing the C library's allocator: linked into a program, or loaded by LD_PRELOAD.
 *
 * With ALLOCATION_COUNTER_FILE in the environment, the counters live in that file as three 64-bit numbers in the order
 * of AllocationCounts, and another process can read them at any time. Counts are added to the file's numbers, so that a
 * program and its children count together.
 */
#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own names of its allocator. Looking up malloc by dlsym would itself allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

typedef struct {
    _Atomic uint64_t allocations;
    _Atomic uint64_t frees;
    _Atomic uint64_t bytes;
} Counters;

static Counters own;
/* Atomic, because a thread may count while the constructor switches to the file's counters. */
static _Atomic(Counters *) counters = &own;

/* Relaxed: the counters order no other memory, they only have to add up. */
static inline void *counted(void *memory, size_t size) {
    if (memory != NULL) {
        Counters *now = atomic_load_explicit(&counters, memory_order_relaxed);
        atomic_fetch_add_explicit(&now->allocations, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&now->bytes, size, memory_order_relaxed);
    }
    return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size), size); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size), count * size); }
void *realloc(void *memory, size_t size) { return counted(__libc_realloc(memory, size), size); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    /* memalign sets errno, and posix_memalign must not. */
    int before = errno;
    void *result = counted(__libc_memalign(alignment, size), size);
    errno = before;
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

void free(void *memory) {
    if (memory == NULL) return;
    Counters *now = atomic_load_explicit(&counters, memory_order_relaxed);
    atomic_fetch_add_explicit(&now->frees, 1, memory_order_relaxed);
    __libc_free(memory);
}

AllocationCounts allocation_counts(void) {
    Counters *now = atomic_load_explicit(&counters, memory_order_relaxed);
    return (AllocationCounts) {
        .allocations = atomic_load_explicit(&now->allocations, memory_order_relaxed),
        .frees = atomic_load_explicit(&now->frees, memory_order_relaxed),
        .bytes = atomic_load_explicit(&now->bytes, memory_order_relaxed),
    };
}

/* Ends the process, because counters without a reader would look like "no allocations". */
static void give_up(const char *path) {
    dprintf(STDERR_FILENO, "allocation counter: %s cannot be mapped: %m\n", path);
    _exit(71);
}

__attribute__((constructor)) static void count_into_file(void) {
    const char *path = getenv("ALLOCATION_COUNTER_FILE");
    if (path == NULL || *path == '\0') return;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(Counters)) != 0) give_up(path);
    Counters *shared = mmap(NULL, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) give_up(path);
    close(file);
    atomic_fetch_add(&shared->allocations, atomic_load(&own.allocations));
    atomic_fetch_add(&shared->frees, atomic_load(&own.frees));
    atomic_fetch_add(&shared->bytes, atomic_load(&own.bytes));
    atomic_store(&counters, shared);
}
