/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/answer.h"

#include <string.h>

#include "dns/message.h"
#include "fuzz.h"
#include "zone_fixture.h"

#define NSID  "nsid"
#define WHOLE 2048 /* octets: more than any answer of the fixture has */

/* Every record of a response reads, and nothing stands behind the last. */
static void read_through(struct bytes response)
{
	struct message_header header;
	struct question question;
	struct message_rr rr;
	size_t at = MESSAGE_HEADER_SIZE;

	must(message_read_header(response, &header) == OK && (header.flags & MESSAGE_QR) != 0);
	must(header.count[SECTION_QUESTION] <= 1);
	if (header.count[SECTION_QUESTION] == 1)
		must(message_read_question(response, &at, &question) == OK);
	for (unsigned s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++)
		for (unsigned i = 0; i < header.count[s]; i++)
			must(message_read_rr(response, &at, &rr) == OK);
	must(at == response.size);
}

/* Answers in a buffer that has not one octet more than it says, filled with `rest` behind the
 * query; returns the response, to be freed. */
static struct bytes respond(const struct answerer *server, enum transport transport,
                            struct bytes query, int rest, bool withhold)
{
	struct asker asker = {transport, BYTES("\300\0\2\1"), 1764000000, 100, false};
	size_t least = query.size + ANSWER_SLACK;
	size_t room = transport == TRANSPORT_TCP ? least + WHOLE
	              : least > ANSWER_ROOM_MIN  ? least
	                                         : ANSWER_ROOM_MIN;
	uint8_t *message = malloc(room);
	struct outcome outcome;

	must(message != NULL);
	memset(message, rest, room);
	if (query.size != 0)
		memcpy(message, query.at, query.size);
	outcome = answer(server, &asker, message, query.size, room);
	if (outcome.size == ANSWER_ATTEND) { /* attend_fuzz.c */
		must(memcmp(message, query.at, query.size) == 0);
		outcome.size = 0;
	}
	if (withhold && outcome.size != 0) {
		answer_withhold(message, &outcome);
		must(outcome.size <= query.size + COOKIE_SERVER_SIZE + sizeof(NSID) + 11 + 6);
	}
	return (struct bytes){message, outcome.size};
}

/* Whatever the query, the response is whole and not longer than it may be, by UDP and TCP, and
 * of the same octets each time; so is one that is withheld. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cookie_secrets secrets = {.secret = {"a secret of ours"},
	                                              .count = 1};
	static struct image image;
	struct answerer server = {
		.image = &image,
		.secrets = &secrets,
		.udp_size = 1232,
		.identity = {BYTES("v"), BYTES("h"), BYTES("i"), BYTES(NSID)}};
	struct bytes query = {data, size};
	struct fault fault;
	struct writer to;

	if (image.header == NULL) {
		must(fixture_compile(ROOT_ZONE, &to, &fault) == OK);
		must(image_open(writer_bytes(&to), &image) == NULL);
	}
	if (size > 4096)
		return 0;
	for (unsigned t = 0; t < 3; t++) {
		enum transport transport = t == 1 ? TRANSPORT_TCP : TRANSPORT_UDP;
		struct bytes response = respond(&server, transport, query, 0, t == 2);
		struct bytes again = respond(&server, transport, query, 0xaa, t == 2);

		must(bytes_same(response, again));
		must(transport == TRANSPORT_TCP || response.size <= server.udp_size);
		if (response.size != 0)
			read_through(response);
		free((void *)(uintptr_t)response.at);
		free((void *)(uintptr_t)again.at);
	}
	return 0;
}
