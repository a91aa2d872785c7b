/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_COOKIE_H
#define COMITY_SERVING_COOKIE_H

/*
 * cookie.h - DNS cookies (RFC 7873), with the server cookies that all servers make alike
 * (RFC 9018): SipHash-2-4 over client cookie, version, time and address.
 *
 * Who comes back with a cookie of ours has shown that it receives what is sent to its address.
 * SECRET: whoever knows a secret makes such cookies for any address.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define COOKIE_CLIENT_SIZE 8
#define COOKIE_SERVER_SIZE 16
#define COOKIE_SIZE        (COOKIE_CLIENT_SIZE + COOKIE_SERVER_SIZE)
#define COOKIE_SECRET_SIZE 16
#define COOKIE_SECRETS_MAX 4

/* The first makes cookies; every one is taken (RFC 9018 section 5). */
struct cookie_secrets {
	uint8_t secret[COOKIE_SECRETS_MAX][COOKIE_SECRET_SIZE];
	size_t count; /* 0: no cookies */
};

/*
 * Reads a file of secrets: a line each, 32 digits of hex, at least one and at most
 * COOKIE_SECRETS_MAX. Empty lines and those that begin with '#' are passed over. False, and
 * `*secrets` untouched, for any other text.
 */
bool cookie_read_secrets(struct bytes text, struct cookie_secrets *secrets);

/*
 * Writes the COOKIE_SIZE octets that answer the cookie of a query: `size` octets at `cookie`, 8
 * or 16 to 40. `address` is the sender's, of 4 or 16 octets; `now` is in seconds since 1970.
 * True when the query came with a server cookie of ours that is at most an hour old; the answer
 * has a new one when that is older than half an hour (RFC 9018 section 4.3) or not of the first
 * secret, and the same otherwise.
 * `secrets` has at least one.
 */
bool cookie_answer(const struct cookie_secrets *secrets, const uint8_t *cookie, size_t size,
                   struct bytes address, uint32_t now, uint8_t *answer);

#endif
