/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity-check-helper: asks the name servers of a delegation, and tells what it saw.
 *
 *     comity-check-helper [open]
 *
 * Standard input is the question (observing/asking.h), standard output the pipe for the sightings. It reads
 * what strangers send and holds no secret: it has given up files, processes and all but a few system
 * calls before the first octet comes, unless its argument says otherwise. The network it keeps.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/memory.h"
#include "host/observing/probe.h"
#include "host/sandbox.h"

#define CPU_SECONDS_MAX 60
#define MEMORY_MAX      ((rlim_t)1 << 30)
#define FILES_MAX       8

#define LIMIT(what, value) (setrlimit(what, &(const struct rlimit){value, value}) == 0)

static bool limit(void)
{
	bool good = LIMIT(RLIMIT_CPU, CPU_SECONDS_MAX) && LIMIT(RLIMIT_FSIZE, 0) &&
	            LIMIT(RLIMIT_NOFILE, FILES_MAX) && LIMIT(RLIMIT_NPROC, 0) && LIMIT(RLIMIT_CORE, 0);

#ifndef __SANITIZE_ADDRESS__ /* whose shadow alone is larger */
	good = good && LIMIT(RLIMIT_AS, MEMORY_MAX);
#endif
	if (!good)
		perror("comity-check-helper: setrlimit");
	return good;
}

/* No files, no processes; sockets of the Internet remain. */
static bool confine(void)
{
	static const char *const NETWORK[] = {"socket", "connect", "sendto",  "recvfrom",
	                                      "sendmsg", "recvmsg", "getsockopt", "setsockopt"};

	return sandbox_see_only(NULL, 0) == OK && limit() &&
	       sandbox_call_only(NETWORK, sizeof(NETWORK) / sizeof(NETWORK[0])) == OK;
}

/* All of standard input. */
static struct bytes question_read(struct arena *arena)
{
	uint8_t *to = arena_take(arena, ASKING_SIZE_MAX + 1);
	size_t size = fread(to, 1, ASKING_SIZE_MAX + 1, stdin);

	return (struct bytes){to, size};
}

int main(int argc, char *argv[])
{
	bool open = argc == 2 && strcmp(argv[1], "open") == 0;
	struct arena arena = memory_reserve(PROBE_ARENA_SIZE), out = memory_reserve(SIGHTINGS_SIZE_MAX);
	struct asking asking;
	struct bytes question;
	struct writer w;

	if (argc > 2 || (argc == 2 && !open)) {
		fputs("comity-check-helper: comity check and comity-observerd start this, nobody else\n", stderr);
		return 2;
	}
	if (!open && !confine())
		return 3;
	question = question_read(&arena);
	if (asking_read(question, arena_rest(&arena), &asking) != OK) {
		fputs("comity-check-helper: the question is not understood\n", stderr);
		_exit(3);
	}
	w = writer_in(&out);
	if (probe(&asking, &arena, &w) != OK) {
		fputs("comity-check-helper: more to tell than there is room for\n", stderr);
		_exit(3);
	}
	fwrite(w.at, 1, w.used, stdout);
	/* Not by way of exit(): what others do at the end of a process is not allowed here. */
	_exit(fflush(stdout) == 0 ? 0 : 3);
}
