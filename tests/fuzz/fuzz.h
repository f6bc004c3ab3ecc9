/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzzer is one function that takes any bytes: libFuzzer calls it under
 * `make fuzz`, and replay.c with the files of its corpus in every test run.
 * It checks what must hold with assert, or just survives the sanitizers.
 */
#ifndef JW_TESTS_FUZZ_H
#define JW_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
