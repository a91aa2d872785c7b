/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NOTE_KEY_H
#define COMITY_NOTE_KEY_H

/*
 * key.h - the name, identifier and public key of someone who signs notes
 * (c2sp.org/signed-note, "vkey").
 *
 * A struct note_key that was read has a public key that CES-1 accepts: one
 * check, at the door, for everything it will ever verify.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"

#define NOTE_KEY_NAME_MAX 200
#define NOTE_KEY_ID_SIZE  4

#define NOTE_TYPE_ED25519     0x01 /* signs the text itself */
#define NOTE_TYPE_COSIGNATURE 0x04 /* signs cosignature/v1, a time and a checkpoint body */

struct note_key {
	struct bytes name; /* borrowed; no blank, no '+' */
	uint8_t type;
	uint8_t id[NOTE_KEY_ID_SIZE];
	uint8_t public_key[32];
};

/* The identifier: SHA-256(name || LF || type || key), cut to 4 octets. */
void note_key_id(struct bytes name, uint8_t type, const uint8_t public_key[32],
                 uint8_t id[NOTE_KEY_ID_SIZE]);

/* A key of that name and type; the identifier is computed. */
struct note_key note_key_make(struct bytes name, uint8_t type, const uint8_t public_key[32]);

/*
 * Reads "name+identifier+base64(type || key)". False, and `*key` untouched, when it is
 * not of that one form, the identifier does not fit, the type is unknown to us, or CES-1
 * refuses the public key. The name is borrowed from `text`.
 */
bool note_key_read(struct bytes text, struct note_key *key);

void note_key_write(struct writer *writer, const struct note_key *key);

/* Whether `name` may stand in a signature line: 1..200 printable ASCII, no blank, no '+'. */
bool note_key_name_valid(struct bytes name);

#endif
