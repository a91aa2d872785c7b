# SPDX-License-Identifier: Apache-2.0
"""acts: the grammar of comity-act(5), with the table of kinds as that page prints it."""
import datetime
import hashlib
import ipaddress
import os
import pathlib
import re
import unicodedata

from notes import ED25519, Key, Wrong, unbase64

PAGE = pathlib.Path(os.environ.get("COMITY_SOURCE", pathlib.Path(__file__).parents[3])) / "man/comity-act.5.scd"

PARTY = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])"
LABEL = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)"
DNAME = rf"(?:\.|(?:{LABEL}\.)+)"
NUMBER = r"(?:0|[1-9][0-9]{0,18})"
ORIGIN = r"(?!comity-)[a-z0-9./-]{3,100}"


# --- The table of the page: word -> (fields, records, embed, role, rules).

def kinds():
    lines = PAGE.read_text().split("# KINDS\n", 1)[1].split("```\n")[1].splitlines()[1:]
    table = {}
    for line in lines:
        row = re.fullmatch(r"(\S+) +(\S+(?:, \S+)*) +([+-])  ([|-])  (\S+) +(.+)", line)
        table[row[1]] = (row[2].split(", "), row[3] == "+", row[4] == "|", row[5], row[6].split())
    return table


KINDS = kinds()


# --- The form of each field, by its name (FIELDS).

def time(text):
    try:
        moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0") == text and moment.year >= 1970


def number(text):
    return bool(re.fullmatch(NUMBER, text)) and int(text) < 2**63


def hexa(digits):
    return lambda text: bool(re.fullmatch(rf"[0-9a-f]{{{digits}}}", text))


def shaped(pattern):
    return lambda text: bool(re.fullmatch(pattern, text))


def chosen(*words):
    return lambda text: text in words


def slot(text):
    return text == "none" or hexa(64)(text)


def counted(text):
    first, _, second = text.partition(" ")
    return number(first) and hexa(64)(second)


def dname(text):
    return bool(re.fullmatch(DNAME, text)) and (text == "." or len(text) + 1 <= 255)


def span(text, least, most):
    """Seconds of a span in its one form, the largest unit that divides; None outside the bounds."""
    found = re.fullmatch(r"([1-9][0-9]*)([smhd])", text)
    if not found:
        return None
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    seconds = int(found[1]) * units[found[2]]
    shortest = next(u for u in "dhms" if seconds % units[u] == 0)
    return seconds if shortest == found[2] and least <= seconds <= most else None


def spans(*bounds):
    def holds(text):
        words_ = text.split(" ")
        return len(words_) == len(bounds) and all(span(w, *b) for w, b in zip(words_, bounds))
    return holds


def validity(text):
    """Of a signature, and the shorter rest under which it is renewed."""
    first, _, second = text.partition(" ")
    seconds = span(first, 3600, 365 * 86400)
    return seconds is not None and span(second, 1, seconds - 1) is not None


def ttls(text):
    numbers = text.split(" ")
    return len(numbers) == 4 and all(number(n) and int(n) <= 7 * 86400 for n in numbers)


def soa(text):
    words_ = text.split(" ")
    return len(words_) == 6 and dname(words_[0]) and dname(words_[1]) and all(
        number(n) and int(n) < 2**31 for n in words_[2:]) and int(words_[5]) <= 7 * 86400


def octets(least=1, most=640):
    def holds(text):
        try:
            return least <= len(unbase64(text)) <= most
        except Wrong:
            return False
    return holds


def parties(text):
    names = text.split(" ")
    return text == "none" or (names == sorted(set(names)) and all(re.fullmatch(PARTY, n) for n in names))


def subject(text):
    kind, _, name = text.partition("/")
    return bool(re.fullmatch({"tld": LABEL, "party": PARTY}.get(kind, r"(?!)"), name))


def role_and_key(text):
    role, _, vkey = text.partition(" ")
    try:
        return role in ("act", "cosign", "custody", "duty") and Key.read(vkey).kind == ED25519
    except Wrong:
        return False


def order(text):
    names = text.split(" ")
    return len(set(names)) == len(names) and all(re.fullmatch(PARTY, n) for n in names)


def ground(text):
    parts = text.split("/")
    if parts[0] != "breach":
        return subject(text)
    return len(parts) == 4 and all(re.fullmatch(PARTY, n) for n in parts[1:3]) and counting(parts[3])


def counting(text):
    """Numbers from 1, rising."""
    if not all(number(n) and int(n) < 2**32 for n in text.split(" ")):
        return False
    numbers = [0, *map(int, text.split(" "))]
    return all(a < b for a, b in zip(numbers, numbers[1:]))


CHECKS = [f"N{n}" for n in range(1, 13)] + [f"D{n}" for n in range(1, 5)]
WAIVED = ["ns-count", "ds-sha1", "ipv6", "referral-size", *(c for c in CHECKS if c not in ("N1", "N9"))]


def checks(text):
    ids = text.split(" ")
    return text == "none" or [c for c in CHECKS if c in ids] == ids


REMEDIES = ("restore", "transfer", "revoke", "interim", "freeze", "lift-waiver", "breach", "suspend", "costs")
OF_RULING = {
    "remedy": chosen(*REMEDIES, "dismiss"), "rule": chosen("none", *WAIVED),
    "expires": lambda text: text == "none" or time(text),
}
SCOPES = ("ns", "glue", "ds", "ds-drop", "host", "operators")


def scopes(text):
    words_ = text.split(" ")
    return text == "none" or [w for w in SCOPES if w in words_] == words_


def vkey(text):
    try:
        return Key.read(text).kind == ED25519
    except Wrong:
        return False


def label_or_every(text):
    return text == "*" or bool(re.fullmatch(LABEL, text))


OF_OPERATORS = {"tld": label_or_every, "key": vkey}
OF_SUCCESSION = {
    ("retire", "ground"): chosen("code-removed", "code-changed", "code-restored"),
    ("operate", "ground"): chosen("keys-lost", "incapacity", "contested"), ("rekey", "party"): shaped(PARTY),
    ("register", "register"): shaped(PARTY),
    ("suspend", "party"): shaped(PARTY), ("suspend", "expires"): lambda text: text == "none" or time(text),
}
FORMS = {
    "may": scopes,
    "dispute": hexa(64), "respondent": shaped(PARTY), "arbitrator": shaped(PARTY), "remedy": chosen(*REMEDIES),
    "ranks": order, "say": chosen("raise", "concede", "uphold", "reject"), "file": counted,
    "measure": chosen("freeze", "lift"), "party": parties,
    "norm": shaped(PARTY), "version": number, "paragraph": number, "paragraphs": counting,
    "act": hexa(64), "ceremony": number, "job": number, "session": number, "first": number, "index": number,
    "height": number, "serial": number, "count": number, "cosignature": octets(), "dealer": shaped(PARTY),
    "holder": shaped(PARTY), "proxy": shaped(PARTY), "recipient": shaped(PARTY), "member": shaped(PARTY),
    "ends": time, "expires": time, "lease": time, "operator": shaped(PARTY),
    "group": chosen("ksk", "ksk-standby", "zsk"), "host": dname, "server": dname, "key": hexa(64),
    "key...": role_and_key, "kind": shaped(PARTY), "log": counted, "missing": parties, "pool": hexa(32),
    "proof": octets(), "signature": octets(), "replaces": slot, "root": hexa(64), "seal": hexa(64), "shares": slot,
    "transcript": hexa(64), "rule": chosen(*WAIVED),
    "run": chosen("submission", "publication"), "at": time, "vantage": shaped(PARTY), "failed": checks, "unable": checks, "seen": counted,
    "status": chosen("active", "retired"), "subject": subject, "threshold": number, "tld": shaped(LABEL),
    "vote": chosen("yes", "no", "abstain"), "zone": counted, "zonemd": hexa(96),
}


def form(kind, field):
    if (kind, field) == ("charter-amend", "subject"):
        return chosen("charter", "apex")
    if (kind, field) == ("dispute", "subject"):
        return ground
    if (kind, field) in OF_SUCCESSION:
        return OF_SUCCESSION[kind, field]
    if kind == "ruling" and field in OF_RULING:
        return OF_RULING[field]
    if kind in ("empower", "disempower") and field in OF_OPERATORS:
        return OF_OPERATORS[field]
    return FORMS[field]


# --- Lines.

def words(text):
    """A line of words for people: what Unicode 14.0 calls letters, marks, numbers, marks of all sorts."""
    allowed = all(c == " " or unicodedata.category(c)[0] in "LMNPS" for c in text)
    return bool(text) and allowed and unicodedata.is_normalized("NFC", text) and " ".join(text.split()) == text


def embedded(line):
    if line == "|":
        return True
    return line.startswith("| ") and len(line) > 2 and not line.endswith(" ") and all(
        words(part) for part in line[2:].split(" ") if part)


def record(line):
    """(sort key, owner, type, ttl) of "+ owner ttl IN type rdata"."""
    found = re.fullmatch(rf"\+ ({DNAME}) ({NUMBER}) IN (NS|DS|A|AAAA) (.+)", line)
    if not found or not dname(found[1]) or int(found[2]) >= 2**31:
        raise Wrong("not a record")
    owner, ttl, kind, rdata = found[1], int(found[2]), found[3], found[4]
    code = {"A": 1, "NS": 2, "AAAA": 28, "DS": 43}[kind]
    if kind == "NS":
        if not dname(rdata):
            raise Wrong("not a name")
        wire = wire_of(rdata)
    elif kind == "DS":
        wire = ds(rdata)
    else:
        address = ipaddress.IPv4Address if kind == "A" else ipaddress.IPv6Address
        try:
            wire = address(rdata).packed
        except ValueError:
            raise Wrong("not an address") from None
        if rfc5952(wire) != rdata:
            raise Wrong("not the one form of an address")
    return (labels(owner), code, wire), owner, code, ttl


def ds(rdata):
    found = re.fullmatch(r"(\d+) (\d+) (\d+) ([0-9a-f]+)", rdata)
    if not found or len(found[4]) % 2:
        raise Wrong("not a DS")
    tag, algorithm, kind = (int(n) for n in found.groups()[:3])
    if tag > 65535 or algorithm > 255 or kind > 255 or f"{tag} {algorithm} {kind} {found[4]}" != rdata:
        raise Wrong("not a DS")
    if {1: 40, 2: 64, 4: 96}.get(kind, len(found[4])) != len(found[4]):
        raise Wrong("not the size of that digest")
    return tag.to_bytes(2, "big") + bytes([algorithm, kind]) + bytes.fromhex(found[4])


def rfc5952(packed):
    if len(packed) == 4:
        return ".".join(str(o) for o in packed)
    address = ipaddress.IPv6Address(packed)
    mapped = address.ipv4_mapped  # section 5
    return f"::ffff:{mapped}" if mapped else str(address)


def labels(name):
    """For the canonical order of RFC 4034 section 6.1."""
    return [l.encode() for l in reversed(name.split(".")[:-1])] if name != "." else []


def wire_of(name):
    return b"".join(bytes([len(l)]) + l for l in reversed(labels(name))) + b"\0"


# --- An act.

class Reading:
    """Lines of a text, with their numbers."""

    def __init__(self, text, limit=32768):
        if len(text) > limit:
            raise Wrong(f"a text has at most {limit} octets")
        if not text.endswith(b"\n"):
            raise Wrong("the last line does not end")
        self.lines, self.number = text[:-1].split(b"\n"), 0

    def peek(self):
        return self.lines[self.number] if self.number < len(self.lines) else None

    def take(self, machine=True):
        line = self.peek()
        if line is None:
            raise Wrong("the text ends too early", self.number)
        self.number += 1
        if len(line) > 1000:
            raise Wrong("a line has at most 1000 octets", self.number)
        if machine and any(not 32 <= o <= 126 for o in line):
            raise Wrong("not printable ASCII", self.number)
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise Wrong("not UTF-8", self.number) from None

    def field(self, name, holds):
        line = self.take()
        if not line.startswith(name + ": ") or not holds(line[len(name) + 2:]):
            raise Wrong(f"not {name}", self.number)
        return line[len(name) + 2:]

    def run(self, mark, machine, holds):
        """The lines that begin so, each of which must hold."""
        taken = []
        while (self.peek() or b"").startswith(mark):
            taken.append(self.take(machine))
            if not holds(taken[-1]):
                raise Wrong("not acceptable", self.number)
        return taken

    def end(self):
        if self.peek() is not None:
            raise Wrong("a line that does not belong here", self.number + 1)


class Act:
    """A text that follows the grammar of its kind."""

    def __init__(self, text):
        reading = Reading(text)
        first = reading.take()
        self.kind = first[13:] if first.startswith("comity-act/1 ") else None
        if self.kind not in KINDS:
            raise Wrong("no such kind of act", 1)
        names, has_records, has_embed, self.role, self.rules = KINDS[self.kind]
        self.text, self.id = text, hashlib.sha256(text).hexdigest()
        self.federation = reading.field("federation", shaped(rf"{ORIGIN} [0-9a-f]{{32}}"))
        self.charter = int(reading.field("charter", lambda t: number(t) and int(t) < 2**32))
        self.by = reading.field("by", shaped(PARTY))
        self.until = reading.field("until", time)
        self.fields, self.keys = {}, []
        for name in names:
            self.fields[name] = reading.field(name.rstrip("."), form(self.kind, name))
            if name == "key...":
                self.keys = [self.fields[name]]
                self.keys += [l[5:] for l in reading.run(b"key: ", True, lambda l: role_and_key(l[5:]))]
        self.records = self.read_records(reading, has_records)
        self.embed = reading.run(b"|", False, embedded)
        if bool(self.embed) != has_embed:
            raise Wrong("an embedded document where there is none, or none where there is", reading.number)
        self.words = reading.run(b"> ", False, lambda l: words(l[2:]))
        reading.end()

    @staticmethod
    def read_records(reading, allowed):
        lines = reading.run(b"+ ", True, lambda l: allowed)
        in_order([record(line) for line in lines], reading.number)
        return lines

    def document(self):
        return b"".join(line[2:].encode() + b"\n" for line in self.embed)

    def blob(self):
        """The octets behind embedded base64."""
        return unblob(self.embed)


def items(act):
    """[(change, TLD, slot, records)] of a batch (BATCH)."""
    found = []
    for line in act.document().decode().splitlines():
        if line.startswith("+ ") and found:
            found[-1][3].append(line)
            continue
        row = re.fullmatch(rf"(delegate|ds|ds-drop) ({LABEL}) (none|[0-9a-f]{{32}})", line)
        if not row or (found and found[-1][1] >= row[2]):
            raise Wrong("not an item, or TLDs not in order")
        found.append((row[1], row[2], row[3], []))
    for change, tld, _, lines in found:
        in_order([record(line) for line in lines], 0)
        if change != "delegate" and any(record(line)[2] != 43 for line in lines):
            raise Wrong(f"{tld}: DS records only")
    if not 1 <= len(found) <= 200 or len(found) != int(act.fields["count"]):
        raise Wrong("count is not how many items there are")
    return found


def unblob(embed):
    parts = [unbase64(line[2:]) for line in embed]
    if any(len(p) != 48 for p in parts[:-1]) or not 0 < len(parts[-1]) <= 48:
        raise Wrong("not full lines of 48 octets")
    return b"".join(parts)


def in_order(records, line):
    for before, after in zip(records, records[1:]):
        if before[0] >= after[0]:
            raise Wrong("records not in canonical order, or one twice", line)
        if before[1:3] == after[1:3] and before[3] != after[3]:
            raise Wrong("two TTLs in one RRset", line)


# --- A party's keys, and the founding text.

def keys_of(lines, origin, party, threshold):
    """[(role, Key)] of "ROLE VKEY" values; named origin/p/party/number, numbers rising."""
    keys, before = [], 0
    for line in lines:
        role, _, vkey = line.partition(" ")
        key = Key.read(vkey)
        found = re.fullmatch(re.escape(f"{origin}/p/{party}/") + r"([1-9][0-9]{0,5})", key.name)
        if not found or int(found[1]) <= before:
            raise Wrong("a key is named ORIGIN/p/PARTY/NUMBER, numbers rising")
        before = int(found[1])
        keys.append((role, key))
    acting = sum(role == "act" for role, _ in keys)
    if len(keys) > 16 or len({k.public for _, k in keys}) != len(keys) or not 1 <= threshold <= acting:
        raise Wrong("too many keys, one twice, or too few of role act")
    return keys


class Genesis:
    """The founding text."""

    def __init__(self, text):
        reading = Reading(text)
        if reading.take() != "comity-genesis/1":
            raise Wrong("not a genesis", 1)
        self.text, self.id = text, hashlib.sha256(text).hexdigest()
        self.origin = reading.field("origin", shaped(ORIGIN))
        self.time = reading.field("time", time)
        self.apex = reading.field("apex", dname)
        self.soa = reading.field("soa", soa)
        self.ttl = reading.field("ttl", ttls)
        self.signatures = reading.field("signatures", validity)
        self.signing = reading.field("signing", spans((1, 60), (60, 86400), (1, 30 * 86400)))
        self.charter = reading.field("charter", shaped(r"1 [0-9a-f]{64}"))[2:]
        self.manifest = reading.field("import", shaped(rf"none|[0-9a-f]{{64}} {NUMBER}"))
        self.log = Key.read(reading.field("log", lambda t: True))
        if self.log.name != self.origin or self.log.kind != ED25519:
            raise Wrong("the log key is not named as the origin")
        self.parties = self.read_parties(reading)
        self.embed = reading.run(b"|", False, embedded)
        self.words = reading.run(b"> ", False, lambda l: words(l[2:]))
        reading.end()
        text = b"".join(line[2:].encode() + b"\n" for line in self.embed)
        if hashlib.sha256(text).hexdigest() != self.charter:
            raise Wrong("the charter has another SHA-256")
        self.federation = f"{self.origin} {self.id[:32]}"

    def read_parties(self, reading):
        parties = {}
        while (reading.peek() or b"").startswith(b"party: "):
            name, _, threshold = reading.field("party", shaped(rf"{PARTY} {PARTY} [1-9][0-9]?")).split(" ")
            lines = [l[5:] for l in reading.run(b"key: ", True, lambda l: role_and_key(l[5:]))]
            parties[name] = (int(threshold), keys_of(lines, self.origin, name, int(threshold)))
        if not 1 <= len(parties) <= 16 or list(parties) != sorted(parties):
            raise Wrong("founders: 1 to 16, sorted by name")
        return parties

    def check_signatures(self, note):
        keys = [k for _, keys in self.parties.values() for role, k in keys if role == "act"]
        note.signed_by(keys, sum(threshold for threshold, _ in self.parties.values()))
