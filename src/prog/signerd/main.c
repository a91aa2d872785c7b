/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comity-signerd(8): one key share; no network. Started by comityd it talks through descriptor 3. Started
 * by hand it is two processes: this one connects, and starts a worker for every connection;
 * the worker is the one that holds secrets, and it cannot connect anywhere.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/about.h"
#include "host/home.h"
#include "host/ipc.h"
#include "prog/signerd/worker.h"

#define DESCRIPTOR  3
#define AGAIN_SHORT 1 /* seconds between connections ... */
#define AGAIN_LONG  30

static volatile pid_t working;
static volatile bool stop;

static void on_signal(int number)
{
	(void)number;
	stop = true;
	if (working > 0)
		kill(working, SIGTERM);
}

/* comityd's end of the pair is a socket; what a shell or a builder left open there is none. */
static bool was_given_socket(void)
{
	struct stat st;

	return fstat(DESCRIPTOR, &st) == 0 && S_ISSOCK(st.st_mode);
}

static const char USAGE[] = "usage: comity-signerd --home DIR [--socket PATH]\n";

static int usage(void)
{
	fputs(USAGE, stderr);
	return 2;
}

static int work(const char *home, int socket)
{
	/* What the keeper does with signals is not for the one that holds secrets. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	return worker_run(home, socket);
}

/* One connection, one worker. Returns its exit status, -1 when there was no connection. */
static int work_once(const char *home, const char *path)
{
	int s = ipc_connect(path), status;

	if (s < 0) {
		fprintf(stderr, "comity-signerd: %s: %s\n", path, strerror(errno));
		return -1;
	}
	working = fork();
	if (working == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(work(home, s));
	}
	close(s);
	if (working < 0)
		return -1;
	while (waitpid(working, &status, 0) < 0 && errno == EINTR)
		;
	working = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static int keep_working(const char *home, const char *path)
{
	struct timespec pause = {AGAIN_SHORT, 0};

	while (!stop) {
		int status = work_once(home, path);

		pause.tv_sec = status == 0 || 2 * pause.tv_sec > AGAIN_LONG
		                       ? (status == 0 ? AGAIN_SHORT : AGAIN_LONG)
		                       : 2 * pause.tv_sec;
		if (!stop)
			nanosleep(&pause, NULL);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"home", required_argument, NULL, 'h'},
	                                        {"socket", required_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	struct sigaction action = {.sa_handler = on_signal};
	const char *home = NULL, *path = NULL;
	struct home own;
	int option;

	if (about_tell(argc, argv, "comity-signerd", USAGE))
		return 0;
	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
		switch (option) {
		case 'h':
			home = optarg;
			break;
		case 's':
			path = optarg;
			break;
		default:
			return usage();
		}
	if (home == NULL || optind != argc)
		return usage();
	if (sodium_init() < 0) {
		fputs("comity-signerd: libsodium does not start\n", stderr);
		return 3;
	}
	if (path == NULL && was_given_socket())
		return work(home, DESCRIPTOR);
	if (path == NULL) {
		if (home_read(&own, home) != OK)
			return 3;
		path = own.socket;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	return keep_working(home, path);
}
