/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PIECE_OCTETS ((size_t)256 << 10) /* of the journal, told to one who catches up before the next is */

static void *must_have(void *at)
{
	if (at == NULL)
		memory_fail(0);
	return at;
}

void peers_tell(struct node *node, enum ipc_type type, struct bytes body, unsigned but)
{
	for (unsigned i = 0; i < NODE_PEERS_MAX; i++) {
		struct peer *peer = &node->peer[i];
		bool wants = (peer->signer && peer->synced) || (peer->watching && type != IPC_POST);

		if (peer->ipc.socket >= 0 && i != but && wants)
			ipc_send(&peer->ipc, type, body);
	}
}

void peers_tell_block(struct node *node)
{
	peers_tell(node, IPC_BLOCK, (struct bytes){node->solo.octets, node->solo.size},
	           NODE_PEERS_MAX);
}

/* comity-ipc(7), RECEIPTS. */
static void receipt_write(struct writer *w, const struct receipt *r)
{
	static const char *const WORDS[] = {[OUTCOME_ENTERED] = "entered",
	                                    [OUTCOME_ALREADY] = "already",
	                                    [OUTCOME_REFUSED] = "refused",
	                                    [OUTCOME_MALFORMED] = "malformed"};

	write_text(w, "comity-receipt/1\n");
	write_field(w, "outcome", bytes_of(WORDS[r->outcome]));
	if (r->outcome == OUTCOME_MALFORMED) {
		write_field_number(w, "line", r->fault.line);
		write_field(w, "why", bytes_of(r->fault.why));
		return;
	}
	write_field_digest(w, "act", &r->act);
	if (r->outcome == OUTCOME_REFUSED) {
		write_field(w, "reason", bytes_of(reason_word(r->refusal.reason)));
		write_field_number(w, "number", (uint64_t)r->refusal.reason);
		write_field_number(w, "article", r->refusal.article);
		write_text(w, "en: ");
		refusal_write(w, &r->refusal, false);
		write_text(w, "\nzh: ");
		refusal_write(w, &r->refusal, true);
		write_text(w, "\n");
		return;
	}
	write_field_number(w, "height", r->height);
	if (r->outcome == OUTCOME_ENTERED)
		write_field_number(w, "index", r->index);
}

static void receipt_send(struct node *node, unsigned peer, const struct receipt *receipt)
{
	char text[8192];
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text)};

	receipt_write(&w, receipt);
	ipc_send(&node->peer[peer].ipc, IPC_RECEIPT, writer_bytes(&w));
}

void peers_tell_receipts(struct node *node)
{
	for (size_t i = 0; i < node->waitings; i++)
		if (node->waiting[i].peer < NODE_PEERS_MAX)
			receipt_send(node, node->waiting[i].peer, &node->waiting[i].receipt);
	node->waitings = 0;
}

static void hear_submit(struct node *node, unsigned peer, struct bytes note)
{
	struct solo_clock clock = node_clock();
	enum mishap mishap = OK;
	struct receipt receipt;

	if (solo_full(&node->solo) &&
	    solo_step(&node->solo, &clock, publish_leaf, node, &mishap)) {
		peers_tell_block(node);
		peers_tell_receipts(node);
	}
	if (mishap != OK) {
		node->failed = true;
		return;
	}
	solo_submit(&node->solo, &clock, note, &receipt);
	if (receipt.outcome != OUTCOME_ENTERED) {
		receipt_send(node, peer, &receipt);
		return;
	}
	if (node->waitings == node->waiting_room) {
		node->waiting_room = node->waiting_room == 0 ? 64 : 2 * node->waiting_room;
		node->waiting = must_have(
			realloc(node->waiting, node->waiting_room * sizeof(*node->waiting)));
	}
	node->waiting[node->waitings++] = (struct waiting){peer, receipt};
}

static void hear_voice(struct node *node, unsigned peer, struct bytes note)
{
	enum mishap mishap;
	const char *why;

	if (!solo_voice(&node->solo, note, &why, &mishap))
		return;
	if (mishap != OK) {
		node->failed = true;
		return;
	}
	peers_tell(node, IPC_VOICE, note, peer);
}

/* Whether a newer message makes this one useless. */
static bool superseded(const struct node *node, const struct posted *old,
                       const struct posted *new)
{
	struct custody custody;

	if (strcmp(old->party, new->party) == 0 && old->commitments == new->commitments &&
	    (old->commitments || (old->job == new->job && old->session == new->session &&
	                          old->round_b == new->round_b)))
		return true;
	custody_get(&node->solo.ledger.state, &custody);
	return !old->commitments && old->job != custody.job && old->job != new->job;
}

static void board_keep(struct node *node, const struct posted *posted)
{
	size_t kept = 0;

	for (size_t i = 0; i < node->boards; i++) {
		if (superseded(node, &node->board[i], posted))
			free((void *)(uintptr_t)node->board[i].octets.at);
		else
			node->board[kept++] = node->board[i];
	}
	node->boards = kept;
	if (node->boards == node->board_room) {
		node->board_room = node->board_room == 0 ? 64 : 2 * node->board_room;
		node->board = must_have(realloc(node->board, node->board_room * sizeof(*node->board)));
	}
	node->board[node->boards++] = *posted;
}

/* Whether a message is to be kept and passed on; `*why` says why not. */
static bool is_post(const struct node *node, struct bytes octets, struct board_message *m,
                    const char **why)
{
	const struct commons *commons = &node->solo.ledger.commons;
	struct fault fault = {0};
	struct digest root;

	if (board_read(octets, m, &fault) != OK) {
		*why = fault.why;
		return false;
	}
	*why = "its signature";
	if (!board_signed(commons->state, commons->origin, &commons->genesis, m))
		return false;
	*why = "nobody waits for it";
	if (!board_expected(commons->state, m))
		return false;
	*why = "the body is not the one that was signed";
	root = board_root(m->body, board_item_size(m->kind), arena_rest(&node->scratch));
	return digest_same(&root, &m->root);
}

static void hear_post(struct node *node, unsigned peer, struct bytes octets)
{
	struct board_message m;
	struct posted posted;
	const char *why;
	uint8_t *copy;

	if (!is_post(node, octets, &m, &why)) {
		fprintf(stderr, "comityd: a board message is not kept: %s\n", why);
		return;
	}
	copy = must_have(malloc(octets.size));
	memcpy(copy, octets.at, octets.size);
	posted = (struct posted){.octets = {copy, octets.size},
	                         .commitments = m.kind == BOARD_COMMITMENTS,
	                         .job = m.job,
	                         .session = m.session,
	                         .round_b = m.round_b};
	snprintf(posted.party, sizeof(posted.party), "%.*s", (int)m.by.size, (const char *)m.by.at);
	board_keep(node, &posted);
	peers_tell(node, IPC_POST, octets, peer);
}

/* The log key's line over a checkpoint that we will publish. */
static void hear_log(struct node *node, struct bytes octets)
{
	struct bytes record = {NULL, 0};
	struct checkpoint checkpoint;
	struct note_key key;
	struct fault fault;
	struct note note;

	if (note_read(octets, &note, &fault) != OK || note.count != 1 ||
	    checkpoint_read(note.text, &checkpoint, &fault) != OK ||
	    !bytes_same(checkpoint.origin, node->solo.ledger.commons.origin) ||
	    !state_get(&node->solo.ledger.state, BYTES("log"), &record))
		return;
	struct text lines = record_lines(record);
	if (!note_key_read(record_value(&lines, "key"), &key) ||
	    !note_signature_holds(&note.signature[0], &key, note.text) ||
	    checkpoint.size < node->published_size)
		return;
	node->log_size = checkpoint.size;
	memcpy(node->log_line, note.signature[0].octet, sizeof(node->log_line));
}

static bool tell_frame(void *context, enum journal_type type, struct bytes body)
{
	struct peer *peer = context;
	struct block block;

	if (type == JOURNAL_BLOCK && block_read(body, &block) == OK && block.height >= peer->from)
		ipc_send(&peer->ipc, IPC_BLOCK, body);
	/* Those that are out of date by then say nothing new, and cost little. */
	if (type == JOURNAL_VOICE)
		ipc_send(&peer->ipc, IPC_VOICE, body);
	return true;
}

bool peer_is_behind(const struct peer *peer)
{
	return peer->ipc.socket >= 0 && peer->signer && !peer->synced && !ipc_has_backlog(&peer->ipc);
}

/* The whole journal was told: it has every block that is closed, and gets the open one with the others. */
static void caught_up(struct node *node, struct peer *peer)
{
	struct solo_clock clock = node_clock();

	for (size_t i = 0; i < node->boards; i++)
		ipc_send(&peer->ipc, IPC_POST, node->board[i].octets);
	ipc_send(&peer->ipc, IPC_SYNCED, BYTES(""));
	peer->synced = true;
	solo_newcomer(&node->solo, &clock);
}

/* Whoever has read what it was told is told the next piece of the journal. */
void peers_catch_up(struct node *node)
{
	for (unsigned i = 0; i < NODE_PEERS_MAX && !node->failed; i++) {
		struct peer *peer = &node->peer[i];

		if (!peer_is_behind(peer))
			continue;
		if (journal_read_on(&node->solo.journal, &peer->reading, PIECE_OCTETS, tell_frame, peer) != OK)
			node->failed = true;
		else if (journal_is_read(&node->solo.journal, &peer->reading))
			caught_up(node, peer);
	}
}

static void catch_up_begin(struct node *node, struct peer *peer, uint64_t from)
{
	peer->from = from;
	peer->reading = (struct journal_cursor){0, 0};
	peer->synced = false;
	if (from == 0) {
		ipc_send(&peer->ipc, IPC_GENESIS, node->solo.genesis);
		ipc_send(&peer->ipc, IPC_MANIFEST, node->solo.manifest);
	}
}

/* "comity-ipc/1", "role: signer", "party: NAME", "height: N": the first one it does not have. */
static bool hear_hello(struct node *node, struct peer *peer, struct bytes text)
{
	struct text lines = {.rest = text};
	struct bytes line, role, party;
	uint64_t height;

	if (!text_line(&lines, &line) || !bytes_same(line, BYTES("comity-ipc/1")) ||
	    !text_line(&lines, &line) || !text_field(line, "role", &role) ||
	    !text_line(&lines, &line) || !text_field(line, "party", &party) || party.size > 63 ||
	    !text_line(&lines, &line) || !text_field(line, "height", &line) ||
	    !text_number(line, INT64_MAX, &height))
		return false;
	snprintf(peer->party, sizeof(peer->party), "%.*s", (int)party.size, (const char *)party.at);
	peer->signer = bytes_same(role, BYTES("signer"));
	if (peer->signer)
		catch_up_begin(node, peer, height);
	return true;
}

static bool hear(struct node *node, unsigned i, enum ipc_type type, struct bytes body)
{
	struct peer *peer = &node->peer[i];

	switch (type) {
	case IPC_HELLO:
		return hear_hello(node, peer, body);
	case IPC_SUBMIT:
		hear_submit(node, i, body);
		return true;
	case IPC_VOICE:
		hear_voice(node, i, body);
		return true;
	case IPC_POST:
		hear_post(node, i, body);
		return true;
	case IPC_LOG:
		hear_log(node, body);
		return true;
	case IPC_GET:
		answer_get(node, peer, body);
		return true;
	case IPC_LIST:
		answer_list(node, peer, body);
		return true;
	case IPC_STATUS:
		answer_status(node, peer);
		return true;
	case IPC_WATCH:
		peer->watching = true;
		return true;
	case IPC_PROVE:
		answer_prove(node, peer, body);
		return true;
	case IPC_GENESIS:
	case IPC_MANIFEST:
	case IPC_BLOCK:
	case IPC_SYNCED:
	case IPC_RECEIPT:
	case IPC_RECORDS:
	case IPC_REPORT:
	case IPC_PROOF:
		break;
	}
	return false;
}

/* Whoever does not read what it was answered is not heard: its questions are small, and answers
 * are not. */
void peer_hear(struct node *node, unsigned i)
{
	enum ipc_type type;
	struct bytes body;

	while (node->peer[i].ipc.socket >= 0 && !node->failed &&
	       !ipc_is_full(&node->peer[i].ipc) && ipc_take(&node->peer[i].ipc, &type, &body)) {
		node->scratch.used = 0;
		if (!hear(node, i, type, body)) {
			fprintf(stderr, "comityd: %s said what nobody says here (%d)\n",
			        node->peer[i].party[0] != '\0' ? node->peer[i].party : "a peer", (int)type);
			peer_gone(node, i);
		}
	}
}

void peer_gone(struct node *node, unsigned i)
{
	ipc_close(&node->peer[i].ipc);
	node->peer[i].synced = node->peer[i].watching = node->peer[i].signer = false;
	for (size_t w = 0; w < node->waitings; w++)
		if (node->waiting[w].peer == i)
			node->waiting[w].peer = NODE_PEERS_MAX;
}
