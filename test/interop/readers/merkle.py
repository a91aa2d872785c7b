# SPDX-License-Identifier: Apache-2.0
"""merkle: the tree of RFC 6962 section 2.1 over SHA-256, from its definition."""
import hashlib


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves):
    """MTH over a list of leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:split]), root(leaves[split:]))


def root_of_path(index, size, hashes, start):
    """The root that a path leads to (RFC 9162 section 2.1.3.2); None when it has not that shape."""
    if not 0 <= index < size:
        return None
    first, last = index, size - 1
    for hash_ in hashes:
        if last == 0:
            return None
        if first & 1 or first == last:
            start = node(hash_, start)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            start = node(start, hash_)
        first, last = first >> 1, last >> 1
    return start if last == 0 else None
