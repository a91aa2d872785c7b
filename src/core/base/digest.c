/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <string.h>

#include "base/must.h"
#include "base/sha256_x86.h"
#include "base/sha512_x86.h"

#define BLOCK        64
#define SHA384_BLOCK 128

/* From here on asking the processor what it has is worth its time. */
#define LARGE       ((size_t)32 << 10)
#define LARGE_PIECE ((size_t)8 << 10) /* of much more */

/* FIPS 180-4 section 5.1.1: what is left of the data, a bit, zeros and the size in bits.
 * Returns how many blocks that makes. */
static size_t pad(struct bytes rest, uint64_t whole_size, uint8_t tail[2 * BLOCK])
{
	size_t blocks = rest.size + 9 > BLOCK ? 2 : 1;

	memset(tail, 0, 2 * BLOCK);
	if (rest.size != 0)
		memcpy(tail, rest.at, rest.size);
	tail[rest.size] = 0x80;
	for (size_t i = 0; i < 8; i++)
		tail[blocks * BLOCK - 1 - i] = (uint8_t)(whole_size * 8 >> (8 * i));
	return blocks;
}

/* With the instructions of the processor. */
static struct digest sha256_large(struct bytes data)
{
	uint32_t state[8] = {/* FIPS 180-4 section 5.3.3 */
	                     0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	size_t blocks = data.size / BLOCK;
	uint8_t tail[2 * BLOCK];
	struct digest d;

	sha256_x86_blocks(state, data.at, blocks);
	blocks = pad(bytes_from(data, blocks * BLOCK), data.size, tail);
	sha256_x86_blocks(state, tail, blocks);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		d.octet[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
	return d;
}

struct digest sha256(struct bytes data)
{
	struct digest d;

	if (data.size >= LARGE && sha256_x86_is_here())
		return sha256_large(data);
	crypto_hash_sha256(d.octet, data.at, data.size);
	return d;
}

void sha384_init(struct sha384 *hash)
{
	/* FIPS 180-4 section 5.3.4 */
	static const uint64_t first[8] = {
		0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
		0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
	};

	crypto_hash_sha512_init(&hash->state);
	memcpy(hash->state.state, first, sizeof(first));
	hash->way = SHA384_NOT_ASKED;
}

/* Takes what makes whole groups with the instructions of the processor; returns what is left.
 * libsodium counts bits, the low word second. */
static struct bytes sha384_large(struct sha384 *hash, struct bytes data)
{
	size_t groups = data.size / SHA512_X86_GROUP, size = groups * SHA512_X86_GROUP;

	must(size < (size_t)1 << 60 && hash->state.count[1] < (uint64_t)1 << 63);
	sha512_x86_groups(hash->state.state, data.at, groups);
	hash->state.count[1] += size * 8;
	return bytes_from(data, size);
}

void sha384_update(struct sha384 *hash, struct bytes data)
{
	size_t part = hash->state.count[1] / 8 % SHA384_BLOCK,
	       first = part == 0 ? 0 : SHA384_BLOCK - part;

	if (data.size >= LARGE_PIECE && hash->way == SHA384_NOT_ASKED)
		hash->way = sha512_x86_is_here() ? SHA384_WIDE : SHA384_NARROW;
	if (data.size >= LARGE_PIECE && hash->way == SHA384_WIDE) {
		crypto_hash_sha512_update(&hash->state, data.at, first);
		data = sha384_large(hash, bytes_from(data, first));
	}
	crypto_hash_sha512_update(&hash->state, data.at, data.size);
}

void sha384_final(struct sha384 *hash, uint8_t out[SHA384_SIZE])
{
	uint8_t whole[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_final(&hash->state, whole);
	memcpy(out, whole, SHA384_SIZE);
}
