#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""alike.py ALIKE [COUNT [MIX...]]: rootd against Knot DNS and NSD over a root server's mixes of queries (bench/queries).

ALIKE is the program that asks and compares (alike.c). Each answer that differs must be of a class of peers.py, whose
rule says that ours is the wanted one; anything else fails. The zone is the real root as it was published, where it lies
beside us, else a made one. Prints, of each class, how often it came and why. For a million of each mix:

    COMITY_ROOTD=build/src/prog/rootd/comity-rootd test/interop/alike.py build/alike 1000000
"""
import collections
import pathlib
import struct
import subprocess
import sys

import dnswire
import peers
import servers
import zones

MIXES = ["std", "flood", "prime"]


def cases(octets):
    """Query, our answer and the peer's, as alike wrote them."""
    at = 0

    def take():
        nonlocal at
        size = struct.unpack_from(">H", octets, at)[0]
        at += 2 + size
        return octets[at - size:at]

    while at < len(octets):
        message, ours, theirs = take(), take(), take()
        yield peers.Case(message, *(dnswire.Response(r) if r else None for r in (ours, theirs)), False)


def explain(peer, path):
    """How often each class of difference came; and those of none."""
    counts, unexplained = collections.Counter(), []
    for case in cases(path.read_bytes()):
        name = peers.class_of(peer, case)
        if name is None:
            unexplained.append(case)
        else:
            counts[name] += 1
    return counts, unexplained


def root_zone(folder):
    path = zones.shared("data/root/root-2026010500.zone.xz")
    if path is not None:
        return dnswire.canonical_zone(zones.read_lines(path)), "the real root"
    lines = servers.sign(folder, zones.made("."))
    if lines is None:
        servers.skip("no real root zone beside us, and ldns-signzone is not installed")
    return lines, "a made root"


def tell(number, peer, mix, said, counts, unexplained):
    held = said[0] == said[1] + sum(counts.values()) and not unexplained
    print(f"{'' if held else 'not '}ok {number} - {mix}: of {said[0]} answers {said[1]} are {peer}'s, "
          f"{sum(counts.values())} differ for a known reason, {len(unexplained)} for none", flush=True)
    for name, times in counts.most_common():
        print(f"# {peer} {mix} {times:7d} {name}: {peers.WHY[name]}")
    for case in unexplained[:5]:
        print(f"# {case.message.hex()} differs in {' '.join(sorted(case.differs))}")
        print(f"#   ours   {peers.shown(case.message, case.ours)}")
        print(f"#   theirs {peers.shown(case.message, case.theirs)}")
    return held


def main(alike, count="1000000", *mixes):
    number = failed = 0
    with servers.scratch() as scratch:
        folder = scratch.folder
        lines, what = root_zone(folder)
        zone = servers.write_zone(folder, lines)
        peers.know(lines)
        print(f"# {what}, {count} of each mix")
        mixes = mixes or MIXES
        for mix in mixes:
            subprocess.run([sys.executable, zones.SOURCE / "bench/queries", zone, mix, folder / mix, count], check=True)
        with servers.rootd(folder, zone) as ours:
            for start in (servers.knotd, servers.nsd):
                peer = start(folder, zone)
                if peer is None:
                    number += 1
                    print(f"ok {number} - # SKIP {start.__name__} is not installed")
                    continue
                with peer:
                    for mix in mixes:
                        number += 1
                        different = folder / "different"
                        out = subprocess.run([alike, folder / mix, str(ours.port), str(peer.port), different],
                                             check=True, stdout=subprocess.PIPE, text=True).stdout
                        said = [int(word) for word in out.split() if word.isdigit()]
                        failed += not tell(number, peer.name, mix, said, *explain(peer.name, different))
        print(f"1..{number}")
    return failed != 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]))
