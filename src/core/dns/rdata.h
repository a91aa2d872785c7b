/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RDATA_H
#define COMITY_DNS_RDATA_H

/*
 * rdata.h - RDATA, wire and text, of the types in type.h.
 *
 * In wire form every embedded name is uncompressed and in lower case
 * (RFC 4034 section 6.2; for NSEC's next name this goes beyond RFC 6840
 * section 5.1, so a zone that was signed elsewhere over mixed-case names has to
 * be signed again); but the target of SVCB and HTTPS keeps its case, which RFC
 * 4034 does not list. A type without a form is opaque: any octets are its RDATA.
 *
 * In text form a field is the same word in every master file; fields stand with
 * single blanks between:
 *
 *   A, AAAA          the address (RFC 5952)
 *   names            absolute, lower case
 *   TXT              each string in double quotes, \" \\ and \DDD inside
 *   DS, ZONEMD       digest in lower-case hex, one word
 *   RRSIG            times as YYYYMMDDHHmmSS, signature in base64, one word
 *   DNSKEY           key in base64, one word
 *   NSEC             the types in ascending order
 *   NSEC3            salt and hash in lower case (RFC 5155 section 3.3)
 *   NAPTR, HINFO     strings as in TXT
 *   CAA, URI         the value as a string of TXT, however long
 *   LOC              all of its words, lengths in metres with two decimals (RFC 1876)
 *   APL, IPSECKEY, HIP, EUI48, EUI64, NID, L64, AMTRELAY   as their RFCs have them, hex in lower case
 *   CERT             its type as a number (RFC 4398)
 *   LOC of another version, APL of other families, and names with capitals where their case
 *                    is kept: \# SIZE HEX
 *   SVCB, HTTPS, and types without a form here: \# SIZE HEX (RFC 3597 section 5)
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/words.h"

#define RDATA_SIZE_MAX 65535

/*
 * Reads all of `text` into the arena; `*rdata` is a view of it. Lenient where
 * readers of master files are: letters of names and hex in either case, addresses in
 * any form, types of a bitmap in any order, \# for any type. False, `*fault` set
 * (column counted in `text`) and `*rdata` untouched when it is not RDATA of
 * `type`; what was taken from the arena then stays taken. Takes at most
 * 8 * text.size + 64 octets.
 */
bool rdata_read_text(uint16_t type, struct bytes text, struct arena *arena, struct bytes *rdata,
                     struct fault *fault) CHECKED;

/*
 * Reads the words behind a type, up to the end of the record, and writes RDATA in wire form,
 * checked and its names lowered. Names are relative to `origin`, or absolute only where that is
 * NULL; of strict words (words.h) only our own text is taken, otherwise whatever master files may
 * have: mnemonics of algorithms, seconds with units, TYPE and a number for any type, hex and
 * base64 in pieces. False: `*why` is set, at words_column() of line words->word_line, and what was
 * written is undefined.
 */
bool rdata_read_words(uint16_t type, struct words *words, struct bytes origin,
                      struct writer *wire, const char **why) CHECKED;

/* Writes checked `rdata` in the one canonical text. */
void rdata_write_text(struct writer *writer, uint16_t type, struct bytes rdata);

/*
 * OK when `wire` is well-formed RDATA of `type`: its fields fill it exactly,
 * names are uncompressed (in either case: see rdata_lower()), a digest whose
 * algorithm we know has its size, a bitmap is well formed.
 * MISHAP_SHORT, MISHAP_TRAILING, MISHAP_MALFORMED, MISHAP_LIMIT (over 65,535 octets).
 */
enum mishap rdata_check(uint16_t type, struct bytes wire) CHECKED;

/*
 * Reads the `size` octets of RDATA at `at` in a message, where names may be compressed, into `to`: names
 * uncompressed and in lower case, checked as rdata_check() does. Its mishaps, and MISHAP_FULL; what `to`
 * holds then is undefined.
 */
enum mishap rdata_read_message(uint16_t type, struct bytes message, size_t at, size_t size,
                               struct writer *to) CHECKED;

/* Lowers the letters of the names in checked RDATA, in place. */
void rdata_lower(uint16_t type, uint8_t *wire, size_t size);

/*
 * The views of the names in checked RDATA, in order; returns how many, at most
 * 2. For compression (RFC 3597 section 4: only of NS, CNAME, PTR, MX and SOA).
 */
#define RDATA_NAMES_MAX 2
unsigned rdata_names(uint16_t type, struct bytes rdata, struct bytes names[RDATA_NAMES_MAX]);

#endif
