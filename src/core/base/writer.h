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

void write_bytes(struct writer *writer, struct bytes bytes);
void write_text(struct writer *writer, const char *text);
void write_octet(struct writer *writer, uint8_t octet);
void write_u16(struct writer *writer, uint16_t value); /* big endian */
void write_u32(struct writer *writer, uint32_t value); /* big endian */
void write_u64(struct writer *writer, uint64_t value); /* big endian */
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
