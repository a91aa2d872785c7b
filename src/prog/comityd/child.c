/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BACKOFF_FIRST 1000
#define BACKOFF_MOST  60000
#define STEADY        30000 /* after so long a new failure counts as the first */

static _Noreturn void become(const struct child *child, int theirs)
{
	/* A child whose parent is gone has nobody to serve. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (theirs >= 0 && dup2(theirs, 3) != 3)
		_exit(127);
	execv(child->path, (char *const *)(uintptr_t)child->argument);
	fprintf(stderr, "comityd: %s: cannot be started: %s\n", child->path, strerror(errno));
	_exit(127);
}

int child_start(struct child *child, int64_t now)
{
	int pair[2] = {-1, -1};

	if (child->pid != 0 || now < child->again ||
	    (child->awaits != NULL && access(child->awaits, F_OK) != 0))
		return -1;
	if (child->piped && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		child->again = now + BACKOFF_FIRST;
		return -1;
	}
	child->pid = fork();
	if (child->pid == 0)
		become(child, pair[1]);
	if (pair[1] >= 0)
		close(pair[1]);
	if (child->pid < 0) {
		fprintf(stderr, "comityd: %s: %s\n", child->path, strerror(errno));
		child->pid = 0;
		child->again = now + BACKOFF_FIRST;
		if (pair[0] >= 0)
			close(pair[0]);
		return -1;
	}
	child->started = now;
	return pair[0];
}

void child_reap(struct child *child, int64_t now)
{
	int status;

	if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return;
	child->pid = 0;
	child->backoff = child->backoff == 0 || now - child->started > STEADY ? BACKOFF_FIRST
	                                                                      : 2 * child->backoff;
	if (child->backoff > BACKOFF_MOST)
		child->backoff = BACKOFF_MOST;
	child->again = now + child->backoff;
	fprintf(stderr, "comityd: %s ended (%s %d); starting it again in %lld s\n", child->argument[0],
	        WIFSIGNALED(status) ? "signal" : "status",
	        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	        (long long)child->backoff / 1000);
}

void child_stop(struct child *child)
{
	struct timespec moment = {0, 20000000};

	if (child->pid == 0)
		return;
	kill(child->pid, SIGTERM);
	for (int i = 0; i < 100; i++) {
		if (waitpid(child->pid, NULL, WNOHANG) == child->pid) {
			child->pid = 0;
			return;
		}
		nanosleep(&moment, NULL);
	}
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
}
