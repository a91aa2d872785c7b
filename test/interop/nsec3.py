#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nsec3.py [COUNT [SEED]]: rootd with zones that deny by NSEC3 (RFC 5155) beside Knot DNS, NSD and BIND.

Beside the root, a zone of every shape (wildcards, aliases, empty non-terminals, delegations of all kinds), signed
by ldns without salt, by ldns with salt and iterations, and by BIND with Opt-Out; and a zone that is
root-shaped. Answers are compared record by record; what differs must be explained here, in several.py or in
peers.py. Then Unbound asks: every proof must convince it.
"""
import subprocess
import sys

import dnswire
import peers
import several
import servers
import zones
from dnswire import TYPES
from peers import explained

TCP_COUNT = 400
AD = 0x20
MORE = """
dead.end 3600 IN NS ns.elsewhere.example.
way.dead.end.deeper 3600 IN NS ns.elsewhere.example.
b.ent.cut 3600 IN A 192.0.2.15
signed.end 3600 IN NS ns.elsewhere.example.
signed.end 3600 IN DS 12345 15 2 {digest}
*.half 300 IN A 192.0.2.16
unsigned.half 3600 IN NS ns.elsewhere.example.
x.unsigned2.half 3600 IN NS ns.elsewhere.example.
"""


def shape(apex):
    lines = several.shape(apex)
    for line in MORE.format(digest="ab" * 32).strip().split("\n"):
        words = line.split(" ")
        lines.append(" ".join([f"{words[0]}.{apex}", *words[1:]]))
    return [line for line in lines if ".wild.child." not in line]


def by_ldns(folder, lines, apex, *options):
    """Signed with NSEC3 by ldns-signzone."""
    (folder / "unsigned").write_text("".join(line + "\n" for line in lines), encoding="latin1")
    key = subprocess.run([servers.find("ldns-keygen"), "-a", "ED25519", "-k", apex], cwd=folder, check=True,
                         stdout=subprocess.PIPE, text=True).stdout.strip()
    subprocess.run([servers.find("ldns-signzone"), "-n", *options, "-o", apex, "-i", "20200101000000", "-e", "20371231000000",
                    "-f", "signed", "unsigned", key], cwd=folder, check=True)
    # Not every server reads these without their escapes.
    text = (folder / "signed").read_text(encoding="latin1").replace("!", "\\033").replace("~", "\\126")
    return [line for line in text.splitlines() if line and not line.startswith(";")]


def by_bind(folder, lines, apex, *options):
    """Signed with NSEC3 by dnssec-signzone."""
    key = subprocess.run(["dnssec-keygen", "-q", "-a", "ED25519", "-f", "KSK", "-K", str(folder), apex], check=True,
                         stdout=subprocess.PIPE, text=True).stdout.strip()
    (folder / "unsigned").write_text("".join(line + "\n" for line in lines) + (folder / (key + ".key")).read_text(),
                                     encoding="latin1")
    subprocess.run(["dnssec-signzone", "-q", "-P", "-z", "-O", "full", "-S", "-K", str(folder), "-o", apex, *options,
                    "-s", "20200101000000", "-e", "20371231000000", "-f", str(folder / "signed"), str(folder / "unsigned")],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return [line for line in (folder / "signed").read_text(encoding="latin1").splitlines()
            if line and not line.startswith(";")]


def all_zones(folder):
    """(apex, lines, key) of each, the main one first."""
    out = []
    for apex, made, sign, options in (
            (".", several.root(), servers.sign, ()),
            ("plain.example.", shape("plain.example."), by_ldns, ("-t", "0")),
            ("salted.example.", shape("salted.example."), by_ldns, ("-t", "50", "-s", "abcdef0123456789")),
            ("optout.example.", shape("optout.example."), by_bind, ("-3", "-", "-A")),
            ("optsalt.example.", shape("optsalt.example."), by_ldns, ("-p", "-t", "3", "-s", "beef")),
            ("inner.accountant.", zones.made("inner.accountant.", 30), by_ldns, ("-t", "1", "-s", "0102"))):
        own = folder / ("sign-" + apex)
        own.mkdir()
        out.append((apex, sign(own, made, apex, *options), next(own.glob("K*.key"), None)))
    return out


# ---- what differs, and why ----

LIKE_OTHERS = {  # what BIND has in common with Knot or NSD, explained in peers.py and several.py
    "DS where the parent is not served", "a loop of aliases", "QTYPE RRSIG or ANY", "QTYPE ANY: one set", "addresses with an MX",
    "truncated: what is left in it", "an alias into another zone", "a DNAME that leads to a name too long",
    "the target of a DNAME is not pointed to", "the RCODE of what is truncated", "NSEC or RRSIG at an alias that has none", "all signatures at 512 octets"}


# Proofs by NSEC3 are longer, so more is truncated than peers.py has it.
OFTENER = {"truncated: what is left in it": 0.08, "glue: more of it fits": 0.03}


def settle():
    """Lets what is explained for others be explained for BIND, too."""
    peers.EXPLAINED[:] = [(name, (*who, "named") if name in LIKE_OTHERS else who, rule, why, OFTENER.get(name, most))
                          for name, who, rule, why, most in peers.EXPLAINED]


def is_hash(label):
    return len(label) == 32 and all(c in b"0123456789abcdefghijklmnopqrstuv" for c in label)


@explained("a name below that of an NSEC3", ["nsd"], most=0.15)
def _(case):
    """RFC 5155 section 7.2.8: the name of an NSEC3 is none of the zone. NSD takes it for the closest encloser, and proves
    less than section 7.2.2 wants; Knot and BIND agree with us."""
    return case.ours.rcode == case.theirs.rcode == 3 and case.only("authority", "tc") and \
        any(is_hash(label) for label in several.asked(case)[1:])


@explained("the RCODE of a loop", ["named"], most=0.04)
def _(case):
    """BIND says SERVFAIL where an alias leads around; the others, and we, give what is there."""
    return case.theirs.rcode == 2 and \
        any(word in b".".join(several.asked(case)) for word in (b"loop", b"self"))


@explained("glue that BIND leaves out", ["named"], most=0.1)
def _(case):
    """BIND leaves out glue that is not in-domain of the delegation, and by UDP some more, without TC. Ours has TC just
    where in-domain glue is missing (RFC 9471 section 3.1)."""
    return case.is_referral() and case.only("additional", "tc") and case.tells_what_it_lacks(case.ours)


@explained("minimal responses", ["named"], most=0.02)
def _(case):
    """BIND is told to leave out addresses that an answer can do without; of those that it gives, fewer fit."""
    return case.only("additional") and case.ours.sections[0] and case.holds_more()


@explained("NSEC of a zone cut", ["named"], most=0.01)
def _(case):
    """BIND answers with the parent's NSEC where the others, and we, refer: RFC 4035 section 3.1.4.1 has only DS
    answered by the parent."""
    return case.qtype == TYPES["NSEC"] and case.is_referral() and case.theirs.sections[0]


@explained("ANY below a DNAME", ["named"], most=0.01)
def _(case):
    """BIND gives the DNAME and its CNAME and stops; RFC 6672 section 3.2 goes on with the target."""
    return case.qtype == TYPES["ANY"] and case.only("authority", "rcode") and \
        TYPES["DNAME"] in [r[1] for r in case.theirs.sections[0]]


@explained("truncated: nothing left", ["named"], most=0.01)
def _(case):
    """Both say TC; BIND leaves nothing, we have what fits beside the glue."""
    return case.ours.flags & 0x200 and case.theirs.flags & 0x200 and not any(case.theirs.sections)


@explained("a wildcard, asked for by its own name", ["nsd"], most=0.02)
def _(case):
    """RFC 5155 section 7.2.3: the NSEC3 that matches the name. NSD adds more."""
    return several.asked(case)[:1] == (b"*",) and case.only("authority", "tc") and \
        (set(case.ours.sections[1]) <= set(case.theirs.sections[1]) or case.theirs.flags & 0x200)


@explained("an empty non-terminal that Opt-Out covers", ["nsd"], most=0.02)
def _(case):
    """It has no NSEC3, so RFC 5155 section 7.2.1 begins further up: with the closest provable encloser. NSD has one
    NSEC3 less, and not that; Knot and BIND agree with us."""
    return several.apex_of(several.asked(case))[0] in (b"optout", b"optsalt") and case.only("authority", "tc") and \
        case.ours.rcode == case.theirs.rcode and any(l in several.asked(case) for l in (b"er", b"cuts", b"end", b"dead", b"half"))


@explained("below an empty non-terminal that Opt-Out covers, beside a wildcard", ["knotd"])
def _(case):
    """Knot says NXDOMAIN without authority and without a proof. We prove what can be proved."""
    return case.only("aa", "authority", "tc") and case.theirs.rcode == 3 and not any(case.theirs.sections) and \
        b"half" in several.asked(case)


@explained("a name with an asterisk behind a DNAME", ["knotd"])
def _(case):
    """What a wildcard answers comes with the proof that the name is not there (RFC 5155 section 7.2.6), also where a DNAME
    led to it. Knot leaves it out where the name itself begins with an asterisk."""
    return several.asked(case)[:1] == (b"*",) and case.only("authority") and \
        set(case.theirs.sections[1]) < set(case.ours.sections[1]) and TYPES["DNAME"] in [r[1] for r in case.ours.sections[0]]


@explained("all of it fits", ["knotd", "nsd", "named"], most=0.01)
def _(case):
    """We point names to names wherever one ends alike, also behind a DNAME, so that all fits; others are truncated."""
    return case.theirs.flags & 0x200 and not case.ours.flags & 0x200 and case.only("answer", "authority", "additional", "tc") and \
        case.ours.size > case.limit() - 200


@explained("NSEC at an alias", ["knotd", "named"], most=0.02)
def _(case):
    """RFC 1034 section 3.6.2 has a CNAME stand for every type that is not there, and with NSEC3 NSEC is not there.
    Others say that there is no data."""
    return case.qtype in (TYPES["NSEC"], TYPES["RRSIG"]) and case.no_data(case.theirs) and \
        (case.ours.flags & 0x200 or any(r[1] == TYPES["CNAME"] for r in case.ours.sections[0]))


# ---- Unbound ----

INSECURE = ("optout.example.", "optsalt.example.")  # what Opt-Out may cover is not proved


def asked_of_resolver(plain):
    """What the signed zones themselves answer, and their delegations' DS."""
    for apex, lines in plain:
        owners = sorted({line.split()[0].lower() for line in lines if line.split()[3] not in ("NSEC3", "RRSIG")})
        cuts = {line.split()[0].lower() for line in lines if line.split()[3] == "NS"} - {apex}
        aliases = {line.split()[0].lower() for line in lines if line.split()[3] in ("CNAME", "DNAME")}
        inside = [o for o in owners if not any(o == c or o.endswith("." + c) for c in cuts | aliases)]
        for cut in sorted(cuts):
            if cut not in several.APEXES:
                yield apex, cut, "DS"
                # A wildcard above an empty non-terminal that Opt-Out covers cannot be denied: BIND's answer is the same.
                if not (apex in INSECURE and ".half." in cut):
                    yield apex, "beside." + cut.split(".", 1)[1], "TXT"
        for name in inside:
            for below in ("", "none.", "a.b."):
                yield apex, below + name, "TXT"
                yield apex, below + name, "HINFO"
            parent = name.split(".", 1)[1]
            if parent.endswith(apex):
                yield apex, parent, "A"


def unbound(folder, server, served):
    program = servers.find("unbound")
    if program is None:
        return None
    port = servers.free_port()
    config = folder / "unbound.conf"
    stubs = "".join(f"""
stub-zone:
    name: "{apex}"
    stub-addr: {server.address}@{server.port}
    stub-prime: no
""" for apex, _, _ in served)
    anchors = "".join(f'    trust-anchor-file: "{key}"\n' for _, _, key in served)
    config.write_text(f"""
server:
    interface: 127.0.0.1@{port}
    port: {port}
    num-threads: 1
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    do-not-query-localhost: no
    module-config: "validator iterator"
{anchors}    aggressive-nsec: no
remote-control:
    control-enable: no
{stubs}""")
    return servers.Server("unbound", [program, "-d", "-c", str(config)], port, folder)


def convinces(ours, served, folder, number):
    plain = [(apex, lines) for apex, lines, _ in served[1:]]
    resolver = unbound(folder, ours, served)
    if resolver is None:
        print(f"ok {number} - # SKIP unbound is not installed")
        return True
    questions = list(dict.fromkeys(asked_of_resolver(plain)))
    wrong, secure = [], 0
    with resolver:
        for ident, (apex, name, qtype) in enumerate(questions):
            response = dnswire.Response(dnswire.ask_udp(
                resolver.address, resolver.port,
                dnswire.query(name, 13 if qtype == "HINFO" else TYPES[qtype], ident, 0x100, edns=4096, dnssec_ok=True), 10))
            secure += bool(response.flags & AD)
            if response.rcode not in (0, 3) or not (response.flags & AD or apex in INSECURE):
                wrong.append(f"{name} {qtype} {dnswire.RCODES.get(response.rcode)} {response.flag_words()}")
    for line in wrong[:10]:
        print("# " + line)
    print(f"{'not ' if wrong else ''}ok {number} - Unbound takes {len(questions)} answers, {secure} as secure: all but "
          "where Opt-Out proves nothing")
    return not wrong


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else peers.SEED
    if not servers.find("ldns-signzone") or not servers.find("dnssec-signzone"):
        servers.skip("ldns-signzone or dnssec-signzone is not installed")
    number = failed = 0
    with servers.scratch() as scratch:
        folder = scratch.folder
        served = all_zones(folder)
        plain = [(apex, lines) for apex, lines, _ in served]
        several.APEXES.extend(tuple(l.lower() for l in dnswire.labels_of(apex)) for apex, _ in plain)
        peers.know([line for _, lines in plain for line in lines])
        settle()
        peers.WHY.update({name: why for name, _, _, why, _ in peers.EXPLAINED})
        messages = several.questions(plain, count, seed)
        files, ours = several.started(folder, plain)
        more = [(apex, path) for (apex, _), path in list(zip(plain, files))[1:]]
        with ours:
            for start in (servers.knotd, servers.nsd, servers.named):
                peer = start(folder, files[0], ".", more)
                if peer is None:
                    number += 1
                    print(f"ok {number} - # SKIP {start.__name__} is not installed")
                    continue
                with peer:
                    for some, tcp in ((messages, False), (messages[:TCP_COUNT], True)):
                        number += 1
                        failed += not peers.report(ours, peer, some, number, tcp, 0.8)
            number += 1
            failed += not convinces(ours, served, folder, number)
    print(f"1..{number}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
