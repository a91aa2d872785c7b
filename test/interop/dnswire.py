# SPDX-License-Identifier: Apache-2.0
"""DNS messages and zone texts for the tests: an independent second reading of what rootd writes.

Standard library only. Nothing here is shared with the product.
"""
import base64
import calendar
import socket
import struct
import time

TYPES = dict(A=1, NS=2, CNAME=5, SOA=6, PTR=12, MX=15, TXT=16, AAAA=28, SRV=33, NAPTR=35, DNAME=39, DS=43,
             RRSIG=46, NSEC=47, DNSKEY=48, NSEC3=50, NSEC3PARAM=51, ZONEMD=63, SVCB=64, HTTPS=65, ANY=255, CAA=257)
WORDS = {number: word for word, number in TYPES.items()}
OPT = 41
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
          9: "NOTAUTH", 16: "BADVERS"}


# ---- names ----

def labels_of(name):
    """Labels of presentation text, escapes undone; bytes, the root left out."""
    labels, label, i = [], bytearray(), 0
    raw = name.encode("latin1")
    if raw == b".":
        return []
    while i < len(raw):
        c = raw[i:i + 1]
        if c == b"\\":
            if raw[i + 1:i + 2].isdigit():
                label.append(int(raw[i + 1:i + 4]))
                i += 4
            else:
                label += raw[i + 1:i + 2]
                i += 2
            continue
        if c == b".":
            labels.append(bytes(label))
            label = bytearray()
        else:
            label += c
        i += 1
    if label:
        labels.append(bytes(label))
    return labels


def wire_of(name):
    return b"".join(bytes([len(l)]) + l for l in labels_of(name)) + b"\0"


def text_of(labels):
    """The one canonical text of a name."""
    plain = b"abcdefghijklmnopqrstuvwxyz0123456789-_*/"
    return "".join("".join(chr(c) if c in plain else f"\\{c:03d}" for c in l.lower()) + "."
                   for l in labels) or "."


def canonical_text(name):
    return text_of(labels_of(name))


def canonical_key(name):
    """Sorts as RFC 4034 section 6.1 does."""
    return [l.lower() for l in reversed(labels_of(name))]


def read_name(message, at):
    """The name at an offset, decompressed and lowered, as a tuple of labels; and where it ends."""
    labels, end, bound = [], None, at
    while True:
        size = message[at]
        if size >= 0xC0:
            target = (size & 0x3F) << 8 | message[at + 1]
            if target >= bound:
                raise ValueError("a pointer that does not point back")
            end = at + 2 if end is None else end
            at = bound = target
        elif size > 63:
            raise ValueError("a label of a reserved type")
        elif size == 0:
            return tuple(labels), at + 1 if end is None else end
        else:
            if at + 1 + size > len(message):
                raise ValueError("a label that runs out")
            labels.append(message[at + 1:at + 1 + size].lower())
            at += 1 + size


# ---- messages ----

def query(name, qtype, ident=0, flags=0, qclass=1, edns=None, dnssec_ok=False, options=b"",
          version=0, wire=None):
    """`edns` is the UDP size, None for a query without EDNS."""
    head = struct.pack(">HHHHHH", ident, flags, 1, 0, 0, 0 if edns is None else 1)
    message = head + (wire_of(name) if wire is None else wire) + struct.pack(">HH", qtype, qclass)
    if edns is not None:
        message += b"\0" + struct.pack(">HHBBHH", OPT, edns, 0, version, 0x8000 if dnssec_ok else 0,
                                       len(options)) + options
    return message


class Response:
    """A parsed message: header, question and sections, every record as a tuple."""

    def __init__(self, message):
        self.size = len(message)
        (self.ident, self.flags, qd, an, ns, ar) = struct.unpack_from(">HHHHHH", message)
        self.rcode, self.edns, self.options = self.flags & 15, None, {}
        at = 12
        self.question = []
        for _ in range(qd):
            start = at
            name, at = read_name(message, at)
            self.question.append((message[start:at], struct.unpack_from(">HH", message, at)))
            at += 4
        self.sections = []
        for count in (an, ns, ar):
            section = []
            for _ in range(count):
                record, at = self._record(message, at)
                if record is not None:
                    section.append(record)
            self.sections.append(section)
        if at != len(message):
            raise ValueError("octets behind the message")

    def _record(self, message, at):
        owner, at = read_name(message, at)
        rtype, rclass, ttl, size = struct.unpack_from(">HHIH", message, at)
        at += 10
        end = at + size
        if end > len(message):
            raise ValueError("a record that runs out")
        if rtype == OPT:
            if self.edns is not None or owner != ():
                raise ValueError("a second OPT, or one with an owner")
            self.rcode |= (ttl >> 24) << 4
            self.edns = (rclass, ttl >> 16 & 255, ttl >> 15 & 1)
            while at < end:
                code, length = struct.unpack_from(">HH", message, at)
                self.options[code] = message[at + 4:at + 4 + length]
                at += 4 + length
            return None, end
        if rtype in (2, 5, 12):
            rdata, at = read_name(message, at)
        elif rtype == 15:
            preference = message[at:at + 2]
            name, at = read_name(message, at + 2)
            rdata = (preference, name)
        elif rtype == 6:
            mname, at = read_name(message, at)
            rname, at = read_name(message, at)
            rdata = (mname, rname, message[at:at + 20])
            at += 20
        else:
            rdata, at = message[at:end], end
        if at != end:
            raise ValueError("RDATA of another size than it says")
        return (owner, rtype, rclass, ttl, rdata), end

    def flag_words(self):
        words = [(0x8000, "qr"), (0x400, "aa"), (0x200, "tc"), (0x100, "rd"), (0x80, "ra"),
                 (0x20, "ad"), (0x10, "cd")]
        return [word for bit, word in words if self.flags & bit]


def ask_udp(address, port, message, timeout=2.0):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(timeout)
        s.connect((address, port))
        s.send(message)
        return s.recv(65535)


def recv_exactly(s, size):
    data = b""
    while len(data) < size:
        piece = s.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def recv_message(s):
    return recv_exactly(s, struct.unpack(">H", recv_exactly(s, 2))[0])


def ask_tcp(address, port, message, timeout=5.0):
    with socket.create_connection((address, port), timeout=timeout) as s:
        s.sendall(struct.pack(">H", len(message)) + message)
        return recv_message(s)


# ---- zones ----

def _seconds(moment):
    return calendar.timegm(time.strptime(moment, "%Y%m%d%H%M%S"))


def _sort_rdata(rtype, words):
    """Sorts as the octets of the RDATA do, for the types that may have several records."""
    if rtype == "A":
        return socket.inet_pton(socket.AF_INET, words[0])
    if rtype == "AAAA":
        return socket.inet_pton(socket.AF_INET6, words[0])
    if rtype in ("NS", "PTR", "CNAME", "DNAME"):
        return wire_of(words[0].lower())
    if rtype == "MX":
        return struct.pack(">H", int(words[0])) + wire_of(words[1].lower())
    if rtype == "DS":
        return struct.pack(">HBB", *map(int, words[:3])) + bytes.fromhex("".join(words[3:]))
    if rtype == "DNSKEY":
        return struct.pack(">HBB", *map(int, words[:3])) + base64.b64decode("".join(words[3:]))
    if rtype == "ZONEMD":
        return struct.pack(">IBB", *map(int, words[:3])) + bytes.fromhex("".join(words[3:]))
    if rtype == "RRSIG":
        covered = TYPES.get(words[0]) or int(words[0][4:])
        return struct.pack(">HBBIIIH", covered, int(words[1]), int(words[2]), int(words[3]),
                           _seconds(words[4]), _seconds(words[5]), int(words[6])) + \
            wire_of(words[7].lower()) + base64.b64decode("".join(words[8:]))
    return " ".join(words).encode("latin1")


def _canonical_words(rtype, words):
    if rtype in ("NS", "PTR", "CNAME", "DNAME"):
        return [canonical_text(words[0])]
    if rtype == "MX":
        return [words[0], canonical_text(words[1])]
    if rtype == "SRV":
        return words[:3] + [canonical_text(words[3])]
    if rtype == "SOA":
        return [canonical_text(words[0]), canonical_text(words[1])] + words[2:]
    if rtype == "AAAA":
        return [socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, words[0]))]
    if rtype in ("DS", "ZONEMD"):
        return words[:3] + ["".join(words[3:]).lower()]
    if rtype == "DNSKEY":
        return words[:3] + ["".join(words[3:])]
    if rtype == "RRSIG":
        return words[:7] + [canonical_text(words[7]), "".join(words[8:])]
    if rtype == "NSEC":
        types = sorted(words[1:], key=lambda w: TYPES[w] if w in TYPES else int(w[4:]))
        known = {"CAA": "TYPE257", "NAPTR": "TYPE35", "SVCB": "TYPE64", "HTTPS": "TYPE65"}
        return [canonical_text(words[0])] + [known.get(w, w) for w in types]
    return words


def _fields(line):
    """Words of a line, a comment left out; quoted strings stay whole."""
    words, word, quoted, i = [], "", False, 0
    while i < len(line):
        c = line[i]
        if c == "\\":
            word += line[i:i + 2]
            i += 2
            continue
        if c == '"':
            quoted = not quoted
        if not quoted and c in " \t\n;":
            if word:
                words.append(word)
            word = ""
            if c == ";":
                break
        else:
            word += c
        i += 1
    if word:
        words.append(word)
    return words


def canonical_zone(lines):
    """The lines of a one-record-a-line master file with absolute names, as comity's *.zone text."""
    records = {}
    for line in lines:
        f = _fields(line)
        if len(f) < 5:
            continue
        owner, ttl, rclass, rtype = canonical_text(f[0]), f[1], f[2], f[3]
        assert rclass == "IN", line
        words = _canonical_words(rtype, f[4:])
        key = (canonical_key(owner), TYPES.get(rtype) or int(rtype[4:]), _sort_rdata(rtype, words))
        records[repr(key)] = (key, " ".join([owner, ttl, "IN", rtype] + words))
    return [text for _, text in sorted(records.values(), key=lambda r: r[0])]
