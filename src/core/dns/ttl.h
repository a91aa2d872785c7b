/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_TTL_H
#define COMITY_DNS_TTL_H

/* ttl.h - a time to live as master files spell it. */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define TTL_MAX 0x7fffffffu /* seconds (RFC 2181 section 8) */

/*
 * Reads all of `text`: seconds, or numbers each with one of s m h d w behind it in
 * either case, which add up (1h30m; what BIND's $TTL began, and all readers take). False, and
 * `*seconds` untouched, for anything else and for more than `most`.
 */
bool ttl_read(struct bytes text, uint32_t most, uint32_t *seconds);

#endif
