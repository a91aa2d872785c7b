/* SPDX-License-Identifier: Apache-2.0 */
#include "note/merkle.h"

#include <sodium.h>

#include "base/must.h"

struct digest merkle_leaf(struct bytes entry)
{
	static const uint8_t PREFIX = 0;
	crypto_hash_sha256_state hash;
	struct digest d;

	crypto_hash_sha256_init(&hash);
	crypto_hash_sha256_update(&hash, &PREFIX, 1);
	crypto_hash_sha256_update(&hash, entry.at, entry.size);
	crypto_hash_sha256_final(&hash, d.octet);
	return d;
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
	uint8_t pair[1 + 2 * DIGEST_SIZE] = {1};

	memcpy(pair + 1, left->octet, DIGEST_SIZE);
	memcpy(pair + 1 + DIGEST_SIZE, right->octet, DIGEST_SIZE);
	return sha256((struct bytes){pair, sizeof(pair)});
}

struct digest merkle_empty(void)
{
	return sha256((struct bytes){(const uint8_t *)"", 0});
}

struct digest merkle_root(const struct digest *leaves, uint64_t count)
{
	struct merkle_frontier f = {0};

	for (uint64_t i = 0; i < count; i++)
		merkle_frontier_add(&f, &leaves[i]);
	return merkle_frontier_root(&f);
}

void merkle_frontier_add(struct merkle_frontier *frontier, const struct digest *leaf)
{
	struct digest carried = *leaf;
	unsigned level = 0;

	for (; frontier->size >> level & 1; level++)
		carried = merkle_node(&frontier->subtree[level], &carried);
	must(level < MERKLE_LEVELS_MAX);
	frontier->subtree[level] = carried;
	frontier->size++;
}

struct digest merkle_frontier_root(const struct merkle_frontier *frontier)
{
	struct digest root = merkle_empty();
	bool any = false;

	for (unsigned level = 0; level < MERKLE_LEVELS_MAX; level++)
		if (frontier->size >> level & 1) {
			root = any ? merkle_node(&frontier->subtree[level], &root)
			           : frontier->subtree[level];
			any = true;
		}
	return root;
}

struct digest merkle_of_leaves(const void *context, unsigned level, uint64_t index)
{
	const struct digest *leaves = context;

	return merkle_root(leaves + (index << level), (uint64_t)1 << level);
}

/* The largest power of two smaller than `size`, as an exponent; size > 1. */
static unsigned split_level(uint64_t size)
{
	return 63u - (unsigned)__builtin_clzll(size - 1);
}

/* The root over leaves [first, first + size), where first is a multiple of the power of
 * two that holds size: the perfect subtrees of `size`'s bits, folded from the right. */
static struct digest range_root(merkle_subtree *subtree, const void *context, uint64_t first,
                                uint64_t size)
{
	struct digest root = merkle_empty();
	uint64_t end = first + size;
	bool any = false;

	for (unsigned level = 0; level < MERKLE_LEVELS_MAX; level++)
		if (size >> level & 1) {
			end -= (uint64_t)1 << level;
			struct digest left = subtree(context, level, end >> level);
			root = any ? merkle_node(&left, &root) : left;
			any = true;
		}
	return root;
}

static void proof_add(struct merkle_proof *proof, struct digest hash)
{
	must(proof->count < MERKLE_LEVELS_MAX);
	proof->hash[proof->count++] = hash;
}

static void proof_reverse(struct merkle_proof *proof)
{
	for (unsigned i = 0; i < proof->count / 2; i++) {
		struct digest kept = proof->hash[i];
		proof->hash[i] = proof->hash[proof->count - 1 - i];
		proof->hash[proof->count - 1 - i] = kept;
	}
}

void merkle_prove_inclusion(merkle_subtree *subtree, const void *context, uint64_t index,
                            uint64_t size, struct merkle_proof *proof)
{
	uint64_t first = 0;

	must(index < size);
	proof->count = 0;
	/* PATH(m, D[n]) from the root downwards, so reversed at the end. */
	while (size > 1) {
		uint64_t left = (uint64_t)1 << split_level(size);

		if (index < left) {
			proof_add(proof, range_root(subtree, context, first + left, size - left));
			size = left;
		} else {
			proof_add(proof, range_root(subtree, context, first, left));
			first += left;
			index -= left;
			size -= left;
		}
	}
	proof_reverse(proof);
}

void merkle_prove_consistency(merkle_subtree *subtree, const void *context, uint64_t before,
                              uint64_t size, struct merkle_proof *proof)
{
	uint64_t first = 0;
	bool whole = true; /* b of SUBPROOF: the old tree is still a subtree known to the verifier */

	must(before > 0 && before <= size);
	proof->count = 0;
	while (before != size) {
		uint64_t left = (uint64_t)1 << split_level(size);

		if (before <= left) {
			proof_add(proof, range_root(subtree, context, first + left, size - left));
			size = left;
		} else {
			proof_add(proof, range_root(subtree, context, first, left));
			first += left;
			before -= left;
			size -= left;
			whole = false;
		}
	}
	if (!whole)
		proof_add(proof, range_root(subtree, context, first, size));
	proof_reverse(proof);
}

bool merkle_verify_inclusion(const struct merkle_proof *proof, uint64_t index, uint64_t size,
                             const struct digest *leaf, const struct digest *root)
{
	uint64_t fn = index, sn = size - 1;
	struct digest r = *leaf;

	if (index >= size)
		return false;
	for (unsigned i = 0; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			r = merkle_node(&proof->hash[i], &r);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			r = merkle_node(&r, &proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && digest_same(&r, root);
}

bool merkle_verify_consistency(const struct merkle_proof *proof, uint64_t before, uint64_t size,
                               const struct digest *before_root, const struct digest *root)
{
	uint64_t fn = before - 1, sn = size - 1;
	struct digest fr, sr;
	unsigned i = 0;

	if (before == 0 || before > size)
		return false;
	if (before == size)
		return proof->count == 0 && digest_same(before_root, root);
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	/* A power of two: its root is the first hash of the proof, left out of it. */
	if (fn == 0 && (before & (before - 1)) == 0) {
		fr = sr = *before_root;
	} else {
		if (proof->count == 0)
			return false;
		fr = sr = proof->hash[i++];
	}
	for (; i < proof->count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			fr = merkle_node(&proof->hash[i], &fr);
			sr = merkle_node(&proof->hash[i], &sr);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			sr = merkle_node(&sr, &proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && digest_same(&fr, before_root) && digest_same(&sr, root);
}
