/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_WRITER_H
#define COMITY_BASE_WRITER_H

/*
 * writer.h - putting a text, or a message, together in a buffer of the caller's.
 *
 * A writer never writes past its end: it remembers that something did not fit,
 * and the caller asks once, at the end. `full` is never cleared by writing.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/time.h"

struct writer {
	uint8_t *at;
	size_t size; /* octets behind `at` */
	size_t used;
	bool full; /* something did not fit; what was written is incomplete */
};

/* A writer over everything an arena has left; writer_keep() takes what was written from
 * it and stops the process (memory_fail) when it did not fit. */
struct writer writer_in(struct arena *arena);
struct bytes writer_keep(struct writer *writer, struct arena *arena);

/* What was written so far; borrowed. */
struct bytes writer_bytes(const struct writer *writer);

/* Room for `size` octets, or NULL and the writer is full. */
static inline uint8_t *writer_take(struct writer *writer, size_t size)
{
	uint8_t *at = writer->at + writer->used;

	if (writer->full || size > writer->size - writer->used) {
		writer->full = true;
		return NULL;
	}
	writer->used += size;
	return at;
}

static inline void write_bytes(struct writer *writer, struct bytes bytes)
{
	uint8_t *to = writer_take(writer, bytes.size);

	if (to != NULL && bytes.size != 0)
		memcpy(to, bytes.at, bytes.size);
}

static inline void write_octet(struct writer *writer, uint8_t octet)
{
	uint8_t *to = writer_take(writer, 1);

	if (to != NULL)
		*to = octet;
}

/* Numbers are big endian. */
static inline void write_u16(struct writer *writer, uint16_t value)
{
	uint8_t *to = writer_take(writer, 2);

	if (to == NULL)
		return;
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

static inline void write_u32(struct writer *writer, uint32_t value)
{
	uint8_t *to = writer_take(writer, 4);

	if (to == NULL)
		return;
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

void write_u64(struct writer *writer, uint64_t value);
void write_text(struct writer *writer, const char *text);
void write_number(struct writer *writer, uint64_t number); /* decimal */
void write_hex(struct writer *writer, struct bytes bytes);
void write_digest(struct writer *writer, const struct digest *digest); /* 64 hex digits */
void write_base64(struct writer *writer, struct bytes bytes);
void write_time(struct writer *writer, struct ledger_time time);
void write_span(struct writer *writer, int64_t seconds);

/* "name: value" and LF. */
void write_field(struct writer *writer, const char *name, struct bytes value);
void write_field_number(struct writer *writer, const char *name, uint64_t number);
void write_field_time(struct writer *writer, const char *name, struct ledger_time time);
void write_field_digest(struct writer *writer, const char *name, const struct digest *digest);

#endif
