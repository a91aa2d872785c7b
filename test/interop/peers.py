#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peers.py ZONE [COUNT]: rootd against Knot DNS and NSD, answer by answer.

Every query goes to all servers; RCODE, flags, EDNS and the records of each section, as sets, are
compared. Whatever differs must be one of the differences explained below, each with its
reason, and not more often than it may, or the test fails and shows the first of its kind. At least 95 of 100 answers
must be the same (for inner, whose longer names are cut more often, 93). ZONE is root, made, inner or ferret, or the file of a signed root zone.
"""
import collections
import pathlib
import random
import socket
import struct
import sys

import dnswire
import queries
import servers
import zones
from dnswire import TYPES

SEED = 20261124
TCP_COUNT = 1000  # of the queries, asked by TCP besides


AA, TC = 0x400, 0x200
ANY = 255  # the class (RFC 1035 section 3.2.5)
ADDRESSES = {TYPES["A"], TYPES["AAAA"]}
UNIT = 140  # octets: no set of addresses or its signature in these zones is larger


class Case:
    """One query and two responses, with what a rule of EXPLAINED may want to know."""

    def __init__(self, message, ours, theirs, tcp):
        self.message, self.ours, self.theirs, self.tcp = message, ours, theirs, tcp
        self.opcode = message[2] >> 3 & 15
        self.additional_count = int.from_bytes(message[10:12], "big")
        self.qtype = self.qclass = None
        if ours is not None and len(ours.question) == 1:
            self.qtype, self.qclass = ours.question[0][1]
        self.differs = self._differs()

    @staticmethod
    def sets(response):
        return [frozenset(section) for section in response.sections]

    def _differs(self):
        a, b = self.ours, self.theirs
        if a is None or b is None:
            return {"answered"} if (a is None) != (b is None) else set()
        differs = set(a.flag_words()) ^ set(b.flag_words())
        if a.rcode != b.rcode:
            differs.add("rcode")
        if (a.edns is None) != (b.edns is None):
            differs.add("edns")
        elif a.edns is not None and a.edns[1:] != b.edns[1:]:
            differs.add("edns-flags")
        if a.question != b.question:
            differs.add("question")
        for name, mine, other in zip(("answer", "authority", "additional"), self.sets(a), self.sets(b)):
            if mine != other:
                differs.add(name)
        return differs

    def only(self, *allowed):
        return self.differs <= set(allowed)

    def rcodes(self, mine, *others):
        return self.ours.rcode == mine and self.theirs.rcode in (others or (mine,))

    @staticmethod
    def bare(response, rcode):
        """Nothing but this RCODE."""
        return response.rcode == rcode and not any(response.sections) and not response.flags & (AA | TC)

    def refused(self):
        return self.bare(self.ours, 5)

    @staticmethod
    def no_data(response):
        """With authority, an SOA and perhaps its proof; or a referral."""
        answer, authority, additional = ({r[1] for r in s} for s in response.sections)
        proof = {TYPES["NSEC"], TYPES["NSEC3"], TYPES["RRSIG"]}
        if response.flags & AA:
            return response.rcode in (0, 3) and not answer and not additional and \
                TYPES["SOA"] in authority and authority <= proof | {TYPES["SOA"]}
        return response.rcode == 0 and not answer and TYPES["NS"] in authority and \
            authority <= proof | {TYPES["NS"], TYPES["DS"]} and additional <= ADDRESSES

    def data(self, response):
        """An answer of the type that was asked for, and nothing else."""
        return response.rcode == 0 and response.sections[0] != [] and \
            {r[1] for r in response.sections[0]} <= {self.qtype, TYPES["RRSIG"]}

    def limit(self):
        if self.tcp:
            return 65535
        edns = dnswire.Response(self.message).edns
        return 512 if edns is None else min(1232, max(512, edns[0]))

    def trimmed(self):
        """There was no room for one more set, in either."""
        return min(self.ours.size, self.theirs.size) > self.limit() - UNIT

    def needed(self, response):
        """The glue in a referral that is in-domain of the delegation."""
        names = [r[0] for r in response.sections[1] if r[1] == TYPES["NS"]]
        return {r for r in response.sections[2] if names and r[0][-len(names[0]):] == names[0]}

    def is_priming(self):
        """The question is for the apex NS set."""
        return self.qtype == TYPES["NS"] and any(r[1] == TYPES["NS"] for r in self.ours.sections[0])

    @staticmethod
    def without_address(response):
        """The name servers in an answer to priming of which it has no address."""
        have = {r[0] for r in response.sections[2] if r[1] in ADDRESSES}
        return {r[4] for r in response.sections[0] if r[1] == TYPES["NS"]} - have

    def is_referral(self):
        return self.ours.rcode == 0 and not self.ours.flags & AA and not self.ours.sections[0] and \
            any(r[1] == TYPES["NS"] for r in self.ours.sections[1])

    def lacks(self, response):
        """What the zone has of in-domain glue for a referral, and the response has not."""
        have = {(r[0], r[1]) for r in response.sections[2]}
        return {(target, kind) for owner, rtype, _, _, target in response.sections[1] if rtype == TYPES["NS"]
                and target[-len(owner):] == owner for kind in GLUE.get(target, ())} - have

    def tells_what_it_lacks(self, response):
        """RFC 9471 section 3.1: a referral has TC where it lacks in-domain glue, and, that fitting, not else."""
        return bool(response.flags & TC) == bool(self.lacks(response))

    def holds_more(self):
        """All that theirs has in the additional section, and more."""
        return set(self.ours.sections[2]) > set(self.theirs.sections[2])


GLUE = {}  # name: types of the addresses that the zone has of it; know() fills it


def know(lines):
    """Takes the zone that the servers serve, as canonical text: a rule asks what might have been answered."""
    GLUE.clear()
    for line in lines:
        words = line.split()
        if words[3] in ("A", "AAAA"):
            owner = tuple(label.lower() for label in dnswire.labels_of(words[0]))
            GLUE.setdefault(owner, set()).add(TYPES[words[3]])


LEAST_SAME = {"inner": 0.93}
SAME = 0.95
FEW = 5  # so many may be explained by a rule, however few were asked

# (name, peers, rule, why, most). The first that holds explains the case. `most`: of all answers, this share.
EXPLAINED = []


def explained(name, peers=("knotd", "nsd"), most=0.01):
    def add(rule):
        EXPLAINED.append((name, peers, rule, " ".join(rule.__doc__.split()), most))
        return rule
    return add


SILENT = "no question that could be read"  # the only rule for an answer that did not come


@explained(SILENT, ["knotd"])
def _(case):
    """Knot is silent to a query without a question, or with one that points. We say FORMERR,
    as RFC 1035 section 4.1.1 names it, with the 12 octets of a header: nothing is amplified."""
    return case.theirs is None and case.ours.rcode == 1 and case.ours.size == 12


@explained("opcode not implemented")
def _(case):
    """Others repeat the question, or RD, of an opcode they do not know. We do not know what follows
    the header of such a message, so we send nothing else (RFC 8906 section 3.1.4 wants no more)."""
    return case.opcode != 0 and case.rcodes(4) and case.only("question", "rd", "edns")


@explained("two OPT records")
def _(case):
    """RFC 6891 section 6.1.1 wants FORMERR, section 7 an OPT record in it. Others leave it out."""
    return case.additional_count == 2 and case.rcodes(1) and case.only("question", "edns")


@explained("TKEY and TSIG are no data")
def _(case):
    """We refuse to answer TKEY and TSIG; others answer as if they were data that is not there."""
    return case.qtype in (249, 250) and case.refused() and case.no_data(case.theirs)


@explained("IXFR without a serial")
def _(case):
    """We refuse, or say FORMERR; others say NOTAUTH."""
    return case.qtype == 251 and (case.refused() or case.bare(case.ours, 1)) and case.bare(case.theirs, 9)


@explained("AXFR")
def _(case):
    """We say by UDP what we say by TCP: REFUSED, or NOTAUTH for what is no apex; others say NOTIMP by UDP,
    and NOTAUTH by TCP."""
    return case.qtype == 252 and (case.refused() or case.bare(case.ours, 9)) and \
        case.bare(case.theirs, 9 if case.tcp else 4)


@explained("type 0", ["knotd"])
def _(case):
    """RFC 6895 section 3.1 reserves it. We answer as data that is not there, or refuse what is not in the zone; Knot
    says NOTIMP."""
    return case.qtype == 0 and case.bare(case.theirs, 4) and (case.refused() or case.no_data(case.ours))


@explained("another class", ["nsd"])
def _(case):
    """Both refuse; NSD leaves the question out."""
    return case.qclass not in (1, 3, ANY, None) and case.refused() and case.bare(case.theirs, 5) and \
        not case.theirs.question and case.only("question")


@explained("class ANY")
def _(case):
    """We refuse it. Knot answers as it does for class IN; so does NSD where it refers, else without AA and SOA."""
    return case.qclass == ANY and case.refused() and \
        (case.no_data(case.theirs) or case.data(case.theirs) or
         case.bare(case.theirs, 0) or case.bare(case.theirs, 3))


@explained("QTYPE RRSIG or ANY", ["knotd"])
def _(case):
    """RFC 8482 section 4.1 lets a server choose. To ANY we give one set, at the apex the SOA, Knot the first it has;
    to RRSIG we give all signatures of the name, Knot the first."""
    return case.qtype in (TYPES["ANY"], TYPES["RRSIG"]) and case.only("answer", "additional") and \
        case.rcodes(0)


@explained("QTYPE ANY: one set", ["nsd"])
def _(case):
    """NSD gives all sets to ANY, truncated where they do not fit (RFC 8482 lets a server choose)."""
    return case.qtype == TYPES["ANY"] and case.only("answer", "additional", "authority", "tc") and \
        case.rcodes(0)


@explained("an answer that Knot makes larger", ["knotd"])
def _(case):
    """Knot compresses the names in the apex NS set less, so at 512 octets its signature does not
    fit any more, and TC is set."""
    return case.qtype == TYPES["NS"] and case.only("answer", "additional", "tc") and \
        case.theirs.flags & 0x200 and set(case.theirs.sections[0]) < set(case.ours.sections[0])


@explained("addresses with an MX", ["nsd"])
def _(case):
    """With minimal-responses NSD leaves optional addresses out of the additional section."""
    return case.qtype == TYPES["MX"] and case.only("additional") and not case.theirs.sections[2]


@explained("truncated: what is left in it", most=0.04)
def _(case):
    """Where a required set does not fit, we send TC with empty sections, others with a part of them.
    A resolver asks again by TCP whatever it got (RFC 2181 section 9)."""
    return case.ours.flags & 0x200 and case.theirs.flags & 0x200 and not any(case.ours.sections) and \
        case.only("answer", "authority", "additional")


@explained("truncated: more of the authority", ["knotd"])
def _(case):
    """Knot leaves the signature of the DS set out and sets TC, where better compressed (RFC 1035 section 4.1.4) it fits:
    RFC 4035 section 3.1.4 wants it with the set. Ours has TC just where in-domain glue is missing (RFC 9471 section
    3.1)."""
    return case.is_referral() and case.only("authority", "additional", "tc") and case.theirs.flags & TC and \
        set(case.theirs.sections[1]) < set(case.ours.sections[1]) and case.tells_what_it_lacks(case.ours) and \
        set(case.theirs.sections[2]) <= set(case.ours.sections[2])


@explained("priming: more addresses fit", most=1.0)
def _(case):
    """We point names to names wherever one ends alike (RFC 1035 section 4.1.4), so more of the root servers' addresses fit;
    RFC 9609 section 4.1 wants them. Ours has all that theirs has, and no TC (section 4.2: none is expected)."""
    return case.is_priming() and case.only("additional") and case.holds_more() and not case.ours.flags & TC


@explained("glue: more of it fits")
def _(case):
    """Better compressed (RFC 1035 section 4.1.4), more glue fits: all that theirs has, and more."""
    return case.is_referral() and case.only("additional") and case.holds_more() and \
        case.tells_what_it_lacks(case.ours)


@explained("glue: which sets when not all fit", most=0.03)
def _(case):
    """Of glue that need not be there any part may be left out without TC (RFC 9471 section 3.2, RFC 2181 section 9). We
    put what is in-domain of the delegation first, then both addresses of a name server before the next, which serves
    resolvers of either family, and end at the first set that does not fit. Knot goes on with smaller ones, NSD
    puts all of IPv4 first. Ours has TC just where in-domain glue is missing (RFC 9471 section 3.1)."""
    return case.only("additional") and case.trimmed() and (case.is_priming() or case.tells_what_it_lacks(case.ours))


@explained("glue: TC where no in-domain glue is missing", ["nsd"])
def _(case):
    """NSD sets TC for glue of sibling domains that does not fit. RFC 9471 section 3.2 leaves that open; without TC no
    resolver comes again by TCP for glue that it does not need."""
    return case.is_referral() and case.only("additional", "tc") and case.theirs.flags & TC and \
        not case.ours.flags & TC and not case.lacks(case.ours) and not case.lacks(case.theirs)


@explained("NOTIFY for no zone of ours", ["nsd"])
def _(case):
    """We say NOTAUTH, that the server is not one of that zone's (RFC 2136 section 2.2), with question and OPT record (RFC
    6891 section 6.1.1). NSD says NXDOMAIN in a bare header, and copies CD."""
    return case.opcode == 4 and case.bare(case.ours, 9) and case.bare(case.theirs, 3) and \
        case.only("rcode", "question", "edns", "cd")


@explained("priming: TC where a server has no address", ["nsd"])
def _(case):
    """What RFC 9471 section 3.1 wants of a referral we do for the apex, too: TC where some server is left without an address,
    so that who primes comes again by TCP. NSD leaves them out in silence."""
    return case.is_priming() and case.only("tc", "additional") and case.ours.flags & TC and case.trimmed() and \
        bool(case.without_address(case.ours))


@explained("glue: names that the question knows already")
def _(case):
    """Where the question is below a name server's name, others let the glue point into the question
    beyond the zone cut. Our answers are laid out for the zone cut, and a few octets longer."""
    return case.only("additional", "tc") and case.ours.flags & 0x200 and case.trimmed() and \
        case.needed(case.ours) < case.needed(case.theirs) and case.theirs.size > case.limit() - 40


@explained("NSEC owners are not compressed")
def _(case):
    """Our proofs stand in any message as they are, so the owner of an NSEC has its apex in full. In
    the root that is one octet; elsewhere it may be what makes the message too long."""
    return case.only("authority", "tc") and case.ours.flags & 0x200 and not any(case.ours.sections) and \
        len(case.ours.question[0][0]) > 1 and case.limit() < case.theirs.size + 64 and \
        any(r[1] == TYPES["NSEC"] and len(r[0]) > 1 for r in case.theirs.sections[1])


@explained("glue: TC where in-domain glue is missing", ["nsd"], most=0.035)
def _(case):
    """NSD leaves in-domain glue out without TC; RFC 9471 section 3.1 wants TC."""
    return case.only("additional", "tc") and case.ours.flags & TC and case.trimmed() and \
        bool(case.lacks(case.ours)) and bool(case.lacks(case.theirs))


@explained("glue: in-domain first saves TC", ["knotd"])
def _(case):
    """Knot puts glue in the order of the NS set and so may lack in-domain glue, with TC, where we have
    all of it."""
    return case.only("additional", "tc") and case.theirs.flags & 0x200 and case.trimmed() and \
        case.needed(case.theirs) <= case.needed(case.ours)


WHY = {name: why for name, _, _, why, _ in EXPLAINED}


def class_of(peer, case):
    """The class of difference that a case is of; None when it is of none."""
    for name, peers, rule, *_ in EXPLAINED:
        if peer in peers and (name == SILENT or "answered" not in case.differs) and rule(case):
            return name
    return None


def shown(message, response):
    if response is None:
        return "no answer"
    return (f"{dnswire.RCODES.get(response.rcode, response.rcode)} {' '.join(response.flag_words())} "
            f"size {response.size} edns {response.edns} counts {[len(s) for s in response.sections]}")


BATCH = 64


def ask_some(server, messages, timeout):
    """Answers by place; what came by then."""
    answers = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((server.address, server.port))
        s.settimeout(timeout)
        for place, message in messages.items():
            s.send(struct.pack(">H", place) + message[2:])
        while len(answers) < len(messages):
            try:
                response = s.recv(65535)
            except TimeoutError:
                break
            answers[struct.unpack(">H", response[:2])[0]] = response
    return answers


def ask_all(server, messages):
    """The response to each message, in their order; None where there was none, asked three times."""
    answers = {}
    for timeout in (0.05, 0.5, 2.0):  # few are silent for good: they wait together, in the later rounds
        silent = [place for place in range(len(messages)) if place not in answers]
        for start in range(0, len(silent), BATCH):
            answers.update(ask_some(server, {p: messages[p] for p in silent[start:start + BATCH]}, timeout))
    return [dnswire.Response(answers[p]) if p in answers else None for p in range(len(messages))]


def ask_all_tcp(server, messages):
    """The same by TCP, each on its own connection."""
    return [dnswire.Response(dnswire.ask_tcp(server.address, server.port, m)) for m in messages]


def compare(ours, peer, messages, tcp=False):
    """Returns how often each explanation was needed, and prints what none explains."""
    ask = ask_all_tcp if tcp else ask_all
    counts, unexplained = collections.Counter(), collections.Counter()
    for message, mine, other in zip(messages, ask(ours, messages), ask(peer, messages)):
        case = Case(message, mine, other, tcp)
        if not case.differs:
            counts["the same"] += 1
            continue
        name = class_of(peer.name, case)
        if name is not None:
            counts[name] += 1
        else:
            kind = " ".join(sorted(case.differs))
            if unexplained[kind] < 3:
                print(f"# {peer.name}: differs in {kind}: {message.hex()}")
                try:
                    q = dnswire.Response(message)
                    print(f"#   {b'.'.join(dnswire.read_name(message, 12)[0])} "
                          f"{dnswire.WORDS.get(q.question[0][1][0], q.question[0][1])} edns {q.edns}")
                except Exception:
                    pass
                print(f"#   ours   {shown(message, case.ours)}")
                print(f"#   theirs {shown(message, case.theirs)}")
            unexplained[kind] += 1
    return counts, unexplained


def load(which, folder):
    """Lines of the zone, its apex, and queries that belong to it."""
    apex, messages = ".", None
    if which == "root":
        lines = zones.real_root()
        if lines is None:
            servers.skip("no real root zone beside us")
    elif which == "ferret":
        found = zones.ferret()
        if found is None:
            servers.skip("no Ferret data set beside us")
        r = random.Random(SEED)
        lines = found[0]
        messages = [dnswire.query(name, TYPES[qtype], r.randrange(65536), edns=r.choice([None, 1232, 4096]))
                    for name, qtype in found[1]]
        return dnswire.canonical_zone(lines), apex, messages
    elif pathlib.Path(which).is_file():
        return pathlib.Path(which).read_text().splitlines(), apex, messages
    else:
        apex = "." if which == "made" else "inner.example."
        lines = zones.made(apex)
    lines = servers.sign(folder, lines, apex)
    if lines is None:
        servers.skip("ldns-signzone is not installed")
    return lines, apex, messages


def too_many(counts, asked, least):
    """What was explained more often than it may be, and too few that are the same."""
    if counts["the same"] < least * asked:
        yield f"{counts['the same']} the same, of {asked}: fewer than {least:.0%}"
    for name, _, _, _, most in EXPLAINED:
        if counts[name] > max(FEW, most * asked):
            yield f"{counts[name]} of {asked}: {name}: more than {most:.1%}"


def report(ours, peer, messages, number, tcp, least):
    """Compares, and prints a test line with its figures; true when all is explained, and seldom."""
    counts, unexplained = compare(ours, peer, messages, tcp)
    excess = list(too_many(counts, len(messages), least))
    for name, times in counts.most_common():
        print(f"# {peer.name}: {times:6d} {name}" + (f": {WHY[name]}" if name in WHY else ""))
    print(f"{'not ' if unexplained or excess else ''}ok {number} - {sum(counts.values())} of {len(messages)} answers by "
          f"{'TCP' if tcp else 'UDP'} agree with {peer.name} or differ for a known reason, {counts['the same']} are the same")
    for kind, times in unexplained.most_common():
        print(f"# {peer.name}: {times} unexplained: {kind}")
    for line in excess:
        print(f"# {peer.name}: {line}")
    return not unexplained and not excess


def main():
    which = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    with servers.scratch() as scratch:
        folder = scratch.folder
        lines, apex, messages = load(which, folder)
        if messages is None:
            messages = queries.Maker(lines, apex, SEED).queries(count)
        usual = [m for m in messages if m[2] & 0x78 == 0 and m[4:6] == b"\0\1" and len(m) > 20][:TCP_COUNT]
        zone = servers.write_zone(folder, lines)
        number, failed = 0, 0
        know(lines)
        with servers.rootd(folder, zone, apex=apex) as ours:
            for start in (servers.knotd, servers.nsd):
                peer = start(folder, zone, apex)
                if peer is None:
                    number += 1
                    print(f"ok {number} - # SKIP {start.__name__} is not installed")
                    continue
                with peer:
                    for some, tcp in ((messages, False), (usual, True)):
                        number += 1
                        failed += not report(ours, peer, some, number, tcp, LEAST_SAME.get(which, SAME))
        print(f"1..{number}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
