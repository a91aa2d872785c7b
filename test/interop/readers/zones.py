# SPDX-License-Identifier: Apache-2.0
"""zones: the signed zone in its one text (comity-zone(5)): order, ZONEMD, signatures."""
import base64
import calendar
import hashlib
import ipaddress
import re
import time

import curve
from acts import labels, wire_of
from notes import Wrong, total

TYPES = {"A": 1, "NS": 2, "SOA": 6, "AAAA": 28, "DS": 43, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "ZONEMD": 63}


def soa(words):
    return wire_of(words[0]) + wire_of(words[1]) + b"".join(int(w).to_bytes(4, "big") for w in words[2:7])


def rrsig(words):
    moments = [int(words[3])] + [calendar.timegm(time.strptime(w, "%Y%m%d%H%M%S")) for w in words[4:6]]
    return (TYPES[words[0]].to_bytes(2, "big") + bytes([int(words[1]), int(words[2])])
            + b"".join(m.to_bytes(4, "big") for m in moments)
            + int(words[6]).to_bytes(2, "big") + wire_of(words[7]) + base64.b64decode(words[8]))


def nsec(words):
    bits = bytearray(8)
    for word in words[1:]:
        bits[TYPES[word] >> 3] |= 128 >> (TYPES[word] & 7)
    used = bytes(bits).rstrip(b"\0")
    return wire_of(words[0]) + bytes([0, len(used)]) + used


RDATA = {
    "A": lambda w: ipaddress.IPv4Address(w[0]).packed,
    "AAAA": lambda w: ipaddress.IPv6Address(w[0]).packed,
    "NS": lambda w: wire_of(w[0]),
    "SOA": soa,
    "DS": lambda w: int(w[0]).to_bytes(2, "big") + bytes([int(w[1]), int(w[2])]) + bytes.fromhex(w[3]),
    "RRSIG": rrsig,
    "NSEC": nsec,
    "DNSKEY": lambda w: int(w[0]).to_bytes(2, "big") + bytes([int(w[1]), int(w[2])]) + base64.b64decode(w[3]),
    "ZONEMD": lambda w: int(w[0]).to_bytes(4, "big") + bytes([int(w[1]), int(w[2])]) + bytes.fromhex(w[3]),
}


class Zone:
    """Lines "owner ttl IN type rdata", in canonical order of owner, type number and RDATA."""

    @total
    def __init__(self, text, apex):
        self.text, self.apex, self.sets = text, apex, {}
        if not text.endswith(b"\n"):
            raise Wrong("the last line does not end")
        lines, before = text.decode().split("\n")[:-1], None
        for number, line in enumerate(lines, 1):
            found = re.fullmatch(r"(\S+) (\d+) IN ([A-Z]+) (.+)", line)
            if not found or found[3] not in TYPES:
                raise Wrong("not a record", number)
            owner, ttl, kind, words = found[1], int(found[2]), found[3], found[4].split(" ")
            wire = RDATA[kind](words)
            key = (labels(owner), TYPES[kind], wire)
            if before and before >= key:
                raise Wrong("not in canonical order", number)
            before = key
            self.sets.setdefault((owner, kind), []).append((ttl, wire))
        self.count, self.digest = len(lines), hashlib.sha256(text).hexdigest()

    def rdata(self, owner, kind):
        return [wire for _, wire in self.sets.get((owner, kind), [])]

    def wire(self, owner, kind, ttl, rdata):
        head = TYPES[kind].to_bytes(2, "big") + b"\0\1" + ttl.to_bytes(4, "big")
        return wire_of(owner) + head + len(rdata).to_bytes(2, "big") + rdata

    def check_zonemd(self):
        """RFC 8976, scheme SIMPLE, SHA-384, over everything but itself and its signature."""
        digest = hashlib.sha384()
        for (owner, kind), records in self.sets.items():
            for ttl, rdata in records:
                own = kind == "ZONEMD" or (kind == "RRSIG" and rdata[:2] == b"\0\x3f")
                if not (own and owner == self.apex):
                    digest.update(self.wire(owner, kind, ttl, rdata))
        if self.rdata(self.apex, "ZONEMD")[0][6:] != digest.digest():
            raise Wrong("the ZONEMD is another")

    def check_signatures(self):
        """Every RRSIG, by the DNSKEY of its tag (RFC 4034 section 3.1.8.1). How many."""
        keys = {tag(key): key for key in self.rdata(self.apex, "DNSKEY")}
        checked = 0
        for (owner, kind), records in self.sets.items():
            for ttl, signature in records if kind == "RRSIG" else []:
                self.check_signature(owner, ttl, signature, keys)
                checked += 1
        return checked

    def check_signature(self, owner, ttl, signature, keys):
        covered = next(k for k, v in TYPES.items() if v == int.from_bytes(signature[:2], "big"))
        end = 18 + signature[18:].index(0) + 1
        fixed, octets = signature[:end], signature[end:]
        key = keys.get(int.from_bytes(signature[16:18], "big"))
        ttls = {t for t, _ in self.sets[owner, covered]} | {ttl, int.from_bytes(signature[4:8], "big")}
        if key is None or signature[2] != 15 or ttls != {ttl}:
            raise Wrong(f"{owner} {covered}: a signature by nobody, or of another TTL")
        message = fixed + b"".join(self.wire(owner, covered, ttl, r) for r in self.rdata(owner, covered))
        if not curve.verify(key[4:], message, octets):
            raise Wrong(f"{owner} {covered}: a signature that does not hold")


def tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(o << 8 if i % 2 == 0 else o for i, o in enumerate(rdata))
    return (total + (total >> 16)) & 0xFFFF
