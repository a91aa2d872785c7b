/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/node.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host/file.h"
#include "host/memory.h"

#define WAIT_MOST 1000 /* milliseconds: children are looked after that often */

struct solo_clock node_clock(void)
{
	struct timespec wall, monotonic;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return (struct solo_clock){wall.tv_sec,
	                           monotonic.tv_sec * 1000 + monotonic.tv_nsec / 1000000};
}

static void child_add(struct node *node, const char *program, bool piped,
                      const char *const *arguments, unsigned count)
{
	struct child *child = &node->child[node->children++];
	const char *folder = node->config.programs;

	*child = (struct child){.piped = piped};
	snprintf(child->path, sizeof(child->path), "%s/%s", folder, program);
	child->argument[0] = child->path;
	for (unsigned i = 0; i < count; i++)
		child->argument[1 + i] = arguments[i];
}

static void children_plan(struct node *node)
{
	static const char *signer[2] = {"--home", NULL};

	if (node->config.signer[0] != '\0') {
		signer[1] = node->config.signer;
		child_add(node, "comity-signerd", true, signer, 2);
	}
	for (unsigned i = 0; i < node->config.children; i++) {
		struct config_child *c = &node->config.child[i];
		static char image[1000], status[1000];

		snprintf(image, sizeof(image), "%s/zone.image", node->run);
		snprintf(status, sizeof(status), "%s/status", node->run);
		c->argument[c->arguments++] = "--image";
		c->argument[c->arguments++] = image;
		c->argument[c->arguments++] = "--status";
		c->argument[c->arguments++] = status;
		child_add(node, "comity-rootd", false, c->argument, c->arguments);
		node->child[node->children - 1].awaits = image;
	}
}

/* An empty journal is founded by the genesis that lies beside it. */
static enum mishap found(struct node *node)
{
	struct arena memory = memory_reserve(64u << 20);
	struct bytes genesis = {NULL, 0}, manifest = {NULL, 0};
	struct receipt receipt;
	char path[FILE_PATH_MAX];
	bool missing = false;
	enum mishap mishap;

	if (!file_path(path, node->config.node, "genesis.note"))
		return MISHAP_LIMIT;
	mishap = file_read(path, NOTE_SIZE_MAX, &memory, &genesis, NULL);
	if (mishap != OK || !file_path(path, node->config.node, "import"))
		return mishap;
	mishap = file_read(path, 32u << 20, &memory, &manifest, &missing);
	if (mishap != OK)
		return mishap;
	mishap = solo_found(&node->solo, genesis, manifest, &receipt, publish_leaf, node);
	if (mishap == MISHAP_MALFORMED) {
		char why[1000];
		struct writer w = {.at = (uint8_t *)why, .size = sizeof(why)};

		if (receipt.outcome == OUTCOME_REFUSED)
			refusal_write(&w, &receipt.refusal, false);
		else
			write_text(&w, receipt.fault.why);
		fprintf(stderr, "comityd: genesis.note: line %u: %.*s\n", receipt.fault.line, (int)w.used,
		        why);
	}
	return mishap;
}

/* Programs stand beside this one unless the configuration says where. */
static void programs_find(struct node *node)
{
	ssize_t size;

	if (node->config.programs[0] != '\0')
		return;
	size = readlink("/proc/self/exe", node->config.programs, sizeof(node->config.programs) - 1);
	if (size <= 0)
		return;
	node->config.programs[size] = '\0';
	*strrchr(node->config.programs, '/') = '\0';
}

/* Whoever is told where the public folder is may stand in another one. */
static void public_absolute(struct node *node)
{
	char *path = realpath(node->public, NULL);

	if (path != NULL && strlen(path) < sizeof(node->public))
		memcpy(node->public, path, strlen(path) + 1);
	free(path);
}

enum mishap node_open(struct node *node, const char *home)
{
	char path[FILE_PATH_MAX];
	enum mishap mishap;

	*node = (struct node){.listener = -1};
	for (unsigned i = 0; i < NODE_PEERS_MAX; i++)
		node->peer[i].ipc.socket = -1;
	node->scratch = memory_reserve((size_t)256 << 20);
	node->image = memory_reserve((size_t)4 << 30);
	mishap = config_read(&node->config, home);
	if (mishap != OK)
		return mishap;
	programs_find(node);
	snprintf(node->public, sizeof(node->public), "%.*s/public", 900, node->config.node);
	snprintf(node->run, sizeof(node->run), "%.*s/run", 900, node->config.node);
	if ((mishap = file_make_folder(node->run, 0750)) != OK ||
	    (mishap = tiles_open(&node->tiles, node->public)) != OK)
		return mishap;
	public_absolute(node);
	if (!file_path(path, node->config.node, "journal"))
		return MISHAP_LIMIT;
	mishap = solo_open(&node->solo, path, publish_leaf, node);
	if (mishap == OK && !node->solo.ledger.founded)
		mishap = found(node);
	if (mishap != OK)
		return mishap;
	children_plan(node);
	node->listener = ipc_listen(node->config.socket);
	return node->listener < 0 ? MISHAP_IO : OK;
}

static void peer_add(struct node *node, int socket)
{
	for (unsigned i = 0; i < NODE_PEERS_MAX; i++)
		if (node->peer[i].ipc.socket < 0) {
			node->peer[i] = (struct peer){.signer = false};
			ipc_init(&node->peer[i].ipc, socket);
			return;
		}
	close(socket);
}

static void children_tend(struct node *node, int64_t now)
{
	for (unsigned i = 0; i < node->children; i++) {
		int end;

		child_reap(&node->child[i], now);
		end = child_start(&node->child[i], now);
		if (end >= 0)
			peer_add(node, end);
	}
}

static void engine_tend(struct node *node)
{
	enum mishap mishap = OK;
	struct solo_clock clock = node_clock();

	while (solo_step(&node->solo, &clock, publish_leaf, node, &mishap)) {
		peers_tell_block(node);
		peers_tell_receipts(node);
	}
	if (mishap != OK)
		node->failed = true;
	else
		publish(node);
}

static void peers_tend(struct node *node, const struct pollfd *p, unsigned count,
                       const unsigned *which)
{
	for (unsigned i = 0; i < count; i++) {
		struct peer *peer = &node->peer[which[i]];
		bool there = (p[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0 ||
		             ipc_receive(&peer->ipc),
		     full;

		do {
			peer_hear(node, which[i]);
			full = ipc_is_full(&peer->ipc);
			there = there && ipc_flush(&peer->ipc);
		} while (there && full && !ipc_is_full(&peer->ipc));
		if (!there)
			peer_gone(node, which[i]);
	}
}

static void wait_and_tend(struct node *node)
{
	struct pollfd p[NODE_PEERS_MAX + 1];
	unsigned which[NODE_PEERS_MAX], count = 0;
	struct solo_clock clock = node_clock();
	int64_t wait = solo_deadline(&node->solo, &clock) - clock.monotonic;

	for (unsigned i = 0; i < NODE_PEERS_MAX; i++)
		if (node->peer[i].ipc.socket >= 0) {
			const struct ipc *ipc = &node->peer[i].ipc;
			short events = ipc_is_full(ipc)       ? POLLOUT
			               : ipc_has_backlog(ipc) ? POLLIN | POLLOUT
			                                      : POLLIN;
			p[count] = (struct pollfd){node->peer[i].ipc.socket, events, 0};
			which[count++] = i;
		}
	p[count] = (struct pollfd){node->listener, POLLIN, 0};
	wait = wait < 0 ? 0 : wait > WAIT_MOST ? WAIT_MOST : wait;
	if (poll(p, count + 1, (int)wait) < 0 && errno != EINTR)
		node->failed = true;
	peers_tend(node, p, count, which);
	if (p[count].revents & POLLIN) {
		int s = accept4(node->listener, NULL, NULL, SOCK_CLOEXEC);
		if (s >= 0)
			peer_add(node, s);
	}
}

void node_run(struct node *node, volatile bool *stop)
{
	while (!*stop && !node->failed) {
		children_tend(node, node_clock().monotonic);
		wait_and_tend(node);
		/* What could not be written down must not be built upon. */
		if (!node->failed)
			engine_tend(node);
	}
}

void node_close(struct node *node)
{
	for (unsigned i = 0; i < node->children; i++)
		child_stop(&node->child[i]);
	for (unsigned i = 0; i < NODE_PEERS_MAX; i++)
		ipc_close(&node->peer[i].ipc);
	if (node->listener >= 0) {
		close(node->listener);
		unlink(node->config.socket);
	}
	journal_close(&node->solo.journal);
}
