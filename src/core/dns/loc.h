/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_LOC_H
#define COMITY_DNS_LOC_H

/* loc.h - where something is: RDATA of LOC and its text (RFC 1876). */

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"

#define LOC_SIZE      16 /* octets of RDATA of version 0 */
#define LOC_WORDS_MAX 12 /* of its text */

/* True when it has a text: version 0, angles in their ranges, and sizes of one decimal digit
 * and a power of ten each. */
bool loc_has_text(struct bytes rdata);

/* Writes the text of what has one, each of its words in one form: "52 22 23.000 N 4 53 32.000 E
 * -2.00m 1.00m 10000.00m 10.00m". */
void loc_write_text(struct writer *writer, struct bytes rdata);

/*
 * Reads the words of a text: minutes, seconds, the "m" of a length, and lengths from the end
 * may be left out (section 3). A length is cut to one digit and a power of ten, as it stands in
 * the record. False, with something written, when they are none.
 */
bool loc_read_words(const struct bytes *word, size_t count, struct writer *wire) CHECKED;

#endif
