/* SPDX-License-Identifier: Apache-2.0 */
/* What a helper is given, what it can tell, and how it ends; a shell stands for one. */
#include "host/launch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define MOST 64

static uint8_t memory[MOST] __attribute__((aligned(16)));
static struct bytes told;

static enum mishap runs(const char *script, int extra)
{
	char *arguments[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)script, NULL};
	struct launch launch = {"the helper", "/bin/sh", arguments, open("/dev/zero", O_RDONLY | O_CLOEXEC), extra};
	struct arena arena = {memory, sizeof(memory), 0};
	enum mishap mishap = launch_hear(&launch, MOST, &arena, &told);

	close(launch.input);
	return mishap;
}

int main(void)
{
	struct launch none = {"the helper", "/nowhere/helper", (char *[]){(char[]){"helper"}, NULL}, 0, -1};
	struct arena arena = {memory, sizeof(memory), 0};
	int extra = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setenv("COMITY_TEST_SECRET", "secret", 1);
	ok(runs("echo words; echo more", -1) == OK && bytes_same(told, BYTES("words\nmore\n")), "what it tells");
	ok(runs("echo $COMITY_TEST_SECRET.", -1) == OK && bytes_same(told, BYTES(".\n")), "it has no environment");
	ok(runs("head -c 3 | wc -c", -1) == OK && bytes_same(told, BYTES("3\n")), "it has its input");
	ok(runs("test -e /proc/self/fd/3 && echo there", extra) == OK && bytes_same(told, BYTES("there\n")),
	   "and one descriptor more");
	ok(runs("test -e /proc/self/fd/3 || echo not there", -1) == OK && bytes_same(told, BYTES("not there\n")),
	   "when it is given one");
	ok(runs("echo words; exit 3", -1) == MISHAP_IO, "a status is a mishap");
	ok(runs("kill -9 $$", -1) == MISHAP_IO, "a signal is one");
	ok(runs("exec cat /dev/zero", -1) == MISHAP_IO && told.size == MOST, "one that does not stop is stopped");
	ok(launch_hear(&none, MOST, &arena, &told) == MISHAP_IO, "one that is not there");
	close(extra);
	return done_testing();
}
