/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVING_SIGHTING_H
#define COMITY_OBSERVING_SIGHTING_H

/*
 * sighting.h - what name servers answered, as whoever asked them tells it (comity-check(7), THE
 * SIGHTINGS):
 *
 *     comity-sightings/1
 *     tld: aur.
 *     server: a.nic.aur. 192.0.2.1        one address of one name server, or "none": it has no address
 *     udp: answered                       what became of the question for the SOA by UDP, and by TCP
 *     tcp: silent
 *     answer: NOERROR aa - -              RCODE, AA, TC and RA of the first answer, by UDP or TCP
 *     soa: a.nic.aur. h.aur. 7 1800 900 604800 86400
 *     ns: a.nic.aur.                      the NS it has of the TLD; none or more, sorted
 *     host: a.nic.aur.                    it answers with authority for a name server below the TLD, ...
 *     address: 192.0.2.1                  ... whose addresses are these; none or more, sorted
 *     recursion: closed
 *     ds: 12345 yes                       whether it has a DNSKEY of that DS, in the order of the DS
 *     chain: holds                        or in words why no DS leads to signatures that hold
 *     end
 *
 * Whoever reads hostile octets wrote it; so what it tells is read as if anybody had.
 */

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"
#include "base/writer.h"

#define SIGHTINGS_SIZE_MAX ((size_t)1 << 20) /* octets */
#define SIGHTINGS_MAX      64                /* addresses of name servers */

enum reach {
	REACH_ANSWERED,
	REACH_SILENT,     /* nothing came in time */
	REACH_UNROUTABLE, /* there is no way there from here: it was not asked */
	REACH_GARBLED,    /* something came that is no answer to the question */
	REACH_ELSEWHERE,  /* an answer came from another address */
	REACHES
};

enum recursion {
	RECURSION_CLOSED,
	RECURSION_OPEN, /* it looked up for a stranger a name that is not its own */
	RECURSION_UNKNOWN,
	RECURSIONS
};

struct sighting {
	struct bytes name;    /* text */
	struct bytes address; /* text, or "none": nothing below is set then */
	enum reach udp, tcp;
	bool answered; /* by UDP or TCP: */
	struct bytes rcode; /* a word */
	bool aa, tc, ra;
	struct bytes soa;   /* its data; empty: the answer has none */
	struct bytes ns;    /* "ns: " lines */
	struct bytes hosts; /* "host: " and "address: " lines */
	enum recursion recursion;
	struct bytes ds;    /* "ds: " lines */
	struct bytes chain; /* printable ASCII; empty: no DS was asked about */
};

struct sightings {
	struct bytes tld;
	unsigned count;
	struct sighting sighting[SIGHTINGS_MAX];
};

const char *reach_word(enum reach reach);
const char *recursion_word(enum recursion recursion);

/* The parts of the text, in their order. `chain` is made one line of printable ASCII. */
void sightings_write_head(struct writer *writer, struct bytes tld);
void sighting_write(struct writer *writer, const struct sighting *sighting);
void sightings_write_end(struct writer *writer);

/* Reads all of `text`, from which the sightings borrow. MISHAP_MALFORMED, MISHAP_LIMIT: more than
 * SIGHTINGS_MAX, or longer than SIGHTINGS_SIZE_MAX; `*sightings` is then undefined. */
enum mishap sightings_read(struct bytes text, struct sightings *sightings) CHECKED;

#endif
