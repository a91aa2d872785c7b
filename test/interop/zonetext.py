#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our zone text and our ZONEMD, judged by others: ldns, BIND, the publisher of the real root."""
import subprocess
import sys

import dnswire
import servers
import zones

import os

ROOTD = os.environ["COMITY_ROOTD"]
number = failures = 0


def ok(held, what):
    global number, failures
    number += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {number} - {what}", flush=True)


def skipped(what, why):
    global number
    number += 1
    print(f"ok {number} - {what} # SKIP {why}")


def our_digest(folder, lines):
    """The digest that rootd finds for a zone in canonical text; None when it refuses the text."""
    zone = servers.write_zone(folder, lines)
    image = folder / "digest.image"
    if subprocess.run([ROOTD, "--compile", str(zone), str(image)]).returncode != 0:
        return None
    return image.read_bytes()[56:104].hex()


def zonemd_of(lines, apex="."):
    for line in lines:
        f = line.split()
        if f[0] == apex and f[3] == "ZONEMD" and f[5:7] == ["1", "1"]:
            return f[7]
    return None


def judge(folder, lines, apex, key):
    """What other people's programs say of our text."""
    zone = servers.write_zone(folder, lines)
    tools = [
        ("ldns-verify-zone", ["-ZZ", "-k", key, str(zone)], "signatures, chain of NSEC and ZONEMD"),
        ("dnssec-verify", ["-z", "-o", apex, str(zone)], "signatures and chain of NSEC"),
        ("named-compilezone", ["-k", "ignore", "-n", "ignore", "-i", "none", "-o",
                               str(folder / "compiled"), apex, str(zone)], "the text as such"),
    ]
    for tool, arguments, what in tools:
        program = servers.find(tool)
        if program is None:
            skipped(f"{tool}: {what}", "not installed")
            continue
        done = subprocess.run([program, *arguments], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300)
        if done.returncode != 0:
            print("# " + done.stdout[-600:].replace("\n", "\n# "))
        ok(done.returncode == 0, f"{tool} takes {what} of {apex}")


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        path = zones.shared("data/root/root-2026010500.zone.xz")
        if path is None:
            skipped("the digest of the real root", "no real root zone beside us")
        else:
            lines = dnswire.canonical_zone(zones.read_lines(path))
            ok(our_digest(folder, lines) == zonemd_of(lines) is not None,
               "the digest of the real root is what its publisher says")
        for apex in (".", "inner.example."):
            lines = servers.sign(folder, zones.made(apex), apex)
            if lines is None:
                skipped(f"a made zone {apex}", "ldns-signzone is not installed")
                continue
            ok(our_digest(folder, lines) == zonemd_of(lines, apex) is not None,
               f"ldns finds the same digest for {apex}")
            key = next(str(p) for p in folder.glob("K*.key") if p.name.startswith("K" + apex + "+"))
            judge(folder, lines, apex, key)
    print(f"1..{number}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
