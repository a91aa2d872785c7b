/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/map.h"

#include <string.h>

#include "fuzz.h"

/* With parties and without: a map is sorted, has no TLD twice, and borrows from its text. */
static void check(struct bytes text, struct bytes parties)
{
	struct arena arena = {.size = MAP_ARENA_SIZE(text.size)};
	struct fault fault = {0};
	struct map map;

	arena.at = malloc(arena.size);
	must(arena.at != NULL);
	if (!map_read(text, parties, &arena, &map, &fault)) {
		must(fault.why != NULL && fault.line >= 1);
		free(arena.at);
		return;
	}
	for (size_t i = 0; i < map.count; i++) {
		const struct importing_share *share = &map.share[i];

		must(share->label.at >= text.at && share->label.at + share->label.size <= text.at + text.size);
		must(map_party_valid(share->party));
		must(i == 0 || importing_share_order(&map.share[i - 1], share, NULL) < 0);
	}
	free(arena.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check((struct bytes){data, size}, BYTES(""));
	check((struct bytes){data, size}, BYTES("aurelia borealia commons"));
	return 0;
}
