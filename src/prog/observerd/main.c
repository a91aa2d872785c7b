/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity-observerd(8): attests what it saw of the name servers of delegations that wait for their checks. This
 * process connects; for every connection it starts an asker, which starts check helpers and holds nothing,
 * and a worker, which holds the duty key and starts nobody.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/about.h"
#include "host/home.h"
#include "host/ipc.h"
#include "prog/observerd/asker.h"
#include "prog/observerd/worker.h"

#define AGAIN_SECONDS 2 /* between connections */

static volatile pid_t working;
static volatile bool stop;

static void on_signal(int number)
{
	(void)number;
	stop = true;
	if (working > 0)
		kill(working, SIGTERM);
}

static const char USAGE[] = "usage: comity-observerd --home DIR [--socket PATH]\n";

static int usage(void)
{
	fputs(USAGE, stderr);
	return 2;
}

static _Noreturn void become_worker(const char *home, int socket, int asker)
{
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(worker_run(home, socket, asker));
}

/* One connection. False: the worker cannot work, and said why. */
static bool work_once(const char *home, const char *path)
{
	int socket = ipc_connect(path), asker, status = 0;

	if (socket < 0) {
		fprintf(stderr, "comity-observerd: %s: %s\n", path, strerror(errno));
		return true;
	}
	asker = asker_start(socket);
	working = asker < 0 ? -1 : fork();
	if (working == 0)
		become_worker(home, socket, asker);
	close(socket);
	if (asker >= 0)
		close(asker);
	while (working > 0 && waitpid(working, &status, 0) < 0 && errno == EINTR)
		;
	working = 0;
	while (waitpid(-1, NULL, WNOHANG) > 0) /* askers that ended */
		;
	return !WIFEXITED(status) || WEXITSTATUS(status) == 0;
}

int main(int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"home", required_argument, NULL, 'h'},
	                                        {"socket", required_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	const struct timespec pause = {.tv_sec = AGAIN_SECONDS};
	struct sigaction action = {.sa_handler = on_signal};
	const char *home = NULL, *path = NULL;
	struct home own;
	int option;

	if (about_tell(argc, argv, "comity-observerd", USAGE))
		return 0;
	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option != 'h' && option != 's')
			return usage();
		*(option == 'h' ? &home : &path) = optarg;
	}
	if (home == NULL || optind != argc)
		return usage();
	if (sodium_init() < 0) {
		fputs("comity-observerd: libsodium does not start\n", stderr);
		return 3;
	}
	if (home_read(&own, home) != OK)
		return 3;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	while (!stop) {
		if (!work_once(home, path != NULL ? path : own.socket))
			return 3;
		if (!stop)
			nanosleep(&pause, NULL);
	}
	return 0;
}
