/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVING_ASKING_H
#define COMITY_OBSERVING_ASKING_H

/*
 * asking.h - a delegation whose name servers are to be asked (comity-check(7), THE QUESTION):
 *
 *     comity-asking/1
 *     tld: aur.
 *     resolver: 192.0.2.53                who is asked for addresses that nobody gave; none or more
 *     address: ns.cas. 198.51.100.1       of a name server outside the TLD, known already
 *     + aur. 172800 IN NS a.nic.aur.      the delegation as an act has it
 *
 * An address is here as ipv4_write_text() and ipv6_write_text() write it, a name as
 * dname_write_text() does.
 */

#include "base/arena.h"
#include "dns/address.h"
#include "dns/dname.h"
#include "dns/referral.h"
#include "dns/rr.h"

#define ASKING_SIZE_MAX ((size_t)64 << 10) /* octets */
#define ASKING_DS_MAX   16

struct asking {
	struct bytes tld;       /* text of its name */
	struct bytes resolvers; /* "resolver: " lines */
	struct bytes addresses; /* "address: " lines */
	struct bytes records;   /* "+ " lines */
};

/*
 * Reads all of `text`, from which the asking borrows; `scratch`, of 16 KiB at least, is given back.
 * Each line is looked at: records are NS and DS of the TLD, and A and AAAA of names. MISHAP_MALFORMED;
 * MISHAP_LIMIT: more than ASKING_DS_MAX DS. `*asking` is then untouched.
 */
enum mishap asking_read(struct bytes text, struct arena scratch, struct asking *asking) CHECKED;

void asking_write(struct writer *writer, const struct asking *asking);

/* Takes the next record off `*lines`, which are "+ " lines; its octets in the arena. False at the end. */
bool asking_record(struct bytes *lines, struct arena *arena, struct rr *rr);

/* Takes the next line off `*lines` and its value: "NAME ADDRESS" or "ADDRESS". False at the end. */
bool asking_value(struct bytes *lines, struct bytes *value);

/* An address by its one text: its octets, 4 or 16 of them; 0 when it is none. */
size_t address_read(struct bytes text, uint8_t octets[IPV6_SIZE]);
void address_write(struct writer *writer, const uint8_t *octets, size_t size);

#endif
