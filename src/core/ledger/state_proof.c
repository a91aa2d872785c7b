/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/state_proof.h"

#include "base/base64.h"
#include "base/must.h"
#include "base/text.h"

#define HEAD "comity-state-proof/1"

static void path_write(struct writer *w, const struct merkle_proof *path)
{
	for (unsigned i = 0; i < path->count; i++) {
		write_base64(w, digest_bytes(&path->hash[i]));
		write_octet(w, '\n');
	}
}

static void record_write(struct writer *w, const struct state *state, size_t index)
{
	struct merkle_proof path;

	state_prove(state, index, &path);
	write_text(w, "record ");
	write_number(w, index);
	write_octet(w, ' ');
	write_number(w, state->count);
	write_octet(w, '\n');
	path_write(w, &path);
	write_octet(w, '\n');
	write_bytes(w, state_at(state, index));
	write_octet(w, '\n');
}

/* A key stands in one line, and not before or behind the sentinels: they have no neighbours. */
static bool can_be_key(struct bytes key)
{
	return key.size > 0 && memchr(key.at, '\n', key.size) == NULL &&
	       bytes_compare(key, BYTES("!")) >= 0 && bytes_compare(key, BYTES("~")) <= 0;
}

bool state_proof_write(struct writer *w, struct ledger *ledger, struct bytes key,
                 merkle_subtree *subtree, const void *context)
{
	struct merkle_proof path;
	struct sealed sealed;
	struct seal seal;
	size_t index;
	bool present;

	if (!can_be_key(key) || !ledger_last_seal(ledger, &sealed))
		return false;
	index = state_find(&ledger->state, key);
	present = bytes_same(state_key(state_at(&ledger->state, index)), key);
	ledger_seal_of(ledger, &sealed, &seal);
	write_text(w, HEAD);
	if (!present) {
		write_text(w, " absent ");
		write_bytes(w, key);
	}
	write_octet(w, '\n');
	if (!present)
		record_write(w, &ledger->state, index - 1);
	record_write(w, &ledger->state, index);
	write_text(w, "seal\n");
	seal_write(w, &seal);
	merkle_prove_inclusion(subtree, context, sealed.size - 1, sealed.size, &path);
	write_text(w, "\nc2sp.org/tlog-proof@v1\nindex ");
	write_number(w, sealed.size - 1);
	write_octet(w, '\n');
	path_write(w, &path);
	write_octet(w, '\n');
	return true;
}

/* Hashes, one a line, up to the empty line that ends them. */
static bool path_read(struct text *lines, struct merkle_proof *path)
{
	struct bytes line;
	size_t size = 0;

	path->count = 0;
	while (text_line(lines, &line)) {
		if (line.size == 0)
			return true;
		if (path->count == MERKLE_LEVELS_MAX ||
		    !base64_read(line, path->hash[path->count++].octet, DIGEST_SIZE, &size) ||
		    size != DIGEST_SIZE)
			return false;
	}
	return false;
}

/* Lines up to the next empty one, as they stand. */
static bool part_read(struct text *lines, struct bytes *part)
{
	struct bytes line;

	*part = bytes_first(lines->rest, 0);
	while (text_line(lines, &line)) {
		if (line.size == 0)
			return part->size > 0;
		part->size += line.size + 1;
	}
	return false;
}

struct shown {
	uint64_t index, count;
	struct bytes record;
	struct merkle_proof path;
};

static bool record_read(struct text *lines, struct shown *shown)
{
	struct bytes line, value;

	if (!text_line(lines, &line) || !bytes_starts(line, BYTES("record ")))
		return false;
	value = bytes_from(line, 7);
	return text_word_number(&value, INT64_MAX, &shown->index) &&
	       text_number(value, INT64_MAX, &shown->count) && path_read(lines, &shown->path) &&
	       part_read(lines, &shown->record);
}

static bool record_holds(const struct shown *shown, const struct seal *seal)
{
	struct digest leaf = merkle_leaf(shown->record);

	return shown->count == seal->records &&
	       merkle_verify_inclusion(&shown->path, shown->index, shown->count, &leaf, &seal->state);
}

static bool seal_holds(struct text *lines, struct bytes seal_text, struct state_proof *proof,
                       const char **why)
{
	struct digest leaf = merkle_leaf(seal_text);
	struct checkpoint checkpoint;
	struct merkle_proof path;
	struct bytes line;
	struct fault fault;
	struct note note;
	uint64_t index;

	*why = "no proof of the seal";
	if (!text_line(lines, &line) || !bytes_same(line, BYTES("c2sp.org/tlog-proof@v1")) ||
	    !text_line(lines, &line) || !bytes_starts(line, BYTES("index ")) ||
	    !text_number(bytes_from(line, 6), INT64_MAX, &index) || !path_read(lines, &path))
		return false;
	proof->checkpoint = lines->rest;
	*why = "no checkpoint";
	if (note_read(lines->rest, &note, &fault) != OK ||
	    checkpoint_read(note.text, &checkpoint, &fault) != OK)
		return false;
	*why = "the seal is of another federation than the checkpoint";
	if (!bytes_same(checkpoint.origin, proof->seal.origin))
		return false;
	*why = "the seal does not close the log of the checkpoint";
	return index + 1 == checkpoint.size &&
	       merkle_verify_inclusion(&path, index, checkpoint.size, &leaf, &checkpoint.root);
}

/* Neighbours: one follows the other, and the key would stand between. */
static bool absent_holds(const struct shown *before, const struct shown *after,
                         const struct seal *seal, struct bytes key)
{
	return record_holds(before, seal) && record_holds(after, seal) &&
	       before->index + 1 == after->index &&
	       bytes_compare(state_key(before->record), key) < 0 &&
	       bytes_compare(key, state_key(after->record)) < 0;
}

bool state_proof_check(struct bytes text, struct state_proof *proof, const char **why)
{
	struct text lines = {.rest = text};
	struct shown shown, after;
	struct bytes line, seal_text;
	struct fault fault;

	*proof = (struct state_proof){.present = true};
	*why = "not a state proof";
	if (!text_line(&lines, &line) || !bytes_starts(line, BYTES(HEAD)))
		return false;
	if (line.size > sizeof(HEAD) - 1) {
		if (!bytes_starts(bytes_from(line, sizeof(HEAD) - 1), BYTES(" absent ")))
			return false;
		proof->present = false;
		proof->key = bytes_from(line, sizeof(HEAD) - 1 + 8);
	}
	if (!record_read(&lines, &shown) || (!proof->present && !record_read(&lines, &after)) ||
	    !text_line(&lines, &line) || !bytes_same(line, BYTES("seal")) ||
	    !part_read(&lines, &seal_text))
		return false;
	*why = "not a seal";
	if (seal_read(seal_text, &proof->seal, &fault) != OK)
		return false;
	*why = "the record is not in the state that was sealed";
	if (proof->present ? !record_holds(&shown, &proof->seal)
	                   : !absent_holds(&shown, &after, &proof->seal, proof->key))
		return false;
	if (proof->present) {
		proof->record = shown.record;
		proof->key = state_key(shown.record);
	}
	return seal_holds(&lines, seal_text, proof, why);
}
