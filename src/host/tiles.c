/* SPDX-License-Identifier: Apache-2.0 */
#include "host/tiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "host/file.h"

#define LEVELS      (MERKLE_LEVELS_MAX / 8)
#define BUNDLE_SIZE ((size_t)TILE_WIDTH * (TILE_ENTRY_MAX + 2))

static void *must_allocate(size_t size)
{
	void *at = malloc(size);

	if (at == NULL)
		memory_fail(size);
	return at;
}

enum mishap tiles_open(struct tiles *tiles, const char *folder)
{
	*tiles = (struct tiles){.written = 0};
	snprintf(tiles->folder, sizeof(tiles->folder), "%s", folder);
	return file_make_folder(folder, 0755);
}

static void tile_path(char path[FILE_PATH_MAX], const char *folder, struct tile tile)
{
	struct writer w = {.at = (uint8_t *)path, .size = FILE_PATH_MAX - 1};

	write_text(&w, folder);
	write_octet(&w, '/');
	tile_path_write(&w, tile);
	must(!w.full);
	path[w.used] = '\0';
}

static bool stands(const char *path, struct bytes content)
{
	struct arena arena = {must_allocate(content.size + 16), content.size + 16, 0};
	struct bytes old = {NULL, 0};
	bool same = access(path, F_OK) == 0 &&
	            file_read(path, content.size, &arena, &old, NULL) == OK &&
	            bytes_same(old, content);

	free(arena.at);
	return same;
}

static enum mishap tile_write(const struct tiles *tiles, struct tile tile, struct bytes content)
{
	char path[FILE_PATH_MAX], folder[FILE_PATH_MAX];
	enum mishap made;

	tile_path(path, tiles->folder, tile);
	if (stands(path, content))
		return OK;
	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	made = file_make_folder(folder, 0755);
	return made != OK ? made : file_write(path, 0644, content, false);
}

static enum mishap bundle_write(const struct tiles *tiles, uint64_t index, uint16_t width)
{
	size_t size = 0;
	struct writer w;
	enum mishap written;

	for (uint16_t i = 0; i < width; i++)
		size += 2 + tiles->entry[i].size;
	w = (struct writer){.at = must_allocate(size), .size = size};
	for (uint16_t i = 0; i < width; i++) {
		write_u16(&w, (uint16_t)tiles->entry[i].size);
		write_bytes(&w, tiles->entry[i]);
	}
	must(!w.full);
	written = tile_write(tiles, (struct tile){TILE_ENTRIES, index, width}, writer_bytes(&w));
	free(w.at);
	return written;
}

/* Hashes that stand in the tile at the edge of a level. */
static uint16_t edge_width(const struct tiles *tiles, unsigned level)
{
	return (uint16_t)(tiles->frontier.size >> (8 * level) & 255);
}

static struct bytes hashes(const struct tiles *tiles, unsigned level, uint16_t width)
{
	return (struct bytes){tiles->hash[level][0].octet, (size_t)width * DIGEST_SIZE};
}

/* A hash enters the tile at the edge of its level; a full tile is written and hashed upwards. */
static enum mishap hash_add(struct tiles *tiles, unsigned level, uint64_t index,
                            struct digest hash)
{
	uint16_t at = (uint16_t)(index % TILE_WIDTH);
	enum mishap written;

	must(level < LEVELS);
	if (tiles->hash[level] == NULL)
		tiles->hash[level] = must_allocate(TILE_WIDTH * sizeof(struct digest));
	tiles->hash[level][at] = hash;
	if (at + 1 < TILE_WIDTH)
		return OK;
	written = tile_write(tiles, (struct tile){level, index / TILE_WIDTH, TILE_WIDTH},
	                     hashes(tiles, level, TILE_WIDTH));
	if (written != OK)
		return written;
	return hash_add(tiles, level + 1, index / TILE_WIDTH,
	                merkle_root(tiles->hash[level], TILE_WIDTH));
}

enum mishap tiles_add(struct tiles *tiles, struct bytes entry)
{
	uint64_t index = tiles->frontier.size;
	struct digest leaf = merkle_leaf(entry);
	uint8_t *copy = must_allocate(entry.size + 1);
	enum mishap mishap = OK;

	must(entry.size <= TILE_ENTRY_MAX);
	memcpy(copy, entry.at, entry.size);
	tiles->entry[tiles->entries++] = (struct bytes){copy, entry.size};
	merkle_frontier_add(&tiles->frontier, &leaf);
	if (tiles->entries == TILE_WIDTH) {
		mishap = bundle_write(tiles, index / TILE_WIDTH, TILE_WIDTH);
		for (size_t i = 0; i < TILE_WIDTH; i++)
			free((void *)(uintptr_t)tiles->entry[i].at);
		tiles->entries = 0;
	}
	return mishap != OK ? mishap : hash_add(tiles, 0, index, leaf);
}

enum mishap tiles_publish(struct tiles *tiles)
{
	uint64_t size = tiles->frontier.size;
	enum mishap mishap = OK;

	if (tiles->entries > 0)
		mishap = bundle_write(tiles, size / TILE_WIDTH, (uint16_t)tiles->entries);
	for (unsigned level = 0; level < LEVELS && size >> (8 * level) > 0 && mishap == OK; level++) {
		uint16_t width = edge_width(tiles, level);
		if (width > 0)
			mishap = tile_write(tiles,
			                    (struct tile){level, size >> (8 * level) >> 8, width},
			                    hashes(tiles, level, width));
	}
	if (mishap == OK)
		tiles->written = size;
	return mishap;
}

/* Width of a tile in a log of that size; 0: it is not there. */
static uint16_t width_in(uint64_t size, unsigned level, uint64_t index)
{
	uint64_t count = size >> (8 * level);

	if (index < count / TILE_WIDTH)
		return TILE_WIDTH;
	return index == count / TILE_WIDTH ? (uint16_t)(count % TILE_WIDTH) : 0;
}

/* Reads a tile: the one of that width, or the full one that has come since. */
static bool tile_read(const char *folder, struct tile tile, size_t most, struct arena *arena,
                      struct bytes *content)
{
	char path[FILE_PATH_MAX];
	bool missing = false;

	tile_path(path, folder, tile);
	if (file_read(path, most, arena, content, &missing) == OK && !missing)
		return true;
	if (tile.width == TILE_WIDTH)
		return false;
	tile.width = TILE_WIDTH;
	tile_path(path, folder, tile);
	return file_read(path, most, arena, content, &missing) == OK && !missing;
}

struct digest tiles_subtree(const void *context, unsigned level, uint64_t index)
{
	struct tiles_view *view = (struct tiles_view *)(uintptr_t)context;
	unsigned tile_level = level / 8, inside = level % 8;
	uint64_t first = index << inside; /* hash of tile_level */
	uint8_t memory[TILE_WIDTH * DIGEST_SIZE + 64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct tile tile = {tile_level, first / TILE_WIDTH,
	                    width_in(view->size, tile_level, first / TILE_WIDTH)};
	struct bytes content = {NULL, 0};
	struct digest root;

	if (tile.width == 0 ||
	    !tile_read(view->folder, tile, TILE_WIDTH * DIGEST_SIZE, &arena, &content) ||
	    !tile_root(content, (uint32_t)(first % TILE_WIDTH), 1u << inside, &root)) {
		view->failed = true;
		return merkle_empty();
	}
	return root;
}

static bool bundle_walk(struct bytes content, uint64_t index, uint64_t first, uint64_t count,
                        bool (*each)(void *, uint64_t, struct bytes), void *context)
{
	struct bytes entry;

	for (uint64_t i = 0; i < count; i++)
		if (!tile_take_entry(&content, &entry) ||
		    (index + i >= first && !each(context, index + i, entry)))
			return false;
	return true;
}

bool tiles_read(const char *folder, uint64_t size, uint64_t first,
                bool (*each)(void *context, uint64_t index, struct bytes entry), void *context)
{
	uint8_t *memory = must_allocate(BUNDLE_SIZE + 64);
	bool good = true;

	for (uint64_t bundle = first / TILE_WIDTH; good && bundle * TILE_WIDTH < size; bundle++) {
		struct arena arena = {memory, BUNDLE_SIZE + 64, 0};
		uint16_t width = width_in(size, 0, bundle);
		struct bytes content = {NULL, 0};

		good = tile_read(folder, (struct tile){TILE_ENTRIES, bundle, width}, BUNDLE_SIZE, &arena,
		                 &content);
		if (!good)
			fprintf(stderr, "comity: %s: entries %llu are missing\n", folder,
			        (unsigned long long)bundle);
		good = good && bundle_walk(content, bundle * TILE_WIDTH, first, width, each, context);
	}
	free(memory);
	return good;
}
