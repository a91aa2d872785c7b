/* SPDX-License-Identifier: Apache-2.0 */
#include "note/tile.h"

#include <string.h>

#include "fuzz.h"
#include "note/merkle.h"

/* A bundle: every entry lies in it, and the entries written again are the same octets. */
static void check_bundle(struct bytes bundle)
{
	static uint8_t out[1 << 20];
	struct writer w = {.at = out, .size = sizeof(out)};
	struct bytes rest = bundle, entry;

	while (tile_take_entry(&rest, &entry)) {
		must(entry.size <= TILE_ENTRY_MAX);
		write_u16(&w, (uint16_t)entry.size);
		write_bytes(&w, entry);
	}
	must(w.full || (w.used + rest.size == bundle.size && memcmp(out, bundle.at, w.used) == 0));
}

/* A tile of hashes: there is a root where there are so many, and nowhere else. */
static void check_tile(struct bytes tile, uint32_t first)
{
	for (uint32_t count = 1; count <= TILE_WIDTH; count *= 2) {
		struct digest root = {{0}};
		bool there = tile_root(tile, first, count, &root);

		must(there == (tile.size / DIGEST_SIZE >= first + count));
		must(count > 1 || !there || memcmp(root.octet, tile.at + DIGEST_SIZE * first, DIGEST_SIZE) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_bundle((struct bytes){data, size});
	check_tile((struct bytes){data, size}, size == 0 ? 0 : data[0]);
	return 0;
}
