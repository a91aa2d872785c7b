/* SPDX-License-Identifier: Apache-2.0 */
#include "act/genesis.h"

#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"

#define FIRST_LINE "comity-genesis/1"

bool party_keys_valid(struct bytes keys, struct bytes origin, struct bytes party,
                      uint64_t threshold, const char **why)
{
	struct note_key seen[PARTY_KEYS_MAX];
	uint32_t before = 0, number, count = 0, acting = 0;
	struct bytes o, p;
	enum key_role role;
	struct note_key key;

	while (act_key(&keys, &role, &key)) {
		*why = "a party has at most 16 keys";
		if (count == PARTY_KEYS_MAX)
			return false;
		*why = "a key is named ORIGIN/p/PARTY/NUMBER, numbers rising";
		if (!act_key_name(key.name, &o, &p, &number) || !bytes_same(o, origin) ||
		    !bytes_same(p, party) || number <= before)
			return false;
		*why = "the same key twice";
		for (uint32_t i = 0; i < count; i++)
			if (memcmp(seen[i].public_key, key.public_key, 32) == 0)
				return false;
		before = number;
		seen[count++] = key;
		acting += role == ROLE_ACT;
	}
	*why = "the threshold is at least 1 and at most the number of act keys";
	return threshold >= 1 && threshold <= acting;
}

static bool field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_line(lines, &line) && line.size <= ACT_LINE_SIZE_MAX &&
	       text_field(line, name, value);
}

static bool hex_word(struct bytes word, struct digest *digest)
{
	return hex_read(word, digest->octet, DIGEST_SIZE);
}

static bool head_read(struct text *lines, struct genesis *g, const char **why)
{
	struct bytes v, word;
	uint64_t number;

	*why = "a genesis begins with \"" FIRST_LINE "\"";
	if (!text_line(lines, &v) || !bytes_same(v, BYTES(FIRST_LINE)))
		return false;
	*why = "origin: 3 to 100 of a-z 0-9 . / -, not beginning with comity-";
	if (!field(lines, "origin", &g->origin) || !origin_valid(g->origin))
		return false;
	*why = "time: the moment of the first block";
	if (!field(lines, "time", &v) || !time_read(v, &g->time))
		return false;
	if (!apex_read(lines, &g->apex, why))
		return false;
	*why = "charter: its version, 1, and the SHA-256 of its text";
	if (!field(lines, "charter", &v) || !text_word_number(&v, 1, &number) || number != 1 ||
	    !hex_word(v, &g->charter_digest))
		return false;
	g->charter_version = 1;
	*why = "import: none, or SHA-256 and size of the manifest";
	if (!field(lines, "import", &v))
		return false;
	g->import = !bytes_same(v, BYTES("none"));
	if (g->import && (!text_word(&v, &word) || !hex_word(word, &g->import_digest) ||
	                  !text_number(v, INT32_MAX, &g->import_size)))
		return false;
	*why = "log: the key that signs checkpoints, named as the origin";
	return field(lines, "log", &v) && note_key_read(v, &g->log) &&
	       g->log.type == NOTE_TYPE_ED25519 && bytes_same(g->log.name, g->origin);
}

static bool founder_read(struct text *lines, struct founder *f, const char **why)
{
	static const struct act_field KEYS = {"key", FORM_KEYS, NULL};
	struct bytes line, v;
	uint64_t threshold;

	*why = "party: name, kind, threshold";
	if (!field(lines, "party", &v) || !text_word(&v, &f->name) || !party_name_valid(f->name) ||
	    !text_word(&v, &f->kind) || !party_name_valid(f->kind) ||
	    !text_number(v, PARTY_KEYS_MAX, &threshold))
		return false;
	f->threshold = (uint32_t)threshold;
	f->keys = bytes_first(lines->rest, 0);
	while (text_peek(lines, &line) && text_field(line, "key", &v)) {
		*why = "not a role and a key";
		if (!text_line(lines, &line) || line.size > ACT_LINE_SIZE_MAX ||
		    !field_form_holds(&KEYS, v))
			return false;
		f->keys.size += line.size + 1;
	}
	return true;
}

static bool parties_read(struct text *lines, struct genesis *g, const char **why)
{
	struct bytes before = {NULL, 0}, line, v;
	unsigned count = 0;

	g->parties = bytes_first(lines->rest, 0);
	while (text_peek(lines, &line) && text_field(line, "party", &v)) {
		struct founder f;

		if (!founder_read(lines, &f, why) ||
		    !party_keys_valid(f.keys, g->origin, f.name, f.threshold, why))
			return false;
		*why = "founders not sorted by name, or one twice";
		if (count > 0 && bytes_compare(before, f.name) >= 0)
			return false;
		*why = "more than 16 founders: the others accede";
		if (++count > GENESIS_PARTIES_MAX)
			return false;
		before = f.name;
		g->parties.size = (size_t)(f.keys.at + f.keys.size - g->parties.at);
	}
	*why = "no founder";
	return count > 0;
}

static bool tail_read(struct text *lines, struct genesis *g, const char **why)
{
	if (!act_take_embedded(lines, &g->embed, why))
		return false;
	*why = "no charter";
	return g->embed.size != 0 && act_take_words(lines, &g->words, why);
}

static bool charter_digest_fits(const struct genesis *g)
{
	crypto_hash_sha256_state hash;
	struct digest digest;
	struct text lines = {.rest = g->embed};
	struct bytes line;

	crypto_hash_sha256_init(&hash);
	while (text_line(&lines, &line)) {
		struct bytes inner = bytes_from(line, 2);

		crypto_hash_sha256_update(&hash, inner.at, inner.size);
		crypto_hash_sha256_update(&hash, (const uint8_t *)"\n", 1);
	}
	crypto_hash_sha256_final(&hash, digest.octet);
	return digest_same(&digest, &g->charter_digest);
}

enum mishap genesis_read(struct bytes text, struct genesis *genesis, struct fault *fault)
{
	struct text lines = {.rest = text};
	struct genesis g = {.text = text};
	const char *why = NULL;

	if (text.size > ACT_TEXT_SIZE_MAX) {
		*fault = (struct fault){0, 0, "a text has at most 32768 octets"};
		return MISHAP_LIMIT;
	}
	if (!head_read(&lines, &g, &why) || !parties_read(&lines, &g, &why) ||
	    !tail_read(&lines, &g, &why)) {
		*fault = (struct fault){lines.line, 0, why};
		return MISHAP_MALFORMED;
	}
	*fault = (struct fault){lines.line + 1, 0, "a line that does not belong here"};
	if (lines.rest.size != 0)
		return MISHAP_MALFORMED;
	*fault = (struct fault){0, 0, "the text of the charter has another SHA-256"};
	if (!charter_digest_fits(&g))
		return MISHAP_MALFORMED;
	g.id = sha256(text);
	*genesis = g;
	return OK;
}

bool genesis_party(struct bytes *parties, struct founder *founder)
{
	struct text lines = {.rest = *parties};
	const char *why;
	bool read;

	if (parties->size == 0)
		return false;
	read = founder_read(&lines, founder, &why);
	must(read);
	*parties = lines.rest;
	return true;
}

void genesis_write_party(struct writer *writer, const struct founder *founder)
{
	write_text(writer, "party: ");
	write_bytes(writer, founder->name);
	write_octet(writer, ' ');
	write_bytes(writer, founder->kind);
	write_octet(writer, ' ');
	write_number(writer, founder->threshold);
	write_octet(writer, '\n');
	write_bytes(writer, founder->keys);
}

void genesis_write(struct writer *writer, const struct genesis *genesis)
{
	write_text(writer, FIRST_LINE "\n");
	write_field(writer, "origin", genesis->origin);
	write_field_time(writer, "time", genesis->time);
	apex_write(writer, &genesis->apex);
	write_text(writer, "charter: ");
	write_number(writer, genesis->charter_version);
	write_octet(writer, ' ');
	write_digest(writer, &genesis->charter_digest);
	write_text(writer, "\nimport: ");
	if (genesis->import) {
		write_digest(writer, &genesis->import_digest);
		write_octet(writer, ' ');
		write_number(writer, genesis->import_size);
	} else {
		write_text(writer, "none");
	}
	write_text(writer, "\nlog: ");
	note_key_write(writer, &genesis->log);
	write_octet(writer, '\n');
	write_bytes(writer, genesis->parties);
	write_bytes(writer, genesis->embed);
	write_bytes(writer, genesis->words);
}

struct bytes genesis_charter(const struct genesis *genesis, struct arena *arena)
{
	struct act embedding = {.embed = genesis->embed};

	return act_embedded(&embedding, arena);
}
