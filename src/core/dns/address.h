/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ADDRESS_H
#define COMITY_DNS_ADDRESS_H

/* address.h - IPv4 and IPv6 addresses as text (RFC 4291 section 2.2, RFC 5952). */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

#define IPV4_SIZE 4
#define IPV6_SIZE 16

/* Four decimals, no leading zeros: one text an address. False, and `octets` untouched,
 * otherwise. */
bool ipv4_read_text(struct bytes text, uint8_t octets[IPV4_SIZE]);
void ipv4_write_text(struct writer *writer, const uint8_t octets[IPV4_SIZE]);

/* Any form of RFC 4291 section 2.2, without a zone. False, and `octets` untouched, otherwise.
 */
bool ipv6_read_text(struct bytes text, uint8_t octets[IPV6_SIZE]);

/* The one form of RFC 5952: lower case, the first longest run of at least two
 * zero groups as "::", and for ::ffff:0:0/96 a dotted tail (section 5). */
void ipv6_write_text(struct writer *writer, const uint8_t octets[IPV6_SIZE]);

#endif
