/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_LEDGER_BLOCK_H
#define COMITY_LEDGER_BLOCK_H

/*
 * block.h - acts in order, with a time and perhaps a seal (comity-ledger(5), BLOCKS).
 *
 *     u64 height, u64 time, u32 count, count * (u32 size, note), u32 size, seal
 *
 * Big endian. A block without a seal changed nothing; it is in the journal and not in the
 * log.
 */

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/time.h"
#include "base/writer.h"

#define BLOCK_ACTS_MAX  4096
#define BLOCK_SIZE_MAX  ((size_t)4 << 20) /* octets; a sequencer closes before */
#define SEAL_SIZE_MAX   512

struct block {
	uint64_t height;
	struct ledger_time time;
	uint32_t count;
	struct bytes notes; /* count * (u32 size, note): block_note() */
	struct bytes seal;  /* its text, or empty */
};

/* Reads a block; it borrows from `octets`. MISHAP_SHORT, MISHAP_TRAILING, MISHAP_LIMIT,
 * MISHAP_MALFORMED. */
enum mishap block_read(struct bytes octets, struct block *block) CHECKED;

void block_write(struct writer *writer, const struct block *block);

/* Takes the next note off `*notes`. False when none is left. */
bool block_note(struct bytes *notes, struct bytes *note);

/* Writes one note as it stands in a block. */
void block_write_note(struct writer *writer, struct bytes note);

/* What closes a block in which something changed: a leaf of the log. */
struct seal {
	struct bytes origin;
	uint8_t federation[16];
	uint64_t height;
	struct ledger_time time;
	uint64_t acts;
	uint64_t records; /* of the state */
	struct digest state;
};

void seal_write(struct writer *writer, const struct seal *seal);

/* Reads a seal's text. MISHAP_MALFORMED, `*fault` set and `*seal` untouched. */
enum mishap seal_read(struct bytes text, struct seal *seal, struct fault *fault) CHECKED;

#endif
