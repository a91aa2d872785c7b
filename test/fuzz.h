/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_FUZZ_H
#define COMITY_TEST_FUZZ_H

/* fuzz.h - what every x_fuzz.c needs. Include it in exactly one .c file of a fuzzer. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

_Noreturn void must_fail(const char *claim, const char *file, int line)
{
	(void)claim, (void)file, (void)line;
	abort();
}

_Noreturn void memory_fail(size_t wanted)
{
	(void)wanted;
	abort();
}

#endif
