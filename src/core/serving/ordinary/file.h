/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_FILE_H
#define COMITY_SERVING_ORDINARY_FILE_H

/*
 * file.h - an ordinary zone, ready to be looked up, in one immutable file
 * (comity-ordinary(5)).
 *
 * An image (image.h) holds answers and can be made of a root-shaped zone only; this
 * holds records, and answers are put together of them for each query. It is for
 * small zones of any shape that stand beside the root: aliases, wildcards and
 * zones like arpa.
 *
 * A node is a name of the zone, those below a zone cut and empty non-terminals
 * included, in canonical order (RFC 4034 section 6.1). ordinary_open() is the only
 * door in: it checks whatever answering relies on, so even a file made with ill will
 * can give wrong answers only, and never a fault. Numbers are in the byte order
 * of the machine that made the file.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "dns/nsec3.h"
#include "dns/serial.h"
#include "serving/image.h"

#define ORDINARY_MAGIC  "COMITYZO" /* eight octets, no NUL */
#define ORDINARY_FORMAT 2

/*
 * Iterations of NSEC3 that are served: a query may cost one hash for each name asked for. RFC
 * 9276 section 3.1 wants none, and validators take what has more than so many for unsigned.
 */
#define ORDINARY_ITERATIONS_MAX 50

enum ordinary_kind {
	ORDINARY_EMPTY, /* empty non-terminal */
	ORDINARY_DATA,  /* authoritative data */
	ORDINARY_CUT,   /* a delegation */
	ORDINARY_GLUE,  /* below a delegation */
};

struct ordinary_node {
	uint32_t name;      /* wire form, from the start of the file */
	uint32_t sets;      /* first in ordinary.set[], by ascending type */
	uint32_t wildcard;  /* the node of "*" below this name; 0: none */
	/* Numbers and 1; 0: none. With NSEC, the node whose NSEC matches or covers this name; with NSEC3,
	 * the one that matches it. */
	uint32_t nsec;
	uint32_t nsec3_covering; /* the one that covers this name, where none matches */
	uint32_t nsec3_star;     /* the one that covers "*" below this name */
	uint16_t set_count;
	uint8_t kind;       /* enum ordinary_kind */
	uint8_t labels;     /* of the name */
};

struct ordinary_set {
	uint32_t ttl;         /* seconds */
	uint32_t octets;      /* where its records begin, from the start of the file: of each the
	                         size of its RDATA in two octets, big endian, and the RDATA */
	uint16_t type;
	uint16_t count;       /* records, at least 1 */
	uint16_t rrsig_count; /* signatures: they stand behind the records */
	uint16_t unused;      /* zero */
};

/* An NSEC3 of the zone, by ascending owner. */
struct ordinary_nsec3 {
	uint32_t name; /* its owner, as of a node */
	uint32_t set;  /* in ordinary.set[] */
};

/* The front of the file. */
struct ordinary_header {
	uint8_t magic[8];
	uint32_t format;
	uint32_t byte_order;       /* IMAGE_BYTE_ORDER */
	struct digest content;     /* SHA-256 of everything behind this field */
	uint64_t size;             /* octets of the whole file */
	uint8_t zone[SHA384_SIZE]; /* the digest of RFC 8976 over the zone */
	uint32_t serial;
	uint32_t records; /* of the zone, signatures included */
	struct image_table node, set, nsec3, octet;
};

/* An open file: views into it. */
struct ordinary {
	struct bytes file;
	const struct ordinary_header *header;
	const struct ordinary_node *node; /* the first is the apex */
	const struct ordinary_set *set;
	uint32_t node_count;
	const struct ordinary_nsec3 *nsec3;
	uint32_t nsec3_count;  /* 0: the zone denies by NSEC, or is not signed */
	struct nsec3_way way;  /* of all of these */
};

/* Opens the file that is all of `file`, which begins at an address divisible by IMAGE_ALIGN and
 * stays as it is while `*zone` is in use. NULL when it is good; otherwise why not, and
 * `*zone` is untouched. */
const char *ordinary_open(struct bytes file, struct ordinary *zone) CHECKED;

static inline struct serial ordinary_serial(const struct ordinary *zone)
{
	return (struct serial){zone->header->serial};
}

/* The name of a node, a view. */
struct bytes ordinary_name(const struct ordinary *zone, uint32_t node);

/* The set of that type at a node; NULL when there is none. */
const struct ordinary_set *ordinary_set_of(const struct ordinary *zone, uint32_t node,
                                           uint16_t type);

/* The owner of an NSEC3, a view. */
struct bytes ordinary_nsec3_name(const struct ordinary *zone, uint32_t nsec3);

/* The number of the NSEC3 that matches or covers `name`: one hash. The zone has some. */
uint32_t ordinary_nsec3_of(const struct ordinary *zone, struct bytes name);

/* Takes the RDATA at the front of `*records`; `*records` begins as ordinary_records(). */
struct bytes ordinary_take(struct bytes *records);
struct bytes ordinary_records(const struct ordinary *zone, const struct ordinary_set *set);

/* The last of the nodes that is `name` or stands before it; the apex when none does. */
uint32_t ordinary_before(const struct ordinary *zone, struct bytes name);

enum ordinary_place_kind {
	PLACE_NODE,  /* the name exists */
	PLACE_NONE,  /* it does not; `node` is its closest encloser (RFC 4592 section 3.3.1) */
	PLACE_CUT,   /* it is at or below the zone cut `node` */
	PLACE_DNAME, /* it is below `node`, which has a DNAME */
};

/* Where a name stands in the zone (RFC 1034 section 4.3.2 step 3). */
struct ordinary_place {
	enum ordinary_place_kind kind;
	uint32_t node;
	uint32_t before; /* PLACE_NONE: the last node before the name */
};

/* `name` is in-domain of the apex. */
struct ordinary_place ordinary_find(const struct ordinary *zone, struct bytes name);

#endif
