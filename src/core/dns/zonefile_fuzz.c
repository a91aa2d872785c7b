/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonefile.h"

#include "dns/zonetext.h"
#include "fuzz.h"

static uint8_t memory[64 << 20];

/* The canonical text of what was read is read as the same zone, by this reader and by the
 * strict one, unless a bitmap has more types than are taken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes text = {data, size};
	struct fault fault = {0};
	struct rrset_list zone, again;

	if (3 * ZONE_FILE_ARENA_SIZE(size) > sizeof(memory))
		return 0;
	if (!zone_file_read(text, BYTES("\7example\0"), &arena, &zone, &fault)) {
		must(fault.why != NULL && fault.line >= 1);
		return 0;
	}
	must(arena.used <= ZONE_FILE_ARENA_SIZE(size));
	for (size_t i = 1; i < zone.count; i++)
		must(rrset_compare(&zone.at[i - 1], &zone.at[i]) < 0);
	struct writer printed = writer_in(&arena);
	zone_write_text(&printed, &zone);
	must(!printed.full);
	text = writer_keep(&printed, &arena);
	if (ZONE_FILE_ARENA_SIZE(text.size) > (arena.size - arena.used) / 2)
		return 0;
	must(zone_file_read(text, (struct bytes){NULL, 0}, &arena, &again, &fault));
	must(again.count == zone.count);
	must(zone_read_text(text, &arena, &again, &fault));
	must(again.count == zone.count &&
	     rrset_list_records(&again) == rrset_list_records(&zone));
	return 0;
}
