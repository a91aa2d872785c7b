/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rdata.h"

#include <string.h>

#include "dns/type.h"
#include "fuzz.h"

static uint8_t memory[4 << 20];

/* The first two octets are the type, the rest RDATA: what is well formed prints, and its
 * text reads back as the same octets in lower case. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes rdata, again;
	struct fault fault;
	uint8_t *lowered;
	uint16_t type;

	if (size < 2)
		return 0;
	type = (uint16_t)((data[0] % 4 == 0 ? data[0] << 8 : 0) | data[1]);
	rdata = bytes_from((struct bytes){data, size}, 2);
	if (rdata_check(type, rdata) != OK)
		return 0;
	lowered = arena_take(&arena, rdata.size);
	if (rdata.size != 0)
		memcpy(lowered, rdata.at, rdata.size);
	rdata_lower(type, lowered, rdata.size);
	must(rdata_check(type, (struct bytes){lowered, rdata.size}) == OK);
	struct writer text = writer_in(&arena);
	rdata_write_text(&text, type, rdata);
	must(!text.full);
	struct bytes line = writer_keep(&text, &arena);
	/* A time past the year 2106 does not exist, so every RRSIG has its text. */
	if (rdata_read_text(type, line, &arena, &again, &fault))
		must(bytes_same(again, (struct bytes){lowered, rdata.size}));
	else
		must(type == TYPE_NSEC || type == TYPE_NSEC3 || type == TYPE_CSYNC); /* more types than we read in one text */
	return 0;
}
