/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/cookie.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "serving/octets.h"

#define VERSION          1
#define REFRESH_SECONDS  1800 /* RFC 9018 section 4.3: older ones are made anew, ... */
#define EXPIRE_SECONDS   3600 /* ... still older ones are not taken, ... */
#define FUTURE_SECONDS   300  /* ... nor those of servers with a clock this far ahead */
#define HASH_AT          16   /* octets before it: client cookie, version, reserved, time */
#define ADDRESS_SIZE_MAX 16

static uint32_t load32(const uint8_t *at)
{
	return load16(at) << 16 | load16(at + 2);
}

/* RFC 9018 section 4.4: of what stands before the hash in `cookie`, and of the address. */
static void put_hash(const uint8_t *secret, const uint8_t *cookie, struct bytes address,
                     uint8_t *hash)
{
	uint8_t hashed[HASH_AT + ADDRESS_SIZE_MAX];

	memcpy(hashed, cookie, HASH_AT);
	memcpy(hashed + HASH_AT, address.at, address.size);
	crypto_shorthash_siphash24(hash, hashed, HASH_AT + address.size, secret);
}

/* Which of the secrets the whole cookie was made with; their count when it was none. */
static size_t find_secret(const struct cookie_secrets *secrets, const uint8_t *cookie,
                          struct bytes address)
{
	uint8_t hash[COOKIE_SIZE - HASH_AT];
	size_t i = 0;

	for (; i < secrets->count; i++) {
		put_hash(secrets->secret[i], cookie, address, hash);
		if (sodium_memcmp(hash, cookie + HASH_AT, sizeof(hash)) == 0)
			break;
	}
	return i;
}

bool cookie_answer(const struct cookie_secrets *secrets, const uint8_t *cookie, size_t size,
                   struct bytes address, uint32_t now, uint8_t *answer)
{
	bool ours = false;

	must(secrets->count != 0 && address.size <= ADDRESS_SIZE_MAX);
	if (size == COOKIE_SIZE && cookie[COOKIE_CLIENT_SIZE] == VERSION) {
		/* RFC 1982: seconds that wrapped around still compare. */
		int32_t age = (int32_t)(now - load32(cookie + 12));
		bool recent = age <= EXPIRE_SECONDS && age >= -FUTURE_SECONDS;
		size_t secret = recent ? find_secret(secrets, cookie, address) : secrets->count;

		ours = secret < secrets->count;
		if (secret == 0 && age <= REFRESH_SECONDS) {
			memcpy(answer, cookie, COOKIE_SIZE);
			return true;
		}
	}
	memcpy(answer, cookie, COOKIE_CLIENT_SIZE);
	store64(answer + COOKIE_CLIENT_SIZE, (uint64_t)VERSION << 56 | now);
	put_hash(secrets->secret[0], answer, address, answer + HASH_AT);
	return ours;
}

bool cookie_read_secrets(struct bytes text, struct cookie_secrets *secrets)
{
	struct text lines = {.rest = text};
	struct cookie_secrets read = {.count = 0};
	struct bytes line;
	bool good = true;

	while (good && text_line(&lines, &line)) {
		if (line.size == 0 || line.at[0] == '#')
			continue;
		good = read.count < COOKIE_SECRETS_MAX &&
		       hex_read(line, read.secret[read.count], COOKIE_SECRET_SIZE);
		read.count++;
	}
	good = good && lines.rest.size == 0 && read.count != 0;
	if (good)
		*secrets = read;
	sodium_memzero(&read, sizeof(read));
	return good;
}
