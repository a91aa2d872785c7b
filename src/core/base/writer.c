/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"

struct writer writer_in(struct arena *arena)
{
	struct arena rest = arena_rest(arena);

	return (struct writer){.at = rest.at, .size = rest.size};
}

struct bytes writer_keep(struct writer *writer, struct arena *arena)
{
	struct arena rest = arena_rest(arena);

	if (writer->full)
		memory_fail(arena->size);
	must(writer->at == rest.at);
	arena_keep(arena, &rest, writer->used);
	return writer_bytes(writer);
}

struct bytes writer_bytes(const struct writer *writer)
{
	return (struct bytes){writer->at, writer->used};
}

void write_text(struct writer *writer, const char *text)
{
	write_bytes(writer, bytes_of(text));
}

void write_u64(struct writer *writer, uint64_t value)
{
	uint8_t *to = writer_take(writer, 8);

	for (unsigned i = 0; to != NULL && i < 8; i++)
		to[i] = (uint8_t)(value >> (56 - 8 * i));
}

void write_number(struct writer *writer, uint64_t number)
{
	uint8_t digits[20];
	unsigned first = sizeof(digits);

	do {
		digits[--first] = (uint8_t)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	write_bytes(writer, (struct bytes){digits + first, sizeof(digits) - first});
}

void write_hex(struct writer *writer, struct bytes bytes)
{
	uint8_t *to = writer_take(writer, 2 * bytes.size);

	if (to != NULL)
		hex_write((char *)to, bytes);
}

void write_digest(struct writer *writer, const struct digest *digest)
{
	write_hex(writer, digest_bytes(digest));
}

void write_base64(struct writer *writer, struct bytes bytes)
{
	uint8_t *to = writer_take(writer, BASE64_SIZE(bytes.size));

	if (to != NULL)
		base64_write((char *)to, bytes);
}

void write_time(struct writer *writer, struct ledger_time time)
{
	uint8_t *to = writer_take(writer, TIME_TEXT_SIZE);

	if (to != NULL)
		time_write((char *)to, time);
}

void write_span(struct writer *writer, int64_t seconds)
{
	char text[12];

	write_bytes(writer, (struct bytes){(uint8_t *)text, time_span_write(text, seconds)});
}

static void write_name(struct writer *writer, const char *name)
{
	write_text(writer, name);
	write_text(writer, ": ");
}

void write_field(struct writer *writer, const char *name, struct bytes value)
{
	write_name(writer, name);
	write_bytes(writer, value);
	write_octet(writer, '\n');
}

void write_field_number(struct writer *writer, const char *name, uint64_t number)
{
	write_name(writer, name);
	write_number(writer, number);
	write_octet(writer, '\n');
}

void write_field_time(struct writer *writer, const char *name, struct ledger_time time)
{
	write_name(writer, name);
	write_time(writer, time);
	write_octet(writer, '\n');
}

void write_field_digest(struct writer *writer, const char *name, const struct digest *digest)
{
	write_name(writer, name);
	write_digest(writer, digest);
	write_octet(writer, '\n');
}
