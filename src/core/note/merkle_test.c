/* SPDX-License-Identifier: Apache-2.0 */
#include "note/merkle.h"

#include "base/hex.h"
#include "tap.h"

#define LEAVES 70

static struct digest leaf[LEAVES];

/* The definition of RFC 6962 section 2.1, as it stands there. */
static struct digest mth(const struct digest *d, uint64_t n)
{
	uint64_t k = 1;

	if (n == 0)
		return merkle_empty();
	if (n == 1)
		return d[0];
	while (k * 2 < n)
		k *= 2;
	struct digest l = mth(d, k), r = mth(d + k, n - k);
	return merkle_node(&l, &r);
}

static struct digest unhex(const char *text)
{
	struct digest d;

	if (!hex_read(bytes_of(text), d.octet, DIGEST_SIZE))
		bail_out("bad hex in a test vector");
	return d;
}

static void roots(void)
{
	struct merkle_frontier f = {0};
	bool same = true;

	for (uint64_t n = 0; n <= LEAVES; n++) {
		struct digest want = mth(leaf, n), grown = merkle_frontier_root(&f),
		              whole = merkle_root(leaf, n);
		same = same && digest_same(&want, &grown) && digest_same(&want, &whole);
		if (n < LEAVES)
			merkle_frontier_add(&f, &leaf[n]);
	}
	ok(same, "the growing root is the root of the definition");
}

static void inclusion(void)
{
	struct merkle_proof p;
	bool held = true, refused = true;

	for (uint64_t n = 1; n <= LEAVES; n++) {
		struct digest root = mth(leaf, n);
		for (uint64_t i = 0; i < n; i++) {
			merkle_prove_inclusion(merkle_of_leaves, leaf, i, n, &p);
			held = held && merkle_verify_inclusion(&p, i, n, &leaf[i], &root);
			refused = refused && !merkle_verify_inclusion(&p, i, n, &leaf[(i + 1) % LEAVES], &root);
			refused = refused && (n == 1 || !merkle_verify_inclusion(&p, (i + 1) % n, n, &leaf[i], &root));
			if (p.count > 0) {
				p.hash[p.count - 1].octet[0] ^= 1;
				refused = refused && !merkle_verify_inclusion(&p, i, n, &leaf[i], &root);
				p.hash[p.count - 1].octet[0] ^= 1;
				p.count--;
				refused = refused && !merkle_verify_inclusion(&p, i, n, &leaf[i], &root);
			}
		}
	}
	ok(held, "every leaf of every tree is proved");
	ok(refused, "another leaf, index or path is not");
}

static void consistency(void)
{
	struct merkle_proof p;
	bool held = true, refused = true;

	for (uint64_t n = 1; n <= LEAVES; n++) {
		struct digest root = mth(leaf, n);
		for (uint64_t m = 1; m <= n; m++) {
			struct digest before = mth(leaf, m);
			merkle_prove_consistency(merkle_of_leaves, leaf, m, n, &p);
			held = held && merkle_verify_consistency(&p, m, n, &before, &root);
			before.octet[31] ^= 1;
			refused = refused && !merkle_verify_consistency(&p, m, n, &before, &root);
			before.octet[31] ^= 1;
			if (p.count > 0) {
				p.hash[0].octet[0] ^= 1;
				refused = refused && !merkle_verify_consistency(&p, m, n, &before, &root);
			}
		}
	}
	ok(held, "every earlier tree begins the later one");
	ok(refused, "nothing else does");
}

/* Made by an independent program. */
static void worked_example(void)
{
	struct digest five[5] = {
		unhex("e75805948583627c878044ee44831f63638506360b54c91292352525805de03c"),
		unhex("3d4a87e0b5b4386a194f2fcaf3dbcdc3c773449143a7f55f7a59891a3d5d524d"),
		unhex("85cfe2a60e170941498a7a12db638f67df17fe4b2304ccd78d5dce6fcfcc3496"),
		unhex("ae3499875fc245725c7a85e1652743df48f315e016eb341c1368c1fa73da5b38"),
		unhex("2b42e5f8b08472643682bc26bba8bb29a5c7b4bbcc2ea516b67d79e6105119bb"),
	};
	struct digest want = unhex("23346a66d971a9a41be6f96bb21e2621c54d2f9c41269d61eb383895bec67b47");
	struct digest got = merkle_root(five, 5);

	ok(digest_same(&got, &want), "the worked example of five leaves");
}

int main(void)
{
	for (uint8_t i = 0; i < LEAVES; i++)
		leaf[i] = merkle_leaf((struct bytes){&i, 1});
	roots();
	inclusion();
	consistency();
	worked_example();
	return done_testing();
}
