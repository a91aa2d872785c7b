/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NOTE_NOTE_H
#define COMITY_NOTE_NOTE_H

/*
 * note.h - a text and the lines that sign it (c2sp.org/signed-note).
 *
 *     text, ending in LF
 *     (an empty line)
 *     — name base64(identifier || signature)      one line a signature
 *
 * We read less than the format allows: at most NOTE_SIZE_MAX octets, at most
 * NOTE_SIGNATURES_MAX lines, sorted by name, no name twice. One note therefore
 * has one form for a given set of signatures.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "base/writer.h"
#include "note/key.h"

#define NOTE_SIZE_MAX           49152
#define NOTE_SIGNATURES_MAX     16
#define NOTE_SIGNATURE_SIZE_MAX 72 /* a cosignature: 8 octets of time, 64 of signature */

struct note_signature {
	struct bytes name; /* borrowed from the note */
	uint8_t id[NOTE_KEY_ID_SIZE];
	uint8_t size; /* octets in octet[]: 64 or 72 */
	uint8_t octet[NOTE_SIGNATURE_SIZE_MAX];
};

struct note {
	struct bytes text; /* borrowed; its final LF included, the empty line not */
	unsigned count;
	struct note_signature signature[NOTE_SIGNATURES_MAX];
};

/*
 * Takes a note apart. Says nothing of whether a signature is good. On OK the note borrows
 * from `octets`; otherwise it is untouched and `*fault` says where and why.
 * MISHAP_LIMIT, MISHAP_MALFORMED.
 */
enum mishap note_read(struct bytes octets, struct note *note, struct fault *fault) CHECKED;

/* Writes one signature line. */
void note_signature_write(struct writer *writer, const struct note_key *key,
                          struct bytes signature);

/* Whether this line is by that key (name and identifier). */
bool note_signature_by(const struct note_signature *signature, const struct note_key *key);

/* Whether the line is by that key, of type Ed25519, and signs `text` under CES-1. */
bool note_signature_holds(const struct note_signature *signature, const struct note_key *key,
                          struct bytes text);

#endif
