/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITYD_NODE_H
#define COMITY_COMITYD_NODE_H

/*
 * node.h - a party's node: the engine and its ledger, those who are attached, what is published.
 *
 * It holds no key. Whoever is attached - signers, the command line - speaks the one protocol of
 * host/ipc.h; what they say is checked like anything from outside.
 */

#include "host/engine/solo.h"
#include "host/ipc.h"
#include "host/tiles.h"
#include "prog/comityd/child.h"
#include "prog/comityd/config.h"
#include "signing/board.h"

#define NODE_PEERS_MAX    128
#define NODE_CHILDREN_MAX 16

struct peer {
	struct ipc ipc;
	bool signer;   /* is told all there is: */
	bool synced;   /* it was, and gets blocks, voices and boards as they come */
	bool watching; /* gets blocks and voices */
	char party[64];
	uint64_t from;                 /* height of the first block that it wants */
	struct journal_cursor reading; /* how far the journal was read out to it, until it is synced */
};

/* A board message that is still of use. */
struct posted {
	struct bytes octets; /* owned */
	char party[64];
	bool commitments;
	uint64_t job, session;
	bool round_b;
};

/* A submitter that waits for the block its act is in. */
struct waiting {
	unsigned peer;
	struct receipt receipt;
};

struct node {
	struct config config;
	struct solo solo;
	struct tiles tiles;
	char public[960]; /* folder of what is published */
	char run[960];    /* folder of socket, image and status page */
	int listener;
	struct peer peer[NODE_PEERS_MAX];
	struct posted *board;
	size_t boards, board_room;
	struct waiting *waiting;
	size_t waitings, waiting_room;
	struct child child[NODE_CHILDREN_MAX];
	unsigned children;
	uint64_t zone_job;    /* of the zone that is published, or about to be; 0: none */
	uint64_t zone_height; /* block of its release */
	bool zone_out;        /* it is published */
	char zone_unfit[128]; /* why it cannot be: the one before stays out; empty: nothing is wrong */
	uint64_t published_size; /* of the log, as its checkpoint says */
	bool published_signed;   /* that checkpoint has the log key's line */
	uint8_t log_line[64];    /* the log key's signature over the checkpoint of: */
	uint64_t log_size;       /* 0: none */
	struct arena image;      /* of compiling a zone; given back after each */
	struct arena scratch;    /* of one message, one publication */
	bool failed;             /* the disk, or the ledger: stop */
};

/* node.c: life. */
enum mishap node_open(struct node *node, const char *home) CHECKED;
void node_run(struct node *node, volatile bool *stop);
void node_close(struct node *node);
struct solo_clock node_clock(void);

/* peer.c: what those attached say, and are told. */
void peer_hear(struct node *node, unsigned peer);
bool peer_is_behind(const struct peer *peer); /* and reads what it is told: peers_catch_up() goes on */
void peers_catch_up(struct node *node);
void peers_tell_block(struct node *node);
void peers_tell_receipts(struct node *node);
void peers_tell(struct node *node, enum ipc_type type, struct bytes body, unsigned but);
void peer_gone(struct node *node, unsigned peer);

/* answer.c: questions about the state. */
void answer_get(struct node *node, struct peer *peer, struct bytes key);
void answer_list(struct node *node, struct peer *peer, struct bytes prefix);
void answer_status(struct node *node, struct peer *peer);
void answer_prove(struct node *node, struct peer *peer, struct bytes key);

/* publish.c: tiles and checkpoint, zone, image and status page. False: the disk. */
bool publish_leaf(void *context, struct bytes entry);
void publish(struct node *node);
void publish_write_checkpoint(struct node *node, struct writer *writer);

#endif
