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

#include "base/hex.h"
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

static bool child_add(struct node *node, const char *program, bool piped,
                      const char *const *arguments, unsigned count)
{
	struct child *child = &node->child[node->children];

	*child = (struct child){.piped = piped};
	if (!program_find(child->path, node->config.programs, program))
		return false;
	child->argument[0] = child->path;
	for (unsigned i = 0; i < count; i++)
		child->argument[1 + i] = arguments[i];
	node->children++;
	return true;
}

/* False: a program that the configuration asks for is not there, which is told. */
static bool children_plan(struct node *node)
{
	static const char *signer[2] = {"--home", NULL};

	if (node->config.signer[0] != '\0') {
		signer[1] = node->config.signer;
		if (!child_add(node, "comity-signerd", true, signer, 2))
			return false;
	}
	for (unsigned i = 0; i < node->config.children; i++) {
		const struct config_child *c = &node->config.child[i];
		const char *argument[CONFIG_ARGS_MAX];
		unsigned arguments = c->arguments;
		static char image[1000], status[1000];

		snprintf(image, sizeof(image), "%s/zone.image", node->run);
		snprintf(status, sizeof(status), "%s/status", node->run);
		memcpy(argument, c->argument, arguments * sizeof(argument[0]));
		argument[arguments++] = "--image";
		argument[arguments++] = image;
		argument[arguments++] = "--status";
		argument[arguments++] = status;
		if (!child_add(node, "comity-rootd", false, argument, arguments))
			return false;
		node->child[node->children - 1].awaits = image;
	}
	return true;
}

/* The manifest is the one that the genesis names; what reads as no genesis is told of elsewhere. */
static bool import_is_named(const char *path, struct bytes genesis_note, struct bytes manifest,
                            bool missing)
{
	struct digest digest = sha256(manifest);
	char has[2 * DIGEST_SIZE], wants[2 * DIGEST_SIZE];
	struct genesis genesis;
	struct fault fault;
	struct note note;

	if (note_read(genesis_note, &note, &fault) != OK ||
	    genesis_read(note.text, &genesis, &fault) != OK)
		return true;
	if (!genesis.import && manifest.size == 0)
		return true;
	if (genesis.import && manifest.size == genesis.import_size &&
	    digest_same(&digest, &genesis.import_digest))
		return true;
	hex_write(has, digest_bytes(&digest));
	hex_write(wants, digest_bytes(&genesis.import_digest));
	fprintf(stderr, "comityd: %s ", path);
	if (!genesis.import)
		fputs("does not belong there: genesis.note names no import\n", stderr);
	else if (missing)
		fprintf(stderr, "is missing: put the manifest beside genesis.note, which names sha256 %.64s, %llu octets\n",
		        wants, (unsigned long long)genesis.import_size);
	else
		fprintf(stderr, "is another manifest: sha256 %.64s, %zu octets; genesis.note names sha256 %.64s, %llu octets\n",
		        has, manifest.size, wants, (unsigned long long)genesis.import_size);
	return false;
}

static void tell_unfounded(const struct receipt *receipt)
{
	char why[1000];
	struct writer w = {.at = (uint8_t *)why, .size = sizeof(why)};

	if (receipt->outcome == OUTCOME_REFUSED) {
		refusal_write(&w, &receipt->refusal, false);
		fprintf(stderr, "comityd: genesis.note: %.*s\n", (int)w.used, why);
		return;
	}
	fprintf(stderr, "comityd: genesis.note: line %u: %s\n", receipt->fault.line, receipt->fault.why);
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
	mishap = file_read(path, NOTE_SIZE_MAX, &memory, &genesis, &missing);
	if (mishap == OK && missing)
		fprintf(stderr,
		        "comityd: %s is missing: an empty journal is founded by the genesis that all have signed; "
		        "a party that uses another one's node starts none, and says socket = in [party]\n", path);
	if (mishap != OK || missing || !file_path(path, node->config.node, "import"))
		return mishap != OK ? mishap : MISHAP_IO;
	mishap = file_read(path, 32u << 20, &memory, &manifest, &missing);
	if (mishap != OK)
		return mishap;
	if (!import_is_named(path, genesis, manifest, missing))
		return MISHAP_MALFORMED;
	mishap = solo_found(&node->solo, genesis, manifest, &receipt, publish_leaf, node);
	if (mishap == MISHAP_MALFORMED)
		tell_unfounded(&receipt);
	return mishap;
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
	node->scratch = memory_reserve((size_t)1 << 30);
	node->image = memory_reserve((size_t)8 << 30);
	mishap = config_read(&node->config, home);
	if (mishap != OK)
		return mishap;
	snprintf(node->public, sizeof(node->public), "%.*s/public", 900, node->config.node);
	snprintf(node->run, sizeof(node->run), "%.*s/run", 900, node->config.node);
	if ((mishap = file_make_folder(node->run, 0750)) != OK ||
	    (mishap = tiles_open(&node->tiles, node->public)) != OK)
		return mishap;
	public_absolute(node);
	if (!children_plan(node))
		return MISHAP_IO;
	if (!file_path(path, node->config.node, "journal"))
		return MISHAP_LIMIT;
	mishap = solo_open(&node->solo, path, publish_leaf, node);
	if (mishap == OK && !node->solo.ledger.founded)
		mishap = found(node);
	if (mishap != OK)
		return mishap;
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

			if (peer_is_behind(&node->peer[i]))
				wait = 0;
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
		if (!node->failed)
			peers_catch_up(node);
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
	config_free(&node->config);
}
