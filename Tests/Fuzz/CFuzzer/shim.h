/// libFuzzer's own entry, for programs that bring a `main`; `-sanitize=fuzzer` links it.
/// See https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*user_callback)(const uint8_t *data, size_t size));
