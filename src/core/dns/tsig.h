/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_TSIG_H
#define COMITY_DNS_TSIG_H

/*
 * tsig.h - messages under a shared secret: TSIG (RFC 8945), with HMAC-SHA256 and HMAC-SHA512.
 *
 * A TSIG record is the last of a message's additional section. Its MAC covers the message
 * without it, what the record says about time and error, and, in a response, the MAC before:
 * that of the request or of the message before in a stream. A *chain* goes from MAC to MAC.
 *
 * The clock is the caller's: `now` is seconds since 1970, UTC.
 */

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/dname.h"
#include "dns/message.h"

#define TSIG_SECRET_MAX 128 /* octets of a secret */
#define TSIG_MAC_MAX    64  /* octets of a MAC */
#define TSIG_FUDGE      300 /* seconds clocks may differ (section 10) */
#define TSIG_ROOM                                                                              \
	640 /* octets that a TSIG record takes at most: two names, fixed fields, MAC */

/* A message of a stream need not have a TSIG, but so many in a row at most (section 5.3.1). */
#define TSIG_UNSIGNED_MAX 99

enum tsig_algorithm { TSIG_HMAC_SHA256, TSIG_HMAC_SHA512 };

/* RCODEs of the record (section 3). */
enum tsig_error { TSIG_BADSIG = 16, TSIG_BADKEY = 17, TSIG_BADTIME = 18, TSIG_BADTRUNC = 22 };

struct tsig_key {
	struct dname name;
	enum tsig_algorithm algorithm;
	uint8_t secret_size;
	uint8_t secret[TSIG_SECRET_MAX]; /* SECRET */
};

/* A TSIG record as it stands in a message. */
struct tsig {
	struct dname key;
	struct dname algorithm;
	uint64_t time; /* when it was signed; 48 bits */
	uint16_t fudge;
	uint16_t original_id;
	uint16_t error;
	struct bytes mac;   /* view into the message */
	struct bytes other; /* likewise */
	size_t at;          /* where the record begins in the message */
};

/* "hmac-sha256" or "hmac-sha512", with or without a final dot. */
bool tsig_algorithm_read(struct bytes text, enum tsig_algorithm *algorithm) CHECKED;

/* Octets of a whole MAC: 32 or 64. */
size_t tsig_mac_size(enum tsig_algorithm algorithm);

/*
 * Looks for the TSIG record of a message. `*present` tells whether there is one; `*tsig` is
 * untouched otherwise. MISHAP_MALFORMED (the message cannot be read, or has a TSIG elsewhere
 * than at its end; section 5.2 wants FORMERR for that), MISHAP_SHORT, MISHAP_LIMIT.
 */
enum mishap tsig_find(struct bytes message, struct tsig *tsig, bool *present) CHECKED;

/* True when the record names this key and its algorithm. */
bool tsig_names_key(const struct tsig *tsig, const struct tsig_key *key);

/* ---- a chain ---- */

struct tsig_chain {
	const struct tsig_key *key;
	union {
		crypto_auth_hmacsha256_state sha256;
		crypto_auth_hmacsha512_state sha512;
	} state;
	bool timers_only;        /* a TSIG of this stream went before: section 5.3.1 */
	unsigned unsigned_count; /* messages since the last TSIG */
};

/* Begins a chain: of a request when `prior` is empty, else of the responses to the request that
 * had this MAC. `key` stays the caller's. */
void tsig_chain_begin(struct tsig_chain *chain, const struct tsig_key *key, struct bytes prior);

/* Adds octets of the message at hand, which is without TSIG and has the ID of the request. */
void tsig_chain_add(struct tsig_chain *chain, struct bytes octets);

/*
 * Ends the message at hand, in which the record is not counted yet, and writes the record;
 * whoever calls counts it. `error` is 0 or TSIG_BADTIME: then `time` is the request's and `now`
 * stands in the record's other data (section 5.2.3). The chain goes on with the next message.
 */
void tsig_chain_sign(struct tsig_chain *chain, uint16_t id, uint64_t time, uint16_t error,
                     uint64_t now, struct writer *to);

/*
 * Checks the message at hand, all of `message`, of which `tsig` is the record; the record names
 * the chain's key. 0 when it is good, otherwise the error to tell: RCODE_FORMERR for a MAC of a
 * size that must not be (section 5.2.2.1; half a whole one is the least), TSIG_BADSIG, or, for
 * a good MAC only, TSIG_BADTIME. On 0 the chain goes on.
 */
uint16_t tsig_chain_check(struct tsig_chain *chain, struct bytes message,
                          const struct tsig *tsig, uint64_t now);

/* Takes a message of a stream that has no TSIG. False when it must have one: the first, and
 * after TSIG_UNSIGNED_MAX without. The last must have one too, which the caller sees to. */
bool tsig_chain_skip(struct tsig_chain *chain, struct bytes message) CHECKED;

/* ---- a record without MAC ---- */

/* Writes the record that answers a bad key or MAC: unsigned (section 5.3.2). */
void tsig_write_error(struct writer *to, const struct tsig *request, uint16_t error);

/* Signs a request that stands in `message`, and counts the record; its MAC goes to `*mac`, at
 * least TSIG_MAC_MAX octets. Returns the MAC's size. */
size_t tsig_sign_request(struct writer *message, const struct tsig_key *key, uint64_t now,
                         uint8_t mac[TSIG_MAC_MAX]);

/* Adds one to the records that a message says to have in its additional section. */
void message_count_additional(uint8_t *message);

#endif
