/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NOTE_TILE_H
#define COMITY_NOTE_TILE_H

/*
 * tile.h - where the parts of a log lie as static files (c2sp.org/tlog-tiles).
 *
 *     tile/<level>/<N>[.p/<width>]     256 hashes of 256^level leaves each
 *     tile/entries/<N>[.p/<width>]     256 entries, each behind its size in two octets
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/writer.h"

#define TILE_WIDTH     256
#define TILE_ENTRIES   UINT32_MAX /* as a level: the bundle of entries */
#define TILE_ENTRY_MAX 65535      /* octets of one entry */

struct tile {
	uint32_t level; /* 0..63, or TILE_ENTRIES */
	uint64_t index;
	uint16_t width; /* 1..256; 256 is a full tile */
};

/* Writes the path below the log's folder: "tile/0/x001/x234/067.p/12". */
void tile_path_write(struct writer *writer, struct tile tile);

/* Takes the next entry off what is left of a bundle. False, and nothing changed, when none stands there whole. */
bool tile_take_entry(struct bytes *bundle, struct bytes *entry);

/*
 * The root over `count` hashes of a tile, a power of two, from hash `first` on. False, and `*root` untouched,
 * when the tile has not so many.
 */
bool tile_root(struct bytes tile, uint32_t first, uint32_t count, struct digest *root);

#endif
