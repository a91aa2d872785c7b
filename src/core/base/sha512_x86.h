/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_SHA512_X86_H
#define COMITY_BASE_SHA512_X86_H

/* sha512_x86.h - SHA-512 with the wide registers of x86 processors (AVX2, BMI2). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA512_X86_GROUP                                                                       \
	((size_t)512) /* octets: four blocks, whose schedules are made side by side */

/* True when this processor has what it takes, and its system keeps the wide registers. */
bool sha512_x86_is_here(void);

/* Takes `count` groups into the state (FIPS 180-4 section 6.4.2). Only where
 * sha512_x86_is_here(). */
void sha512_x86_groups(uint64_t state[8], const uint8_t *at, size_t count);

#endif
