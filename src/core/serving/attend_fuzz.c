/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/attend.h"

#include <string.h>

#include "fuzz.h"
#include "serving/transfer_make.h"
#include "zone_fixture.h"

#define ROOM (1u << 22)

static alignas(IMAGE_ALIGN) uint8_t file[ROOM];
static uint8_t memory[2][ROOM];

static void make(struct image *image, struct transfer *transfer)
{
	struct arena arena = {memory[0], ROOM, 0}, scratch = {memory[1], ROOM, 0};
	struct writer to = {.at = file, .size = ROOM}, made;
	struct rrset_list zone;
	struct fault fault;

	must(fixture_compile(ROOT_ZONE, &made, &fault) == OK);
	must(image_open(writer_bytes(&made), image) == NULL);
	must(zone_read_text(bytes_of(ROOT_ZONE), &arena, &zone, &fault));
	must(transfer_make(&zone, image->header->zone, NULL, NULL, scratch, &to) == OK);
	must(transfer_open(writer_bytes(&to), transfer) == NULL);
}

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

static void send_all(struct sending *sending)
{
	static struct sending_message message;

	while (sending_next(sending, 1764000000, &message))
		must(message.size > MESSAGE_HEADER_SIZE && message.size < MESSAGE_SIZE_MAX);
}

/* Signs a message again whose TSIG names our key, at the time that it says; what comes of it.
 * Whoever mutates messages does not find a MAC. */
static size_t sign(const struct tsig_key *key, uint8_t *message, size_t size, size_t room)
{
	struct writer to = {.at = message, .size = room};
	uint8_t mac[TSIG_MAC_MAX];
	struct tsig tsig;
	bool present;

	if (tsig_find((struct bytes){message, size}, &tsig, &present) != OK || !present ||
	    !tsig_names_key(&tsig, key))
		return 0;
	to.used = tsig.at;
	message[11]--;
	message[10] = (uint8_t)(message[10] - (message[11] == 0xff));
	must(tsig_sign_request(&to, key, tsig.time, mac) != 0);
	return to.used;
}

/* What becomes of a message that is handed on. */
static void attend_to(const struct answerer *server, const struct asker *asker,
                      uint8_t *message, size_t size, size_t room, bool is_signed)
{
	static struct sending sending;
	struct attended attended = attend(server, asker, message, size, room, &sending);

	must(is_signed || (!attended.notified && !attended.authentic));
	must(attended.sending == (attended.size == 0));
	must(asker->transport == TRANSPORT_TCP || !attended.sending);
	if (attended.sending)
		send_all(&sending);
	else
		read_through((struct bytes){message, attended.size});
}

/*
 * Whatever is attended to, the response is whole, or a transfer goes out; without the secret
 * nothing that needs the key is done. What names our key is tried under a good signature too.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tsig_key ours = {.name = {3, {1, 'k', 0}}, .secret_size = 32, .secret = {1}};
	static const struct permit open = {.prefix_size = 0}, keyed = {.key = &ours};
	static struct image image;
	static struct transfer transfer;
	struct attendant attendant = {&ours, 1, &open, 1, &keyed, 1};
	struct answerer server = {.image = &image,
	                          .udp_size = 1232,
	                          .attendant = &attendant,
	                          .transfer = &transfer};

	if (image.header == NULL)
		make(&image, &transfer);
	if (size > 3000)
		return 0;
	for (unsigned t = 0; t < 4; t++) {
		struct asker asker = {t < 2 ? TRANSPORT_UDP : TRANSPORT_TCP,
		                      BYTES("\300\0\2\1"), 1764000000, 0, false};
		uint8_t message[4096];
		bool is_signed = t % 2 != 0;
		size_t now = size;

		if (size != 0)
			memcpy(message, data, size);
		if (is_signed)
			now = sign(&ours, message, size, sizeof(message));
		if (answer(&server, &asker, message, now, sizeof(message)).size ==
		    ANSWER_ATTEND)
			attend_to(&server, &asker, message, now, sizeof(message), is_signed);
	}
	return 0;
}
