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


def checked(folder, lines, apex):
    """A zone that is not what its ZONEMD says is refused, by us and by ldns; and taken where that is asked for."""
    place = next(i for i, line in enumerate(lines) if line.split()[3] == "A")
    changed = lines[:place] + [lines[place].rsplit(" ", 1)[0] + " 192.0.2.254"] + lines[place + 1:]
    soa = next(i for i, line in enumerate(lines) if line.split()[3] == "SOA")
    words = lines[soa].split()
    words[6] = str(int(words[6]) + 1)
    later = lines[:soa] + [" ".join(words)] + lines[soa + 1:]
    image = folder / "checked.image"
    for what, some, why in (("a record", changed, "not the zone that its ZONEMD says"), ("the serial", later, "a ZONEMD of another serial")):
        zone = servers.write_zone(folder, some)
        said = subprocess.run([ROOTD, "--compile", str(zone), str(image)], stderr=subprocess.PIPE, text=True)
        ok(said.returncode == 1 and f"{zone}: {apex} ZONEMD: {why}" in said.stderr and not image.exists(),
           f"{what} of {apex} changed: refused, by name")
        text = subprocess.run([ROOTD, "--image", str(image), "--listen", f"127.0.0.1@{servers.free_port()}", "--from-text", str(zone)],
                              stderr=subprocess.PIPE, text=True)
        ok(text.returncode == 1 and why in text.stderr and not image.exists(), "also before serving")
        verify = servers.find("ldns-verify-zone")
        if verify is None:
            skipped("ldns-verify-zone refuses it too", "not installed")
        else:
            ok(subprocess.run([verify, "-Z", str(zone)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0,
               "ldns-verify-zone refuses it too")
        ok(subprocess.run([ROOTD, "--no-zonemd", "--compile", str(zone), str(image)]).returncode == 0 and image.exists(),
           "with --no-zonemd it is taken")
        for made in (image, folder / "checked.image.xfr"):
            made.unlink()


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
            checked(folder, lines, apex)
    print(f"1..{number}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
