/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/observerd/asker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/file.h"
#include "host/memory.h"
#include "host/observing/runner.h"
#include "observing/asking.h"
#include "observing/sighting.h"

static bool read_all(int from, uint8_t *to, size_t size)
{
	while (size > 0) {
		ssize_t n = read(from, to, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		size -= (size_t)n;
	}
	return true;
}

static bool send_text(int to, struct bytes text)
{
	uint8_t size[4] = {(uint8_t)(text.size >> 24), (uint8_t)(text.size >> 16), (uint8_t)(text.size >> 8),
	                   (uint8_t)text.size};

	return file_write_all(to, (struct bytes){size, sizeof(size)}) == OK && file_write_all(to, text) == OK;
}

static bool receive_text(int from, size_t most, struct arena *arena, struct bytes *text)
{
	uint8_t size[4], *to;

	if (!read_all(from, size, sizeof(size)))
		return false;
	text->size = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
	if (text->size > most)
		return false;
	to = arena_take(arena, text->size);
	text->at = to;
	return read_all(from, to, text->size);
}

static _Noreturn void serve(int socket)
{
	struct arena memory = memory_reserve(ASKING_SIZE_MAX + SIGHTINGS_SIZE_MAX + 64);
	struct bytes asking, sightings;

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (receive_text(socket, ASKING_SIZE_MAX, &memory, &asking)) {
		if (runner_ask(asking, runner_is_open(), &memory, &sightings) != OK)
			sightings = BYTES("");
		if (!send_text(socket, sightings))
			break;
		memory.used = 0;
	}
	_exit(0);
}

int asker_start(int node)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		perror("comity-observerd: socketpair");
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		close(node);
		serve(pair[1]);
	}
	close(pair[1]);
	if (pid > 0)
		return pair[0];
	perror("comity-observerd: fork");
	close(pair[0]);
	return -1;
}

enum mishap asker_ask(int asker, struct bytes asking, struct arena *arena, struct bytes *sightings)
{
	return send_text(asker, asking) && receive_text(asker, SIGHTINGS_SIZE_MAX, arena, sightings) ? OK : MISHAP_IO;
}
