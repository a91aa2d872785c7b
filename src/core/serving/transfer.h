/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_TRANSFER_H
#define COMITY_SERVING_TRANSFER_H

/*
 * transfer.h - the transfer file: one zone, ready to be sent to a secondary
 * (comity-transfer(5)).
 *
 * The whole zone stands in it as the bodies of the messages of an AXFR (RFC 5936), without the
 * SOA that begins and ends it; and how it came to be, as a chain of *deltas* (RFC 1995), each a
 * run of whole records without compression: SOA before, what was removed, SOA after, what was
 * added. The deltas of a chain lie one behind the other, so an IXFR is one run of octets.
 *
 * A body was laid out behind a header and a question for the apex; that of the first message
 * behind the SOA, too. transfer_open() is the only door in. Numbers are in the byte order of
 * the machine that made the file.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "dns/rrset.h"
#include "dns/serial.h"
#include "serving/image.h"

#define TRANSFER_MAGIC  "COMITYZT" /* eight octets, no NUL */
#define TRANSFER_FORMAT 1

#define TRANSFER_SOA_MAX     544        /* octets of an SOA record at most */
#define TRANSFER_RECORD_MAX  32767      /* octets of any record at most, uncompressed */
#define TRANSFER_DELTAS_MAX  128        /* deltas kept at most */
#define TRANSFER_CHANGES_MAX (64 << 20) /* octets of deltas kept at most */

struct transfer_message {
	uint32_t at; /* of the body, from the start of the file */
	uint16_t size;
	uint16_t records;
};

struct transfer_delta {
	uint32_t from, to; /* serials */
	uint32_t at;   /* from the start of the file; the next one begins where this one ends */
	uint32_t size; /* octets */
	uint32_t records;
};

struct transfer_header {
	uint8_t magic[8];
	uint32_t format;
	uint32_t byte_order;
	struct digest content;     /* SHA-256 of everything behind this field */
	uint64_t size;             /* octets of the whole file */
	uint8_t zone[SHA384_SIZE]; /* the digest of RFC 8976 over the zone */
	uint32_t serial;
	uint32_t records; /* of the zone, signatures included, the SOA once */
	struct image_table apex, soa, message, delta, body, change;
};

/* An open file: views into it. */
struct transfer {
	struct bytes file;
	const struct transfer_header *header;
	struct bytes apex;
	struct bytes
		soa; /* a record that may stand in any message whose question is for the apex */
	const struct transfer_message *message;
	const struct transfer_delta *delta; /* the newest last; its `to` is the serial */
	uint32_t message_count;
	uint32_t delta_count;
};

/* Opens the file that is all of `file`, which begins at an address divisible by IMAGE_ALIGN and
 * stays as it is while `*transfer` is in use. NULL when it is good; otherwise why not, and
 * `*transfer` is untouched. */
const char *transfer_open(struct bytes file, struct transfer *transfer) CHECKED;

/* The octets from the delta that begins at `serial` to the newest one's end; none when there is
 * no such delta. */
struct bytes transfer_changes(const struct transfer *transfer, struct serial serial);

/* Octets of all bodies: what an AXFR takes. */
size_t transfer_octets(const struct transfer *transfer);

/* The size of the uncompressed record at the front of `octets`; 0 when none stands there whole.
 */
size_t transfer_record_size(struct bytes octets);

/* Octets of arena that transfer_read_zone() may take. */
#define TRANSFER_ARENA_SIZE(transfer_)                                                         \
	(1024 * (size_t)(transfer_)->header->records + 4 * (transfer_)->file.size + (1u << 20))

/* Takes the zone out of a transfer file. False, `*fault` set, when it is no zone. */
bool transfer_read_zone(const struct transfer *transfer, struct arena *arena,
                        struct rrset_list *zone, struct fault *fault) CHECKED;

#endif
