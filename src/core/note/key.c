/* SPDX-License-Identifier: Apache-2.0 */
#include "note/key.h"

#include <sodium.h>
#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "curve/ces1.h"

void note_key_id(struct bytes name, uint8_t type, const uint8_t public_key[32],
                 uint8_t id[NOTE_KEY_ID_SIZE])
{
	crypto_hash_sha256_state hash;
	uint8_t middle[2] = {'\n', type}, whole[DIGEST_SIZE];

	crypto_hash_sha256_init(&hash);
	crypto_hash_sha256_update(&hash, name.at, name.size);
	crypto_hash_sha256_update(&hash, middle, sizeof(middle));
	crypto_hash_sha256_update(&hash, public_key, 32);
	crypto_hash_sha256_final(&hash, whole);
	memcpy(id, whole, NOTE_KEY_ID_SIZE);
}

struct note_key note_key_make(struct bytes name, uint8_t type, const uint8_t public_key[32])
{
	struct note_key key = {.name = name, .type = type};

	memcpy(key.public_key, public_key, sizeof(key.public_key));
	note_key_id(name, type, public_key, key.id);
	return key;
}

bool note_key_name_valid(struct bytes name)
{
	if (name.size == 0 || name.size > NOTE_KEY_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~' || name.at[i] == '+')
			return false;
	return true;
}

bool note_key_read(struct bytes text, struct note_key *key)
{
	const uint8_t *plus = text.size == 0 ? NULL : memchr(text.at, '+', text.size);
	uint8_t id[NOTE_KEY_ID_SIZE], blob[33];
	struct bytes name, rest;
	size_t size;

	if (plus == NULL)
		return false;
	name = bytes_first(text, (size_t)(plus - text.at));
	rest = bytes_from(text, name.size + 1);
	if (!note_key_name_valid(name) || rest.size < 9 || rest.at[8] != '+' ||
	    !hex_read(bytes_first(rest, 8), id, sizeof(id)) ||
	    !base64_read(bytes_from(rest, 9), blob, sizeof(blob), &size) || size != sizeof(blob))
		return false;
	if (blob[0] != NOTE_TYPE_ED25519 && blob[0] != NOTE_TYPE_COSIGNATURE)
		return false;
	struct note_key k = note_key_make(name, blob[0], blob + 1);
	if (memcmp(k.id, id, sizeof(id)) != 0 || !ces1_public_key_valid(k.public_key))
		return false;
	*key = k;
	return true;
}

void note_key_write(struct writer *writer, const struct note_key *key)
{
	uint8_t blob[33];

	blob[0] = key->type;
	memcpy(blob + 1, key->public_key, 32);
	write_bytes(writer, key->name);
	write_octet(writer, '+');
	write_hex(writer, (struct bytes){key->id, sizeof(key->id)});
	write_octet(writer, '+');
	write_base64(writer, (struct bytes){blob, sizeof(blob)});
}
