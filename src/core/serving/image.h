/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_IMAGE_H
#define COMITY_SERVING_IMAGE_H

/*
 * image.h - the zone image: one zone, every answer of it ready-made, in one
 * immutable file (comity-image(5)).
 *
 * A *piece* is a run of records as they stand in a message, with the list of
 * the compression pointers in it. It was laid out behind a question for the
 * name of its node; behind a longer name that ends in the node's, every pointer
 * of it moves by the same number of octets.
 *
 * A *node* is a name of the zone that is not below a zone cut: the apex, an
 * owner, a zone cut, or an empty non-terminal. Nodes stand in canonical order
 * (RFC 4034 section 6.1), so a search finds either the node or its predecessor,
 * and with that the NSEC that covers. The children of the apex - the TLDs, when
 * the apex is the root - have a table of their own, searched by the first eight
 * octets of the label.
 *
 * image_open() is the only door in. It checks everything below, so whoever
 * serves an image relies on it without looking. All numbers are in the byte
 * order of the machine that made the image; one of another order is refused.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/mishap.h"
#include "dns/serial.h"
#include "serving/octets.h"

#define IMAGE_MAGIC      "COMITYZI" /* eight octets, no NUL */
#define IMAGE_FORMAT     1
#define IMAGE_BYTE_ORDER 0x01020304u
#define IMAGE_ALIGN      8 /* octets: where an image must begin in memory */

/* Records by section, as the last three words of a message's header have them. */
#define IMAGE_COUNTS(answers, authorities, additionals)                                        \
	((uint64_t)(answers) << 32 | (uint64_t)(authorities) << 16 | (uint64_t)(additionals))
#define IMAGE_COUNTS_MAX 0xffffffffffff

/* A run of records, ready-made. */
struct image_piece {
	uint64_t counts;        /* IMAGE_COUNTS of its records */
	uint32_t octets;        /* where they begin, from the start of the image */
	uint32_t pointers;      /* compression pointers: first in image.pointer[], ... */
	uint32_t cuts;          /* shorter forms, ascending: first in image.cut[] */
	uint16_t size;          /* octets */
	uint16_t pointer_count; /* ... each the offset of one into the piece, ascending */
	uint16_t cut_count;
	uint16_t required_cuts; /* the forms before this one lack an address that is needed: TC
	                         */
	uint32_t unused;        /* zero */
};

/* A piece without its last records: whole sets of the additional section. */
struct image_cut {
	uint16_t size;        /* octets kept */
	uint16_t additionals; /* records kept in the additional section */
};

enum image_kind {
	IMAGE_EMPTY, /* empty non-terminal: exists and has no data (RFC 9499) */
	IMAGE_DATA,  /* authoritative data */
	IMAGE_CUT,   /* a delegation */
};

struct image_node {
	uint32_t name; /* wire form, from the start of the image */
	uint32_t nsec; /* piece: the NSEC of this name, or the last one before it; 0: none */
	uint32_t referral;   /* IMAGE_CUT: piece without DO; the next one with */
	uint32_t ds;         /* IMAGE_CUT: piece without DO, the next one with; 0: no DS */
	uint32_t types;      /* IMAGE_DATA: first in image.type[] */
	uint16_t type_count; /* IMAGE_DATA */
	uint8_t kind;        /* enum image_kind */
	uint8_t labels;      /* of the name */
};

/* What a node answers to one QTYPE. */
struct image_type {
	uint16_t type;   /* TYPE_ANY stands last and is RFC 8482's one set */
	uint16_t unused; /* zero */
	uint32_t piece;  /* without DO; the next one with */
};

/* Pieces with a fixed place. */
#define IMAGE_SOA        0 /* SOA for a negative answer without DO; 1: with DO, so with RRSIG */
#define IMAGE_NX         2 /* with DO: IMAGE_SOA and the NSEC that denies a wildcard at the apex */
#define IMAGE_FIRST_FREE 3

struct image_table {
	uint32_t at;    /* from the start of the image */
	uint32_t count; /* entries */
};

/* The front of the file. */
struct image_header {
	uint8_t magic[8];
	uint32_t format;
	uint32_t byte_order;
	struct digest content;     /* SHA-256 of everything behind this field */
	uint64_t size;             /* octets of the whole image */
	uint8_t zone[SHA384_SIZE]; /* the digest of RFC 8976 over the zone it was made from */
	uint32_t serial;
	uint32_t apex_labels;
	uint32_t records;       /* of the zone, signatures included */
	uint32_t wildcard_nsec; /* piece: the NSEC in IMAGE_NX; 0: zone without NSEC */
	struct image_table node, key, child, type, piece, pointer, cut, octet;
};

/* An open image: views into the file. */
struct image {
	struct bytes file;
	const struct image_header *header;
	const struct image_node *node; /* canonical order; the first is the apex */
	const uint64_t *key;           /* of the children of the apex, see below */
	const uint32_t *child; /* their nodes; then, as a last entry, the number of nodes */
	const struct image_type *type;
	const struct image_piece *piece;
	const uint16_t *pointer;
	const struct image_cut *cut;
	uint32_t node_count;
	uint32_t child_count;
	uint32_t key_count;
	uint32_t apex_labels; /* at most IMAGE_APEX_LABELS_MAX */
};

#define IMAGE_APEX_LABELS_MAX 6

/*
 * The table of keys has a power of two of entries: 0, then image_label_key() of
 * each child, then all ones at least once to the end. So the index of the last entry that is
 * not greater than a key counts the children that are not after it, and is found in halves, in
 * a number of steps that the table's size tells.
 */
#define IMAGE_KEY_FIRST 0
#define IMAGE_KEY_REST  UINT64_MAX

/*
 * Opens the image that is all of `file`, which begins at an address divisible by
 * IMAGE_ALIGN and stays as it is while `*image` is in use. Checks the digest of its content
 * and then everything that serving relies on, so that even an image made
 * with ill will can give wrong answers only, and never a fault. NULL when it is good;
 * otherwise why not, and `*image` is untouched.
 */
const char *image_open(struct bytes file, struct image *image) CHECKED;

static inline struct serial image_serial(const struct image *image)
{
	return (struct serial){image->header->serial};
}

/* The apex, a view of a name. */
struct bytes image_apex(const struct image *image);

/* The name of a node, a view. */
struct bytes image_name(const struct image *image, const struct image_node *node);

/*
 * The first eight octets of a label, in lower case, as a number whose order is the order of
 * labels; shorter labels are filled up with zeros. `at` points to the label's
 * octets, and eight octets may be read there whatever `size`, at least 1, is.
 */
static inline uint64_t image_label_key(const uint8_t *at, size_t size)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t key = load64(at), letters, upper;

	if (size < 8)
		key &= ~(uint64_t)0 << (8 * (8 - size));
	/* In each octet without its high bit: bit 7 set when it is >= 'A', and when it is >
	 * 'Z'. */
	letters = key & 0x7f * ones;
	upper = (letters + (0x80 - 'A') * ones) & ~(letters + (0x80 - 'Z' - 1) * ones) & ~key &
	        0x80 * ones;
	return key | upper >> 2; /* 0x80 >> 2 is the bit between the cases */
}

#endif
