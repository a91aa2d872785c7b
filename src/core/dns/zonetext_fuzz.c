/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonetext.h"

#include "dns/zonemd.h"
#include "fuzz.h"

static uint8_t memory[64 << 20];

/* A text that reads is the one text of the zone it reads as. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes text = {data, size};
	struct fault fault = {0};
	struct rrset_list zone;
	uint8_t digest[SHA384_SIZE];

	if (ZONE_TEXT_ARENA_SIZE(size) > sizeof(memory))
		return 0;
	if (!zone_read_text(text, &arena, &zone, &fault)) {
		must(fault.why != NULL && fault.line >= 1);
		return 0;
	}
	must(arena.used <= ZONE_TEXT_ARENA_SIZE(size));
	for (size_t i = 1; i < zone.count; i++)
		must(rrset_compare(&zone.at[i - 1], &zone.at[i]) < 0);
	zonemd_digest(&zone, BYTES("\0"), digest);
	struct writer printed = writer_in(&arena);
	zone_write_text(&printed, &zone);
	must(!printed.full && bytes_same(writer_bytes(&printed), text));
	return 0;
}
