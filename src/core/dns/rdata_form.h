/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RDATA_FORM_H
#define COMITY_DNS_RDATA_FORM_H

/*
 * rdata_form.h - the RDATA of each type as a row of fields, for rdata.c (wire)
 * and the texts.
 *
 * One letter a field:
 *
 *   1 2 4  unsigned decimal of as many octets    n  name, in lower case
 *   a A    IPv4, IPv6 address                    N  name, its case kept
 *   t      time (RFC 4034 section 3.2)           T  type covered
 *   i      seconds, as a TTL is spelt            m  DNSSEC algorithm
 *   c      one character-string                  s  character-strings, to the end
 *   S      salt (RFC 5155 section 3.3)           H  hash (RFC 5155 section 3.3)
 *   g      tag (RFC 8659 section 4.1)            q  one string without a size, to the end
 *   x b    hex, base64, to the end, not empty    B  type bitmap, to the end
 *   P      SvcParams, to the end
 *   e E    EUI-48, EUI-64                        h  64 bits as four groups of hex
 *   C      type of a certificate                 L  a location (loc.h), to the end
 *   p      prefixes (apl.h), to the end          G  gateway and key (RFC 4025), to the end
 *   K      host identity (RFC 8005), to the end  R  relay (RFC 8777), to the end
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* The fields of `type`, ended by NUL; NULL when its RDATA is opaque. */
const char *rdata_fields(uint16_t type);

/* Octets of a field whose size does not depend on what it holds; 0 for the others. */
size_t rdata_fixed_size(char field);

/* Octets of the field at the front of checked RDATA. */
size_t rdata_field_size(char field, struct bytes rdata);

#endif
