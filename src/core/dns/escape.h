/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ESCAPE_H
#define COMITY_DNS_ESCAPE_H

/* escape.h - \DDD and \X in character-strings of a master file (RFC 1035 section 5.1). */

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"

/* Writes `text` with its escapes undone. False when one is broken, or there is no room. */
bool escape_undo(struct bytes text, struct writer *writer);

/* Writes `octets` in double quotes: \" \\ and \DDD for what is not printable ASCII. */
void escape_write_quoted(struct writer *writer, struct bytes octets);

#endif
