/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/respond.h"

#include <string.h>

#include "dns/message.h"
#include "fuzz.h"
#include "ordinary_fixture.h"
#include "serving/answer.h"

/* Every record reads, and nothing stands behind the last. */
static void read_through(struct bytes response)
{
	struct message_header header;
	struct question question;
	struct message_rr rr;
	size_t at = MESSAGE_HEADER_SIZE;

	must(message_read_header(response, &header) == OK && (header.flags & MESSAGE_QR) != 0);
	if (header.count[SECTION_QUESTION] == 1)
		must(message_read_question(response, &at, &question) == OK);
	for (unsigned s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++)
		for (unsigned i = 0; i < header.count[s]; i++)
			must(message_read_rr(response, &at, &rr) == OK);
	must(at == response.size);
}

/* Answers in a buffer that has not one octet more than it says; returns the response, to be
 * freed. */
static struct bytes respond(const struct answerer *server, enum transport transport,
                            struct bytes query, int rest)
{
	struct asker asker = {transport, BYTES("\300\0\2\1"), 1764000000, 100, false};
	size_t least = query.size + ANSWER_SLACK;
	size_t room = transport == TRANSPORT_TCP ? MESSAGE_SIZE_MAX + ANSWER_SLACK
	              : least > ANSWER_ROOM_MIN  ? least
	                                         : ANSWER_ROOM_MIN;
	uint8_t *message = malloc(room);
	struct outcome outcome;

	must(message != NULL);
	memset(message, rest, room);
	if (query.size != 0)
		memcpy(message, query.at, query.size);
	outcome = answer(server, &asker, message, query.size, room);
	if (outcome.size == ANSWER_ATTEND)
		outcome.size = 0;
	return (struct bytes){message, outcome.size};
}

/* Whatever is asked of a server of several zones, the response is whole, not longer than it may
 * be, and of the same octets each time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fixture_zones served;
	struct answerer server = {
		.image = &served.image, .udp_size = 1232, .zones = &served.zones};
	struct bytes query = {data, size};

	if (served.zones.count == 0)
		must(fixture_zones(&served));
	if (size > 4096)
		return 0;
	for (unsigned t = 0; t < 2; t++) {
		enum transport transport = t == 1 ? TRANSPORT_TCP : TRANSPORT_UDP;
		struct bytes response = respond(&server, transport, query, 0);
		struct bytes again = respond(&server, transport, query, 0xaa);

		must(bytes_same(response, again));
		must(transport == TRANSPORT_TCP || response.size <= server.udp_size);
		if (response.size != 0)
			read_through(response);
		free((void *)(uintptr_t)response.at);
		free((void *)(uintptr_t)again.at);
	}
	return 0;
}
