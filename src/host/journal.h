/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_JOURNAL_H
#define COMITY_HOST_JOURNAL_H

/*
 * journal.h - the only truth on the disk: frames, appended (comity-ledger(5), JOURNAL).
 *
 *     u32 size, u32 CRC-32C of what follows, u8 type, body        all big endian
 *
 * Frames stand one behind another in journal/000000.seg, 000001.seg ...; a file is closed when it
 * has passed 64 MB. What journal_append() has synced is there after any crash; of what it had not,
 * a power cut may leave any part, with zeros in place of the others. A frame that does not check in
 * the last file is such a rest, and is cut off with all behind it, when nothing good is there; or
 * nothing but voices, which alone are not synced, and zeros in it. Anywhere else it is damage, and
 * nothing is touched. So is a segment that is missing where later ones are there.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"

#define JOURNAL_HEAD_SIZE   9 /* octets of a frame before its body */
#define JOURNAL_FRAME_MAX   ((size_t)16 << 20)
#define JOURNAL_SEGMENT_MAX ((uint64_t)64 << 20)

enum journal_type {
	JOURNAL_GENESIS = 1,  /* the note */
	JOURNAL_MANIFEST = 2, /* the import; right behind the genesis */
	JOURNAL_BLOCK = 3,    /* ledger/block.h */
	JOURNAL_VOICE = 4,    /* a seal-sign note */
};

struct journal {
	char folder[960];
	int lock;        /* held as long as the journal is open */
	int file;        /* the last segment */
	uint32_t segment;
	uint64_t size;   /* of the last segment */
	uint64_t frames; /* in all */
	uint64_t total;  /* octets in all */
	bool unsynced;   /* some of the last segment are not on the disk yet */
	bool broken;     /* an append failed: none is tried any more */
};

/* The octets before the body, which has at most JOURNAL_FRAME_MAX octets. */
void journal_head(uint8_t head[JOURNAL_HEAD_SIZE], enum journal_type type, struct bytes body);

/*
 * Takes the frame at the front of a segment's octets. False, and nothing changed, when none stands there
 * whole. `*type` is whatever octet it has; the body is borrowed.
 */
bool journal_take(struct bytes *rest, enum journal_type *type, struct bytes *body);

/*
 * Whether octets with no good frame at their front are what a crash left. A torn append is shorter than a
 * frame, or holds other octets than were meant (zeros, old content) to the end: nothing good stands behind.
 * Of voices that were not synced some may stand behind others that were lost, which are zeros then: what
 * has none, or is by its head no voice, is damage.
 */
bool journal_rest_is_torn(struct bytes rest);

/* Called for each frame in order; `body` is valid during the call. False stops the reading. */
typedef bool journal_reader(void *context, enum journal_type type, struct bytes body);

/*
 * Opens the journal in `folder`, which is made when it is not there, and locks it; reads every frame.
 * MISHAP_IO: the disk, or another process has it; MISHAP_MALFORMED: damage, told with file and
 * offset; MISHAP_LIMIT: the reader said stop.
 */
enum mishap journal_open(struct journal *journal, const char *folder, journal_reader *reader,
                         void *context) CHECKED;

/*
 * Appends a frame. `synced`: it and everything before it are on the disk when OK is returned, and what
 * was before it was there before it was written. On
 * MISHAP_IO nothing is known about the disk any more: sign nothing, stop. Every append after it
 * fails too. MISHAP_LIMIT: nothing was written.
 */
enum mishap journal_append(struct journal *journal, enum journal_type type, struct bytes body,
                           bool synced) CHECKED;

/* A place in a journal at which a frame begins, or will; all zeros: the first one. */
struct journal_cursor {
	uint32_t segment;
	uint64_t at; /* octet of the segment */
};

/*
 * Reads an open journal again, from the disk: frames from the cursor on, until `most` octets of them
 * were read (one frame at least) or the end has come. The cursor then stands behind what was read.
 * MISHAP_IO, MISHAP_MALFORMED: told; MISHAP_LIMIT: the reader said stop, and the cursor is behind that
 * frame.
 */
enum mishap journal_read_on(const struct journal *journal, struct journal_cursor *cursor,
                            size_t most, journal_reader *reader, void *context) CHECKED;

/* Whether the cursor stands behind all that was appended. */
bool journal_is_read(const struct journal *journal, const struct journal_cursor *cursor);

/* Reads a journal of somebody else's, without locking or mending it. */
enum mishap journal_look(const char *folder, journal_reader *reader, void *context) CHECKED;

void journal_close(struct journal *journal);

/* CRC-32C (RFC 3720 appendix B.4). */
uint32_t journal_crc(uint32_t crc, struct bytes bytes);

#endif
