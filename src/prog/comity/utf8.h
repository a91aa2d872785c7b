/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_UTF8_H
#define COMITY_COMITY_UTF8_H

/* utf8.h - text from outside on a person's screen. */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

/* Takes the next code point off `*rest`, which is not empty. False, and one octet taken, when no
 * well-formed one stands there (RFC 3629). */
bool utf8_take(struct bytes *rest, uint32_t *point);

/*
 * Writes the text so that it can do nothing but be read: octets that are not UTF-8 as \xNN; control
 * characters but LF, and format characters that nobody sees, as \u{NNNN}. With `isolate` a line with
 * letters that run from right to left stands between U+2068 and U+2069.
 */
void utf8_write_safe(struct writer *writer, struct bytes text, bool isolate);

/* Columns of a terminal that the text takes. */
unsigned utf8_width(struct bytes text);

#endif
