/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_WORDS_H
#define COMITY_BASE_WORDS_H

/*
 * words.h - one line of text for people, in any script.
 *
 * What people sign must look the same to all of them: one encoding, one
 * normalization form, nothing invisible, nothing that turns other text around,
 * nothing that a later Unicode version could give another meaning. Characters
 * are those of Unicode 14.0.0, for ever; words_table.h is made by tools/unicode.
 */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fault.h"

#define WORDS_SIZE_MAX 1000 /* octets */

/*
 * Whether `line`, its LF left out, is acceptable:
 *   1..WORDS_SIZE_MAX octets of well-formed UTF-8 (RFC 3629 section 4);
 *   only code points of general category L*, M*, N*, P*, S*, and U+0020: no
 *   control, format, private-use, surrogate or unassigned code point, and no
 *   other separator;
 *   no U+0020 at the start or the end, and no two together;
 *   in Normalization Form C (UAX #15).
 * Sets `*fault` only when false: line 1, and the column of the first offence.
 */
bool words_valid(struct bytes line, struct fault *fault);

#endif
