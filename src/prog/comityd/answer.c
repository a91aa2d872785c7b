/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/node.h"

#include <string.h>

#include "host/tiles.h"
#include "ledger/state_proof.h"

#define PAGE_OCTETS ((size_t)1 << 20) /* of records; none is larger */

static void record_add(struct writer *w, struct bytes record)
{
	write_u32(w, (uint32_t)record.size);
	write_bytes(w, record);
}

static struct writer answer_begin(struct node *node)
{
	node->scratch.used = 0;
	return writer_in(&node->scratch);
}

void answer_get(struct node *node, struct peer *peer, struct bytes key)
{
	struct writer w = answer_begin(node);
	struct bytes record;

	if (state_get(&node->solo.ledger.state, key, &record))
		record_add(&w, record);
	ipc_send(&peer->ipc, IPC_RECORDS, writer_bytes(&w));
}

/* All pages at once: they are of one moment. */
void answer_list(struct node *node, struct peer *peer, struct bytes prefix)
{
	struct writer w = answer_begin(node);
	struct bytes record;
	size_t index = 0;

	if (prefix.size == 0)
		index = 1; /* from behind the first sentinel */
	while (state_next(&node->solo.ledger.state, prefix, &index, &record)) {
		if (w.used > 0 && w.used + record.size > PAGE_OCTETS) {
			record_add(&w, BYTES(IPC_MORE));
			ipc_send(&peer->ipc, IPC_RECORDS, writer_bytes(&w));
			w.used = 0;
		}
		record_add(&w, record);
	}
	ipc_send(&peer->ipc, IPC_RECORDS, writer_bytes(&w));
}

static void voices_write(struct node *node, struct writer *w)
{
	const struct ledger *ledger = &node->solo.ledger;
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, count = commons_countersigners(&ledger->commons, name, &threshold);

	write_field_number(w, "countersigners", count);
	write_field_number(w, "needed", threshold);
	for (unsigned i = 0; i < count; i++) {
		uint64_t height = 0;
		bool spoken = false, attached = false;

		for (unsigned v = 0; v < node->solo.finality.voices; v++) {
			const struct voice *voice = &node->solo.finality.voice[v];
			if (bytes_same((struct bytes){voice->name, voice->name_size}, name[i])) {
				height = voice->height;
				spoken = true;
			}
		}
		for (unsigned p = 0; p < NODE_PEERS_MAX; p++)
			attached = attached || (node->peer[p].ipc.socket >= 0 && node->peer[p].signer &&
			                        bytes_same(bytes_of(node->peer[p].party), name[i]));
		write_text(w, "voice: ");
		write_bytes(w, name[i]);
		write_text(w, " ");
		if (spoken)
			write_number(w, height);
		else
			write_text(w, "none");
		write_text(w, attached ? " attached\n" : " away\n");
	}
}

void answer_status(struct node *node, struct peer *peer)
{
	const struct ledger *ledger = &node->solo.ledger;
	struct solo_clock clock = node_clock();
	struct sealed newest = {.height = 0};
	struct writer w = answer_begin(node);

	ledger_last_seal(ledger, &newest);
	write_text(&w, "comity-report/1\nfederation: ");
	write_bytes(&w, ledger->commons.origin);
	write_text(&w, " ");
	write_hex(&w, (struct bytes){ledger->commons.genesis.octet, ACT_FEDERATION_SIZE});
	write_text(&w, "\n");
	write_field_time(&w, "clock", (struct ledger_time){clock.wall});
	write_field_number(&w, "height", ledger->height);
	write_field_time(&w, "time", ledger->time);
	write_field_number(&w, "sealed", newest.height);
	write_field_time(&w, "sealed-at", newest.time);
	write_text(&w, "final: ");
	if (node->solo.finality.any)
		write_number(&w, node->solo.finality.sealed.height);
	else
		write_text(&w, "none");
	write_text(&w, "\n");
	write_field_number(&w, "log", ledger->log.size);
	write_field_number(&w, "records", ledger->state.count);
	write_field_number(&w, "journal-octets", node->solo.journal.total);
	write_field_number(&w, "published-log", node->published_size);
	write_field_number(&w, "published-zone", node->zone_out ? node->zone_job : 0);
	if (node->zone_unfit[0] != '\0')
		write_field(&w, "unfit-zone", bytes_of(node->zone_unfit));
	write_field(&w, "public", bytes_of(node->public));
	voices_write(node, &w);
	ipc_send(&peer->ipc, IPC_REPORT, writer_bytes(&w));
}

/* A proof is about a seal: the open block is closed first. */
void answer_prove(struct node *node, struct peer *peer, struct bytes key)
{
	struct tiles_view view = {node->public, node->published_size, false};
	struct writer w;

	node->scratch.used = 0;
	struct arena kept = node->scratch;
	struct bytes copy = arena_copy(&node->scratch, key);
	w = writer_in(&node->scratch);
	if (node->solo.open || !finality_reached(&node->solo.finality, &node->solo.ledger) ||
	    node->published_size != node->solo.finality.sealed.size ||
	    !state_proof_write(&w, &node->solo.ledger, copy, tiles_subtree, &view) || view.failed)
		w.used = 0;
	else
		publish_write_checkpoint(node, &w);
	ipc_send(&peer->ipc, IPC_PROOF, writer_bytes(&w));
	node->scratch = kept;
}
