/* SPDX-License-Identifier: Apache-2.0 */
/* comityd(8): a party's node. Opens things, starts its children, runs the loop. */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>

#include "host/about.h"
#include "prog/comityd/node.h"

static volatile bool stop;

static void on_signal(int number)
{
	(void)number;
	stop = true;
}

static const char USAGE[] = "usage: comityd --home DIR\n";

static int usage(void)
{
	fputs(USAGE, stderr);
	return 2;
}

int main(int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"home", required_argument, NULL, 'h'},
	                                        {NULL, 0, NULL, 0}};
	struct sigaction action = {.sa_handler = on_signal};
	static struct node node; /* until the process ends */
	const char *home = NULL;
	enum mishap mishap;
	int option;

	if (about_tell(argc, argv, "comityd", USAGE))
		return 0;
	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option != 'h')
			return usage();
		home = optarg;
	}
	if (home == NULL || optind != argc)
		return usage();
	if (sodium_init() < 0) {
		fputs("comityd: libsodium does not start\n", stderr);
		return 3;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	mishap = node_open(&node, home);
	if (mishap == OK) {
		fprintf(stderr, "comityd: height %llu, %zu records, listening at %s\n",
		        (unsigned long long)node.solo.ledger.height, node.solo.ledger.state.count,
		        node.config.socket);
		node_run(&node, &stop);
	}
	node_close(&node);
	return mishap != OK || node.failed ? 3 : 0;
}
