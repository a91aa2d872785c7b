/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_MESSAGE_H
#define COMITY_DNS_MESSAGE_H

/*
 * message.h - DNS messages (RFC 1035 section 4), read piece by piece, and EDNS
 * (RFC 6891).
 *
 * Reading is total: any octets give a value or a mishap. A position `*at` is an
 * offset into the whole message, because compression pointers are; each reader
 * moves it past what it read, and leaves it and its outputs alone on a mishap.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/dname.h"
#include "dns/type.h"

#define MESSAGE_HEADER_SIZE 12
#define MESSAGE_SIZE_MAX    65535
#define MESSAGE_UDP_SIZE                                                                       \
	512 /* octets a requester without EDNS takes (RFC 1035 section 4.2.1) */

/* The second word of the header. */
#define MESSAGE_QR        0x8000u
#define MESSAGE_AA        0x0400u
#define MESSAGE_TC        0x0200u
#define MESSAGE_RD        0x0100u
#define MESSAGE_RA        0x0080u
#define MESSAGE_AD        0x0020u
#define MESSAGE_CD        0x0010u
#define MESSAGE_OPCODE(f) ((f) >> 11 & 15u)
#define MESSAGE_RCODE(f)  ((f)&15u)

enum section {
	SECTION_QUESTION,
	SECTION_ANSWER,
	SECTION_AUTHORITY,
	SECTION_ADDITIONAL,
	SECTIONS
};

struct message_header {
	uint16_t id;
	uint16_t flags;
	uint16_t count[SECTIONS]; /* entries announced, by section */
};

struct question {
	struct dname name;
	uint16_t type;
	uint16_t qclass;
};

/* A record as it stands in a message. */
struct message_rr {
	struct dname owner;
	uint16_t type;
	uint16_t rr_class;
	uint32_t ttl;
	struct bytes rdata; /* view into the message; names in it may be compressed */
};

/* An OPT record (RFC 6891 section 6.1). */
struct edns {
	uint16_t udp_size;  /* octets the sender takes in a UDP message */
	uint8_t rcode_high; /* the upper eight bits of the RCODE */
	uint8_t version;
	bool dnssec_ok;       /* DO (RFC 3225) */
	struct bytes options; /* checked: they fill it exactly */
};

/* The first 12 octets. MISHAP_SHORT. */
enum mishap message_read_header(struct bytes message, struct message_header *header) CHECKED;
void message_write_header(struct writer *writer, const struct message_header *header);

/*
 * A name, compressed or not (section 4.1.4), letters lowered. A pointer must
 * point before the label it stands for, so reading ends.
 * MISHAP_SHORT, MISHAP_MALFORMED, MISHAP_LIMIT.
 */
enum mishap message_read_name(struct bytes message, size_t *at, struct dname *name) CHECKED;

/* An entry of the question section. Mishaps as message_read_name(). */
enum mishap message_read_question(struct bytes message, size_t *at,
                                  struct question *question) CHECKED;

/* A record of any other section. Mishaps as message_read_name(). */
enum mishap message_read_rr(struct bytes message, size_t *at, struct message_rr *rr) CHECKED;

/*
 * Reads a record of type OPT. MISHAP_MALFORMED: its owner is not the root or its
 * options do not fill its RDATA; `*edns` is then untouched.
 */
enum mishap edns_read(const struct message_rr *rr, struct edns *edns) CHECKED;

/* Writes the OPT record. edns->options is at most 65,535 octets. */
void edns_write(struct writer *writer, const struct edns *edns);

/* Codes of options. */
#define EDNS_NSID          3  /* RFC 5001 */
#define EDNS_COOKIE        10 /* RFC 7873 */
#define EDNS_TCP_KEEPALIVE 11 /* RFC 7828 */
#define EDNS_EDE           15 /* RFC 8914 */

/* Takes the next of checked options; false when none is left. */
bool edns_option_next(struct bytes *options, uint16_t *code, struct bytes *value);

/* Writes one option. */
void edns_option_write(struct writer *writer, uint16_t code, struct bytes value);

#endif
