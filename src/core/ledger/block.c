/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/block.h"

#include "act/act.h"
#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"

static uint64_t take(struct bytes *rest, unsigned octets)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < octets; i++)
		value = value << 8 | rest->at[i];
	*rest = bytes_from(*rest, octets);
	return value;
}

bool block_note(struct bytes *notes, struct bytes *note)
{
	size_t size;

	if (notes->size < 4)
		return false;
	size = (size_t)take(notes, 4);
	must(size <= notes->size);
	*note = bytes_first(*notes, size);
	*notes = bytes_from(*notes, size);
	return true;
}

enum mishap block_read(struct bytes octets, struct block *block)
{
	struct block b = {.height = 0};
	struct bytes rest = octets;
	uint64_t time, size;

	if (octets.size > BLOCK_SIZE_MAX)
		return MISHAP_LIMIT;
	if (rest.size < 20)
		return MISHAP_SHORT;
	b.height = take(&rest, 8);
	time = take(&rest, 8);
	b.count = (uint32_t)take(&rest, 4);
	if (b.height > INT64_MAX || time > TIME_MAX || b.count > BLOCK_ACTS_MAX)
		return MISHAP_MALFORMED;
	b.time.seconds = (int64_t)time;
	b.notes = bytes_first(rest, 0);
	for (uint32_t i = 0; i < b.count; i++) {
		if (rest.size < 4)
			return MISHAP_SHORT;
		size = take(&rest, 4);
		if (size > rest.size)
			return MISHAP_SHORT;
		rest = bytes_from(rest, (size_t)size);
		b.notes.size += 4 + (size_t)size;
	}
	if (rest.size < 4)
		return MISHAP_SHORT;
	size = take(&rest, 4);
	if (size > rest.size)
		return MISHAP_SHORT;
	if (size < rest.size)
		return MISHAP_TRAILING;
	if (size > SEAL_SIZE_MAX || (size == 0 && b.count != 0))
		return MISHAP_MALFORMED;
	b.seal = rest;
	*block = b;
	return OK;
}

void block_write_note(struct writer *writer, struct bytes note)
{
	write_u32(writer, (uint32_t)note.size);
	write_bytes(writer, note);
}

void block_write(struct writer *writer, const struct block *block)
{
	write_u64(writer, block->height);
	write_u64(writer, (uint64_t)block->time.seconds);
	write_u32(writer, block->count);
	write_bytes(writer, block->notes);
	block_write_note(writer, block->seal);
}

void seal_write(struct writer *writer, const struct seal *seal)
{
	write_text(writer, "comity-seal/1\nfederation: ");
	write_bytes(writer, seal->origin);
	write_octet(writer, ' ');
	write_hex(writer, (struct bytes){seal->federation, sizeof(seal->federation)});
	write_octet(writer, '\n');
	write_field_number(writer, "height", seal->height);
	write_field_time(writer, "time", seal->time);
	write_field_number(writer, "acts", seal->acts);
	write_text(writer, "state: ");
	write_number(writer, seal->records);
	write_octet(writer, ' ');
	write_digest(writer, &seal->state);
	write_octet(writer, '\n');
}

static bool field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_line(lines, &line) && text_field(line, name, value);
}

enum mishap seal_read(struct bytes text, struct seal *seal, struct fault *fault)
{
	struct text lines = {.rest = text};
	struct seal s = {.height = 0};
	struct bytes v;

	if (!text_line(&lines, &v) || !bytes_same(v, BYTES("comity-seal/1")) ||
	    !field(&lines, "federation", &v) || !text_word(&v, &s.origin) ||
	    !origin_valid(s.origin) || !hex_read(v, s.federation, sizeof(s.federation)) ||
	    !field(&lines, "height", &v) || !text_number(v, INT64_MAX, &s.height) ||
	    !field(&lines, "time", &v) || !time_read(v, &s.time) || !field(&lines, "acts", &v) ||
	    !text_number(v, BLOCK_ACTS_MAX, &s.acts) || !field(&lines, "state", &v) ||
	    !text_word_number(&v, INT64_MAX, &s.records) ||
	    !hex_read(v, s.state.octet, DIGEST_SIZE) || lines.rest.size != 0) {
		*fault = (struct fault){lines.line, 0, "not the line that stands here in every seal"};
		return MISHAP_MALFORMED;
	}
	*seal = s;
	return OK;
}
