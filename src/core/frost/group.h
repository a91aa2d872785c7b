/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_GROUP_H
#define COMITY_FROST_GROUP_H

/*
 * group.h - who holds shares of a key, and of which key: all public.
 *
 * A struct frost_group is consistent: its points are in the subgroup of prime order,
 * its key is not the identity (a share may be zero: its holder can see to it), and the
 * group public key and all verification shares lie on one polynomial of degree
 * min_participants - 1, no less and no more. So every large enough set of members
 * can sign, no smaller one can, and a bad share is traced to whoever sent it.
 * frost_group_read() and frost_keygen_group() are the doors in.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "curve/ces1.h"
#include "frost/suite.h"

/* About 12 KB; whoever has many keeps the wire form. */
struct frost_group {
	uint16_t min_participants; /* MIN_PARTICIPANTS, the threshold t, 1..max_participants */
	uint16_t max_participants; /* MAX_PARTICIPANTS, n: how many members there are */
	uint16_t identifier[FROST_PARTICIPANTS_MAX]; /* n of them, ascending, 1..65535 */
	uint8_t verification_share[FROST_PARTICIPANTS_MAX]
				  [FROST_ELEMENT_SIZE]; /* Y_i = s_i B */
	struct ces1_key group_public_key;
};

/*
 * Wire form: t and n as 16 bits, big endian; the group public key; then for each
 * member its identifier as 16 bits and its verification share.
 */
#define FROST_GROUP_SIZE(n) (4 + FROST_ELEMENT_SIZE + (2 + FROST_ELEMENT_SIZE) * (size_t)(n))

void frost_group_write(struct writer *writer, const struct frost_group *group);

/*
 * Reads and checks a group; `*group` is undefined after a mishap. The scratch
 * arena, FROST_GROUP_SCRATCH octets, goes back to where it was.
 * MISHAP_SHORT, MISHAP_TRAILING, MISHAP_LIMIT (n over FROST_PARTICIPANTS_MAX),
 * MISHAP_MALFORMED (anything else that the invariant forbids).
 */
enum mishap frost_group_read(struct frost_group *group, struct bytes wire,
                             struct arena *scratch) CHECKED;

#define FROST_GROUP_SCRATCH ((size_t)512 << 10)

/* Is the invariant kept? For groups that were put together, not read. Scratch as above. */
bool frost_group_consistent(const struct frost_group *group, struct arena *scratch) CHECKED;

/* SHA-512/256 of the wire form: one epoch of one key, where the key alone would be any. */
#define FROST_DIGEST_SIZE 32
void frost_group_digest(uint8_t digest[FROST_DIGEST_SIZE], const struct frost_group *group);

/* Is the list ascending, and within 1..65535? */
bool frost_identifiers_ascending(const uint16_t *identifiers, size_t count);

/* The place of `identifier` in the group; false, and `*index` untouched, if it is no member. */
bool frost_group_find(const struct frost_group *group, uint16_t identifier, size_t *index);

#endif
