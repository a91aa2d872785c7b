/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_TILES_H
#define COMITY_HOST_TILES_H

/*
 * tiles.h - the log as static files for everybody (c2sp.org/tlog-tiles; comity-ledger(5), TILES).
 *
 * Tiles are derived from the journal: they may be deleted at any time and are written again. A tile
 * that stands with another content is damage, and is replaced.
 */

#include "base/mishap.h"
#include "note/merkle.h"
#include "note/tile.h"

struct tiles {
	char folder[960]; /* the log's: holds tile/ and checkpoint */
	struct merkle_frontier frontier; /* of all entries given */
	uint64_t written;                /* how far files stand, as published */
	struct digest *hash[MERKLE_LEVELS_MAX / 8]; /* [L]: hashes of the tile at the edge of level L */
	struct bytes entry[TILE_WIDTH]; /* the entries of the bundle at the edge */
	size_t entries;                 /* in it */
};

/* MISHAP_IO: the folder cannot be made. */
enum mishap tiles_open(struct tiles *tiles, const char *folder) CHECKED;

/* Takes the next entry; full tiles are written as they come to be. MISHAP_IO. */
enum mishap tiles_add(struct tiles *tiles, struct bytes entry) CHECKED;

/* Writes the partial tiles of the log as it is now: a checkpoint of this size is about to be
 * published. MISHAP_IO. */
enum mishap tiles_publish(struct tiles *tiles) CHECKED;

/*
 * The hash of a perfect subtree of the log as it was published, read from the files: a
 * merkle_subtree whose context is a tiles_view. `failed` is set when a file is missing or short.
 */
struct tiles_view {
	const char *folder;
	uint64_t size; /* of the log */
	bool failed;
};

merkle_subtree tiles_subtree;

/* Reads entries [first, first + count) of a published log of `size`, each to the callback. False: a file
 * is missing or not what it should be, told on standard error; or the callback said stop. */
bool tiles_read(const char *folder, uint64_t size, uint64_t first,
                bool (*each)(void *context, uint64_t index, struct bytes entry), void *context);

#endif
