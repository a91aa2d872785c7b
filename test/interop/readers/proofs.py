# SPDX-License-Identifier: Apache-2.0
"""proofs: state proofs, of what stands and of what does not (comity-ledger(5), STATE PROOFS)."""
import re

import merkle
from ledger import Checkpoint, Seal
from notes import Wrong, total, unbase64

HEAD = b"comity-state-proof/1"


class Shown:
    """record INDEX COUNT, path, empty line, the record, empty line."""

    def __init__(self, parts):
        head, *hashes = next(parts).decode().split("\n")
        found = re.fullmatch(r"record (0|[1-9][0-9]*) ([1-9][0-9]*)", head)
        if not found:
            raise Wrong("not a record of a proof")
        self.index, self.count = int(found[1]), int(found[2])
        self.path = [unbase64(h) for h in hashes]
        self.record = next(parts) + b"\n"
        self.key = self.record.split(b"\n")[0]

    def check(self, seal):
        root = merkle.root_of_path(self.index, self.count, self.path, merkle.leaf(self.record))
        if self.count != seal.records or root != seal.root:
            raise Wrong("a record that is not in the state")


class StateProof:
    """Raises Wrong unless everything but the checkpoint's signatures holds."""

    @total
    def __init__(self, text):
        first, _, rest = text.partition(b"\n")
        self.present = first == HEAD
        if not self.present and not first.startswith(HEAD + b" absent "):
            raise Wrong("not a state proof")
        parts = iter(rest.split(b"\n\n", 6 if not self.present else 4))
        shown = [Shown(parts) for _ in range(1 if self.present else 2)]
        word, _, seal = next(parts).partition(b"\n")
        if word != b"seal":
            raise Wrong("no seal")
        self.seal = Seal(seal + b"\n")
        self.check_records(shown, first[len(HEAD) + 8:])
        self.check_seal(next(parts).decode().split("\n"), next(parts))

    def check_records(self, shown, key):
        for one in shown:
            one.check(self.seal)
        if self.present:
            self.key, self.record = shown[0].key, shown[0].record
            return
        before, after = shown
        if before.index + 1 != after.index or not before.key < key < after.key:
            raise Wrong("not the two neighbours of a key that is absent")
        self.key, self.record = key, None

    def check_seal(self, lines, checkpoint):
        if lines[0] != "c2sp.org/tlog-proof@v1" or not re.fullmatch(r"index (0|[1-9][0-9]*)", lines[1]):
            raise Wrong("no proof of the seal")
        index, path = int(lines[1][6:]), [unbase64(h) for h in lines[2:]]
        self.checkpoint = Checkpoint(checkpoint)
        root = merkle.root_of_path(index, self.checkpoint.size, path, merkle.leaf(self.seal.text))
        if index + 1 != self.checkpoint.size or root != self.checkpoint.root:
            raise Wrong("the seal does not close the log of the checkpoint")
        if self.checkpoint.origin != self.seal.federation.split(" ")[0]:
            raise Wrong("a seal of another federation than the checkpoint")
