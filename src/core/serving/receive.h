/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_RECEIVE_H
#define COMITY_SERVING_RECEIVE_H

/*
 * receive.h - one zone on its way in from a primary: AXFR (RFC 5936) and IXFR (RFC 1995),
 * message by message.
 *
 * What comes is read completely before anything is made of it: a zone, or changes that lead to
 * one. Whoever holds a key checks TSIG before; here there is none.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/writer.h"
#include "dns/message.h"
#include "dns/rrset.h"
#include "dns/serial.h"

enum received {
	RECEIVED_MORE,       /* the transfer goes on */
	RECEIVED_UP_TO_DATE, /* the primary has nothing newer */
	RECEIVED_ZONE,       /* all of a zone is here */
	RECEIVED_CHANGES,    /* all changes are here */
	RECEIVED_REFUSED,    /* `why` says why; nothing is here */
};

/* What changes do: records between two marks are of one kind. */
enum change_kind { CHANGE_REMOVED, CHANGE_ADDED };

struct change {
	struct rr rr; /* a mark: the SOA that begins the run */
	uint8_t kind; /* enum change_kind */
	bool mark;
};

enum receiving_state {
	RECEIVING_FIRST,
	RECEIVING_SECOND,
	RECEIVING_ALL,
	RECEIVING_SOME,
	RECEIVING_ENDED
};

struct receiving {
	struct arena *arena; /* for owners and RDATA */
	struct change *change;
	size_t count, room; /* changes there are, and may be; of a whole zone all are "added" */
	size_t mark;        /* of changes: the last mark */
	struct bytes apex;
	uint16_t type; /* asked for: TYPE_AXFR or TYPE_IXFR */
	uint16_t id;
	struct serial have; /* IXFR: what we have */
	struct rr soa;      /* the first record; its serial is that of the new zone */
	enum receiving_state state;
	const char *why;
	uint16_t rcode; /* of the primary, when that is why */
};

/* The request for a transfer: AXFR when `have` is NULL, else IXFR from that serial. */
void receive_write_request(struct writer *to, uint16_t id, struct bytes apex,
                           const struct serial *have);

/* The request for the SOA. */
void receive_write_soa_request(struct writer *to, uint16_t id, struct bytes apex);

/* Reads the response to that. False, `*why` set: it is no answer. */
bool receive_read_soa(struct bytes message, uint16_t id, struct bytes apex,
                      struct serial *serial, const char **why) CHECKED;

/*
 * Begins to receive the answer to such a request. `room` is how many records may come: their
 * array and their octets are taken from the two arenas, which stay in place.
 */
void receive_begin(struct receiving *receiving, uint16_t id, struct bytes apex,
                   const struct serial *have, size_t room, struct arena *records,
                   struct arena *octets);

/* Takes the next message. After anything but RECEIVED_MORE there is none. */
enum received receive_message(struct receiving *receiving, struct bytes message);

/* Writes the changes that were received as a chain of deltas (transfer.h). */
void receive_write_changes(const struct receiving *receiving, struct writer *to);

/* The serial of the zone that comes. */
struct serial receive_serial(const struct receiving *receiving);

/*
 * The zone that was received: all of it, or what the changes make of `old` (NULL for
 * RECEIVED_ZONE). Takes its list from the arena; names and data stay where they are. False,
 * `*fault` set: a record is removed that is not there or added that is, or the records are no
 * zone.
 */
bool receive_zone(const struct receiving *receiving, const struct rrset_list *old,
                  struct arena *arena, struct rrset_list *zone, struct fault *fault) CHECKED;

/* Octets of arena that receive_zone() may take. */
#define RECEIVE_ARENA_SIZE(old_records, count)                                                 \
	(512 * ((size_t)(old_records) + (count)) + (1u << 20))

/*
 * NULL when the zone has a ZONEMD that says what it is (RFC 8976 section 4) or has none that we
 * can check and `required` is false; otherwise why not. `digest` is that of the zone.
 */
const char *receive_check_zonemd(const struct rrset_list *zone,
                                 const uint8_t digest[SHA384_SIZE], bool required) CHECKED;

#endif
