/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_LAYOUT_H
#define COMITY_SERVING_LAYOUT_H

/*
 * layout.h - the tables of an image while it is being made, and laying out its pieces.
 *
 * Tables grow in ranges of their own of one arena. One that is full swallows what
 * does not fit; whoever makes an image asks tables_full() before relying on an entry.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/dname.h"
#include "dns/rrset.h"
#include "serving/image.h"

/* What becomes a table of the image each, in the order in which they stand there; and one that
 * does not. */
enum table {
	TABLE_NODE,
	TABLE_KEY,
	TABLE_CHILD,
	TABLE_TYPE,
	TABLE_PIECE,
	TABLE_POINTER,
	TABLE_CUT,
	TABLE_OCTET,
	TABLE_DRAFT,
	TABLES
};

struct tables {
	struct writer table[TABLES];
	uint32_t entry_size[TABLES];
};

/* Divides what `arena` has left among the tables; `draft_size` is the size of a draft. */
void tables_divide(struct tables *tables, const struct arena *arena, uint32_t draft_size);
bool tables_full(const struct tables *tables);
uint32_t tables_count(const struct tables *tables, enum table table);

/* Adds a copy of an entry; returns its index. */
uint32_t tables_add(struct tables *tables, enum table table, const void *entry);

/* ---- a piece ---- */

#define LAYOUT_SUFFIX_MAX    512 /* names a piece may point back to */
#define LAYOUT_SUFFIX_LABELS 7   /* of a name that long or shorter; of a longer one, the whole and its end */
#define LAYOUT_POINTER_MAX                                                                     \
	(0x3fffu - DNAME_SIZE_MAX) /* where they may begin: they move by a name's length */
#define LAYOUT_SIZE_MAX 60000      /* octets of a piece; leaves room for a question and OPT */

struct layout {
	struct tables *tables;
	struct image_piece piece;
	uint32_t first; /* the piece's begin in the table of octets */
	size_t base;    /* and in the message */
	uint32_t additionals;
	unsigned suffixes;
	struct layout_suffix { /* names that may be pointed to, and where they begin in the
		                  message */
		struct bytes name;
		uint16_t at;
	} suffix[LAYOUT_SUFFIX_MAX];
};

/* Begins a piece that stands behind a question for `name`. */
void layout_begin_behind(struct layout *layout, struct tables *tables, struct bytes name);

/* Begins a piece that may stand anywhere: its pointers move by its place in the message. */
void layout_begin_anywhere(struct layout *layout, struct tables *tables);

/* Octets of the piece so far. */
size_t layout_size(const struct layout *layout);

/* Puts the records of a set, or the signatures of one; returns how many. */
uint32_t layout_put_set(struct layout *layout, const struct rrset *set, uint32_t ttl);
uint32_t layout_put_rrsigs(struct layout *layout, const struct rrset *set, uint32_t ttl);

/* Puts a set, or its signatures, into the additional section, as something that may be left
 * out when the message gets too long: what is put later is left out first. */
void layout_put_additional(struct layout *layout, const struct rrset *set);
void layout_put_additional_rrsigs(struct layout *layout, const struct rrset *set);

/*
 * Ends a piece of so many records, and the additional ones; `*index` is its place in
 * TABLE_PIECE. MISHAP_LIMIT: larger than LAYOUT_SIZE_MAX.
 */
enum mishap layout_end(struct layout *layout, uint32_t answers, uint32_t authorities,
                       uint32_t *index) CHECKED;

#endif
