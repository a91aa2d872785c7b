/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_DNSKEY_H
#define COMITY_DNS_DNSKEY_H

/*
 * dnskey.h - DNSKEY RDATA for Ed25519 (RFC 8080), key tags, and DS (RFC 4034
 * section 5, RFC 4509).
 */

#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

#define DNSKEY_ALGORITHM_ED25519 15
#define DNSKEY_ED25519_SIZE      32 /* octets of a public key */

#define DNSKEY_FLAG_ZONE         0x0100 /* RFC 4034 section 2.1.1 */
#define DNSKEY_FLAG_REVOKE       0x0080 /* RFC 5011 section 7 */
#define DNSKEY_FLAG_SECURE_ENTRY 0x0001 /* RFC 4034 section 2.1.1 */

#define DS_DIGEST_SHA256 2

/* Writes DNSKEY RDATA of algorithm 15 (RFC 8080 section 3), protocol 3. */
void dnskey_write_ed25519(struct writer *writer, uint16_t flags,
                          const uint8_t key[DNSKEY_ED25519_SIZE]);

/* The key tag of DNSKEY RDATA of any algorithm but 1 (RFC 4034 appendix B). */
uint16_t dnskey_key_tag(struct bytes dnskey);

/* Writes DS RDATA with a SHA-256 digest for the checked DNSKEY RDATA at `owner` (a view of a
 * name). */
void ds_write_sha256(struct writer *writer, struct bytes owner, struct bytes dnskey);

#endif
