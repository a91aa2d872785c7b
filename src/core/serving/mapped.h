/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_MAPPED_H
#define COMITY_SERVING_MAPPED_H

/*
 * mapped.h - what image, transfer file and ordinary zone have in common: a front that says what
 * the file is and seals it, and tables of entries behind it. Whoever wrote it is not trusted.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "serving/image.h"

/* How the header of each of them begins. */
struct mapped_front {
	uint8_t magic[8];
	uint32_t format;
	uint32_t byte_order;   /* IMAGE_BYTE_ORDER */
	struct digest content; /* SHA-256 of everything behind this field */
	uint64_t size;         /* octets of the whole file */
};

/* Fails to compile where a header begins in another way. */
#define MAPPED_BEGINS(header)                                                                  \
	_Static_assert(                                                                        \
		offsetof(header, magic) == offsetof(struct mapped_front, magic) &&             \
			offsetof(header, format) == offsetof(struct mapped_front, format) &&   \
			offsetof(header, byte_order) ==                                        \
				offsetof(struct mapped_front, byte_order) &&                   \
			offsetof(header, content) == offsetof(struct mapped_front, content) && \
			offsetof(header, size) == offsetof(struct mapped_front, size),         \
		"the front of a mapped file")

/* One of the kinds of file, and what is said of one that is none. */
struct mapped_kind {
	char magic[9]; /* eight octets, and the NUL of a literal */
	uint32_t format;
	size_t header_size;
	const char *too_short, *another, *another_version;
};

/*
 * Checks the front of `file`, at an address that IMAGE_ALIGN divides, and its seal over all of
 * the rest. NULL when it is good, else why it is not; the tables are not looked at.
 */
const char *mapped_check(struct bytes file, const struct mapped_kind *kind);

/* The entries of a table behind the header; NULL when it does not lie in the file. A view. */
const void *mapped_entries(struct bytes file, size_t header_size, struct image_table table,
                           size_t entry_size);

/* ---- making one ---- */

/* A table on its way into a file. */
struct mapped_part {
	const struct writer *octets;
	size_t entry_size;         /* octets of one of its entries */
	struct image_table *table; /* where the header says it stands */
};

/* Decides where the tables stand, one behind the other, behind a header of that size. Returns the
 * octets of the file; MISHAP_FULL comes of mapped_write() when a table is full, or these are too
 * many. */
uint64_t mapped_place(const struct mapped_part *parts, size_t count, size_t header_size);

/* Writes header and tables, at an address that IMAGE_ALIGN divides. The header begins as
 * mapped_front, and its size is set. MISHAP_FULL: something does not fit. */
enum mishap mapped_write(const struct mapped_part *parts, size_t count, const void *header,
                         size_t header_size, struct writer *to) CHECKED;

/* Seals the file that begins at `start` and ends where `to` does: nothing in it changes after. */
void mapped_seal(struct writer *to, size_t start);

#endif
