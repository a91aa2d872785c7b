#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""river.py BUILD world|real: the river once, with real processes, over the example world or over a real root zone where
one lies beside us; then its zone before judges.

The zone that seven signed is judged by ldns-verify-zone, dnssec-verify, kzonecheck, delv and Unbound; with one bit of
one signature flipped ldns-verify-zone, dnssec-verify and comity audit must refuse it, and where NSD serves it delv and
Unbound; exported, audited and published zone are the same octets."""
import base64
import contextlib
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from river import steps  # noqa: E402
from river.running import TOP, Failure, River, find  # noqa: E402
import served  # noqa: E402

SEED = 20261122
FLIPS = {"world": 25, "real": 4}
QUERIES = 20000


def zones_same(r):
    r.step("8", "one zone")
    (r.at / "exported.zone").write_text(r.out("comity", "zone", "export"))
    r.out("cmp", r.at / "exported.zone", r.node / "public/zone")
    r.out("cmp", r.at / "exported.zone", r.at / "audited.zone")
    r.held("exported, published and audited: the same octets")


def kzonecheck(r):
    r.step("8", "Knot's judgment")
    r.out("kzonecheck", "-o", ".", "-d", "on", r.node / "public/zone")
    r.held("kzonecheck with DNSSEC validation finds nothing")


def delv(r):
    r.step("8", "BIND's judgment")
    (r.at / "anchors.conf").write_text(r.out("comity", "anchor", "--format", "bind"))
    signed, _ = steps.some_tlds(r)
    server = steps.SERVERS["aurelia"][1]
    for words in ([".", "SOA"], [".", "NS"], [signed, "DS"], ["no-such-tld-here.", "A"]):
        told = r.out("delv", f"@{server}", "-a", r.at / "anchors.conf", "+root=.", *words, prefix=True, both=True)
        if "fully validated" not in told:
            raise Failure(f"delv {words}: {told}")
    r.held("delv validates SOA, NS, DS and a denial by the trust anchor alone")


def flipped(line, dice):
    """The RRSIG line with one bit of its signature another."""
    words = line.split(" ")
    octets = bytearray(base64.b64decode("".join(words[12:])))
    octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
    return " ".join(words[:12] + [base64.b64encode(bytes(octets)).decode()])


def bits(r, flips):
    r.step("8", "one bit of one signature")
    dice = random.Random(SEED)
    lines = (r.node / "public/zone").read_text().splitlines()
    signatures = [n for n, line in enumerate(lines) if " IN RRSIG " in line]
    broken = r.at / "broken.zone"
    for place in dice.sample(signatures, flips):
        changed = lines[:]
        changed[place] = flipped(lines[place], dice)
        broken.write_text("\n".join(changed) + "\n")
        for judge in (["ldns-verify-zone", broken], ["dnssec-verify", "-o", ".", broken],
                      [r.bin / "comity", "audit", "--zone", broken, r.node / "public"]):
            path = judge if "/" in str(judge[0]) else [find(judge[0]), *judge[1:]]
            if subprocess.run(path, capture_output=True).returncode == 0:
                raise Failure(f"{judge[0]} accepts {changed[place]} (seed {SEED})")
    r.held(f"{flips} times, at places of seed {SEED}: refused by ldns-verify-zone, dnssec-verify, audit")


def peers(r):
    r.step("8", "others' root servers")
    os.environ["COMITY_ROOTD"] = str(r.bin / "comity-rootd")
    told = r.out(sys.executable, TOP / "test/interop/peers.py", r.node / "public/zone", QUERIES)
    if "# SKIP" in told:
        raise Failure(told)
    r.held(f"{QUERIES} answers by comity-rootd are those of Knot DNS and NSD for this zone, or differ for a known reason")


def source(which):
    """Words for `comity import`, and a name; None where there is no real zone."""
    if which == "world":
        return steps.WORLD, "the example world"
    words, name = steps.find_zone()
    return (words, name) if "real root zone" in name else None


def run(r, which):
    steps.run_all(r, *source(which))
    for judge in (zones_same, kzonecheck, delv):
        judge(r)
    bits(r, FLIPS[which])
    served.refused(r, flipped, random.Random(SEED))
    if which == "real":
        peers(r)


def report(r, failure):
    for number, (_, what, _) in enumerate(r.table, 1):
        print(f"ok {number} - {what}")
    if failure is not None:
        print(f"not ok {len(r.table) + 1} - {r.what}")
        print(re.sub("^", "# ", str(failure), flags=re.M))
        if (r.at / "commands.log").exists():
            print(re.sub("^", "# ", (r.at / "commands.log").read_text()[-3000:], flags=re.M))
    print(f"1..{len(r.table) + (failure is not None)}")


def main(build, which):
    if source(which) is None:
        print("1..0 # SKIP no real root zone beside us")
        return False
    with tempfile.TemporaryDirectory(prefix="comity-river-") as folder:
        r = River(build, pathlib.Path(folder) / "river", f"comity-t{os.getpid()}")
        failure = None
        try:
            r.make_ground(steps.ADDRESSES + served.ADDRESSES)
        except Failure as why:
            print(f"1..0 # SKIP {why}")
            return False
        try:
            with contextlib.redirect_stdout(sys.stderr):
                run(r, which)
        except Failure as why:
            failure = why
        finally:
            r.clear()
        report(r, failure)
        return failure is not None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
