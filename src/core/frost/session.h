/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_SESSION_H
#define COMITY_FROST_SESSION_H

/*
 * session.h - one message, one set, one commitment list: everything public that
 * round two needs (RFC 9591 sections 4.3 to 4.6).
 *
 * The binding factors hash the group public key, the message and the whole
 * commitment list, so two sessions that differ in any of them have nothing in
 * common. The same session opened by anybody holds the same octets.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/commit.h"
#include "frost/set.h"
#include "frost/suite.h"

struct frost_session {
	const struct frost_set *set; /* borrowed */
	const struct frost_commitment
		*commitment_list;                     /* borrowed; one a member, in set order */
	struct public_scalar *binding_factor;         /* in the arena; one a member */
	uint8_t group_commitment[FROST_ELEMENT_SIZE]; /* R */
	struct public_scalar challenge;               /* c */
};

/*
 * Opens a session. What it takes from the arena is FROST_SESSION_SIZE(set->count)
 * octets for the binding factors; while it runs it needs
 * FROST_SESSION_SCRATCH(set->count) more, which go back. The message is not kept.
 * MISHAP_MALFORMED: the group commitment is the identity, which no honest list
 * gives; `*session` is then undefined and the arena as before.
 */
enum mishap frost_session_open(struct frost_session *session, const struct frost_set *set,
                               const struct frost_commitment *commitment_list,
                               struct bytes message, struct arena *arena) CHECKED;

#define FROST_SESSION_SIZE(count)    (sizeof(struct public_scalar) * (size_t)(count))
#define FROST_SESSION_SCRATCH(count) (2048 * (size_t)(count))

#endif
