/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIGNERD_VAULT_H
#define COMITY_SIGNERD_VAULT_H

/*
 * vault.h - what a signer keeps on its disk (comity-signerd(8), FILES).
 *
 *     seal.key            32 octets: opens the sealed files; made at the first start
 *     share-*             a share of a group, sealed
 *     ceremony-*          the seed of a key ceremony, sealed
 *     federation          SHA-256 of the genesis that all of this is for
 *     head                height and seal of the last countersignature
 *     burned              nonces that were spent: pool, first, count, what for
 *
 * Nonces are never here. All of it is in one folder, the only one the signer can write to.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/mishap.h"

#define VAULT_SECRET_SIZE 32

struct vault {
	char folder[960];
	uint8_t *seal_key; /* SECRET, in locked memory */
	int burned;        /* descriptor of the burn log */
	uint8_t pool[16];  /* of the ranges below */
	struct {
		uint32_t first, count;
		struct digest session;
	} *range;
	unsigned ranges, room;
};

/* Opens the folder, which is made when it is not there. `seal_key` is VAULT_SECRET_SIZE octets of locked
 * memory. One signer has it open at a time. MISHAP_IO, MISHAP_MALFORMED: told on standard error. */
enum mishap vault_open(struct vault *vault, const char *folder, uint8_t *seal_key) CHECKED;

/* Calls back for every secret that is kept. False from the callback, or a file that does not open with the
 * key: MISHAP_MALFORMED. */
enum mishap vault_each(const struct vault *vault,
                       bool (*each)(void *context, const char *name, const uint8_t *secret),
                       void *context) CHECKED;

/* Keeps a secret, synced; or removes it. Stop the process on MISHAP_IO. */
enum mishap vault_keep(const struct vault *vault, const char *name,
                       const uint8_t secret[VAULT_SECRET_SIZE]) CHECKED;
enum mishap vault_forget(const struct vault *vault, const char *name) CHECKED;

/*
 * Spends nonces on a session, synced. False when some of them were spent on another session: the caller
 * signs nothing. Stop the process on MISHAP_IO in `*mishap`.
 */
bool vault_burn(struct vault *vault, const uint8_t pool[16], uint32_t first, uint32_t count,
                const struct digest *session, enum mishap *mishap);

/*
 * Whether what is kept here is of that federation: it belongs to the first one that was asked
 * about, for good, synced. False also on MISHAP_IO and MISHAP_MALFORMED in `*mishap`.
 */
bool vault_of(const struct vault *vault, const struct digest *genesis, enum mishap *mishap);

/* The height that was countersigned last, and its seal; false when none was. */
bool vault_head(const struct vault *vault, uint64_t *height, struct digest *seal,
                enum mishap *mishap);

/* Keeps it, synced: before the countersignature leaves. */
enum mishap vault_set_head(const struct vault *vault, uint64_t height,
                           const struct digest *seal) CHECKED;

#endif
