/* SPDX-License-Identifier: Apache-2.0 */
#include "note/tile.h"

#include "base/must.h"
#include "note/merkle.h"

static void three_digits_write(struct writer *writer, uint64_t group)
{
	write_octet(writer, (uint8_t)('0' + group / 100));
	write_octet(writer, (uint8_t)('0' + group / 10 % 10));
	write_octet(writer, (uint8_t)('0' + group % 10));
}

void tile_path_write(struct writer *writer, struct tile tile)
{
	unsigned groups = 1;

	must(tile.width >= 1 && tile.width <= TILE_WIDTH);
	write_text(writer, "tile/");
	if (tile.level == TILE_ENTRIES)
		write_text(writer, "entries");
	else
		write_number(writer, tile.level);
	for (uint64_t n = tile.index; n >= 1000; n /= 1000)
		groups++;
	while (groups-- > 0) {
		uint64_t group = tile.index;
		for (unsigned i = 0; i < groups; i++)
			group /= 1000;
		write_text(writer, groups > 0 ? "/x" : "/");
		three_digits_write(writer, group % 1000);
	}
	if (tile.width < TILE_WIDTH) {
		write_text(writer, ".p/");
		write_number(writer, tile.width);
	}
}

bool tile_take_entry(struct bytes *bundle, struct bytes *entry)
{
	size_t size;

	if (bundle->size < 2)
		return false;
	size = (size_t)bundle->at[0] << 8 | bundle->at[1];
	if (bundle->size - 2 < size)
		return false;
	*entry = (struct bytes){bundle->at + 2, size};
	*bundle = bytes_from(*bundle, 2 + size);
	return true;
}

bool tile_root(struct bytes tile, uint32_t first, uint32_t count, struct digest *root)
{
	must(count >= 1 && count <= TILE_WIDTH && first <= TILE_WIDTH);
	if (tile.size < ((size_t)first + count) * DIGEST_SIZE)
		return false;
	*root = merkle_root((const struct digest *)(const void *)(tile.at + (size_t)first * DIGEST_SIZE), count);
	return true;
}
