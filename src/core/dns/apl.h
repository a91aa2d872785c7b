/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_APL_H
#define COMITY_DNS_APL_H

/* apl.h - lists of address prefixes: RDATA of APL and its text (RFC 3123). */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"

/* True when `rdata` is items that lie in it. None is a list, too. */
bool apl_check(struct bytes rdata);

/* True when the checked list has a text: IPv4 and IPv6 only, of no more bits than these have,
 * no zeros at the end of an address, and not none at all: a line does not end with its type. */
bool apl_has_text(struct bytes rdata);

/* Writes the text of a list that has one: "1:192.0.2.0/24 !2:2001:db8::/32". */
void apl_write_text(struct writer *writer, struct bytes rdata);

/* Reads one word of a text. False, with nothing written, when it is none. */
bool apl_read_word(struct bytes word, struct writer *wire) CHECKED;

#endif
