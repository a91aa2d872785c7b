/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/file.h"

#include <stddef.h>
#include <string.h>

#include "fuzz.h"
#include "ordinary_fixture.h"
#include "serving/answer.h"

static alignas(IMAGE_ALIGN) uint8_t file[ORDINARY_ROOM];

/* Asks one question in a buffer that has not one octet more than it says. */
static void ask(const struct answerer *server, struct bytes query, enum transport transport)
{
	size_t room = transport == TRANSPORT_TCP ? MESSAGE_SIZE_MAX + ANSWER_SLACK
	                                         : ANSWER_ROOM_MIN + query.size % 90;
	struct asker asker = {transport, BYTES("\300\0\2\1"), 1764000000, 0, false};
	uint8_t *message = malloc(room);
	size_t size;

	must(message != NULL);
	memcpy(message, query.at, query.size);
	size = answer(server, &asker, message, query.size, room).size;
	must(size >= MESSAGE_HEADER_SIZE && size <= room);
	free(message);
}

/* Asks for names of the zone, for one below and one beside each. */
static void ask_everything(const struct ordinary *zone)
{
	static const uint16_t types[] = {TYPE_A,  TYPE_DS,    TYPE_NS,    TYPE_ANY,
	                                 TYPE_MX, TYPE_RRSIG, TYPE_CNAME, TYPE_SOA};
	struct zone only = {.apex = ordinary_name(zone, 0), .ordinary = zone};
	struct zones zones;
	struct answerer server = {.udp_size = 1232, .zones = &zones};

	zones_begin(&zones);
	must(zones_add(&zones, &only));
	for (uint32_t i = 0; i < 16 * zone->node_count && i < 1200; i++) {
		struct bytes name = ordinary_name(zone, i / 16);
		struct message_header header = {.count = {1, 0, 0, 1}};
		struct edns edns = {.udp_size = 600, .dnssec_ok = i % 2};
		uint8_t query[400];
		struct writer w = {.at = query, .size = sizeof(query)};

		message_write_header(&w, &header);
		if (i / 8 % 2 == 1 && name.size < 200)
			write_bytes(&w, i % 3 == 0 ? BYTES("\1*") : BYTES("\3www"));
		write_bytes(&w, name);
		write_u16(&w, types[i / 2 % 8]);
		write_u16(&w, CLASS_IN);
		edns_write(&w, &edns);
		ask(&server, writer_bytes(&w), i % 5 == 0 ? TRANSPORT_TCP : TRANSPORT_UDP);
	}
}

/*
 * The input is pairs of an offset and a value, written over a good file, which is then sealed
 * again: a file made with ill will may give wrong answers, and is never a fault.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static size_t sizes[2];
	unsigned which = size % 2; /* the one by NSEC, or the one by NSEC3 */
	size_t file_size;
	struct ordinary_header *header = (void *)file;
	size_t behind = offsetof(struct ordinary_header, content) + sizeof(header->content);
	struct ordinary zone;
	struct fault fault;
	struct writer to;

	for (unsigned i = 0; sizes[1] == 0; i++) {
		must(fixture_make(i == 0 ? SHAPE_ZONE : HASH_ZONE, i, &to, &fault) == OK);
		sizes[i] = to.used;
	}
	file_size = sizes[which];
	memcpy(file, ordinary_file[which], file_size);
	for (size_t i = 0; i + 3 <= size; i += 3)
		file[(size_t)(data[i] << 8 | data[i + 1]) % file_size] = data[i + 2];
	header->content = sha256((struct bytes){file + behind, file_size - behind});
	if (ordinary_open((struct bytes){file, file_size}, &zone) == NULL)
		ask_everything(&zone);
	return 0;
}
