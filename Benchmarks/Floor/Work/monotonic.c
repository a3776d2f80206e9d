#include "monotonic.h"

#include "bytes.h"

#include <time.h>

unsigned long long monotonic_us(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) fail("no clock");
    return (unsigned long long)time.tv_sec * 1000000 + (unsigned long long)time.tv_nsec / 1000;
}
