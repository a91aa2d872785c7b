/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_SHA1_H
#define COMITY_BASE_SHA1_H

/*
 * sha1.h - SHA-1 (FIPS 180-4 section 6.1), for NSEC3 alone: RFC 5155 knows no other hash. It
 * hides and proves nothing here; whoever finds two names of one hash has gained nothing.
 */

#include <stdint.h>

#include "base/bytes.h"

#define SHA1_SIZE 20

void sha1(struct bytes data, uint8_t out[SHA1_SIZE]);

#endif
