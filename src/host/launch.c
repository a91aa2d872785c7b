/* SPDX-License-Identifier: Apache-2.0 */
#include "host/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DESCRIPTORS 10 /* those handed over are made at or above, to be moved down */
#define HANDED      3

static enum mishap complain(const char *what, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", what, why);
	return MISHAP_IO;
}

/* Descriptors 0, 1 and 3 of the helper, and no other. They are copied upwards first, so that
 * none is overwritten before it was moved; the copies are the caller's to close. */
static bool hand_over(posix_spawn_file_actions_t *actions, const int from[HANDED],
                      int copy[HANDED])
{
	static const int TO[HANDED] = {STDIN_FILENO, STDOUT_FILENO, 3};

	for (unsigned i = 0; i < HANDED; i++) {
		copy[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD_CLOEXEC, DESCRIPTORS);
		if (from[i] >= 0 && (copy[i] < 0 || posix_spawn_file_actions_adddup2(
							    actions, copy[i], TO[i]) != 0))
			return false;
	}
	return true;
}

static bool start(const struct launch *s, int output, pid_t *helper)
{
	char *environment[] = {NULL};
	const int from[HANDED] = {s->input, output, s->extra};
	int copy[HANDED] = {-1, -1, -1}, result = ENOMEM;
	posix_spawn_file_actions_t actions;

	if (posix_spawn_file_actions_init(&actions) == 0) {
		if (hand_over(&actions, from, copy))
			result = posix_spawn(helper, s->path, &actions, NULL, s->arguments, environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	for (unsigned i = 0; i < HANDED; i++)
		if (copy[i] >= 0)
			close(copy[i]);
	if (result != 0)
		complain(s->path, strerror(result));
	return result == 0;
}

static enum mishap listen_to(const struct launch *s, int pipe_end, size_t most, struct arena *arena,
                             struct bytes *told)
{
	struct arena rest = arena_rest(arena);
	size_t size = 0;
	ssize_t n = 1;

	while (n != 0 && size < most) {
		n = read(pipe_end, rest.at + size, most - size);
		if (n < 0 && errno != EINTR)
			return complain(s->name, strerror(errno));
		size += n > 0 ? (size_t)n : 0;
	}
	arena_keep(arena, &rest, size);
	*told = (struct bytes){rest.at, size};
	return OK;
}

static enum mishap wait_for(const struct launch *s, pid_t helper)
{
	char why[100];
	int status;

	while (waitpid(helper, &status, 0) < 0)
		if (errno != EINTR)
			return complain(s->name, strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return OK;
	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "ended by signal %d (%s)", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(why, sizeof(why), "ended with status %d", WEXITSTATUS(status));
	return complain(s->name, why);
}

enum mishap launch_hear(const struct launch *launch, size_t most, struct arena *arena, struct bytes *told)
{
	enum mishap heard, ended;
	pid_t helper;
	int ends[2];
	bool started;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return complain("pipe", strerror(errno));
	started = start(launch, ends[1], &helper);
	close(ends[1]);
	if (!started) {
		close(ends[0]);
		return MISHAP_IO;
	}
	heard = listen_to(launch, ends[0], most, arena, told);
	close(ends[0]); /* before the wait: one that has more to tell would wait for us */
	ended = wait_for(launch, helper);
	return heard == OK ? ended : heard;
}
