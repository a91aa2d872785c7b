/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_EVIDENCE_H
#define COMITY_SIGNING_EVIDENCE_H

/*
 * evidence.h - a wrong share, shown so that everybody can judge it (comity-custody(7), ACCUSATION).
 *
 *     u16 size, the signed head of the shares message
 *     share (32 octets), path
 *     for each member of the session, in its order: commitment (64 octets), path
 *
 * A path is a number of hashes in one octet, and the hashes, leaf to root. Commitments are those at
 * the item's index of the pools the session assigned; the pools' roots stand in the session.
 */

#include "frost/session.h"
#include "signing/board.h"
#include "signing/schedule.h"

/* The group of an item as frost/ wants it, and the set of the session's members in it. */
struct signing_set {
	struct frost_group group;
	struct frost_set set;
	uint16_t place[CUSTODY_MEMBERS_MAX]; /* of each member of the session in the set */
};

/* False when a member of the session is none of the group. Not to be moved in memory. */
bool signing_set_of(const struct group *group, const struct session *session,
                    struct signing_set *set);

/* What goes into a piece of evidence, besides the head. */
struct evidence_item {
	struct bytes octets; /* of the share or commitment */
	struct merkle_proof path;
};

void evidence_write(struct writer *writer, struct bytes head, const struct evidence_item *share,
                    const struct evidence_item *commitment, unsigned count);

/*
 * Whether the evidence convicts: the head is the accused's own for this session and round, the
 * share is in it at the item's place, the commitments are those of the session, and the share
 * does not fit. The message of the item must be known to `work`.
 */
bool evidence_convicts(const struct state *state, struct bytes origin,
                       const struct digest *genesis, const struct work *work,
                       const struct session *session, uint32_t index, struct bytes accused,
                       struct bytes evidence, struct arena *arena);

#endif
