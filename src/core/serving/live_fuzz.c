/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/live.h"

#include <string.h>

#include "dns/zonemd.h"
#include "fuzz.h"
#include "serving/answer.h"
#include "zone_fixture.h"

#define FILE_ROOM (sizeof(fixture_image))

static alignas(LIVE_PAGE) uint8_t file[FILE_ROOM + LIVE_ROOM];
static uint8_t memory[LIVE_MEMORY(1000)], zone_memory[1 << 20], kept_memory[8 << 20];

static void ask_everything(const struct image *image)
{
	struct answerer server = {.image = image, .udp_size = 1232};
	struct asker asker = {TRANSPORT_UDP, BYTES("\300\0\2\1"), 1764000000, 0, false};

	for (uint32_t i = 0; i < image->node_count; i++)
		for (uint16_t type = TYPE_A; type <= TYPE_NSEC; type++) {
			uint8_t message[ANSWER_ROOM_MIN + 300];
			struct writer w = {.at = message, .size = sizeof(message)};
			struct edns edns = {.udp_size = 600, .dnssec_ok = i % 2};

			message_write_header(&w,
			                     &(struct message_header){.count = {1, 0, 0, 1}});
			write_bytes(&w, image_name(image, &image->node[i]));
			write_u16(&w, type);
			write_u16(&w, CLASS_IN);
			edns_write(&w, &edns);
			must(answer(&server, &asker, message, w.used, sizeof(message)).size >=
			     MESSAGE_HEADER_SIZE);
		}
}

/* Hashed with the names that changed alone, a zone has the digest that it has. */
static void hash_what_changed(const struct zonemd_kept *kept, const struct live *live)
{
	static struct bytes changed[LIVE_CHANGES_MAX];
	struct rrset_list now = live_zone(live);
	uint8_t got[SHA384_SIZE], want[SHA384_SIZE];

	zonemd_digest_changed(kept, &now, changed, live_changed(live, changed), got);
	zonemd_digest(&now, kept->apex, want);
	must(memcmp(got, want, sizeof(got)) == 0);
}

/* Whatever the changes, they are declined or make an image that answers; those in the input
 * follow each other, two octets of size before each. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct live live;
	struct arena arena = {zone_memory, sizeof(zone_memory), 0};
	static const uint8_t digest[SHA384_SIZE];
	struct bytes input = {data, size};
	struct rrset_list zone;
	struct image image;
	struct fault fault;
	struct writer to;
	const char *why;

	must(zone_read_text(bytes_of(ROOT_ZONE), &arena, &zone, &fault));
	must(fixture_compile(ROOT_ZONE, &to, &fault) == OK);
	memcpy(file, to.at, to.used);
	must(image_open((struct bytes){file, to.used}, &image) == NULL);
	live_begin(&live, &image, &zone, &(struct arena){memory, sizeof(memory), 0});
	while (input.size >= 2) {
		struct arena kept_arena = {kept_memory, sizeof(kept_memory), 0};
		size_t part = (size_t)input.at[0] << 8 | input.at[1];
		struct rrset_list now = live_zone(&live);
		struct zonemd_kept kept;

		zonemd_keep(&kept, &now, BYTES("\0"), &kept_arena);
		const struct image *next = live_apply(
			&live, bytes_first(bytes_from(input, 2), part), digest, &why);

		input = bytes_from(input, 2 + part);
		if (next == NULL)
			return 0;
		ask_everything(next);
		hash_what_changed(&kept, &live);
	}
	return 0;
}
