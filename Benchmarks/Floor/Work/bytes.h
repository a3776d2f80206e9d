#ifndef FLOOR_BYTES_H
#define FLOOR_BYTES_H

#include <stddef.h>

/* A growing byte buffer, reused from batch to batch. */
struct bytes {
    char *data;
    size_t length;
    size_t capacity;
};

/* A part of another buffer, valid as long as that buffer. */
struct slice {
    const char *data;
    size_t length;
};

#define SLICE_OF_LITERAL(literal) {(literal), sizeof(literal) - 1}
#define SLICE(literal) ((struct slice)SLICE_OF_LITERAL(literal))

/* Makes room for `length` more bytes and returns their address. The caller adds the written bytes to the length. */
char *bytes_reserve(struct bytes *bytes, size_t length);
void bytes_append(struct bytes *bytes, const void *data, size_t length);
void bytes_append_slice(struct bytes *bytes, struct slice slice);
void bytes_append_number(struct bytes *bytes, unsigned long long number);
void bytes_clear(struct bytes *bytes);
void bytes_free(struct bytes *bytes);
struct slice bytes_slice(const struct bytes *bytes);

/* Writes a number in decimal at `output`, which has room for 20 bytes, and returns the end. */
char *write_number(char *output, unsigned long long number);

int slice_equals(struct slice left, struct slice right);
struct slice slice_of(const char *text);

/* Prints to standard error and ends the process with 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
