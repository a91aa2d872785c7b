# SPDX-License-Identifier: Apache-2.0
"""boards: what signers tell each other beside the ledger (comity-board(5))."""
import merkle
from acts import ORIGIN, PARTY, Reading, chosen, hexa, number, shaped
from notes import Note, Wrong, total

ITEM = {"commitments": 64, "shares": 32}


class Message:
    """u16 size, the signed head, the body."""

    @total
    def __init__(self, octets):
        size = int.from_bytes(octets[:2], "big")
        if not 0 < size <= min(1024, len(octets) - 2):
            raise Wrong("no head")
        self.note, self.body = Note(octets[2:2 + size]), octets[2 + size:]
        reading = Reading(self.note.text, 1024)
        first = reading.take()
        self.kind = first[15:]
        if not first.startswith("comity-board/1 ") or self.kind not in ITEM:
            raise Wrong("not a board message", 1)
        self.federation = reading.field("federation", shaped(rf"{ORIGIN} [0-9a-f]{{32}}"))
        self.by = reading.field("by", shaped(PARTY))
        if self.kind == "commitments":
            self.pool = reading.field("pool", hexa(32))
        else:
            self.job, self.session = (int(reading.field(n, number)) for n in ("job", "session"))
            self.round = reading.field("round", chosen("a", "b"))
        self.count = int(reading.field("count", lambda t: number(t) and 1 <= int(t) <= 49400))
        self.root = bytes.fromhex(reading.field("root", hexa(64)))
        reading.end()
        self.check_body(ITEM[self.kind])

    def check_body(self, size):
        items = [self.body[i:i + size] for i in range(0, len(self.body), size)]
        if len(self.body) != self.count * size:
            raise Wrong("the body is not as large as the head says")
        if merkle.root([merkle.leaf(i) for i in items]) != self.root:
            raise Wrong("the body is not the one that was signed")

    @total
    def check_signature(self, genesis, keys):
        if self.federation != genesis.federation:
            raise Wrong("of another federation")
        self.note.signed_by([k for role, k in keys[self.by] if role == "custody"], 1)
