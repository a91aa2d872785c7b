/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/bounds.h"

#include "commons/importing.h"
#include "commons/linking.h"
#include "signing/board.h"

/* What is signed at once: an NSEC and a DS of every TLD, an NSEC, A and AAAA of every root server, and the apex. */
_Static_assert(2 * IMPORTING_TLDS_MAX + 3 * BOUNDS_SERVERS + 5 <= BOARD_ITEMS_MAX, "all can be signed");

#define DS_HEAD 4 /* RFC 4034 section 5.1: key tag, algorithm, digest type */

unsigned bounds_of_type(uint16_t type)
{
	return type == TYPE_NS   ? BOUNDS_NS
	       : type == TYPE_DS ? BOUNDS_DS
	                         : BOUNDS_ADDRESSES;
}

enum reason bounds_fault(struct bytes records)
{
	uint8_t memory[2][16384] __attribute__((aligned(16)));
	struct rr rr[2] = {{.type = 0}};
	unsigned count = 0;

	for (unsigned i = 0;; i ^= 1) {
		struct arena scratch = {memory[i], sizeof(memory[i]), 0};

		if (!record_rr(&records, &scratch, &rr[i]))
			return REASON_NONE;
		bool same = count > 0 && rr[0].type == rr[1].type && bytes_same(rr[0].owner, rr[1].owner);
		count = same ? count + 1 : 1;
		if (count > bounds_of_type(rr[i].type) ||
		    (rr[i].type == TYPE_DS && rr[i].rdata.size > DS_HEAD + BOUNDS_DS_DIGEST))
			return REASON_SET;
	}
}

bool bounds_host_fits(const struct commons *commons, struct bytes label, struct refusal *refusal)
{
	unsigned idle = 0;
	struct host host;

	for (size_t index = 0; host_next(commons->state, &index, &host);)
		idle += bytes_same(host.users, BYTES("none")) && link_host_is_below(commons, host.name, label);
	return idle < BOUNDS_HOSTS_IDLE || refuse_name(refusal, REASON_HOSTS, label);
}

bool bounds_server_fits(const struct commons *commons, struct bytes party, struct refusal *refusal)
{
	unsigned all = 0, own = 0;
	struct server server;

	for (size_t index = 0; server_next(commons->state, &index, &server); all++)
		own += bytes_same(server.owner, party);
	return (all < BOUNDS_SERVERS && own < BOUNDS_PARTY_SERVERS) || refuse(refusal, REASON_SERVERS);
}
