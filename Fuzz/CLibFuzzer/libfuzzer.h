// The documented entry of libFuzzer for programs with a main function of their own; compilers ship the library without a header.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
