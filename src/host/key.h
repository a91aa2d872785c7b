/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_KEY_H
#define COMITY_HOST_KEY_H

/*
 * key.h - keys that sign texts: from a file, or from an ssh-agent.
 *
 * A key file is one line, as golang.org/x/mod/sumdb/note writes it:
 *
 *     PRIVATE+KEY+name+identifier+base64(type || seed)
 *
 * or, for a key that an agent holds, the public line (name+identifier+base64) behind "agent ".
 */

#include "base/mishap.h"
#include "note/note.h"

struct key {
	struct note_key public;      /* name points into `name` */
	char name[NOTE_KEY_NAME_MAX + 1];
	bool agent;          /* the agent signs; else: */
	uint8_t secret[64];  /* SECRET: seed and public key */
};

/* Makes a new key and writes its file, readable by its owner only. MISHAP_IO. */
enum mishap key_make(struct key *key, const char *path, const char *name) CHECKED;

/* Writes the file of a key that the agent holds, after asking whether it does. */
enum mishap key_adopt(struct key *key, const char *path, const char *name,
                      const uint8_t public_key[32]) CHECKED;

/* Reads a key file; told on standard error. MISHAP_IO, MISHAP_MALFORMED. */
enum mishap key_read(struct key *key, const char *path) CHECKED;

/* Signs the octets. MISHAP_IO: the agent does not answer, or does not have the key. */
enum mishap key_sign(const struct key *key, struct bytes message, uint8_t signature[64]) CHECKED;

/* Adds the signature line of the key to a note in the making. */
enum mishap key_write_line(struct writer *writer, const struct key *key, struct bytes text) CHECKED;

void key_wipe(struct key *key);

/* The Ed25519 keys that the agent at $SSH_AUTH_SOCK holds: calls back for each. MISHAP_IO. */
enum mishap agent_list(void (*each)(void *context, const uint8_t public_key[32],
                                    struct bytes comment),
                       void *context) CHECKED;

#endif
