/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_SHA256_X86_H
#define COMITY_BASE_SHA256_X86_H

/* sha256_x86.h - SHA-256 by the instructions that x86 processors have for it: five times as
 * fast, the same octets. For digest.c only. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when this processor has them. Asking takes microseconds on a virtual machine. */
bool sha256_x86_is_here(void);

/* Takes `count` blocks of 64 octets into the state (FIPS 180-4 section 6.2.2). They must be
 * here. */
void sha256_x86_blocks(uint32_t state[8], const uint8_t *at, size_t count);

#endif
