/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_IMPORTING_H
#define COMITY_COMMONS_IMPORTING_H

/*
 * importing.h - the zone of another root becomes an import manifest (comity-import(5)).
 *
 * What is written here manifest_put() accepts, provided that the holders are founders. The same
 * zone, map and date give the same octets.
 */

#include "base/arena.h"
#include "base/digest.h"
#include "base/time.h"
#include "base/writer.h"
#include "commons/technical.h"
#include "dns/rrset.h"

/* A line of the map: who will hold the TLD. */
struct importing_share {
	struct bytes label;
	struct bytes party;
};

struct importing {
	struct bytes apex;      /* wire */
	struct rrset_list zone; /* the source's, whole: signatures and apex set included */
	const struct importing_share *share; /* sorted by label, none twice */
	size_t shares;
	struct bytes common;        /* the party that holds every other TLD */
	struct digest source;       /* SHA-256 of the zone's text (zonetext.h) */
	struct ledger_time expires; /* of every waiver */
};

struct importing_waiver {
	struct bytes label;
	enum technical_rule rule;
};

/* A party with what it holds now. */
struct importing_holder {
	struct bytes party;
	size_t tlds;
};

/*
 * What was made of the zone. Every record of it is counted once: `kept`, or dropped as the
 * source's `apex` set, as its `chain` of signatures and denial, or as one of the `others`,
 * which a federation has no place for.
 */
struct imported {
	size_t tlds, hosts;
	size_t shared;                         /* hosts that serve several TLDs */
	size_t mapped;                         /* TLDs that the map names */
	size_t kept, apex, chain, others;      /* records */
	const struct importing_waiver *waiver; /* by label, then rule */
	size_t waivers;
	const struct importing_holder *holder; /* by name */
	size_t holders;
	const struct rrset *const *other; /* the sets behind `others` */
	size_t other_sets;
};

/* Why a zone cannot become a manifest. */
struct importing_fault {
	struct bytes name; /* wire: of the owner, or the name server */
	const char *why;   /* English, lower case, no full stop; a constant */
};

/* More TLDs cannot be signed at once: each has an NSEC and a DS, the apex a few sets (signing/board.h). */
#define IMPORTING_TLDS_MAX 24500

/* Octets of arena that a zone of that many records may take. */
#define IMPORTING_ARENA_SIZE(records) (1400 * (size_t)(records) + 4096)

/*
 * Writes the manifest. Everything in `*imported` lives in the arena or in the zone. False, and
 * `*fault` set, when the zone has something that a record cannot hold; what was written is then
 * good for nothing. Whether it fitted, the writer knows.
 */
bool importing_write(const struct importing *importing, struct arena *arena,
                     struct writer *manifest, struct imported *imported,
                     struct importing_fault *fault) CHECKED;

/* The order of shares, for sort(). */
int importing_share_order(const void *a, const void *b, const void *context);

#endif
