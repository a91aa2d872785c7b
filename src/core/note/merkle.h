/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NOTE_MERKLE_H
#define COMITY_NOTE_MERKLE_H

/*
 * merkle.h - the Merkle tree of RFC 6962 section 2.1 over SHA-256.
 *
 * The log, the state and the boards all use this one tree, so that one
 * verifier (anybody's) checks all three. Nothing here stores entries: a tree is
 * its leaf hashes, and proofs are made from whatever can tell the hash of a
 * perfect subtree.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"

#define MERKLE_LEVELS_MAX 64

/* SHA-256(0x00 || entry). */
struct digest merkle_leaf(struct bytes entry);

/* SHA-256(0x01 || left || right). */
struct digest merkle_node(const struct digest *left, const struct digest *right);

/* The root of the tree without leaves: SHA-256 of nothing. */
struct digest merkle_empty(void);

/* The root over `count` leaf hashes. */
struct digest merkle_root(const struct digest *leaves, uint64_t count);

/*
 * The right edge of a growing tree: all that is needed to add a leaf and to know
 * the root. All zero is the empty tree.
 */
struct merkle_frontier {
	uint64_t size; /* leaves */
	struct digest subtree[MERKLE_LEVELS_MAX]; /* [k]: the last perfect subtree of 2^k
	                                             leaves, where bit k of size is set */
};

void merkle_frontier_add(struct merkle_frontier *frontier, const struct digest *leaf);
struct digest merkle_frontier_root(const struct merkle_frontier *frontier);

/* The hash of the perfect subtree of 2^level leaves that begins at leaf index << level. */
typedef struct digest merkle_subtree(const void *context, unsigned level, uint64_t index);

/* A merkle_subtree over an array of leaf hashes, `context` pointing at its first. */
merkle_subtree merkle_of_leaves;

struct merkle_proof {
	unsigned count;
	struct digest hash[MERKLE_LEVELS_MAX]; /* leaf to root */
};

/* RFC 6962 section 2.1.1: the leaf `index` is in the tree of `size` leaves; index < size. */
void merkle_prove_inclusion(merkle_subtree *subtree, const void *context, uint64_t index,
                            uint64_t size, struct merkle_proof *proof);

/* RFC 6962 section 2.1.2: the tree of `before` leaves begins the tree of `size`; 0 < before <= size. */
void merkle_prove_consistency(merkle_subtree *subtree, const void *context, uint64_t before,
                              uint64_t size, struct merkle_proof *proof);

/* RFC 9162 section 2.1.3.2. False for anything but a proof of exactly that. */
bool merkle_verify_inclusion(const struct merkle_proof *proof, uint64_t index, uint64_t size,
                             const struct digest *leaf, const struct digest *root);

/* RFC 9162 section 2.1.4.2. */
bool merkle_verify_consistency(const struct merkle_proof *proof, uint64_t before, uint64_t size,
                               const struct digest *before_root, const struct digest *root);

#endif
