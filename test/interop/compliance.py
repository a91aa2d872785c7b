#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether rootd answers odd queries as the standards want: what RFC 8906 has every server tested for, and more.

Each case is one query and what its response must be: RCODE, flags, EDNS version, options, and whether there are an
answer and an OPT record. The same queries go to BIND, Knot and NSD where they are installed; where they differ from
what is wanted here it is told, for information.
"""
import hmac
import struct
import sys
import time

import dnswire
import servers
import zones
from dnswire import TYPES

SOA, NS = TYPES["SOA"], TYPES["NS"]
QUERY, UPDATE = 0, 5
NOERROR, FORMERR, NXDOMAIN, NOTIMP, REFUSED, NOTAUTH, BADVERS = 0, 1, 3, 4, 5, 9, 16
AA, TC, RD, RA, Z, AD, CD, QR = 0x400, 0x200, 0x100, 0x80, 0x40, 0x20, 0x10, 0x8000
NSID, SUBNET, EXPIRE, COOKIE, KEEPALIVE, PADDING = 3, 8, 9, 10, 11, 12
UNKNOWN = 100
THERE = {TYPES[t] for t in ("NS", "SOA", "MX", "TXT", "RRSIG", "NSEC", "DNSKEY", "ZONEMD")}  # at this zone's apex
CLIENT_COOKIE = bytes(range(8))

test_count = failures = 0


def ok(held, what):
    global test_count, failures
    test_count += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {test_count} - {what}", flush=True)


def option(code, value=b""):
    return struct.pack(">HH", code, len(value)) + value


def message(name=".", qtype=SOA, flags=0, opcode=QUERY, edns=None, version=0, do=False, edns_flags=0, options=b"",
            qclass=1, questions=1, rcode=0):
    head = struct.pack(">HHHHHH", 0x4242, flags | opcode << 11 | rcode, questions, 0, 0, edns is not None)
    body = b"".join([dnswire.wire_of(name) + struct.pack(">HH", qtype, qclass)] * questions)
    if edns is not None:
        body += b"\0" + struct.pack(">HHBBHH", 41, edns, 0, version, (0x8000 if do else 0) | edns_flags,
                                    len(options)) + options
    return head + body


class Case:
    """`flags`: those of AA TC RD RA Z AD CD that the response has; None where they do not matter."""

    def __init__(self, name, query, rcode=NOERROR, flags=AA, opt=False, do=False, has=(), has_not=(), answer=True,
                 tcp=False, question=True, why=""):
        self.name, self.query, self.rcode, self.flags, self.opt, self.do = name, query, rcode, flags, opt, do
        self.has, self.has_not, self.answer, self.tcp = has, has_not, answer, tcp
        self.question, self.why = question, why

    def fault(self, server):
        """What is wrong with a server's response; None when nothing."""
        ask = dnswire.ask_tcp if self.tcp else dnswire.ask_udp
        try:
            octets = ask(server.address, server.port, self.query)
        except (OSError, EOFError):
            return "no response"
        r = dnswire.Response(octets)
        got = r.flags & (AA | TC | RD | RA | Z | AD | CD)
        if r.ident != 0x4242 or not r.flags & QR:
            return "not a response to it"
        if (r.flags ^ struct.unpack_from(">H", self.query, 2)[0]) & 0x7800:
            return "another opcode"
        if r.rcode != self.rcode:
            return dnswire.RCODES.get(r.rcode, str(r.rcode))
        if self.flags is not None and got != self.flags:
            return "flags " + " ".join(r.flag_words())
        if (r.edns is not None) != self.opt:
            return "OPT" if r.edns else "no OPT"
        if self.opt and r.edns[1] != 0:
            return f"EDNS version {r.edns[1]}"
        if self.opt and self.do is not None and bool(r.edns[2]) != self.do:
            return "DO" if r.edns[2] else "no DO"
        if any(code not in r.options for code in self.has):
            return f"options {sorted(r.options)}"
        if any(code in r.options for code in self.has_not):
            return f"options {sorted(r.options)}"
        if bool(r.sections[0]) != self.answer:
            return "an answer" if r.sections[0] else "no answer"
        if bool(r.question) != self.question:
            return "a question" if r.question else "no question"
        return None


def plain():
    yield Case("dns", message())
    for name, flag in (("ad", AD), ("cd", CD), ("ra", RA), ("tc", TC), ("aa", AA), ("zflag", Z)):
        yield Case(name, message(flags=flag), why="flags that mean nothing in a query do not come back, RFC 4035 3.1.6")
    yield Case("rd", message(flags=RD), flags=AA | RD, why="RFC 1035 4.1.1: RD is copied")
    yield Case("all flags", message(flags=AA | TC | RD | RA | Z | AD | CD), flags=AA | RD)
    yield Case("rcode", message(rcode=5), why="an RCODE in a query means nothing")
    yield Case("tcp", message(), tcp=True)
    for qtype in (1000, 666, 65280, 65535):
        yield Case(f"type{qtype}", message(qtype=qtype), answer=False, why="RFC 3597: an unknown type is NODATA")
    for qtype in (0, 41, 128, 253, 254):
        yield Case(f"meta type {qtype}", message(qtype=qtype), answer=False)
    for opcode in (1, 2, 3, 6, 7, 15):
        yield Case(f"opcode {opcode}", message(opcode=opcode), NOTIMP, None, answer=False, question=False)
        yield Case(f"opcode {opcode} and all flags", message(opcode=opcode, flags=AA | TC | RD | RA | Z | AD | CD),
                   NOTIMP, 0, answer=False, question=False)
    yield Case("update", message(opcode=UPDATE), NOTIMP, None, answer=False, question=False)
    yield Case("class CH", message(qclass=3), REFUSED, 0, answer=False)
    yield Case("class ANY", message(qclass=255), REFUSED, 0, answer=False)
    yield Case("class 4", message(qclass=4), REFUSED, 0, answer=False)
    yield Case("no question", message(questions=0), FORMERR, None, answer=False, question=False,
               why="RFC 9619 section 4")
    yield Case("two questions", message(questions=2), FORMERR, None, answer=False, question=False,
               why="RFC 9619 section 4")
    yield Case("half a question", message()[:-3], FORMERR, None, answer=False, question=False)
    yield Case("octets behind", message() + b"more", FORMERR, None, answer=False)


def edns():
    yield Case("edns", message(edns=4096), opt=True)
    yield Case("edns tcp", message(edns=4096), opt=True, tcp=True)
    for size in (0, 1, 511, 512, 1232, 65535):
        yield Case(f"edns@{size}", message(edns=size), opt=True, why="RFC 6891 6.2.3: below 512 is 512")
    yield Case("edns1", message(edns=4096, version=1), BADVERS, 0, opt=True, answer=False)
    yield Case("edns255", message(edns=4096, version=255), BADVERS, 0, opt=True, answer=False)
    yield Case("edns1 unknown option", message(edns=4096, version=1, options=option(UNKNOWN)), BADVERS, 0, opt=True,
               has_not=(UNKNOWN,), answer=False)
    yield Case("edns1 do", message(edns=4096, version=1, do=True), BADVERS, 0, opt=True, do=None, answer=False,
               why="what DO means in version 1 is not known: with or without")
    for name, code, value in (("nsid", NSID, b""), ("cookie", COOKIE, CLIENT_COOKIE), ("expire", EXPIRE, b""),
                              ("subnet", SUBNET, b"\0\1\0\0")):
        yield Case(f"edns1 {name}", message(edns=4096, version=1, options=option(code, value)), BADVERS, 0, opt=True,
                   has_not=(code,), answer=False)
    yield Case("do", message(edns=4096, do=True), opt=True, do=True, why="RFC 3225: DO is copied")
    yield Case("do and cd", message(flags=CD, edns=4096, do=True), opt=True, do=True)
    yield Case("edns flags", message(edns=4096, edns_flags=0x4080), opt=True, why="RFC 6891 6.1.4: the others are 0")
    yield Case("edns1 flags", message(edns=4096, version=1, edns_flags=0x4080), BADVERS, 0, opt=True, answer=False)
    yield Case("unknown option", message(edns=4096, options=option(UNKNOWN, b"x" * 20)), opt=True, has_not=(UNKNOWN,))
    yield Case("unknown option twice", message(edns=4096, options=option(UNKNOWN) * 2), opt=True, has_not=(UNKNOWN,))
    yield Case("nsid", message(edns=4096, options=option(NSID)), opt=True, has=(NSID,))
    yield Case("cookie", message(edns=4096, options=option(COOKIE, CLIENT_COOKIE)), opt=True, has=(COOKIE,))
    yield Case("bad cookie", message(edns=4096, options=option(COOKIE, CLIENT_COOKIE + bytes(16))), opt=True,
               has=(COOKIE,), why="RFC 7873 5.2.4: answered, with a new one")
    yield Case("short cookie", message(edns=4096, options=option(COOKIE, b"1234")), FORMERR, 0, opt=True,
               answer=False)
    yield Case("long cookie", message(edns=4096, options=option(COOKIE, bytes(41))), FORMERR, 0, opt=True,
               answer=False)
    yield Case("cookie only", message(questions=0, edns=4096, options=option(COOKIE, CLIENT_COOKIE)), flags=0,
               opt=True, has=(COOKIE,), answer=False, question=False, why="RFC 7873 section 5.4")
    yield Case("expire", message(edns=4096, options=option(EXPIRE)), opt=True, has_not=(EXPIRE,))
    yield Case("subnet", message(edns=4096, options=option(SUBNET, b"\0\1\0\0")), opt=True, has_not=(SUBNET,))
    yield Case("subnet with an address", message(edns=4096, options=option(SUBNET, b"\0\1\x18\0\xc0\0\2")), opt=True,
               has_not=(SUBNET,))
    yield Case("padding", message(edns=4096, options=option(PADDING, bytes(40))), opt=True, has_not=(PADDING,),
               why="left alone")
    yield Case("keepalive by udp", message(edns=4096, options=option(KEEPALIVE)), opt=True, has_not=(KEEPALIVE,))
    yield Case("keepalive by tcp", message(edns=4096, options=option(KEEPALIVE)), opt=True, has=(KEEPALIVE,),
               tcp=True)
    many = option(NSID) + option(SUBNET, b"\0\1\0\0") + option(EXPIRE) + option(COOKIE, CLIENT_COOKIE)
    yield Case("list of options", message(edns=4096, options=many), opt=True, has=(NSID, COOKIE),
               has_not=(SUBNET, EXPIRE))
    yield Case("options that run out", message(edns=4096, options=option(NSID, b"12")[:-1]), FORMERR, 0, opt=True,
               answer=False)
    two = bytearray(message(edns=4096) + message(edns=4096)[-11:])
    two[11] = 2
    yield Case("two OPT", bytes(two), FORMERR, 0, opt=True, answer=False, why="RFC 6891 6.1.1")
    yield Case("edns not there", message(name="not-here.", edns=1232), NXDOMAIN, opt=True, answer=False)
    yield Case("edns refused", message(edns=1232, qclass=4), REFUSED, 0, opt=True, answer=False, has=(15,))
    yield Case("edns transfer by udp", message(qtype=252, edns=1232), REFUSED, None, opt=True, answer=False)


def types():
    """Every type that RFC 8906 has asked for, and those since: no error, with and without EDNS."""
    for qtype in [*range(1, 64), 99, 108, 109, *range(256, 262), 32768, 32769]:
        if qtype in THERE or qtype == 41:
            continue
        yield Case(f"type {qtype}", message(qtype=qtype), answer=False)
        yield Case(f"type {qtype} edns", message(qtype=qtype, edns=4096, do=True), opt=True, do=True, answer=False)


def tsig(name, query):
    """The query under a key whose secret is zeros, which some servers had built in."""
    now = int(time.time()).to_bytes(6, "big")
    key, algorithm = dnswire.wire_of(name), dnswire.wire_of("hmac-sha256.")
    head = key + struct.pack(">HI", 255, 0) + algorithm + now + struct.pack(">H", 300)
    mac = hmac.new(bytes(32), query + head + bytes(4), "sha256").digest()
    rdata = algorithm + now + struct.pack(">HH", 300, len(mac)) + mac + query[:2] + bytes(4)
    return query[:11] + b"\1" + query[12:] + key + struct.pack(">HHIH", 250, 255, 0, len(rdata)) + rdata


def genreport():
    """What ISC's genreport asks, under its names, where no case above is that query to the octet."""
    bare = message(opcode=15, questions=0)
    yield Case("genreport opcode", bare, NOTIMP, 0, answer=False, question=False)
    yield Case("genreport opcodeflg", message(opcode=15, questions=0, flags=AA | TC | RD | RA | Z | AD | CD), NOTIMP, 0,
               answer=False, question=False)
    yield Case("genreport ednsflags", message(edns=4096, edns_flags=0x80), opt=True)
    yield Case("genreport edns@512", message(qtype=TYPES["DNSKEY"], edns=512), flags=None, opt=True, answer=True)
    yield Case("genreport ednstcp", message(qtype=TYPES["DNSKEY"], edns=512, do=True), opt=True, do=True, tcp=True)
    cookie = option(COOKIE, CLIENT_COOKIE)
    yield Case("genreport bind11", message(edns=4096, do=True, options=cookie), opt=True, do=True, has=(COOKIE,))
    yield Case("genreport dig11", message(flags=RD | AD, edns=4096, options=cookie), flags=AA | RD, opt=True,
               has=(COOKIE,))
    yield Case("genreport dnswkk", tsig(".", message()), NOTAUTH, None, answer=False,
               why="RFC 8945 5.2.1: a key we do not have")
    for qtype in (104, 105, 106, 107):
        yield Case(f"genreport type {qtype}", message(qtype=qtype), answer=False)


def truncated(server):
    """What does not fit is TC with an OPT record, and whole by TCP."""
    small = dnswire.Response(dnswire.ask_udp(server.address, server.port, message(".", NS, edns=512, do=True)))
    whole = dnswire.Response(dnswire.ask_tcp(server.address, server.port, message(".", NS, edns=512, do=True)))
    ok(small.size <= 512 and small.edns is not None and len(whole.sections[2]) >= len(small.sections[2]) and
       not whole.flags & TC, "edns@512do: within 512, with OPT; whole by TCP")


def judge(server, cases, tells):
    for case in cases:
        fault = case.fault(server)
        if tells:
            ok(fault is None, f"{case.name}{': ' + fault if fault else ''}{' (' + case.why + ')' if case.why else ''}")
        elif fault is not None:
            yield f"{case.name}={fault}"


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        lines = servers.sign(folder, zones.made("."), ".") or dnswire.canonical_zone(zones.made("."))
        zone = servers.write_zone(folder, lines)
        secrets = folder / "secrets"
        secrets.write_text("e5e973e5a6b2a43f48e7dc849e37bfcf\n")
        cases = [*plain(), *edns(), *types(), *genreport()]
        with servers.rootd(folder, zone, ["--cookie-secrets", str(secrets), "--nsid", "here"]) as server:
            list(judge(server, cases, True))
            truncated(server)
        for make in (servers.knotd, servers.nsd):
            peer = make(folder, zone)
            if peer is None:
                continue
            with peer:
                print(f"# {peer.name}: " + (", ".join(judge(peer, cases, False)) or "all the same"))
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
