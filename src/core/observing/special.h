/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVING_SPECIAL_H
#define COMITY_OBSERVING_SPECIAL_H

/*
 * special.h - addresses that the whole Internet cannot reach: those of IANA's special-purpose
 * registries that are not globally reachable (RFC 6890), multicast, and what is not yet given out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `octets` are 4 of IPv4 or 16 of IPv6. */
bool address_is_special(const uint8_t *octets, size_t size);

#endif
