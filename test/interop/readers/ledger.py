# SPDX-License-Identifier: Apache-2.0
"""ledger: blocks, seals, the journal, the log as tiles, countersignatures (comity-ledger(5))."""
import base64
import pathlib
import re

import merkle
from acts import ORIGIN, Act, Reading, number, shaped, time
from notes import Note, Wrong, total

GENESIS, MANIFEST, BLOCK, VOICE = 1, 2, 3, 4
TILE = 256


# --- Seals and blocks.

class Seal:
    """What closes a block in which something changed."""

    @total
    def __init__(self, text):
        reading = Reading(text, 512)
        if reading.take() != "comity-seal/1":
            raise Wrong("not a seal", 1)
        self.text = text
        self.federation = reading.field("federation", shaped(rf"{ORIGIN} [0-9a-f]{{32}}"))
        self.height = int(reading.field("height", number))
        self.time = reading.field("time", time)
        self.acts = int(reading.field("acts", lambda t: number(t) and int(t) <= 4096))
        records, root = reading.field("state", shaped(r"(?:0|[1-9][0-9]*) [0-9a-f]{64}")).split(" ")
        self.records, self.root = int(records), bytes.fromhex(root)
        reading.end()


class Block:
    """u64 height, u64 time, u32 count, count * (u32 size, note), u32 size, seal; big endian."""

    @total
    def __init__(self, octets):
        self.rest = octets
        self.height, self.time, count = self.number(8), self.number(8), self.number(4)
        if count > 4096 or len(octets) > 4 << 20:
            raise Wrong("too many acts, or too large")
        self.notes = [self.octets(self.number(4)) for _ in range(count)]
        self.seal = self.octets(self.number(4))
        if self.rest or (self.notes and not self.seal):
            raise Wrong("octets behind a block, or acts without a seal")

    def number(self, size):
        return int.from_bytes(self.octets(size), "big")

    def octets(self, size):
        if len(self.rest) < size:
            raise Wrong("a block ends too early")
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


# --- The journal.

def crc32c(octets, table=[]):
    """CRC-32C (RFC 3720 appendix B.4), reflected polynomial 0x82f63b78."""
    if not table:
        for i in range(256):
            for _ in range(8):
                i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
            table.append(i)
    crc = 0xFFFFFFFF
    for octet in octets:
        crc = crc >> 8 ^ table[(crc ^ octet) & 255]
    return crc ^ 0xFFFFFFFF


def frames(folder):
    """(type, body) of every frame of a journal, in order."""
    segments = sorted(pathlib.Path(folder).glob("*.seg"))
    if [s.name for s in segments] != [f"{i:06}.seg" for i in range(len(segments))] or not segments:
        raise Wrong("segments are 000000.seg, 000001.seg, ...")
    for segment in segments:
        rest = segment.read_bytes()
        while rest:
            size = int.from_bytes(rest[:4], "big")
            if len(rest) < 9 or size > 16 << 20 or size > len(rest) - 9:
                raise Wrong(f"{segment.name}: a frame that is not whole")
            if int.from_bytes(rest[4:8], "big") != crc32c(rest[8:9 + size]):
                raise Wrong(f"{segment.name}: a frame whose CRC does not fit")
            yield rest[8], rest[9:9 + size]
            rest = rest[9 + size:]


# --- The log as files (c2sp.org/tlog-tiles).

def tile_name(index):
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


@total
def entries_of(folder, size):
    """The entries of a log of that size, from tile/entries."""
    entries = []
    for index in range((size + TILE - 1) // TILE):
        width = min(TILE, size - index * TILE)
        rest = tile_octets(pathlib.Path(folder) / "tile/entries", index, width)
        for _ in range(width):
            end = 2 + int.from_bytes(rest[:2], "big")
            if len(rest) < end or end < 3:
                raise Wrong("a bundle of entries ends too early")
            entries.append(rest[2:end])
            rest = rest[end:]
    return entries


def tile_octets(folder, index, width):
    """Of the partial tile of that width, or of the full one that has come since."""
    name = tile_name(index)
    for path in [folder / f"{name}.p/{width}" if width < TILE else folder / name, folder / name]:
        if path.is_file():
            return path.read_bytes()
    raise Wrong(f"{folder}/{name} is missing")


def tiles_of(entries):
    """Every tile that a log with these entries can have had: path -> octets."""
    tiles, hashes = {}, [merkle.leaf(e) for e in entries]
    for index in range(0, len(entries), TILE):
        part, octets = entries[index:index + TILE], b""
        for width, entry in enumerate(part, 1):
            octets += len(entry).to_bytes(2, "big") + entry
            tiles[tile_path("entries", index // TILE, width)] = octets
    level = 0
    while hashes:
        for index in range(0, len(hashes), TILE):
            for width in range(1, len(hashes[index:index + TILE]) + 1):
                tiles[tile_path(level, index // TILE, width)] = b"".join(hashes[index:index + width])
        hashes = [merkle.root(hashes[i:i + TILE]) for i in range(0, len(hashes) // TILE * TILE, TILE)]
        level += 1
    return tiles


def tile_path(level, index, width):
    return f"tile/{level}/{tile_name(index)}" + (f".p/{width}" if width < TILE else "")


class Checkpoint:
    """origin, size, root: the text of a note."""

    @total
    def __init__(self, octets):
        self.note = Note(octets)
        found = re.fullmatch(rf"({ORIGIN})\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{{43}}=)\n", self.note.text.decode())
        if not found:
            raise Wrong("not a checkpoint")
        self.origin, self.size, self.root = found[1], int(found[2]), base64.b64decode(found[3])
        if self.text(self.origin, self.size, self.root) != self.note.text:
            raise Wrong("not the one form of a checkpoint")

    @staticmethod
    def text(origin, size, root):
        return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


# --- What the entries of a log say together.

class History:
    """The entries in order: acts with their signatures, seals that close blocks."""

    def __init__(self, genesis_note, genesis, entries):
        self.genesis, self.acts, self.seals, self.sealed = genesis, [], [], {}
        self.keys = {name: keys for name, (_, keys) in genesis.parties.items()}
        self.threshold = {name: threshold for name, (threshold, _) in genesis.parties.items()}
        if not entries or entries[0] != genesis_note.octets:
            raise Wrong("entry 0 is not the genesis")
        self.check(entries)

    @total
    def check(self, entries):
        hashes, pending = [merkle.leaf(entries[0])], 1
        for index, entry in enumerate(entries[1:], 1):
            hashes.append(merkle.leaf(entry))
            if not entry.startswith(b"comity-seal/1\n"):
                self.acts.append(self.check_act(Note(entry)))
                pending += 1
                continue
            seal = Seal(entry)
            before = self.seals[-1] if self.seals else None
            if seal.federation != self.genesis.federation or seal.acts != pending:
                raise Wrong(f"entry {index}: a seal of another federation, or of other acts")
            if before and (seal.height <= before.height or seal.time < before.time):
                raise Wrong(f"entry {index}: a seal that goes back")
            self.seals.append(seal)
            self.sealed[seal.height] = (seal, index + 1, hashes[-1])
            pending = 0
        if pending:
            raise Wrong("the log does not end with a seal")
        self.hashes = hashes

    def check_act(self, note):
        act = Act(note.text)
        if act.federation != self.genesis.federation:
            raise Wrong("an act of another federation")
        if act.kind in ("accede", "rotate", "transfer"):
            raise Wrong(f"{act.kind}: this reader knows the founders and their first keys only")
        keys = [k for role, k in self.keys[act.by] if role == act.role]
        note.signed_by(keys, self.threshold[act.by] if act.role == "act" else 1)
        return act

    def root(self, size):
        return merkle.root(self.hashes[:size])

    def cosigners(self):
        return {name: next(k for role, k in keys if role == "cosign") for name, keys in self.keys.items()}

    @total
    def check_checkpoint(self, checkpoint):
        """Its root is that of the entries, and every line is by the log or by a party, and good."""
        if checkpoint.origin != self.genesis.origin or checkpoint.root != self.root(checkpoint.size):
            raise Wrong("the checkpoint is not that of these entries")
        if self.sealed[self.seals[-1].height][1] != checkpoint.size:
            raise Wrong("the checkpoint does not end with a seal")
        keys = [self.genesis.log] + [k.cosigner() for k in self.cosigners().values()]
        checkpoint.note.signed_by(keys, len(checkpoint.note.lines))
        return [l.name for l in checkpoint.note.lines if l.name != self.genesis.origin]

    @total
    def check_voice(self, note):
        """A seal-sign act: the party's line, and its cosignature over the checkpoint that ends with the seal."""
        act = Act(note.text)
        seal, size, leaf = self.sealed.get(int(act.fields["height"]), (None, 0, b""))
        if act.kind != "seal-sign" or seal is None or act.fields["seal"] != leaf.hex():
            raise Wrong("not of a seal of this log")
        root = self.root(size)
        if act.fields["log"] != f"{size} {root.hex()}":
            raise Wrong("not the log that ends with the seal")
        key = self.cosigners()[act.by]
        note.signed_by([key], 1)
        octets = base64.b64decode(act.fields["cosignature"])
        line = note.lines[0]
        line.name, line.id, line.octets = key.name, key.cosigner().id, octets
        if not line.signs(key.cosigner(), Checkpoint.text(self.genesis.origin, size, root)):
            raise Wrong("a cosignature that does not hold")
        return seal.height, act.by


@total
def read_journal(folder, history, entries):
    """Blocks and voices; the blocks must be the log, entry by entry, as far as it is published."""
    made, voices, blocks, height, moment = [], {}, 0, 0, 0
    for index, (kind, body) in enumerate(frames(folder)):
        if (kind == GENESIS) != (index == 0) or (kind == MANIFEST) != (index == 1) or kind not in (1, 2, 3, 4):
            raise Wrong(f"frame {index}: type {kind} stands in no place")
        if kind == GENESIS:
            made += [body, entries[1]]  # the seal of block 0 is derived, and stands in no frame
        if kind == BLOCK:
            block = Block(body)
            if block.height != height + 1 or block.time < moment:
                raise Wrong(f"frame {index}: a block that does not follow")
            height, moment, blocks = block.height, block.time, blocks + 1
            made += block.notes + [block.seal] * bool(block.seal)
        if kind == VOICE:
            voices.setdefault(index, Note(body))
    if made[:len(entries)] != entries:
        raise Wrong("the blocks of the journal are not the entries of the log")
    heights = {}
    for note in voices.values():
        if int(Act(note.text).fields["height"]) in history.sealed:
            seal, party = history.check_voice(note)
            heights.setdefault(seal, set()).add(party)
    return blocks, heights
