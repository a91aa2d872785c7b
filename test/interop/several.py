# SPDX-License-Identifier: Apache-2.0
"""several.py [COUNT [SEED]]: rootd with several zones against Knot DNS and NSD with the same ones, answer by answer.

The root by its image; beside it arpa. and root-servers.net., a signed zone of every shape that a root
has not (wildcards, aliases, DNAME, empty non-terminals), a child of it, and the same not signed, and a zone
that is root-shaped. What differs must be explained, here or in peers.py.
"""
import random
import subprocess
import sys

import dnswire
import peers
import servers
import zones
from dnswire import TYPES
from peers import explained

TCP_COUNT = 400
AA, TC = 0x400, 0x200
APEXES = []  # of what is served, as labels; filled by main()
IMAGES = [(), (b"arpa",), (b"root-servers", b"net"), (b"inner", b"accountant")]  # of these, what is root-shaped
DELEGATED = [(b"arpa",), (b"child", b"shape", b"example")]  # and what has its parent here
LONG = "l" * 60
SHAPE = """
@ 3600 IN SOA ns hostmaster 7 1800 900 604800 300
@ 3600 IN NS ns
@ 3600 IN NS ns.elsewhere.example.
@ 3600 IN MX 10 mail
@ 3600 IN MX 20 alias
@ 3600 IN TXT "of every shape"
ns 3600 IN A 192.0.2.1
ns 3600 IN AAAA 2001:db8::1
mail 300 IN A 192.0.2.2
_sip._tcp 300 IN SRV 1 2 5060 mail
alias 300 IN CNAME mail
alias2 300 IN CNAME alias
alias3 300 IN CNAME alias2
out 300 IN CNAME www.elsewhere.example.
refused 300 IN CNAME www.com.
nowhere 300 IN CNAME missing
nodata 300 IN CNAME b.c.ent
loop1 300 IN CNAME loop2
loop2 300 IN CNAME loop1
self 300 IN CNAME self
tocut 300 IN CNAME www.cut
tochild 300 IN CNAME www.child
tomissingchild 300 IN CNAME none.child
toplain 300 IN CNAME text.plain.example.
toarpa 300 IN CNAME 1.in-addr.arpa.
towild 300 IN CNAME anything.wild
todname 300 IN CNAME x.away
a.b.c.ent 300 IN TXT "three below"
*.wild 300 IN A 192.0.2.3
*.wild 300 IN MX 5 mail
*.wild 300 IN TXT "a wildcard"
host.wild 300 IN A 192.0.2.4
below.ent.wild 300 IN A 192.0.2.5
*.star 300 IN CNAME mail
*.starout 300 IN CNAME www.elsewhere.example.
*.starnone 300 IN CNAME missing
*.starstar 300 IN CNAME x.star
sub.*.went 300 IN TXT "below a wildcard that is empty"
*.*.double 300 IN TXT "two stars"
*.starloop 300 IN CNAME again.starloop
away 300 IN DNAME wild
outside 300 IN DNAME elsewhere.example.
long 300 IN DNAME {long}.{long}.{long}
dloop 300 IN DNAME x.dloop2
dloop2 300 IN DNAME dloop
tochilddname 300 IN DNAME child
away 300 IN TXT "beside a DNAME"
cut 3600 IN NS ns.cut
cut 3600 IN NS ns2.cut
cut 3600 IN NS ns.othercut
cut 3600 IN NS ns
cut 3600 IN DS 12345 15 2 {digest}
ns.cut 3600 IN A 192.0.2.10
ns.cut 3600 IN AAAA 2001:db8::10
ns2.cut 3600 IN A 192.0.2.11
othercut 3600 IN NS ns.othercut
ns.othercut 3600 IN A 192.0.2.12
deep.er.cuts 3600 IN NS ns.elsewhere.example.
own 3600 IN NS own
own 3600 IN A 192.0.2.13
child 3600 IN NS ns.child
child 3600 IN DS 54321 15 2 {digest}
ns.child 3600 IN A 192.0.2.14
big 60 IN TXT "{big}" "{big}" "{big}" "{big}"
big 60 IN MX 1 mail
manyns 3600 IN NS n01.manyns
"""


def shape(apex):
    """The lines of the zone of every shape."""
    text = SHAPE.format(long=LONG, digest="ab" * 32, big="x" * 240)
    lines = []
    for line in text.split("\n"):
        words = line.split(" ")
        if len(words) < 5:
            continue
        place = {"NS": [4], "CNAME": [4], "DNAME": [4], "MX": [5], "SOA": [4, 5], "SRV": [7]}.get(words[3], [])
        for i in [0] + place:
            words[i] = apex if words[i] == "@" else words[i] if words[i].endswith(".") else f"{words[i]}.{apex}"
        lines.append(" ".join(words))
    for i in range(2, 14):
        lines.append(f"manyns.{apex} 3600 IN NS n{i:02}.manyns.{apex}")
    for i in range(1, 14):
        lines.append(f"n{i:02}.manyns.{apex} 3600 IN A 192.0.2.{100 + i}")
        lines.append(f"n{i:02}.manyns.{apex} 3600 IN AAAA 2001:db8::{100 + i}")
    return lines


def small(apex, names):
    return [f"{apex} 3600 IN SOA ns.{apex} hostmaster.{apex} 3 1800 900 604800 600",
            f"{apex} 3600 IN NS ns.{apex}", f"ns.{apex} 3600 IN A 192.0.2.1", *names]


def arpa():
    lines = ["arpa. 86400 IN SOA a.root-servers.net. nstld.verisign-grs.com. 2026112200 1800 900 604800 86400"]
    lines += [f"arpa. 518400 IN NS {l}.ns.arpa." for l in "abcd"]
    lines += [f"{l}.ns.arpa. 518400 IN A 192.0.2.{40 + i}" for i, l in enumerate("abcd")]
    for cut in ("in-addr.arpa.", "ip6.arpa.", "e164.arpa.", "home.arpa.", "as112.arpa."):
        lines += [f"{cut} 172800 IN NS {l}.{'in-addr' if cut[:2] == 'in' else 'ip6'}-servers.arpa." for l in "abc"]
        lines += [f"{cut} 86400 IN DS {len(cut)} 15 2 {'cd' * 32}"]
    for group in ("in-addr-servers.arpa.", "ip6-servers.arpa."):
        lines += [f"{group} 172800 IN NS {l}.{group}" for l in "abc"]
        lines += [f"{l}.{group} 172800 IN A 192.0.2.{60 + i}" for i, l in enumerate("abc")]
    return lines + ["_dns.resolver.arpa. 300 IN TXT \"an empty non-terminal above\""]


def root_servers():
    lines = ["root-servers.net. 3600000 IN SOA a.root-servers.net. nstld.verisign-grs.com. 2026112200 14400 7200 "
             "1209600 3600000"]
    for i, l in enumerate("abcdefghijklm"):
        lines += [f"root-servers.net. 3600000 IN NS {l}.root-servers.net.",
                  f"{l}.root-servers.net. 3600000 IN A 198.41.0.{4 + i}",
                  f"{l}.root-servers.net. 3600000 IN AAAA 2001:503:ba3e::2:{30 + i}"]
    return lines


def root():
    return zones.made(".", 60) + [
        "arpa. 172800 IN NS a.ns.arpa.", f"arpa. 86400 IN DS 1 15 2 {'ef' * 32}", "a.ns.arpa. 172800 IN A 192.0.2.40",
        "net. 172800 IN NS a.gtld.net.", "a.gtld.net. 172800 IN A 192.0.2.41",
        "example. 172800 IN NS ns.elsewhere.example.", "ns.elsewhere.example. 172800 IN A 192.0.2.42"]


def all_zones(folder):
    """Apex and canonical lines of each, the main one first."""
    made = {".": root(), "arpa.": arpa(), "root-servers.net.": root_servers(), "shape.example.": shape("shape.example."),
            "plain.example.": shape("plain.example.") + ["text.plain.example. 60 IN TXT \"here\""],
            "child.shape.example.": small("child.shape.example.", [
                "www.child.shape.example. 60 IN A 192.0.2.80", "back.child.shape.example. 60 IN CNAME www.shape.example.",
                "host.wild.child.shape.example. 60 IN A 192.0.2.81"]),
            "inner.accountant.": zones.made("inner.accountant.", 20)}
    out = []
    for apex, lines in made.items():
        if apex not in ("root-servers.net.", "plain.example."):
            own = folder / ("sign-" + apex)
            own.mkdir()
            lines = servers.sign(own, lines, apex)
            if lines is None:
                servers.skip("ldns-signzone is not installed")
        out.append((apex, dnswire.canonical_zone(lines)))
    return out


# ---- queries ----

LABELS = ["www", "x", "*", "a", "b", "none", "anything", "ns", "mail", "zz", "0", "\\000", "host", "sub", LONG]
SIZES = [None, 512, 700, 1232, 1232, 1232, 1232, 1232, 4096, 4096]
QTYPES = ["A", "A", "AAAA", "NS", "DS", "MX", "TXT", "SOA", "CNAME", "DNAME", "SRV", "NSEC", "DNSKEY", "HTTPS"] * 4 + \
    ["RRSIG", "ANY"]


def any_case(r, wire):
    return bytes(c ^ 0x20 if chr(c).isalpha() and c < 128 and r.random() < 0.2 and c > 63 else c for c in wire)


def questions(zones_, count, seed):
    """A question in turn at, below, above and beside each name of each zone but the root, and some of the root."""
    r = random.Random(seed)
    owners = [(apex, o) for apex, lines in zones_ for o in sorted({line.split()[0] for line in lines})
              for _ in range(1 if apex == "." else 4)]
    out = []
    while len(out) < count:
        apex, owner = r.choice(owners)
        if "manyns" in owner and r.random() < 0.9:
            continue  # what is too long for a message is asked for seldom
        labels, kind = dnswire.labels_of(owner), r.random()
        if kind < 0.35:
            labels = [l.encode() for l in r.choices(LABELS, k=r.choice([1, 1, 1, 2, 3]))] + labels
            labels = [b"\0" if l == b"\\000" else l for l in labels]
        elif kind < 0.55:
            labels = labels[r.randrange(len(labels) + 1):]
        elif kind < 0.65 and labels:
            labels = [labels[0] + r.choice([b"0", b"z", b"-"])] + labels[1:]
            labels = [labels[0][:63]] + labels[1:]
        wire = b"".join(bytes([len(l)]) + l for l in labels) + b"\0"
        if len(wire) > 255:
            continue
        edns = r.choice(SIZES)
        out.append(dnswire.query(None, TYPES[r.choice(QTYPES)], r.randrange(65536), edns=edns, wire=any_case(r, wire),
                                 flags=r.choice([0, 0x100]), dnssec_ok=edns is not None and r.random() < 0.6))
    return out


# ---- what differs, and why ----

def apex_of(name):
    """The apex of the zone that a name is in, of those that are served."""
    inside = [a for a in APEXES if name[len(name) - len(a):] == a]
    return max(inside, key=len)


def asked(case):
    return tuple(l.lower() for l in dnswire.read_name(case.ours.question[0][0], 0)[0])


def covers(nsec, name):
    """The NSEC proves that the name is not there (RFC 4034 section 6.1)."""
    order = lambda labels: [l.lower() for l in reversed(labels)]
    owner, following = order(nsec[0]), order(dnswire.read_name(nsec[4], 0)[0])
    return owner < order(name) and (order(name) < following or following <= owner)


def leads_on(case):
    """The apexes that an answer of aliases leads to, out of the zone that was asked."""
    names = [r[4] for r in case.ours.sections[0] or case.theirs.sections[0] if r[1] == TYPES["CNAME"]]
    return [apex_of(n) for n in names if apex_of(n) != apex_of(asked(case))]


@explained("DS where the parent is not served", most=0.03)
def _(case):
    """RFC 4035 section 3.1.4.1: who serves the child and not its parent says that there is no data.
    Others refer, from a zone further up."""
    return case.qtype == TYPES["DS"] and asked(case) in APEXES and asked(case) not in DELEGATED and \
        case.no_data(case.ours) and case.ours.flags & AA and case.no_data(case.theirs) and not case.theirs.flags & AA


@explained("an alias into a zone that is served by image", ["nsd"], most=0.03)
def _(case):
    """We give the alias and stop there. NSD goes on, and adds what the other zone says: a referral,
    a denial. Whoever asked asks for the target next."""
    into = leads_on(case)
    return into and into[-1] in IMAGES and case.only("authority", "additional", "rcode", "tc", "answer") and \
        set(case.ours.sections[0]) <= set(case.theirs.sections[0]) | set(case.ours.sections[0]) and \
        case.ours.rcode == 0


@explained("an alias into another zone", ["knotd"], most=0.03)
def _(case):
    """RFC 1034 section 4.3.2 step 3a starts over with all zones of the server. Knot stays in the one it began
    with: at its end, or in a referral from it."""
    into = leads_on(case)
    return bool(into) and into[0] not in IMAGES and case.theirs.rcode == 0 and \
        case.only("answer", "authority", "additional", "rcode", "tc")


@explained("a DNAME that leads to a name too long", ["knotd"], most=0.02)
def _(case):
    """RFC 6672 section 2.2: YXDOMAIN. Knot says NXDOMAIN, and proves it."""
    return case.ours.rcode == 6 and case.theirs.rcode == 3 and case.only("rcode", "authority", "tc", "answer")


@explained("a loop of aliases", most=0.04)
def _(case):
    """How often to go around is everybody's own choice: we follow eleven aliases."""
    names = b".".join(asked(case))
    return (b"loop" in names) and case.only("answer", "authority", "tc", "rcode") and case.ours.rcode == 0


@explained("all signatures at 512 octets", ["knotd"], most=0.02)
def _(case):
    """To QTYPE RRSIG we give all signatures of the name, and where they do not fit TC; Knot the first."""
    return case.qtype == TYPES["RRSIG"] and case.ours.flags & TC and not any(case.ours.sections) and \
        case.only("answer", "additional", "tc")


@explained("a wildcard behind a DNAME", ["nsd"])
def _(case):
    """RFC 4035 section 3.1.3.3 and 3.1.3.4 want the NSEC that covers the last name. We have it; NSD has the one
    before the wildcard, which covers nothing that was asked."""
    names = [r[4] for r in case.ours.sections[0] if r[1] == TYPES["CNAME"]]
    covering = [r for r in case.ours.sections[1] if r[1] == TYPES["NSEC"] and covers(r, names[-1])] if names else []
    return covering and case.only("authority", "additional") and TYPES["DNAME"] in [r[1] for r in case.ours.sections[0]] and \
        (set(case.ours.sections[1]) < set(case.theirs.sections[1]) or
         not [r for r in case.theirs.sections[1] if r[1] == TYPES["NSEC"] and covers(r, names[-1])])


@explained("a denial behind a DNAME", ["nsd"])
def _(case):
    """The same: NSD has one NSEC where two are needed, so that its answer fits and ours does not."""
    return case.ours.flags & TC and not any(case.ours.sections) and case.only("answer", "authority", "tc") and \
        TYPES["DNAME"] in [r[1] for r in case.theirs.sections[0]] and case.theirs.size > case.limit() - 200


@explained("the target of a DNAME is not pointed to")
def _(case):
    """We let the CNAME behind a DNAME point into it (RFC 6672 section 2.5 keeps only the DNAME itself from
    pointing). Others write the target twice, and have no room left for the SOA."""
    return case.only("authority", "tc") and TYPES["DNAME"] in [r[1] for r in case.ours.sections[0]] and \
        not case.theirs.sections[1] and case.theirs.size > case.limit() - 120


@explained("the RCODE of what is truncated", ["knotd"])
def _(case):
    """Both say TC; whoever asks again by TCP is told the RCODE."""
    return case.ours.flags & TC and case.theirs.flags & TC and case.only("answer", "authority", "rcode")


@explained("the NSEC of a wildcard, asked for", ["knotd"])
def _(case):
    """RFC 4035 section 3.1.3.3: what a wildcard answers comes with the proof that the name is not there. Knot leaves
    it out where an NSEC is the answer."""
    return case.qtype == TYPES["NSEC"] and case.only("authority") and not case.theirs.sections[1] and \
        any(r[1] == TYPES["NSEC"] and covers(r, asked(case)) for r in case.ours.sections[1])


@explained("addresses with an SRV", ["knotd"], most=0.02)
def _(case):
    """RFC 2782 has them as something to be helpful with. We leave them out."""
    return case.qtype == TYPES["SRV"] and case.only("additional") and not case.ours.sections[2]


@explained("NSEC or RRSIG at an alias that has none", ["knotd"], most=0.02)
def _(case):
    """RFC 1034 section 3.6.2 has a CNAME stand for every type that is not there. In a zone that is not signed Knot
    says that there is no data."""
    return case.qtype in (TYPES["NSEC"], TYPES["RRSIG"]) and not case.theirs.sections[0] and \
        case.ours.sections[0] and case.no_data(case.theirs)


def started(folder, served):
    """Ours with all zones: the main one by --image, the others by --zone; those that are root-shaped
    become images."""
    files = []
    for number, (apex, lines) in enumerate(served):
        path = folder / f"text-{number}"
        path.write_text("".join(line + "\n" for line in lines), encoding="latin1")
        files.append(path)
    extra = []
    for number, path in list(enumerate(files))[1:]:
        image = folder / f"zone-{number}"
        subprocess.run([servers.os.environ["COMITY_ROOTD"], "--any-shape", "--compile", str(path), str(image)], check=True,
                       stderr=subprocess.DEVNULL)
        extra += ["--zone", str(image)]
    return files, servers.rootd(folder, files[0], extra)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else peers.SEED
    number = failed = 0
    with servers.scratch() as scratch:
        folder = scratch.folder
        served = all_zones(folder)
        APEXES.extend(tuple(l.lower() for l in dnswire.labels_of(apex)) for apex, _ in served)
        peers.know([line for _, lines in served for line in lines])
        peers.WHY.update({name: why for name, _, _, why, _ in peers.EXPLAINED})
        messages = questions(served, count, seed)
        files, ours = started(folder, served)
        more = [(apex, path) for (apex, _), path in list(zip(served, files))[1:]]
        with ours:
            for start in (servers.knotd, servers.nsd):
                peer = start(folder, files[0], ".", more)
                if peer is None:
                    number += 1
                    print(f"ok {number} - # SKIP {start.__name__} is not installed")
                    continue
                with peer:
                    for some, tcp in ((messages, False), (messages[:TCP_COUNT], True)):
                        number += 1
                        failed += not peers.report(ours, peer, some, number, tcp, 0.8)
    print(f"1..{number}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
