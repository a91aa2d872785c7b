/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/receive.h"

#include "fuzz.h"
#include "serving/notify.h"
#include "zone_fixture.h"

#define ROOM    (1u << 21)
#define RECORDS 2000u

static uint8_t memory[4][ROOM];

/* The messages in the input, each behind two octets of its size. */
static enum received receive_all(struct receiving *r, struct bytes input)
{
	enum received received = RECEIVED_MORE;

	while (input.size >= 2 && received == RECEIVED_MORE) {
		size_t size = (size_t)input.at[0] << 8 | input.at[1];
		struct bytes message = bytes_first(bytes_from(input, 2), size);

		input = bytes_from(input, 2 + message.size);
		received = receive_message(r, message);
	}
	return received;
}

/* Whatever a primary sends, it is refused, or a zone comes of it that is a zone. The first
 * octet says what was asked for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena records = {memory[0], ROOM, 0}, octets = {memory[1], ROOM, 0};
	static struct arena old_arena = {memory[3], ROOM, 0};
	static struct rrset_list old;
	struct arena arena = {memory[2], ROOM, 0};
	struct bytes input = {data, size};
	struct serial have = {7}, serial;
	struct notify notify = {.pending = true, .tries = 1};
	struct receiving receiving;
	struct rrset_list zone;
	struct fault fault;
	enum received received;
	const char *why;
	uint16_t rcode;
	bool incremental;

	if (size == 0 || size > 60000)
		return 0;
	incremental = (data[0] & 1) != 0;
	if (old.count == 0)
		must(zone_read_text(bytes_of(ROOT_ZONE), &old_arena, &old, &fault));
	if (receive_read_soa(bytes_from(input, 3), 0, BYTES("\0"), &serial, &why))
		must(why == NULL || *why != 0);
	(void)notify_answered(&notify, bytes_from(input, 3), 0, &rcode);
	receive_begin(&receiving, 0, BYTES("\0"), incremental ? &have : NULL, RECORDS, &records,
	              &octets);
	received = receive_all(&receiving, bytes_from(input, 1));
	if (received != RECEIVED_ZONE && received != RECEIVED_CHANGES)
		return 0;
	must(received == RECEIVED_ZONE || incremental);
	if (!receive_zone(&receiving, received == RECEIVED_CHANGES ? &old : NULL, &arena, &zone,
	                  &fault))
		return 0;
	for (size_t i = 1; i < zone.count; i++)
		must(rrset_compare(&zone.at[i - 1], &zone.at[i]) < 0);
	must(rrset_find(&zone, BYTES("\0"), TYPE_SOA) != NULL);
	return 0;
}
