/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_KEYGEN_H
#define COMITY_FROST_KEYGEN_H

/*
 * keygen.h - a key that nobody ever holds: distributed key generation, and
 * resharing, with a ledger for a broadcast channel ("ledger PedPop").
 *
 *   open      who will hold shares, and how many of them sign     (this file)
 *   key       every member: a fresh encryption key                (this file)
 *   deal      every dealer: a committed polynomial and its padded values  (deal.h)
 *   complain  a recipient whose value does not fit: opens the pad (complaint.h)
 *   confirm   every member: proof of knowledge of its new share   (confirm.h)
 *
 * It is SimplPedPop (Chu, Gerhart, Ruffing, Schroeder, CRYPTO 2023) with pads
 * instead of private channels and the ledger's order instead of an echo. FRESH:
 * the members are the dealers, all of them must deal, and a guilty or absent one
 * ends the session. RESHARE: the dealers are holders of an older group, each
 * dealing the share it has; any min_participants of their deals make the new
 * shares of the same key (Desmedt and Jajodia 1997; Wong, Wang and Wing 2002), so
 * a bad deal is left out. Refresh, repair, another threshold, other members: all
 * are this.
 *
 * Whatever a node judges here is a pure function of octets on the ledger.
 *
 * A participant needs one SECRET seed of SEED_SIZE octets for a session, fresh
 * and unpredictable; everything else of its own is derived, so that a signer that
 * crashed says the same again. With H as in domain.h:
 *
 *   its encryption secret key  H("encryption key": seed || opening || identifier)
 *   coefficient a_k of f       H("coefficient": seed || sid || dealer || k)
 *   ephemeral secret key e     H("ephemeral": seed || sid || dealer)
 *   nonces of proofs           H("proof nonce": seed || ..)           (proof.h)
 *                              H("complaint nonce": seed || ..)       (complaint.c)
 *
 * only that a_0 in a RESHARE is the dealer's share. The seed and the shares of
 * the older group are wiped when the new group is active, and not before.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "frost/group.h"
#include "frost/proof.h"
#include "frost/suite.h"

struct frost_deal; /* deal.h */

#define FROST_SID_SIZE     FROST_DIGEST_SIZE
#define FROST_OPENING_SIZE 32

enum frost_keygen_kind { FROST_KEYGEN_FRESH = 1, FROST_KEYGEN_RESHARE = 2 };

struct frost_member {
	uint16_t identifier;                        /* 1..65535 */
	uint8_t identity_key[32];                   /* as the ledger knows the party */
	uint8_t encryption_key[FROST_ELEMENT_SIZE]; /* posted for this session */
};

/* One session. The caller fills in all but `sid`; what it points to is borrowed. */
struct frost_keygen {
	enum frost_keygen_kind kind;
	struct bytes federation; /* its name, as the ledger has it; at most 65535 octets */
	uint8_t opening[FROST_OPENING_SIZE]; /* hash of the act that opened the session */
	uint16_t min_participants;           /* threshold of the new group */
	uint16_t member_count; /* who will hold shares, and in RESHARE may not deal */
	const struct frost_member *member; /* ascending by identifier */
	const struct frost_group *old;     /* RESHARE: who deals; FRESH: NULL */
	uint8_t sid[FROST_SID_SIZE];       /* session id: set by frost_keygen_open() */
};

/*
 * For KEY: the encryption key pair of a member. `secret_key` is SECRET.
 */
void frost_encryption_key_derive(uint8_t secret_key[FROST_SCALAR_SIZE],
                                 uint8_t encryption_key[FROST_ELEMENT_SIZE],
                                 const uint8_t seed[SEED_SIZE],
                                 const uint8_t opening[FROST_OPENING_SIZE],
                                 uint16_t identifier);

/* Of prime order, canonical, not the identity: to be asked when the key is posted. */
bool frost_encryption_key_valid(const uint8_t encryption_key[FROST_ELEMENT_SIZE]) CHECKED;

/*
 * Checks a session and sets its sid:
 *
 *   SHA-512/256("sid": size of federation || federation || opening || kind, one
 *   octet || digest of the old group, or zeros || min_participants || member_count
 *   || for each member: identifier || identity key || encryption key)
 *
 * MISHAP_LIMIT: no members, over FROST_PARTICIPANTS_MAX, or a threshold outside
 * 1..member_count. MISHAP_MALFORMED: not ascending, or a bad encryption key.
 */
enum mishap frost_keygen_open(struct frost_keygen *keygen) CHECKED;

/* The place of a member; false, and `*index` untouched, if it is none. */
bool frost_keygen_find(const struct frost_keygen *keygen, uint16_t identifier, size_t *index);

/* Is it for `identifier` to deal? */
bool frost_keygen_deals(const struct frost_keygen *keygen, uint16_t identifier);

/*
 * The new group, from the accepted deals, ascending by dealer: in FRESH one of
 * every member, in RESHARE of min_participants of the old group or more, the same
 * for everybody. Scratch: FROST_KEYGEN_SCRATCH octets, goes back.
 * MISHAP_LIMIT: too few deals. MISHAP_MALFORMED: the deals make no good group,
 * which needs the luck of a guessed secret; the session ends. `*group` is then
 * undefined.
 */
enum mishap frost_keygen_group(struct frost_group *group, const struct frost_keygen *keygen,
                               const struct frost_deal *deals, size_t count,
                               struct arena *scratch) CHECKED;

#define FROST_KEYGEN_SCRATCH ((size_t)768 << 10)

/*
 * One's own SECRET share of that group: `partial_shares` are what frost_deal_open()
 * gave for each of these deals, in their order, FROST_SCALAR_SIZE octets each.
 * MISHAP_MALFORMED: they do not make the share whose verification share the group
 * has; `secret_share` is then all zeros.
 */
enum mishap frost_keygen_share(uint8_t secret_share[FROST_SCALAR_SIZE],
                               const struct frost_keygen *keygen,
                               const struct frost_group *group, const struct frost_deal *deals,
                               size_t count, const uint8_t *partial_shares,
                               uint16_t identifier) CHECKED;

#endif
