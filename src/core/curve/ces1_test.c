/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/ces1.h"

#include <sodium.h>
#include <string.h>

#include "curve/multiple.h"
#include "dice.h"
#include "tap.h"

#include "json.h"

/* Both doors, which must agree. */
static bool valid(const uint8_t key[32], struct bytes message, const uint8_t signature[64])
{
	struct ces1_key read;
	bool once = ces1_verify(key, message, signature);
	bool kept = ces1_key_read(&read, key) && ces1_key_verify(&read, message, signature);

	if (once != kept)
		bail_out("ces1_verify and ces1_key_verify disagree");
	return once;
}

/* RFC 8032 section 7.1: TEST 1, 2, 3 and SHA(abc). */
static const struct {
	const char *name, *seed, *key, *message, *signature;
} RFC[] = {
	{"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	{"TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
         "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
         "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
         "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

static size_t unhex(uint8_t *out, size_t room, const char *hex)
{
	size_t size;

	if (sodium_hex2bin(out, room, hex, strlen(hex), NULL, &size, NULL) != 0)
		bail_out("bad hex in a test vector");
	return size;
}

static void test_rfc(void)
{
	uint8_t seed[32], key[32], secret[64], message[64], signature[64], theirs[64];

	for (unsigned i = 0; i < sizeof(RFC) / sizeof(RFC[0]); i++) {
		size_t size = unhex(message, sizeof(message), RFC[i].message);

		unhex(seed, 32, RFC[i].seed);
		unhex(key, 32, RFC[i].key);
		unhex(signature, 64, RFC[i].signature);
		ok(valid(key, (struct bytes){message, size}, signature), RFC[i].name);

		/* That the vector is what it says: Ed25519 is deterministic. */
		crypto_sign_seed_keypair(theirs, secret, seed);
		ok(memcmp(theirs, key, 32) == 0, "and the key belongs to the seed");
		crypto_sign_detached(theirs, NULL, message, size, secret);
		ok(memcmp(theirs, signature, 64) == 0, "and the signature is the one");
	}
}

static void test_vectors(void)
{
	struct json vectors = json_shared("data/vectors/ed25519-ces1.json");
	uint8_t key[32], message[256], signature[64];

	if (vectors.at == NULL) {
		skip("every vector of ed25519-ces1.json has the stated verdict");
		return;
	}
	for (size_t i = 0; i < json_count(vectors); i++) {
		struct json v = json_item(vectors, i);
		struct bytes m = {message,
		                  json_hex(json_get(v, "message"), message, sizeof(message))};

		json_octets(json_get(v, "public_key"), key, 32);
		json_octets(json_get(v, "signature"), signature, 64);
		ok(valid(key, m, signature) == json_true(json_get(v, "valid")),
		   "ed25519-ces1.json");
	}
}

static void test_against_sodium(void)
{
	unsigned honest = 0, differ = 0, accepted = 0;

	for (unsigned i = 0; i < 300; i++) {
		uint8_t key[32], secret[64], seed[32], message[200], signature[64];
		size_t size = dice_below(sizeof(message));
		struct bytes m = {message, size};

		dice_fill(seed, 32);
		dice_fill(message, size);
		crypto_sign_seed_keypair(key, secret, seed);
		crypto_sign_detached(signature, NULL, message, size, secret);
		honest += valid(key, m, signature);

		for (unsigned j = 0; j < 12; j++) {
			uint8_t *part = j % 3 == 0   ? key
			                : j % 3 == 1 ? signature
			                             : signature + 32;
			size_t place = dice_below(32);
			uint8_t kept = part[place];
			bool ours, theirs;

			part[place] = (uint8_t)(kept ^ 1 << dice_below(8));
			ours = valid(key, m, signature);
			theirs =
				crypto_sign_verify_detached(signature, message, size, key) == 0;
			differ += ours != theirs;
			accepted += ours;
			part[place] = kept;
		}
	}
	ok(honest == 300, "300 signatures by libsodium are valid");
	ok(differ == 0 && accepted == 0, "3600 changed ones are not, and libsodium agrees");
}

/* What a party with a good key can craft: R = r B + T, S = r + h a. */
static void craft(uint8_t key[32], uint8_t signature[64], struct bytes message,
                  unsigned torsion, bool r_is_zero)
{
	static const uint8_t ORDER_8[32] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f,
	                                    0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
	                                    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
	                                    0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
	struct public_scalar a, r, h; /* nobody's secrets */
	crypto_hash_sha512_state hash;
	struct point point, part;
	uint8_t wide[64];

	dice_fill(wide, 64);
	a = scalar_reduce(wide);
	dice_fill(wide, 64);
	r = r_is_zero ? scalar_of(0) : scalar_reduce(wide);
	point_multiply_base(&point, &a);
	point_write(key, &point);
	if (!point_read(&part, ORDER_8))
		bail_out("the point of order 8 was not read");
	point_multiply_small(&part, torsion, &part);
	point_multiply_base(&point, &r);
	point_add(&point, &point, &part);
	point_write(signature, &point);

	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, signature, 32);
	crypto_hash_sha512_update(&hash, key, 32);
	crypto_hash_sha512_update(&hash, message.at, message.size);
	crypto_hash_sha512_final(&hash, wide);
	h = scalar_reduce(wide);
	h = scalar_multiply(&h, &a);
	h = scalar_add(&h, &r);
	memcpy(signature + 32, h.octet, 32);
}

static void test_crafted(void)
{
	struct bytes message = BYTES("comity-act/1 split\n");
	uint8_t key[32], signature[64];
	unsigned good = 0, bad = 0;

	/* Also the trap of batches: what passes once in some trials must fail in all. */
	for (unsigned i = 0; i < 25; i++)
		for (unsigned torsion = 0; torsion < 8; torsion++) {
			craft(key, signature, message, torsion, false);
			*(torsion == 0 ? &good : &bad) += valid(key, message, signature);
		}
	ok(good == 25, "crafted without torsion: valid");
	ok(bad == 0, "R with a part of order 2, 4 or 8: refused 175 times of 175");
	for (unsigned torsion = 0; torsion < 8; torsion++) {
		craft(key, signature, message, torsion, true);
		ok(!valid(key, message, signature),
		   "R of small order, or the identity: refused");
	}
}

/* S + L says the same modulo L, and is refused. */
static void test_malleable(void)
{
	static const uint8_t L[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
	                              0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
	                              0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	uint8_t key[32], signature[64];

	craft(key, signature, BYTES("x"), 0, false);
	ok(valid(key, BYTES("x"), signature), "S: valid");
	sodium_add(signature + 32, L, 32);
	ok(!valid(key, BYTES("x"), signature), "S + L: refused");
}

static void test_keys(void)
{
	uint8_t key[32] = {1};

	ok(!ces1_public_key_valid(key), "the identity is no key");
	key[0] = 0;
	ok(!ces1_public_key_valid(key), "nor is a point of order 4");
	memset(key, 0xff, 32);
	ok(!ces1_public_key_valid(key), "nor is what is not canonical");
	point_write(key, &POINT_BASE);
	ok(ces1_public_key_valid(key), "B is one");
}

int main(void)
{
	dice_seed();
	test_rfc();
	test_vectors();
	test_keys();
	test_against_sodium();
	test_crafted();
	test_malleable();
	return done_testing();
}
