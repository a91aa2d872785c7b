/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/beside.h"

#define NAME        "comity-import-helper"
#define DESCRIPTORS 10 /* those handed over are made at or above, to be moved down */
#define HANDED      3

static enum mishap complain(const char *what, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", what, why);
	return MISHAP_IO;
}

int helper_connect(const struct listen_address *address, int seconds)
{
	const struct timeval patience = {.tv_sec = seconds};
	int socket_ = socket(address->socket.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (socket_ >= 0 &&
	    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
	    connect(socket_, &address->socket.any, address->size) == 0)
		return socket_;
	complain("connecting", errno == EINPROGRESS ? "no answer in time" : strerror(errno));
	if (socket_ >= 0)
		close(socket_);
	return -1;
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

static bool spawn(const struct helper_question *q, int pipe_end, pid_t *helper)
{
	char path[BESIDE_PATH_SIZE], at[30];
	char *arguments[] = {(char[]){NAME},
	                     q->transfer ? (char[]){"transfer"} : (char[]){"file"},
	                     (char *)(uintptr_t)q->apex,
	                     at,
	                     q->anchors >= 0 ? (char[]){"anchor"} : (char[]){"none"},
	                     q->open ? (char[]){"open"} : NULL,
	                     NULL};
	char *environment[] = {NULL};
	const int from[HANDED] = {q->source, pipe_end, q->anchors};
	int copy[HANDED] = {-1, -1, -1}, result = ENOMEM;
	posix_spawn_file_actions_t actions;

	beside_find(path, NAME);
	snprintf(at, sizeof(at), "%lld", (long long)q->at.seconds);
	if (q->inception)
		snprintf(at, sizeof(at), "inception");
	if (posix_spawn_file_actions_init(&actions) == 0) {
		if (hand_over(&actions, from, copy))
			result = posix_spawn(helper, path, &actions, NULL, arguments,
			                     environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	for (unsigned i = 0; i < HANDED; i++)
		if (copy[i] >= 0)
			close(copy[i]);
	if (result != 0)
		complain(path, strerror(result));
	return result == 0;
}

static enum mishap listen_to(int pipe_end, struct arena *arena, struct bytes *text)
{
	struct arena rest = arena_rest(arena);
	size_t size = 0;
	ssize_t n = 1;

	while (n != 0 && size < TELLING_SIZE_MAX) {
		n = read(pipe_end, rest.at + size, TELLING_SIZE_MAX - size);
		if (n < 0 && errno != EINTR)
			return complain("the import helper", strerror(errno));
		size += n > 0 ? (size_t)n : 0;
	}
	arena_keep(arena, &rest, size);
	*text = (struct bytes){rest.at, size};
	return OK;
}

static enum mishap wait_for(pid_t helper)
{
	char why[100];
	int status;

	while (waitpid(helper, &status, 0) < 0)
		if (errno != EINTR)
			return complain("the import helper", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return OK;
	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "ended by signal %d (%s)", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(why, sizeof(why), "ended with status %d", WEXITSTATUS(status));
	return complain("the import helper", why);
}

enum mishap helper_ask(const struct helper_question *question, struct arena *arena,
                       struct telling *telling)
{
	enum mishap heard, ended;
	struct bytes text;
	pid_t helper;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return complain("pipe", strerror(errno));
	if (!spawn(question, ends[1], &helper)) {
		close(ends[0]);
		close(ends[1]);
		return MISHAP_IO;
	}
	close(ends[1]);
	heard = listen_to(ends[0], arena, &text);
	close(ends[0]);
	ended = wait_for(helper);
	if (heard != OK || ended != OK)
		return MISHAP_IO;
	if (telling_read(text, telling) != OK)
		return complain("the import helper",
		                "what it told is cut short or not understood");
	return OK;
}
