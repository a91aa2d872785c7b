/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_BASE64_H
#define COMITY_BASE_BASE64_H

/*
 * base64.h - RFC 4648 section 4, with padding, no line breaks, and strict:
 * every octet string has exactly one accepted form (section 3.5: spare bits
 * are zero).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Characters needed for `size` octets. */
#define BASE64_SIZE(size) (((size) + 2) / 3 * 4)

/* Writes BASE64_SIZE(from.size) characters, no NUL. */
void base64_write(char *to, struct bytes from);

/*
 * Reads all of `text` into `to`, which has room for `room` octets; `*size` is
 * how many there were. False, with `to` undefined and `*size` untouched, when
 * the text is not the one form, or larger than the room.
 */
bool base64_read(struct bytes text, uint8_t *to, size_t room, size_t *size);

#endif
