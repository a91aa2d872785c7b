/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/answer.h"

#include <string.h>

#include "dns/message.h"
#include "fuzz.h"
#include "zone_fixture.h"

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

/* Whatever the query, the response is whole and not longer than it may be, by UDP and TCP, and
 * of the same octets each time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct image image;
	static uint8_t message[MESSAGE_SIZE_MAX + ANSWER_SLACK], again[sizeof(message)];
	struct answerer server = {
		.image = &image,
		.udp_size = 1232,
		.identity = {BYTES("v"), BYTES("h"), BYTES("i"), BYTES("nsid")}};
	struct fault fault;
	struct writer to;

	if (image.header == NULL) {
		must(fixture_compile(ROOT_ZONE, &to, &fault) == OK);
		must(image_open(writer_bytes(&to), &image) == NULL);
	}
	if (size > 4096)
		return 0;
	for (unsigned t = 0; t < 2; t++) {
		enum transport transport = t == 0 ? TRANSPORT_UDP : TRANSPORT_TCP;
		size_t room = t == 0 ? size + ANSWER_SLACK : sizeof(message);

		if (room < ANSWER_ROOM_MIN)
			room = ANSWER_ROOM_MIN;
		memset(message, (int)size, sizeof(message));
		memset(again, 0, sizeof(again));
		if (size != 0) {
			memcpy(message, data, size);
			memcpy(again, data, size);
		}
		size_t got = answer(&server, transport, message, size, room);
		must(got == answer(&server, transport, again, size, room));
		must(memcmp(message, again, got) == 0 && got <= room);
		must(transport == TRANSPORT_TCP || got <= server.udp_size);
		if (got != 0)
			read_through((struct bytes){message, got});
	}
	return 0;
}
