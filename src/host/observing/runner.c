/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/beside.h"
#include "host/file.h"
#include "observing/sighting.h"

#define NAME   "comity-check-helper"
#define FOLDER "comity" /* where a build tree has it, beside the folder of the program that asks */

static enum mishap complain(const char *what, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", what, why);
	return MISHAP_IO;
}

/* The question as a file without a name, read from its beginning. */
static int question_file(struct bytes asking)
{
	int file = memfd_create("asking", MFD_CLOEXEC);

	if (file >= 0 && file_write_all(file, asking) == OK && lseek(file, 0, SEEK_SET) == 0)
		return file;
	complain("the question", strerror(errno));
	if (file >= 0)
		close(file);
	return -1;
}

/* Where it is installed, or beside the program; for a program that has a folder of its own in a build tree, in
 * that of comity. */
static void helper_find(char path[BESIDE_PATH_SIZE])
{
	char folder[BESIDE_PATH_SIZE], built[BESIDE_PATH_SIZE];

	beside_find(path, NAME);
	if (access(path, X_OK) != 0 && beside_folder(folder) &&
	    snprintf(built, sizeof(built), "%s/../" FOLDER "/" NAME, folder) < (int)sizeof(built) &&
	    access(built, X_OK) == 0)
		memcpy(path, built, sizeof(built));
}

static bool spawn(int question, int pipe_end, bool open, pid_t *helper)
{
	char path[BESIDE_PATH_SIZE];
	char *arguments[] = {(char[]){NAME}, open ? (char[]){"open"} : NULL, NULL};
	char *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int result = ENOMEM;

	helper_find(path);
	if (posix_spawn_file_actions_init(&actions) == 0) {
		if (posix_spawn_file_actions_adddup2(&actions, question, STDIN_FILENO) == 0 &&
		    posix_spawn_file_actions_adddup2(&actions, pipe_end, STDOUT_FILENO) == 0)
			result = posix_spawn(helper, path, &actions, NULL, arguments, environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	if (result != 0)
		complain(path, strerror(result));
	return result == 0;
}

static enum mishap listen_to(int pipe_end, struct arena *arena, struct bytes *text)
{
	struct arena rest = arena_rest(arena);
	size_t size = 0;
	ssize_t n = 1;

	while (n != 0 && size < SIGHTINGS_SIZE_MAX) {
		n = read(pipe_end, rest.at + size, SIGHTINGS_SIZE_MAX - size);
		if (n < 0 && errno != EINTR)
			return complain("the check helper", strerror(errno));
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
			return complain("the check helper", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return OK;
	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "ended by signal %d (%s)", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(why, sizeof(why), "ended with status %d", WEXITSTATUS(status));
	return complain("the check helper", why);
}

enum mishap runner_ask(struct bytes asking, bool open, struct arena *arena, struct bytes *sightings)
{
	enum mishap heard = MISHAP_IO, ended;
	int ends[2], question = question_file(asking);
	bool started;
	pid_t helper;

	if (question < 0)
		return MISHAP_IO;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		close(question);
		return complain("pipe", strerror(errno));
	}
	started = spawn(question, ends[1], open, &helper);
	close(question);
	close(ends[1]);
	if (started) {
		heard = listen_to(ends[0], arena, sightings);
		ended = wait_for(helper);
		heard = heard == OK ? ended : heard;
	}
	close(ends[0]);
	return heard;
}

bool runner_is_open(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}
