/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void must_fail(const char *claim, const char *file, int line)
{
	fprintf(stderr, "comity: bug at %s:%d: must(%s)\n", file, line, claim);
	abort();
}

_Noreturn void memory_fail(size_t wanted)
{
	fprintf(stderr, "comity: no memory for %zu octets\n", wanted);
	abort();
}
