/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_GENESIS_H
#define COMITY_ACT_GENESIS_H

/*
 * genesis.h - the founding text of a federation (comity-act(5), THE GENESIS).
 *
 * Its SHA-256 is the federation's identity: everything anybody ever signs names it.
 */

#include "act/act.h"
#include "act/apex.h"

#define GENESIS_PARTIES_MAX 16 /* as many as a note has signature lines */
#define PARTY_KEYS_MAX      16

struct genesis {
	struct bytes text;
	struct digest id; /* SHA-256 of the text */
	struct bytes origin;
	struct ledger_time time;
	struct apex apex;
	uint32_t charter_version;
	struct digest charter_digest;
	bool import; /* there is a manifest */
	struct digest import_digest;
	uint64_t import_size; /* octets */
	struct note_key log;
	struct bytes parties; /* "party" and "key" lines: genesis_party() */
	struct bytes embed;   /* the charter, "|" lines */
	struct bytes words;
};

struct founder {
	struct bytes name, kind;
	uint32_t threshold;
	struct bytes keys; /* "key" lines: act_key() */
};

/*
 * Reads a founding text. On OK `*genesis` borrows from `text`; otherwise it is untouched.
 * Founders are sorted, keys numbered upwards and named after their party, thresholds within
 * the number of act keys, and the digest of the charter fits; what the charter says is
 * not looked at. MISHAP_LIMIT, MISHAP_MALFORMED.
 */
enum mishap genesis_read(struct bytes text, struct genesis *genesis, struct fault *fault) CHECKED;

/* Takes the next founder off `*parties`. False when none is left. */
bool genesis_party(struct bytes *parties, struct founder *founder);

void genesis_write(struct writer *writer, const struct genesis *genesis);
void genesis_write_party(struct writer *writer, const struct founder *founder);

/* The charter as it is signed, in the arena. */
struct bytes genesis_charter(const struct genesis *genesis, struct arena *arena);

/*
 * Whether `keys` ("key" lines) may be the keys of that party: named origin/p/party/number with
 * numbers rising, at most PARTY_KEYS_MAX, no public key twice, at least `threshold` with role
 * act, threshold at least 1.
 */
bool party_keys_valid(struct bytes keys, struct bytes origin, struct bytes party,
                      uint64_t threshold, const char **why) CHECKED;

#endif
