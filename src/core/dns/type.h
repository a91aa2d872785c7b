/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_TYPE_H
#define COMITY_DNS_TYPE_H

/*
 * type.h - RR types, classes, RCODEs and opcodes by number, and RR types by word
 * (the IANA registry "Domain Name System (DNS) Parameters").
 *
 * The types we know have their word; any other is TYPE and its number
 * (RFC 3597 section 5). One type has one text.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

enum rr_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_HINFO = 13,
	TYPE_MINFO = 14,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_RP = 17,
	TYPE_AFSDB = 18,
	TYPE_X25 = 19,
	TYPE_ISDN = 20,
	TYPE_RT = 21,
	TYPE_AAAA = 28,
	TYPE_LOC = 29,
	TYPE_SRV = 33,
	TYPE_NAPTR = 35,
	TYPE_KX = 36,
	TYPE_CERT = 37,
	TYPE_DNAME = 39,
	TYPE_OPT = 41,
	TYPE_APL = 42,
	TYPE_DS = 43,
	TYPE_SSHFP = 44,
	TYPE_IPSECKEY = 45,
	TYPE_RRSIG = 46,
	TYPE_NSEC = 47,
	TYPE_DNSKEY = 48,
	TYPE_DHCID = 49,
	TYPE_NSEC3 = 50,
	TYPE_NSEC3PARAM = 51,
	TYPE_TLSA = 52,
	TYPE_SMIMEA = 53,
	TYPE_HIP = 55,
	TYPE_CDS = 59,
	TYPE_CDNSKEY = 60,
	TYPE_OPENPGPKEY = 61,
	TYPE_CSYNC = 62,
	TYPE_ZONEMD = 63,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65,
	TYPE_SPF = 99,
	TYPE_NID = 104,
	TYPE_L32 = 105,
	TYPE_L64 = 106,
	TYPE_LP = 107,
	TYPE_EUI48 = 108,
	TYPE_EUI64 = 109,
	TYPE_TSIG = 250,
	TYPE_IXFR = 251,
	TYPE_AXFR = 252,
	TYPE_MAILB = 253,
	TYPE_MAILA = 254,
	TYPE_ANY = 255,
	TYPE_URI = 256,
	TYPE_CAA = 257,
	TYPE_AVC = 258,
	TYPE_AMTRELAY = 260,
};

enum rr_class { CLASS_IN = 1, CLASS_CH = 3, CLASS_ANY = 255 };

enum rcode {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_YXDOMAIN = 6, /* a DNAME leads to a name that is too long (RFC 6672 section 2.2) */
	RCODE_NOTAUTH = 9,
	RCODE_BADVERS = 16,   /* needs an OPT record (RFC 6891 section 6.1.3) ... */
	RCODE_BADCOOKIE = 23, /* ... and so does this (RFC 7873 section 8) */
};

enum opcode { OPCODE_QUERY = 0, OPCODE_NOTIFY = 4, OPCODE_UPDATE = 5 };

/* False, and `*type` untouched, when `text` is not the one text of a type. */
bool type_read_text(struct bytes text, uint16_t *type);

/* The same from a master file: letters in either case, TYPE and a number for any type (RFC 3597
 * section 5). */
bool type_read_word(struct bytes text, uint16_t *type);

void type_write_text(struct writer *writer, uint16_t type);

#endif
