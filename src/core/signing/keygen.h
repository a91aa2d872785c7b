/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNING_KEYGEN_H
#define COMITY_SIGNING_KEYGEN_H

/*
 * keygen.h - a ceremony of the state as the DKG of frost/ (frost/keygen.h).
 */

#include "frost/confirm.h"
#include "frost/deal.h"
#include "frost/keygen.h"
#include "state/custody.h"

/* A ceremony put into the terms of frost/. Borrows from the state. */
struct keygen {
	struct frost_keygen frost;
	struct frost_member member[CUSTODY_MEMBERS_MAX];
};

/*
 * The DKG session of a ceremony all of whose members have keys. False when frost/ refuses it,
 * which a posted key that was checked cannot bring about.
 */
bool keygen_of(const struct state *state, struct bytes origin, const struct digest *genesis,
               const struct ceremony *ceremony, struct keygen *keygen);

/* What a ceremony is opened by: SHA-256 over genesis, group and number. Known before keys are. */
struct digest keygen_opening(const struct digest *genesis, enum group_kind kind,
                             uint64_t number);

/* The deals of all members, checked, in order of identifiers; octets in the arena. False when one
 * is not there. */
bool keygen_deals(const struct state *state, const struct ceremony *ceremony,
                  const struct keygen *keygen, struct arena *arena,
                  struct frost_deal deal[CUSTODY_MEMBERS_MAX]);

/* Group and transcript that the deals come to. False when they make no good group. */
bool keygen_result(const struct keygen *keygen, const struct frost_deal *deals, unsigned count,
                   struct arena *arena, struct frost_group *group, struct digest *transcript);

#endif
