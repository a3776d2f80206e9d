#ifndef PROTOCOLS_REPORT_H
#define PROTOCOLS_REPORT_H

#include "trial.h"

/* `costs` holds a row of all rounds for each contender. Ratios are taken round by round, to the nearest script
 * before. */
void report_print(
    const struct contender *contenders, size_t count, const struct cost *costs, const struct options *options);
void report_write_json(const char *path, const struct contender *contenders, size_t count, const struct cost *costs,
                       const struct options *options);

#endif
