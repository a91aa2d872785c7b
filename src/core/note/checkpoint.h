/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NOTE_CHECKPOINT_H
#define COMITY_NOTE_CHECKPOINT_H

/*
 * checkpoint.h - size and root of a log, as a text that is signed
 * (c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature).
 *
 * We write no extension lines and refuse them: they are not covered by every
 * kind of cosignature.
 */

#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "note/note.h"

/* origin LF size LF base64(root) LF */
#define CHECKPOINT_SIZE_MAX (NOTE_KEY_NAME_MAX + 1 + 20 + 1 + 44 + 1)

/* "cosignature/v1" LF "time " seconds LF checkpoint */
#define COSIGNED_SIZE_MAX (15 + 5 + 20 + 1 + CHECKPOINT_SIZE_MAX)

struct checkpoint {
	struct bytes origin; /* borrowed */
	uint64_t size;       /* leaves */
	struct digest root;
};

void checkpoint_write(struct writer *writer, const struct checkpoint *checkpoint);

/* Reads a body (the text of a checkpoint note). MISHAP_MALFORMED, and `*checkpoint` untouched. */
enum mishap checkpoint_read(struct bytes text, struct checkpoint *checkpoint,
                            struct fault *fault) CHECKED;

/* What a cosigner signs at `time`. */
void cosigned_write(struct writer *writer, const struct checkpoint *checkpoint, uint64_t time);

/* Whether the line is by that key, of type cosignature, and cosigns the checkpoint;
 * `*time` is then the moment it names, seconds since 1970. */
bool cosignature_holds(const struct note_signature *signature, const struct note_key *key,
                       const struct checkpoint *checkpoint, uint64_t *time);

#endif
