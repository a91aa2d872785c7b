/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comityd/node.h"

#include <stdio.h>
#include <string.h>

#include "base/sort.h"
#include "dns/zonetext.h"
#include "host/file.h"
#include "host/memory.h"
#include "serving/compile.h"
#include "serving/image.h"
#include "serving/status.h"
#include "serving/transfer_make.h"

#define TRANSFER_NAME     "zone.image.xfr"
#define TRANSFER_FILE_MAX ((size_t)256 << 20) /* octets of one that we carry on */

bool publish_leaf(void *context, struct bytes entry)
{
	struct node *node = context;

	return tiles_add(&node->tiles, entry) == OK;
}

static bool write_out(struct node *node, const char *folder, const char *name, struct bytes content)
{
	char path[FILE_PATH_MAX];

	if (!file_path(path, folder, name) || file_write(path, 0644, content, false) != OK) {
		node->failed = true;
		return false;
	}
	return true;
}

static int by_name(const void *a, const void *b, const void *context)
{
	const struct voice *x = *(const struct voice *const *)a, *y = *(const struct voice *const *)b;

	(void)context;
	return bytes_compare((struct bytes){x->name, x->name_size}, (struct bytes){y->name, y->name_size});
}

static void log_line_write(struct node *node, struct writer *w, const struct sealed *sealed)
{
	struct bytes record = {NULL, 0};
	struct note_key log;

	if (node->log_size != sealed->size ||
	    !state_get(&node->solo.ledger.state, BYTES("log"), &record))
		return;
	struct text lines = record_lines(record);
	if (note_key_read(record_value(&lines, "key"), &log))
		note_signature_write(w, &log, (struct bytes){node->log_line, 64});
}

/* The federation's line first (its name begins every other), then those of parties that spoke for
 * exactly this size, by name, as many as a note holds. */
static void lines_write(struct node *node, struct writer *w, const struct sealed *sealed)
{
	const struct voice *voice[CUSTODY_MEMBERS_MAX];
	unsigned voices = 0, lines = 1;

	log_line_write(node, w, sealed);
	for (unsigned i = 0; i < node->solo.finality.voices; i++)
		if (node->solo.finality.voice[i].size == sealed->size)
			voice[voices++] = &node->solo.finality.voice[i];
	sort(voice, voices, sizeof(voice[0]), by_name, NULL);
	for (unsigned i = 0; i < voices && lines < NOTE_SIGNATURES_MAX; i++) {
		struct note_key key, cosigner;
		struct party party;

		if (!party_get(&node->solo.ledger.state,
		               (struct bytes){voice[i]->name, voice[i]->name_size}, &party) ||
		    !party_key_of_role(party.keys, ROLE_COSIGN, &key))
			continue;
		cosigner = note_key_make(key.name, NOTE_TYPE_COSIGNATURE, key.public_key);
		note_signature_write(w, &cosigner, (struct bytes){voice[i]->cosignature, 72});
		lines++;
	}
}

void publish_write_checkpoint(struct node *node, struct writer *writer)
{
	const struct sealed *sealed = &node->solo.finality.sealed;
	struct checkpoint checkpoint = ledger_checkpoint(&node->solo.ledger, sealed);

	checkpoint_write(writer, &checkpoint);
	write_text(writer, "\n");
	lines_write(node, writer, sealed);
}

static void publish_checkpoint(struct node *node)
{
	const struct sealed *sealed = &node->solo.finality.sealed;
	bool with_log_line = node->log_size == sealed->size;
	struct writer w;

	if (node->published_size == sealed->size && (node->published_signed || !with_log_line))
		return;
	if (tiles_publish(&node->tiles) != OK) {
		node->failed = true;
		return;
	}
	node->scratch.used = 0;
	w = writer_in(&node->scratch);
	publish_write_checkpoint(node, &w);
	/* Readers of the public log know it by its genesis and import as well. */
	if (node->published_size == 0 &&
	    (!write_out(node, node->public, "genesis.note", node->solo.genesis) ||
	     !write_out(node, node->public, "import", node->solo.manifest)))
		return;
	if (write_out(node, node->public, "checkpoint", writer_bytes(&w))) {
		node->published_size = sealed->size;
		node->published_signed = with_log_line;
	}
}

/* The transfer file of the release before, and the zone in it. False where there is none to carry on. */
static bool transfer_read(struct node *node, struct arena *arena, struct transfer *before,
                          struct rrset_list *old)
{
	char path[FILE_PATH_MAX];
	struct bytes content;
	struct fault fault;
	bool missing;

	return file_path(path, node->run, TRANSFER_NAME) &&
	       file_read(path, TRANSFER_FILE_MAX, arena, &content, &missing) == OK && !missing &&
	       transfer_open(content, before) == NULL &&
	       TRANSFER_ARENA_SIZE(before) < arena->size / 4 &&
	       transfer_read_zone(before, arena, old, &fault);
}

/* The release cannot be served: told, and not tried again. What went out before stays, and the node goes on: what the
 * parties decide next may mend it. */
static void zone_is_unfit(struct node *node, const char *why)
{
	snprintf(node->zone_unfit, sizeof(node->zone_unfit), "%s", why);
	fprintf(stderr, "comityd: the zone of job %llu cannot be served: %s; the one before stays\n",
	        (unsigned long long)node->zone_job, node->zone_unfit);
}

/* What a root server gives to its secondaries (comity-transfer(5)). */
static bool transfer_write(struct node *node, struct arena arena, const struct rrset_list *zone,
                           const uint8_t digest[SHA384_SIZE])
{
	struct transfer before;
	struct rrset_list old = {NULL, 0};
	bool carried = transfer_read(node, &arena, &before, &old);
	struct arena rest = arena_rest(&arena), scratch = rest;
	struct writer to = {.at = rest.at + rest.size / 2 / IMAGE_ALIGN * IMAGE_ALIGN,
	                    .size = rest.size / 2};

	scratch.size /= 2;
	if (transfer_make(zone, digest, carried ? &before : NULL, &old, scratch, &to) != OK) {
		zone_is_unfit(node, "it makes no transfer file");
		return false;
	}
	return write_out(node, node->run, TRANSFER_NAME, writer_bytes(&to));
}

static bool image_write(struct node *node, const struct rrset_list *zone)
{
	size_t room = node->image.size / 2;
	struct writer image = {.at = node->image.at, .size = room};
	struct arena scratch = {node->image.at + room, room, 0};
	struct fault fault = {0, 0, "too large"};
	char why[sizeof(node->zone_unfit)];
	bool written = false;

	if (image_compile(zone, &scratch, &image, &fault) != OK) {
		snprintf(why, sizeof(why), "set %u: %s", fault.line, fault.why);
		zone_is_unfit(node, why);
	} else {
		/* The transfer file first: whoever sees the image finds it beside it. */
		written = transfer_write(node, scratch, zone,
		                         ((const struct image_header *)(const void *)image.at)->zone) &&
		          write_out(node, node->run, "zone.image", writer_bytes(&image));
	}
	memory_forget(&node->image);
	return written;
}

static bool zone_write(struct node *node, const struct work *work)
{
	struct rrset_list zone = zone_list(&work->zone);
	struct writer w;

	node->scratch.used = 0;
	w = writer_in(&node->scratch);
	zone_write_text(&w, &zone);
	if (w.full) {
		zone_is_unfit(node, "its text is too large");
		return false;
	}
	return write_out(node, node->public, "zone", writer_bytes(&w)) && image_write(node, &zone);
}

/* What root servers may serve, and what they tell who asks about the ledger. */
static void publish_status(struct node *node)
{
	const struct sealed *sealed = &node->solo.finality.sealed;
	uint8_t octets[STATUS_SIZE];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct status status = {.height = sealed->height,
	                        .size = sealed->size,
	                        .root = sealed->root,
	                        .time = sealed->time};
	struct release release;

	if (node->zone_out && release_current(&node->solo.ledger.state, &release) &&
	    release.job == node->zone_job) {
		status.expects = true;
		status.serial.value = release.serial;
		memcpy(status.zone, release.zonemd, sizeof(status.zone));
	}
	status_write(&w, &status);
	write_out(node, node->run, "status", writer_bytes(&w));
}

static void publish_zone(struct node *node)
{
	const struct work_cache *published = &node->solo.ledger.commons.published;

	if (!published->built)
		return;
	if (published->work.job.number != node->zone_job) {
		if (node->solo.open)
			return; /* perhaps of the block that is open */
		node->zone_job = published->work.job.number;
		node->zone_height = node->solo.ledger.height;
		node->zone_out = false;
		node->zone_unfit[0] = '\0';
	}
	if (!node->zone_out && node->zone_unfit[0] == '\0' && node->solo.finality.sealed.height >= node->zone_height)
		node->zone_out = zone_write(node, &published->work);
}

void publish(struct node *node)
{
	uint64_t size = node->published_size;
	bool out = node->zone_out;
	uint64_t job = node->zone_job;

	if (!node->solo.finality.any)
		return;
	publish_zone(node);
	if (finality_reached(&node->solo.finality, &node->solo.ledger))
		publish_checkpoint(node);
	if (size != node->published_size || out != node->zone_out || job != node->zone_job)
		publish_status(node);
}
