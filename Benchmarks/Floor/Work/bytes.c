/* For program_invocation_short_name. */
#define _GNU_SOURCE
#include "bytes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *bytes_reserve(struct bytes *bytes, size_t length) {
    if (length > bytes->capacity - bytes->length) {
        if (length > SIZE_MAX / 2 - bytes->length) fail("a buffer outgrew the address space");
        size_t capacity = bytes->capacity < 256 ? 256 : bytes->capacity;
        while (capacity < bytes->length + length) capacity *= 2;
        char *grown = realloc(bytes->data, capacity);
        if (grown == NULL) fail("out of memory");
        bytes->data = grown;
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->length;
}

void bytes_append(struct bytes *bytes, const void *data, size_t length) {
    if (length == 0) return;
    memcpy(bytes_reserve(bytes, length), data, length);
    bytes->length += length;
}

void bytes_append_slice(struct bytes *bytes, struct slice slice) {
    bytes_append(bytes, slice.data, slice.length);
}

char *write_number(char *output, unsigned long long number) {
    char digits[20];
    size_t start = sizeof digits;
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(output, digits + start, sizeof digits - start);
    return output + (sizeof digits - start);
}

void bytes_append_number(struct bytes *bytes, unsigned long long number) {
    char *start = bytes_reserve(bytes, 20);
    bytes->length += (size_t)(write_number(start, number) - start);
}

void bytes_clear(struct bytes *bytes) {
    bytes->length = 0;
}

void bytes_free(struct bytes *bytes) {
    free(bytes->data);
    *bytes = (struct bytes){0};
}

struct slice bytes_slice(const struct bytes *bytes) {
    return (struct slice){bytes->data, bytes->length};
}

int slice_equals(struct slice left, struct slice right) {
    return left.length == right.length && (left.length == 0 || memcmp(left.data, right.data, left.length) == 0);
}

struct slice slice_of(const char *text) {
    return (struct slice){text, strlen(text)};
}

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}
