/* SPDX-License-Identifier: Apache-2.0 */
#include "host/key.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "curve/ces1.h"
#include "host/file.h"
#include "host/ipc.h"

#define PRIVATE "PRIVATE+KEY+"
#define AGENT   "agent "

static bool name_set(struct key *key, struct bytes name, const uint8_t public_key[32])
{
	if (!note_key_name_valid(name))
		return false;
	memcpy(key->name, name.at, name.size);
	key->name[name.size] = '\0';
	key->public = note_key_make(bytes_of(key->name), NOTE_TYPE_ED25519, public_key);
	return true;
}

void key_wipe(struct key *key)
{
	sodium_memzero(key->secret, sizeof(key->secret));
}

static enum mishap private_write(const struct key *key, const char *path)
{
	uint8_t blob[33], line[NOTE_KEY_NAME_MAX + 100];
	struct writer w = {.at = line, .size = sizeof(line)};
	enum mishap written;

	blob[0] = NOTE_TYPE_ED25519;
	memcpy(blob + 1, key->secret, 32);
	write_text(&w, PRIVATE);
	write_text(&w, key->name);
	write_text(&w, "+");
	write_hex(&w, (struct bytes){key->public.id, sizeof(key->public.id)});
	write_text(&w, "+");
	write_base64(&w, (struct bytes){blob, sizeof(blob)});
	write_text(&w, "\n");
	written = file_write(path, 0600, writer_bytes(&w), true);
	sodium_memzero(blob, sizeof(blob));
	sodium_memzero(line, sizeof(line));
	return written;
}

enum mishap key_make(struct key *key, const char *path, const char *name)
{
	uint8_t public_key[32];

	*key = (struct key){.agent = false};
	crypto_sign_keypair(public_key, key->secret);
	if (!name_set(key, bytes_of(name), public_key)) {
		key_wipe(key);
		return MISHAP_MALFORMED;
	}
	if (access(path, F_OK) == 0) {
		key_wipe(key);
		fprintf(stderr, "comity: %s: there is a key already\n", path);
		return MISHAP_IO;
	}
	return private_write(key, path);
}

static enum mishap malformed(const char *path, const char *why)
{
	fprintf(stderr, "comity: %s: %s\n", path, why);
	return MISHAP_MALFORMED;
}

static bool private_read(struct key *key, struct bytes line)
{
	uint8_t blob[33], id[4], public_key[32], seed[32];
	const uint8_t *plus;
	struct bytes rest;
	size_t size = 0;
	bool read = false;

	plus = line.size == 0 ? NULL : memchr(line.at, '+', line.size);
	if (plus == NULL)
		return false;
	rest = bytes_from(line, (size_t)(plus - line.at) + 1);
	if (rest.size < 9 || rest.at[8] != '+' || !hex_read(bytes_first(rest, 8), id, 4) ||
	    !base64_read(bytes_from(rest, 9), blob, sizeof(blob), &size) || size != 33 ||
	    blob[0] != NOTE_TYPE_ED25519)
		goto wiped;
	memcpy(seed, blob + 1, sizeof(seed));
	crypto_sign_seed_keypair(public_key, key->secret, seed);
	read = name_set(key, bytes_first(line, (size_t)(plus - line.at)), public_key) &&
	       memcmp(id, key->public.id, sizeof(id)) == 0;
wiped:
	sodium_memzero(blob, sizeof(blob));
	sodium_memzero(seed, sizeof(seed));
	return read;
}

enum mishap key_read(struct key *key, const char *path)
{
	uint8_t memory[1024] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct text lines = {.rest = {NULL, 0}};
	struct note_key public_key;
	struct bytes line = {NULL, 0};
	enum mishap mishap = file_read(path, 512, &arena, &lines.rest, NULL);
	bool read = false;

	*key = (struct key){.agent = false};
	if (mishap != OK)
		return mishap;
	if (text_line(&lines, &line) && lines.rest.size == 0) {
		if (bytes_starts(line, BYTES(PRIVATE))) {
			read = private_read(key, bytes_from(line, sizeof(PRIVATE) - 1));
		} else if (bytes_starts(line, BYTES(AGENT))) {
			key->agent = true;
			read = note_key_read(bytes_from(line, sizeof(AGENT) - 1), &public_key) &&
			       name_set(key, public_key.name, public_key.public_key);
		}
	}
	sodium_memzero(memory, sizeof(memory));
	if (read)
		return OK;
	key_wipe(key);
	return malformed(path, "not a key file");
}

/* The agent protocol (draft-miller-ssh-agent section 3): a size, a type, strings. */
enum { AGENT_REQUEST_IDENTITIES = 11, AGENT_IDENTITIES = 12, AGENT_SIGN = 13, AGENT_SIGNED = 14 };
#define AGENT_MESSAGE_MAX 262144

static int agent_connect(void)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	int s = path == NULL ? -1 : ipc_connect(path);

	if (s < 0)
		fprintf(stderr, "comity: no ssh-agent answers at SSH_AUTH_SOCK%s%s\n",
		        path == NULL ? "" : ": ", path == NULL ? "" : strerror(errno));
	return s;
}

static bool read_exactly(int s, uint8_t *to, size_t size)
{
	while (size > 0) {
		ssize_t got = read(s, to, size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		size -= (size_t)got;
	}
	return true;
}

/* One request, one answer, in `memory`. */
static bool agent_ask(int s, struct bytes request, uint8_t memory[AGENT_MESSAGE_MAX],
                      struct bytes *answer)
{
	uint8_t head[4];
	size_t size;

	for (int i = 0; i < 4; i++)
		head[i] = (uint8_t)(request.size >> (24 - 8 * i));
	if (file_write_all(s, (struct bytes){head, 4}) != OK || file_write_all(s, request) != OK ||
	    !read_exactly(s, head, 4))
		return false;
	size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (size == 0 || size > AGENT_MESSAGE_MAX || !read_exactly(s, memory, size))
		return false;
	*answer = (struct bytes){memory, size};
	return true;
}

static bool take_u32(struct bytes *rest, uint32_t *value)
{
	if (rest->size < 4)
		return false;
	*value = (uint32_t)rest->at[0] << 24 | (uint32_t)rest->at[1] << 16 |
	         (uint32_t)rest->at[2] << 8 | rest->at[3];
	*rest = bytes_from(*rest, 4);
	return true;
}

static bool take_string(struct bytes *rest, struct bytes *string)
{
	uint32_t size;

	if (!take_u32(rest, &size) || size > rest->size)
		return false;
	*string = bytes_first(*rest, size);
	*rest = bytes_from(*rest, size);
	return true;
}

static void put_string(struct writer *w, struct bytes string)
{
	write_u32(w, (uint32_t)string.size);
	write_bytes(w, string);
}

/* A key of type ssh-ed25519 (RFC 8709 section 4). */
static void put_key(struct writer *w, const uint8_t public_key[32])
{
	uint8_t blob[64];
	struct writer b = {.at = blob, .size = sizeof(blob)};

	put_string(&b, BYTES("ssh-ed25519"));
	put_string(&b, (struct bytes){public_key, 32});
	put_string(w, writer_bytes(&b));
}

static bool identities_walk(struct bytes answer,
                            void (*each)(void *, const uint8_t[32], struct bytes), void *context)
{
	struct bytes rest = bytes_from(answer, 1), blob, comment, type, point;
	uint32_t count;

	if (answer.at[0] != AGENT_IDENTITIES || !take_u32(&rest, &count))
		return false;
	while (count-- > 0) {
		if (!take_string(&rest, &blob) || !take_string(&rest, &comment))
			return false;
		if (take_string(&blob, &type) && bytes_same(type, BYTES("ssh-ed25519")) &&
		    take_string(&blob, &point) && point.size == 32)
			each(context, point.at, comment);
	}
	return true;
}

enum mishap agent_list(void (*each)(void *context, const uint8_t public_key[32],
                                    struct bytes comment),
                       void *context)
{
	static uint8_t memory[AGENT_MESSAGE_MAX];
	static const uint8_t REQUEST = AGENT_REQUEST_IDENTITIES;
	struct bytes answer;
	int s = agent_connect();
	bool listed;

	if (s < 0)
		return MISHAP_IO;
	listed = agent_ask(s, (struct bytes){&REQUEST, 1}, memory, &answer) &&
	         identities_walk(answer, each, context);
	close(s);
	return listed ? OK : MISHAP_IO;
}

static enum mishap agent_sign(const struct key *key, struct bytes message, uint8_t signature[64])
{
	static uint8_t memory[AGENT_MESSAGE_MAX];
	struct bytes answer, rest, blob, type, octets;
	struct writer w = {.at = memory, .size = sizeof(memory)};
	int s = agent_connect();
	bool good;

	if (s < 0)
		return MISHAP_IO;
	write_octet(&w, AGENT_SIGN);
	put_key(&w, key->public.public_key);
	put_string(&w, message);
	write_u32(&w, 0);
	good = !w.full && agent_ask(s, writer_bytes(&w), memory, &answer) &&
	       answer.at[0] == AGENT_SIGNED;
	close(s);
	if (good) {
		rest = bytes_from(answer, 1);
		good = take_string(&rest, &blob) && take_string(&blob, &type) &&
		       bytes_same(type, BYTES("ssh-ed25519")) && take_string(&blob, &octets) &&
		       octets.size == 64 &&
		       ces1_verify(key->public.public_key, message, octets.at);
	}
	if (!good) {
		fprintf(stderr, "comity: the ssh-agent does not sign with %s\n", key->name);
		return MISHAP_IO;
	}
	memcpy(signature, octets.at, 64);
	return OK;
}

enum mishap key_adopt(struct key *key, const char *path, const char *name,
                      const uint8_t public_key[32])
{
	uint8_t line[NOTE_KEY_NAME_MAX + 100], signature[64];
	struct writer w = {.at = line, .size = sizeof(line)};

	*key = (struct key){.agent = true};
	if (!name_set(key, bytes_of(name), public_key))
		return MISHAP_MALFORMED;
	/* A text that is none of ours: only to see that the agent has the key. */
	if (agent_sign(key, BYTES("comity: is this key here?\n"), signature) != OK)
		return MISHAP_IO;
	write_text(&w, AGENT);
	note_key_write(&w, &key->public);
	write_text(&w, "\n");
	return file_write(path, 0600, writer_bytes(&w), true);
}

enum mishap key_sign(const struct key *key, struct bytes message, uint8_t signature[64])
{
	if (key->agent)
		return agent_sign(key, message, signature);
	crypto_sign_detached(signature, NULL, message.at, message.size, key->secret);
	return OK;
}

enum mishap key_write_line(struct writer *writer, const struct key *key, struct bytes text)
{
	uint8_t signature[64];
	enum mishap mishap = key_sign(key, text, signature);

	if (mishap == OK)
		note_signature_write(writer, &key->public, (struct bytes){signature, sizeof(signature)});
	return mishap;
}
