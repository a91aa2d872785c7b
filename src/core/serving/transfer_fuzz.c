/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/transfer.h"

#include <string.h>

#include "dns/message.h"
#include "fuzz.h"
#include "serving/sending.h"
#include "serving/transfer_make.h"
#include "zone_fixture.h"

#define ROOM (1u << 23)

static alignas(IMAGE_ALIGN) uint8_t good[2][ROOM], file[ROOM];
static uint8_t memory[4][ROOM];

/* Makes a file of the fixture's zone, and one of the zone under another serial behind it. */
static size_t make(struct transfer transfers[2])
{
	static char text[2][sizeof(ROOT_ZONE)];
	struct rrset_list zone[2];
	struct fault fault;
	uint8_t digest[2][SHA384_SIZE] = {{1}, {2}};

	for (unsigned i = 0; i < 2; i++) {
		struct arena arena = {memory[i], ROOM, 0}, scratch = {memory[2], ROOM, 0};
		struct writer to = {.at = good[i], .size = ROOM};

		memcpy(text[i], ROOT_ZONE, sizeof(ROOT_ZONE));
		if (i == 1)
			*strchr(text[i], '7') = '8';
		must(zone_read_text(bytes_of(text[i]), &arena, &zone[i], &fault));
		must(transfer_make(&zone[i], digest[i], i == 0 ? NULL : &transfers[0], &zone[0],
		                   scratch, &to) == OK);
		must(transfer_open(writer_bytes(&to), &transfers[i]) == NULL);
	}
	must(transfers[1].delta_count == 1);
	return transfers[1].file.size;
}

static void send_all(const struct transfer *transfer, bool has_serial)
{
	static struct sending sending;
	static struct sending_message message;
	struct transfer_request request = {.has_serial = has_serial,
	                                   .serial = {7},
	                                   .edns = true,
	                                   .question = BYTES("\0\0\373\0\1")};

	sending_begin(&sending, transfer, &request);
	while (sending_next(&sending, 0, &message))
		must(message.size > MESSAGE_HEADER_SIZE);
}

/*
 * The input is pairs of an offset and a value, written over a good file, and the file is then
 * sealed again: one made with ill will may send wrong zones, and is never a fault.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct transfer transfers[2];
	static size_t file_size;
	struct transfer_header *header = (void *)file;
	size_t behind = offsetof(struct transfer_header, content) + sizeof(header->content);
	struct arena arena = {memory[3], ROOM, 0};
	struct rrset_list zone;
	struct transfer transfer;
	struct fault fault;

	if (file_size == 0)
		file_size = make(transfers);
	memcpy(file, good[1], file_size);
	for (size_t i = 0; i + 3 <= size; i += 3)
		file[(size_t)(data[i] << 8 | data[i + 1]) % file_size] = data[i + 2];
	header->content = sha256((struct bytes){file + behind, file_size - behind});
	if (transfer_open((struct bytes){file, file_size}, &transfer) != NULL)
		return 0;
	send_all(&transfer, false);
	send_all(&transfer, true);
	if (TRANSFER_ARENA_SIZE(&transfer) <= ROOM &&
	    transfer_read_zone(&transfer, &arena, &zone, &fault))
		must(zone.count != 0);
	return 0;
}
