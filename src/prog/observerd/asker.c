/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/observerd/asker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "act/check.h"
#include "host/file.h"
#include "host/memory.h"
#include "host/observing/runner.h"
#include "observing/asking.h"
#include "observing/sighting.h"
#include "observing/verdict.h"

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

static bool write_count(int to, size_t count)
{
	const uint8_t octets[4] = {(uint8_t)(count >> 24), (uint8_t)(count >> 16),
	                           (uint8_t)(count >> 8), (uint8_t)count};

	return file_write_all(to, (struct bytes){octets, sizeof(octets)}) == OK;
}

static bool read_count(int from, size_t *count)
{
	uint8_t octets[4];

	if (!read_all(from, octets, sizeof(octets)))
		return false;
	*count = (size_t)octets[0] << 24 | (size_t)octets[1] << 16 | (size_t)octets[2] << 8 |
	         octets[3];
	return true;
}

static bool send_text(int to, struct bytes text)
{
	return write_count(to, text.size) && file_write_all(to, text) == OK;
}

static bool receive_text(int from, size_t most, struct arena *arena, struct bytes *text)
{
	uint8_t *to;

	if (!read_count(from, &text->size) || text->size > most)
		return false;
	to = arena_take(arena, text->size);
	text->at = to;
	return read_all(from, to, text->size);
}

/* What the helper tells is a stranger's until it was read here. */
static enum mishap observe(struct bytes question, struct arena *memory,
                           struct observed *observed)
{
	static struct sightings sightings;
	static struct findings findings;
	struct asking asking;
	enum mishap mishap;

	if (asking_read(question, arena_rest(memory), &asking) != OK)
		return MISHAP_MALFORMED;
	mishap = runner_ask(question, runner_is_open(), memory, &observed->seen);
	if (mishap == OK)
		mishap = sightings_read(observed->seen, &sightings);
	if (mishap != OK)
		return mishap;
	verdict_find(&asking, &sightings, memory, &findings);
	observed->failed = findings.failed;
	observed->unable = findings.unable;
	return OK;
}

static _Noreturn void serve(int socket)
{
	struct arena memory =
		memory_reserve(ASKING_SIZE_MAX + SIGHTINGS_SIZE_MAX + VERDICT_ARENA_SIZE + 64);
	struct bytes question;

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (receive_text(socket, ASKING_SIZE_MAX, &memory, &question)) {
		struct observed observed;

		if (observe(question, &memory, &observed) != OK)
			observed = (struct observed){0};
		if (!write_count(socket, observed.failed) ||
		    !write_count(socket, observed.unable) || !send_text(socket, observed.seen))
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

enum mishap asker_ask(int asker, struct bytes asking, struct arena *arena,
                      struct observed *observed)
{
	size_t failed, unable;

	if (!send_text(asker, asking) || !read_count(asker, &failed) ||
	    !read_count(asker, &unable) ||
	    !receive_text(asker, SIGHTINGS_SIZE_MAX, arena, &observed->seen))
		return MISHAP_IO;
	if (observed->seen.size == 0 || ((failed | unable) & ~(size_t)CHECKS_ALL) != 0 || (failed & unable) != 0)
		return MISHAP_MALFORMED;
	observed->failed = (unsigned)failed;
	observed->unable = (unsigned)unable;
	return OK;
}
