/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_TAP_H
#define COMITY_TEST_TAP_H

/*
 * tap.h - our whole test framework: TAP on standard output, one main() per
 * unit. Include it in exactly one .c file of a test program.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/must.h"

static int tap_run, tap_failed;

#define ok(claim, what) tap_ok((claim), (what), #claim, __FILE__, __LINE__)

static inline bool tap_ok(bool held, const char *what, const char *claim, const char *file,
                          int line)
{
	printf("%sok %d - %s\n", held ? "" : "not ", ++tap_run, what);
	if (!held) {
		tap_failed++;
		printf("# %s:%d: %s\n", file, line, claim);
	}
	return held;
}

/* What cannot be shown on this machine is said aloud. */
static inline void tap_skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_run, what, why);
}

static inline _Noreturn void bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(99);
}

/* Memory for the life of the test, zero. */
static inline struct arena tap_memory(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		bail_out("no memory");
	return (struct arena){at, size, 0};
}

static inline int done_testing(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed != 0;
}

_Noreturn void must_fail(const char *claim, const char *file, int line)
{
	printf("Bail out! %s:%d: must(%s)\n", file, line, claim);
	exit(99);
}

_Noreturn void memory_fail(size_t wanted)
{
	printf("Bail out! no memory for %zu octets\n", wanted);
	exit(99);
}

#endif
