/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_DATAGRAM_H
#define COMITY_HOST_NET_DATAGRAM_H

/*
 * datagram.h - from a datagram that came to the one that goes back, whoever carries them:
 * sockets (udp.h) or AF_XDP (xdp.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/net/served.h"
#include "host/net/tap.h"
#include "serving/rate.h"
#include "serving/tally.h"

/* What a worker answers datagrams with. */
struct datagram_worker {
	struct served *served;
	size_t worker; /* its slot in `served` */
	struct tally *tally;
	struct tap_ring *tap;    /* NULL: nobody is told */
	struct rate_table *rate; /* NULL: no limit; may be shared by workers */
	unsigned slip; /* of so many answers over the limit one goes out withheld; 0: none */
};

/* What all queries of a batch have in common; zero but for its first member before the first.
 */
struct datagram_round {
	const struct datagram_worker *worker;
	const struct answerer *server;
	struct outcome (*answer)(const struct answerer *server, const struct asker *asker,
	                         uint8_t *message, size_t size, size_t room);
	struct asker asker;
	struct tap_ring *tap;  /* NULL: nobody is told */
	uint64_t microseconds; /* of a clock that does not go back */
	unsigned over;         /* answers over the limit so far */
};

/* Takes the time, and what is served until datagram_end(). */
void datagram_begin(struct datagram_round *round);
void datagram_end(struct datagram_round *round);

/* An answer over the limit: withheld, or not sent at all. */
void datagram_limit(struct datagram_round *round, uint8_t *message, struct outcome *outcome);

/* The rare message that takes more than the image. */
struct outcome datagram_attend(const struct datagram_round *round, uint8_t *message,
                               size_t size, size_t room);

/*
 * Answers the query that is the first `size` of `room` octets at `message`, in place, as
 * answer() does, and counts, limits and tells of it. Who is over the limit, and has no cookie
 * of ours, gets none. `address` is of the sender, 4 or 16 octets. The size of the response, 0
 * when there shall be none.
 */
static inline size_t datagram_answer(struct datagram_round *round, struct bytes address,
                                     uint16_t port, uint8_t *message, size_t size, size_t room)
{
	const struct datagram_worker *worker = round->worker;
	struct tally_channel *channel = tally_channel(worker->tally, TRANSPORT_UDP, address);
	struct outcome outcome;

	tally_request(worker->tally, channel, address, size);
	round->asker.address = address;
	outcome = round->answer(round->server, &round->asker, message, size, room);
	if (outcome.size == ANSWER_ATTEND)
		outcome = datagram_attend(round, message, size, room);
	if (outcome.size != 0 && worker->rate != NULL && !outcome.known &&
	    !rate_allows(worker->rate, address, rate_kind_of(message), round->microseconds))
		datagram_limit(round, message, &outcome);
	if (outcome.size == 0)
		return 0;
	tally_response(worker->tally, channel, &outcome);
	if (round->tap != NULL)
		tap_tell(round->tap, worker->tally, address, port,
		         (struct bytes){message, outcome.size});
	return outcome.size;
}

#endif
