/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_HEX_H
#define COMITY_BASE_HEX_H

/* hex.h - lower-case hexadecimal (RFC 4648 section 8, but lower case, for one form only). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Writes 2 * from.size characters, no NUL. */
void hex_write(char *to, struct bytes from);

/* Reads exactly `size` octets from exactly 2 * size lower-case digits; false, and `to`
 * untouched, for anything else. */
bool hex_read(struct bytes text, uint8_t *to, size_t size);

#endif
