#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A validating resolver (Unbound) asks rootd: every proof must convince it."""
import sys

import dnswire
import queries
import servers
import zones
from dnswire import TYPES

SEED = 20261124
AD = 0x20


def unbound(folder, server, key):
    program = servers.find("unbound")
    if program is None:
        servers.skip("unbound is not installed")
    port = servers.free_port()
    config = folder / "unbound.conf"
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
    trust-anchor-file: "{key}"
    aggressive-nsec: no
    unblock-lan-zones: yes
    insecure-lan-zones: no
remote-control:
    control-enable: no
stub-zone:
    name: "."
    stub-addr: {server.address}@{server.port}
    stub-prime: no
""")
    return servers.Server("unbound", [program, "-d", "-c", str(config)], port, folder)


def names(lines):
    """What the zone itself answers: its owners, names beside them, and below what is no zone cut."""
    maker = queries.Maker(lines, ".", SEED)
    cuts = set(maker.cuts)
    inside = [o for o in maker.owners
              if not any(o.endswith("." + c) for c in cuts) and o not in cuts]
    yield from ((name, qtype) for name in inside for qtype in ("A", "AAAA", "TXT", "NSEC"))
    yield from ((cut, "DS") for cut in maker.cuts)
    yield from ((name, "A") for name in ("root-servers.", "levels.", "er.nic.", "nic.", "down."))
    for name in inside:
        if name != ".":
            yield "below." + name, "A"
            yield "\\000." + name, "TXT"
    for _ in range(300):
        yield maker.word(1, 12) + "x9.", "A"
    for _ in range(60):
        yield maker.word(1, 12) + "." + maker.r.choice(["root-servers.", "nic.", "er.nic.", "levels."]), "A"


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        lines = servers.sign(folder, zones.made("."), ".")
        if lines is None:
            servers.skip("ldns-signzone is not installed")
        key = next(folder.glob("K*.key"))
        asked = list(dict.fromkeys(names(lines)))
        wrong = []
        with servers.rootd(folder, servers.write_zone(folder, lines)) as server, \
                unbound(folder, server, key) as resolver:
            for ident, (name, qtype) in enumerate(asked):
                response = dnswire.Response(dnswire.ask_udp(
                    resolver.address, resolver.port,
                    dnswire.query(name, TYPES[qtype], ident, 0x100, edns=4096, dnssec_ok=True), 10))
                if response.rcode not in (0, 3) or not response.flags & AD:
                    wrong.append(f"{name} {qtype} {dnswire.RCODES.get(response.rcode)} {response.flag_words()}")
        for line in wrong[:10]:
            print("# " + line)
        print(f"{'not ' if wrong else ''}ok 1 - Unbound finds all of {len(asked)} answers secure")
        print("1..1")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
