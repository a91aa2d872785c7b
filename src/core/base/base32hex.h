/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_BASE32HEX_H
#define COMITY_BASE_BASE32HEX_H

/*
 * base32hex.h - RFC 4648 section 7 without padding, as NSEC3 has it (RFC 5155 section 3.3).
 * Texts of one size stand in the order of what they mean.
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"

/* Characters needed for `size` octets. */
#define BASE32HEX_SIZE(size) (((size)*8 + 4) / 5)

/* Writes BASE32HEX_SIZE(octets.size) characters, letters in lower case. */
void base32hex_write(struct writer *writer, struct bytes octets);

/* Reads all of `text`, letters in any case. False, with something written, when it is none, or
 * bits are left that are not zero. */
bool base32hex_read(struct bytes text, struct writer *to) CHECKED;

#endif
