#ifndef FLOOR_MONOTONIC_H
#define FLOOR_MONOTONIC_H

/* Microseconds of a clock that nobody sets. */
unsigned long long monotonic_us(void);

#endif
