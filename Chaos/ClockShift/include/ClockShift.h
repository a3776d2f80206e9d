#ifndef CLOCK_SHIFT_H
#define CLOCK_SHIFT_H

/* The environment variable that names the file with the shift: a signed 64-bit number of seconds. */
#define CLOCK_SHIFT_FILE "CLOCK_SHIFT_FILE"

#endif
