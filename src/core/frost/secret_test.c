/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/secret.h"

#include <string.h>

#include "dice.h"
#include "tap.h"

#include "json.h"

static void test_zero(void)
{
	uint8_t element[32], zero[32] = {0}, identity[32] = {1};

	memset(element, 0xaa, 32);
	secret_multiply_base(element, zero);
	ok(memcmp(element, identity, 32) == 0, "0 B is written as the identity");
}

static void test_hash(void)
{
	crypto_hash_sha512_state hash;
	uint8_t a[32], b[32], wide[64];

	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, (const uint8_t *)"abc", 3);
	secret_of_hash(a, &hash);
	ok(sodium_is_zero((const uint8_t *)&hash, sizeof(hash)), "a hash of a secret is wiped");
	crypto_hash_sha512(wide, (const uint8_t *)"abc", 3);
	crypto_core_ed25519_scalar_reduce(b, wide);
	ok(memcmp(a, b, 32) == 0, "and is the digest modulo L");
}

/* The sums of ZF's repair vectors: plain arithmetic modulo L, by another implementation. */
static void test_sums(void)
{
	static const struct {
		const char *of, *name, *sum;
		unsigned count;
	} SUMS[] = {{"scalar_generation", "random_scalar_", "random_scalar_sum", 3},
	            {"sigma_generation", "sigma_", "sigma_sum", 4}};
	struct json file = json_shared("data/vectors/frost-ed25519.json");
	struct json repair = json_get(file, "zf_repair");

	for (unsigned s = 0; s < 2; s++) {
		struct json object = json_get(repair, SUMS[s].of);
		uint8_t sum[32] = {0}, term[32], want[32];

		if (file.at == NULL) {
			skip(SUMS[s].of);
			continue;
		}
		for (unsigned i = 1; i <= SUMS[s].count; i++) {
			char name[64];

			snprintf(name, sizeof(name), "%s%u", SUMS[s].name, i);
			json_octets(json_get(object, name), term, 32);
			secret_add(sum, sum, term);
		}
		json_octets(json_get(object, SUMS[s].sum), want, 32);
		ok(memcmp(sum, want, 32) == 0, SUMS[s].of);
		secret_subtract(sum, sum, want);
		ok(sodium_is_zero(sum, 32), "and back to zero");
	}
}

int main(void)
{
	test_zero();
	test_hash();
	test_sums();
	return done_testing();
}
