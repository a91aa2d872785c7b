# SPDX-License-Identifier: Apache-2.0
"""Queries as a root server gets them, and as it should not; always the same for one seed."""
import random
import struct

import dnswire
from dnswire import TYPES

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALL = LETTERS + "0123456789-"
PRIVATE = "local home lan internal localdomain corp consul dhcp localhost invalid belkin wpad test".split()
SIZES = [(1232, 46), (4096, 22), (512, 8), (1400, 12), (1220, 4), (0, 1), (600, 3), (65535, 2)]
QTYPES = [("A", 50), ("AAAA", 24), ("NS", 8), ("DS", 5), ("HTTPS", 4), ("MX", 2), ("TXT", 2), ("SOA", 2),
          ("PTR", 1), ("SRV", 1), ("DNSKEY", 1), ("NSEC", 1), ("CNAME", 1)]


def _pick(r, weighted):
    return r.choices([v for v, _ in weighted], [w for _, w in weighted])[0]


class Maker:
    def __init__(self, lines, apex=".", seed=1):
        self.r = random.Random(seed)
        self.apex = apex
        self.owners = sorted({line.split()[0] for line in lines}, key=dnswire.canonical_key)
        self.cuts = sorted({line.split()[0] for line in lines
                            if line.split()[3] == "NS" and line.split()[0] != apex},
                           key=dnswire.canonical_key)

    def word(self, least, most, letters=LETTERS):
        return "".join(self.r.choices(letters, k=self.r.randint(least, most)))

    def below(self, name):
        """A name some labels below another."""
        labels = [self.word(1, 20, ALL) for _ in range(self.r.randint(1, 4))]
        joined = ".".join(labels) + "." + ("" if name == "." else name)
        return joined if len(dnswire.wire_of(joined)) <= 255 else name

    def name(self):
        r, x = self.r, self.r.random()
        if x < 0.05:
            return self.apex
        if x < 0.17:
            return r.choice(self.cuts)
        if x < 0.40:
            return self.below(r.choice(self.cuts))
        if x < 0.48:
            return r.choice(self.owners)
        if x < 0.53:
            return self.below(r.choice(self.owners))
        if x < 0.58:  # the empty non-terminals above a name, among others
            labels = dnswire.labels_of(r.choice(self.owners))
            return dnswire.text_of(labels[r.randint(0, max(0, len(labels) - 1)):])
        if x < 0.70:
            private = r.choice(PRIVATE) + "." + ("" if self.apex == "." else self.apex)
            return private if r.random() < 0.3 else self.below(private)
        if x < 0.74:  # near a name of the zone: one letter more or less
            near = r.choice(self.cuts)
            return near[0] + near if len(near) < 60 else near[1:]
        if x < 0.78:  # octets that are no letters
            label = "".join(f"\\{r.randrange(256):03d}" for _ in range(r.randint(1, 9)))
            return label + "." + ("" if self.apex == "." else self.apex)
        word = self.word(1, 30) + "." + ("" if self.apex == "." else self.apex)
        return word if r.random() < 0.6 else self.below(word)

    def mixed_case(self, wire):
        if self.r.random() > 0.15:
            return wire
        return bytes(c - 32 if 97 <= c <= 122 and self.r.random() < 0.5 else c for c in wire)

    def options(self):
        r, options = self.r, b""
        if r.random() < 0.3:
            options += struct.pack(">HH", 10, 8) + r.randbytes(8)
        if r.random() < 0.02:
            options += struct.pack(">HH", 3, 0)
        if r.random() < 0.02:
            options += struct.pack(">HH", 12, 20) + bytes(20)
        if r.random() < 0.02:
            options += struct.pack(">HH", 65001, 3) + b"abc"
        return options

    def usual(self):
        r = self.r
        edns = _pick(r, SIZES) if r.random() < 0.86 else None
        dnssec_ok = edns is not None and r.random() < 0.85
        flags = (0x100 if r.random() < 0.1 else 0) | (0x10 if r.random() < 0.1 else 0)
        flags |= 0x20 if r.random() < 0.05 else 0
        return dnswire.query("", TYPES[_pick(r, QTYPES)], r.randrange(65536), flags, 1, edns, dnssec_ok,
                             self.options() if edns is not None else b"",
                             wire=self.mixed_case(dnswire.wire_of(self.name())))

    def odd(self):
        """One of the things that happen to servers."""
        r, name = self.r, dnswire.wire_of(self.name())
        ident = r.randrange(65536)
        kind = r.randrange(12)
        if kind == 0:
            return dnswire.query("", TYPES["ANY"], ident, wire=name, edns=1232, dnssec_ok=r.random() < 0.5)
        if kind == 1:
            return dnswire.query(r.choice(["version.bind", "id.server", "x.y"]), 16, ident, qclass=3)
        if kind == 2:
            return dnswire.query("", 1, ident, wire=name, edns=1232, version=r.randint(1, 255))
        if kind == 3:
            return dnswire.query("", 6, ident, flags=r.choice([1, 2, 3, 6, 15]) << 11, wire=name)
        if kind == 4:
            return dnswire.query("", 1, ident, wire=name)[:r.randint(12, 16)]
        if kind == 5:  # two questions, none
            whole = dnswire.query("", 1, ident, wire=name)
            return whole[:4] + struct.pack(">H", r.choice([0, 2])) + whole[6:]
        if kind == 6:  # two OPT records
            whole = dnswire.query("", 1, ident, wire=name, edns=1232)
            return whole[:10] + b"\0\2" + whole[12:] + whole[-11:]
        if kind == 7:
            return dnswire.query("", TYPES["RRSIG"], ident, wire=name, edns=4096, dnssec_ok=True)
        if kind == 8:
            return dnswire.query("", 1, ident, wire=name, qclass=r.choice([2, 4, 254, 255]))
        if kind == 9:  # a question that points
            return struct.pack(">HHHHHH", ident, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"
        if kind == 10:  # flags that a query does not have, AA TC RA Z
            return dnswire.query("", 2, ident, flags=r.choice([0x400, 0x200, 0x80, 0x40]), wire=name,
                                 edns=1232, dnssec_ok=True)
        return dnswire.query("", r.choice([249, 250, 251, 252, 253, 254, 41, 0, 65535]), ident, wire=name)

    def queries(self, count, odd=0.02):
        return [self.odd() if self.r.random() < odd else self.usual() for _ in range(count)]
