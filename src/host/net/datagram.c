/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/datagram.h"

#include <time.h>

void datagram_begin(struct datagram_round *round)
{
	const struct datagram_worker *worker = round->worker;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	round->asker.transport = TRANSPORT_UDP;
	round->asker.now = (uint32_t)now.tv_sec;
	round->tap = tap_begin(worker->tap, round->asker.now, (uint32_t)now.tv_nsec);
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	round->microseconds = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	round->server = served_take(worker->served, worker->worker);
	round->answer = round->server->expired ? answer_expired : answer;
}

void datagram_end(struct datagram_round *round)
{
	tap_end(round->tap);
	served_give(round->worker->served, round->worker->worker);
}

/* An answer over the limit: withheld, or not sent at all. */
void datagram_limit(struct datagram_round *round, uint8_t *message, struct outcome *outcome)
{
	const struct datagram_worker *worker = round->worker;

	if (worker->slip != 0 && ++round->over % worker->slip == 0) {
		tally_one(&worker->tally->counts.rate_slipped);
		answer_withhold(message, outcome);
	} else {
		tally_one(&worker->tally->counts.rate_dropped);
		outcome->size = 0;
	}
}

struct outcome datagram_attend(const struct datagram_round *round, uint8_t *message,
                               size_t size, size_t room)
{
	struct sending unused;
	struct attended attended =
		attend(round->server, &round->asker, message, size, room, &unused);

	if (attended.notified)
		served_tell(round->worker->served, &attended);
	return attend_outcome(&attended, message);
}
