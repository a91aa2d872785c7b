/* SPDX-License-Identifier: Apache-2.0 */
#include "signing/board.h"

#include <string.h>

#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "state/custody.h"
#include "state/job.h"

#define HEAD "comity-board/1 "

static const char *const KIND_WORDS[] = {[BOARD_COMMITMENTS] = "commitments",
                                         [BOARD_SHARES] = "shares"};

size_t board_item_size(enum board_kind kind)
{
	return kind == BOARD_COMMITMENTS ? 64 : 32;
}

static bool field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_line(lines, &line) && text_field(line, name, value);
}

static bool field_number(struct text *lines, const char *name, uint64_t most, uint64_t *number)
{
	struct bytes value;

	return field(lines, name, &value) && text_number(value, most, number);
}

static bool kind_read(struct text *lines, struct board_message *m)
{
	struct bytes line;

	if (!text_line(lines, &line) || !bytes_starts(line, BYTES(HEAD)))
		return false;
	for (m->kind = BOARD_COMMITMENTS; m->kind <= BOARD_SHARES; m->kind++)
		if (bytes_same(bytes_from(line, sizeof(HEAD) - 1), bytes_of(KIND_WORDS[m->kind])))
			return true;
	return false;
}

static bool of_session_read(struct text *lines, struct board_message *m)
{
	struct bytes v;

	if (!field_number(lines, "job", INT64_MAX, &m->job) ||
	    !field_number(lines, "session", INT64_MAX, &m->session) || !field(lines, "round", &v))
		return false;
	m->round_b = bytes_same(v, BYTES("b"));
	return m->round_b || bytes_same(v, BYTES("a"));
}

static bool text_read(struct text *lines, struct board_message *m)
{
	uint64_t count;
	struct bytes v;

	if (!kind_read(lines, m) || !field(lines, "federation", &v) || !text_word(&v, &m->origin) ||
	    !origin_valid(m->origin) || !hex_read(v, m->federation, sizeof(m->federation)) ||
	    !field(lines, "by", &m->by) || !party_name_valid(m->by))
		return false;
	if (m->kind == BOARD_COMMITMENTS) {
		if (!field(lines, "pool", &v) || !hex_read(v, m->pool, sizeof(m->pool)))
			return false;
	} else if (!of_session_read(lines, m)) {
		return false;
	}
	if (!field_number(lines, "count", BOARD_ITEMS_MAX, &count) || count == 0 ||
	    !field(lines, "root", &v) || !hex_read(v, m->root.octet, DIGEST_SIZE))
		return false;
	m->count = (uint32_t)count;
	return lines->rest.size == 0;
}

enum mishap board_read_head(struct bytes octets, struct board_message *message,
                            struct fault *fault)
{
	struct board_message m = {.note = octets};
	struct text lines;
	struct note note;

	if (octets.size > BOARD_HEAD_MAX) {
		*fault = (struct fault){0, 0, "the head of a board message has at most 1024 octets"};
		return MISHAP_LIMIT;
	}
	if (note_read(octets, &note, fault) != OK)
		return MISHAP_MALFORMED;
	m.text = note.text;
	lines = (struct text){.rest = note.text};
	if (!text_read(&lines, &m)) {
		*fault = (struct fault){lines.line, 0, "not the line that stands here in a board message"};
		return MISHAP_MALFORMED;
	}
	*message = m;
	return OK;
}

enum mishap board_read(struct bytes octets, struct board_message *message, struct fault *fault)
{
	struct board_message m;
	struct bytes body;
	size_t size;

	*fault = (struct fault){0, 0, "the size of a board message"};
	if (octets.size > BOARD_SIZE_MAX)
		return MISHAP_LIMIT;
	if (octets.size < 2)
		return MISHAP_SHORT;
	size = (size_t)octets.at[0] << 8 | octets.at[1];
	if (size > octets.size - 2)
		return MISHAP_SHORT;
	body = bytes_from(octets, 2 + size);
	enum mishap read = board_read_head((struct bytes){octets.at + 2, size}, &m, fault);
	if (read != OK)
		return read;
	*fault = (struct fault){0, 0, "the body is not as large as the head says"};
	if (body.size != m.count * board_item_size(m.kind))
		return body.size < m.count * board_item_size(m.kind) ? MISHAP_SHORT : MISHAP_TRAILING;
	m.body = body;
	*message = m;
	return OK;
}

void board_write_text(struct writer *writer, const struct board_message *m)
{
	write_text(writer, HEAD);
	write_text(writer, KIND_WORDS[m->kind]);
	write_text(writer, "\nfederation: ");
	write_bytes(writer, m->origin);
	write_octet(writer, ' ');
	write_hex(writer, (struct bytes){m->federation, sizeof(m->federation)});
	write_octet(writer, '\n');
	write_field(writer, "by", m->by);
	if (m->kind == BOARD_COMMITMENTS) {
		write_text(writer, "pool: ");
		write_hex(writer, (struct bytes){m->pool, sizeof(m->pool)});
		write_octet(writer, '\n');
	} else {
		write_field_number(writer, "job", m->job);
		write_field_number(writer, "session", m->session);
		write_field(writer, "round", m->round_b ? BYTES("b") : BYTES("a"));
	}
	write_field_number(writer, "count", m->count);
	write_field_digest(writer, "root", &m->root);
}

void board_write(struct writer *writer, struct bytes note, struct bytes body)
{
	must(note.size <= BOARD_HEAD_MAX);
	write_u16(writer, (uint16_t)note.size);
	write_bytes(writer, note);
	write_bytes(writer, body);
}

bool board_signed(const struct state *state, struct bytes origin, const struct digest *genesis,
                  const struct board_message *message)
{
	struct note_key key;
	struct party party;
	struct fault fault;
	struct note note;

	return bytes_same(message->origin, origin) &&
	       memcmp(message->federation, genesis->octet, sizeof(message->federation)) == 0 &&
	       note_read(message->note, &note, &fault) == OK && note.count == 1 &&
	       party_get(state, message->by, &party) &&
	       party_key_named(party.keys, ROLE_CUSTODY, note.signature[0].name, &key) &&
	       note_signature_holds(&note.signature[0], &key, note.text);
}

static bool pool_expected(const struct state *state, const struct board_message *m)
{
	struct pool pool;

	return pool_get(state, m->by, &pool) && memcmp(pool.id, m->pool, sizeof(pool.id)) == 0 &&
	       pool.count == m->count && digest_same(&pool.root, &m->root);
}

static bool shares_expected(const struct state *state, const struct board_message *m)
{
	struct custody custody;
	struct session session;
	struct job job;

	custody_get(state, &custody);
	return m->job == custody.job && job_get(state, m->job, &job) &&
	       session_get(state, m->job, m->session, &session) &&
	       session_member_of(&session, m->by) != NULL &&
	       (m->round_b ? job.kind == JOB_ZONE && m->count == 1 : m->count == job.items);
}

bool board_expected(const struct state *state, const struct board_message *message)
{
	return message->kind == BOARD_COMMITMENTS ? pool_expected(state, message)
	                                          : shares_expected(state, message);
}

static struct digest *leaves_of(struct bytes body, size_t item_size, struct arena *arena)
{
	size_t count = body.size / item_size;
	struct digest *leaf = arena_take_array(arena, count, sizeof(*leaf));

	for (size_t i = 0; i < count; i++)
		leaf[i] = merkle_leaf((struct bytes){body.at + i * item_size, item_size});
	return leaf;
}

struct digest board_root(struct bytes body, size_t item_size, struct arena scratch)
{
	const struct digest *leaves = leaves_of(body, item_size, &scratch);

	return merkle_root(leaves, body.size / item_size);
}

void board_prove(struct bytes body, size_t item_size, uint32_t index, struct arena scratch,
                 struct merkle_proof *proof)
{
	const struct digest *leaves = leaves_of(body, item_size, &scratch);

	merkle_prove_inclusion(merkle_of_leaves, leaves, index, body.size / item_size, proof);
}
