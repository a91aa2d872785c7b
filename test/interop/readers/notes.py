# SPDX-License-Identifier: Apache-2.0
"""notes: signed notes, and the names and identifiers of those who sign them (c2sp.org/signed-note)."""
import base64
import functools
import hashlib
import re

import curve

ED25519, COSIGNATURE = 1, 4


class Wrong(Exception):
    """What was read is not what it should be; `line` is 0 where it concerns the whole."""

    def __init__(self, why, line=0):
        super().__init__(f"line {line}: {why}" if line else why)
        self.line = line


def total(reader):
    """A reader that says Wrong, and nothing else, to whatever octets it is given."""
    @functools.wraps(reader)
    def read(*arguments):
        try:
            return reader(*arguments)
        except (ArithmeticError, LookupError, StopIteration, ValueError) as fault:
            raise Wrong(f"{type(fault).__name__}: {fault}") from None
    return read


def unbase64(text):
    """Strictly the one form (RFC 4648 section 4)."""
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("not base64") from None
    if base64.b64encode(octets).decode() != text:
        raise Wrong("not the one form of base64")
    return octets


class Key:
    """name+identifier+base64(type || public key)"""

    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name, kind, public
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]

    @classmethod
    def read(cls, text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not re.fullmatch(r"[!-*,-~]{1,200}", parts[0]):
            raise Wrong("not a key")
        blob = unbase64(parts[2])
        key = cls(parts[0], blob[0] if blob else 0, blob[1:])
        if key.kind not in (ED25519, COSIGNATURE) or curve.public_key(key.public) is None:
            raise Wrong("not a key of ours")
        if parts[1] != key.id.hex():
            raise Wrong("the identifier does not fit the key")
        return key

    def cosigner(self):
        return Key(self.name, COSIGNATURE, self.public)

    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


class Line:
    """A signature line: name, identifier, and what is behind it."""

    def __init__(self, text, number):
        found = re.fullmatch(r"— ([!-*,-~]{1,200}) ([A-Za-z0-9+/=]+)", text)
        if not found:
            raise Wrong("not a signature line", number)
        self.name, blob = found[1], unbase64(found[2])
        self.id, self.octets = blob[:4], blob[4:]
        if len(self.octets) not in (64, 72):
            raise Wrong("not the size of a signature", number)

    def signs(self, key, text):
        """Whether it is by this key, over this text, or as a cosignature over this checkpoint."""
        if (self.name, self.id) != (key.name, key.id):
            return False
        if key.kind == ED25519:
            return len(self.octets) == 64 and curve.verify(key.public, text, self.octets)
        if len(self.octets) != 72:
            return False
        time = int.from_bytes(self.octets[:8], "big")
        return curve.verify(key.public, b"cosignature/v1\ntime %d\n" % time + text, self.octets[8:])


class Note:
    """A text and the lines that sign it, sorted by name, none twice, at most 16."""

    @total
    def __init__(self, octets):
        if len(octets) > 49152:
            raise Wrong("a note has at most 49152 octets")
        if any(o < 32 and o != 10 for o in octets):
            raise Wrong("a control character")
        text, gap, lines = octets.rpartition(b"\n\n")
        if not gap or not text or not lines.endswith(b"\n"):
            raise Wrong("no text and lines")
        self.octets, self.text = octets, text + b"\n"
        number = self.text.count(b"\n") + 2
        self.text.decode()
        self.lines = [Line(l, number + i) for i, l in enumerate(lines.decode()[:-1].split("\n"))]
        names = [l.name.encode() for l in self.lines]
        if len(names) > 16 or names != sorted(set(names)):
            raise Wrong("signature lines not sorted by name, one twice, or too many")

    def signed_by(self, keys, count):
        """Exactly `count` lines, each by one of these keys, each good."""
        good = sum(any(line.signs(key, self.text) for key in keys) for line in self.lines)
        if good != len(self.lines) or good != count:
            raise Wrong(f"{good} of {len(self.lines)} signature lines hold, {count} needed")
