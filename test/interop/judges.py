#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""judges.py [whole]: what DNSViz and Zonemaster find at a root that rootd serves, beside the same root served by NSD.

Each server gets a network namespace of its own, where it has all addresses of the root servers, at port 53. The zone is
the real root as it was published, where it lies beside us, and the clock that of its day; else a made one. What they
find at rootd and not at NSD is a failure, and with the real root so is an error. With `whole`, Zonemaster runs its
tests of addresses and connectivity too, which ask for what is not there and wait.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import alike
import dnswire
import servers
import zones

DAY = {"the real root": "@2026-01-06 12:00:00", "a made root": "@2026-01-06 12:00:00"}  # in which signatures hold
MODULES = ("Basic", "Consistency", "DNSSEC", "Delegation", "Nameserver", "Syntax", "Zone")
TOLD = ("INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL")
MOMENT = {"duration"}  # seconds that a signature still holds: not the same for who looks a second later
GOOD = {"SECURE", "VALID", "NOERROR", "NXDOMAIN"}
# Debian's DNSViz asks pygraphviz for a module that Debian's has no more.
DNSVIZ = """import runpy, sys, types, pygraphviz
pygraphviz.release = types.SimpleNamespace(version=pygraphviz.__version__)
sys.argv[0] = "dnsviz"
runpy.run_path("/usr/bin/dnsviz", run_name="__main__")"""


def addresses_of(lines):
    """Name and address of each root server."""
    fields = [line.split() for line in lines]
    names = {f[4] for f in fields if f[0] == "." and f[3] == "NS"}
    return [(f[0], f[4]) for f in fields if f[0] in names and f[3] in ("A", "AAAA")]


# ---- inside a namespace ----

def start(name, folder, addresses):
    if name == "rootd":
        command = [os.environ["COMITY_ROOTD"], "--image", folder / "image"]
        for _, address in addresses:
            command += ["--listen", f"{address}@53"]
    else:
        (folder / "nsd.conf").write_text(
            "server:\n  server-count: 1\n" + "".join(f"  ip-address: {a}@53\n" for _, a in addresses) + f"""
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.out"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "{folder}/zone"
""")
        command = [servers.find("nsd"), "-d", "-c", folder / "nsd.conf"]
    return servers.Server(name, command, 53, folder, wait=60, address=addresses[0][1])


def run(folder, name, command):
    with open(folder / f"{name}.out", "wb") as out, open(folder / f"{name}.log", "wb") as log:
        return subprocess.run(command, stdout=out, stderr=log, cwd=folder).returncode


def dnsviz(folder, name, day, addresses):
    where = ".:" + ",".join(f"{n}=[{a}]" if ":" in a else f"{n}={a}" for n, a in addresses)
    viz = ["faketime", "-f", day, "/usr/bin/python3", "-c", DNSVIZ]
    run(folder, f"probe-{name}", [*viz, "probe", "-A", "-x", where, "-o", folder / f"probe-{name}", "."])
    run(folder, f"grok-{name}", [*viz, "grok", "-t", folder / "key", "-l", "debug", "-r", folder / f"probe-{name}",
                                 "-o", folder / f"dnsviz-{name}", "."])


def zonemaster(folder, name, day, whole):
    tests = [] if whole else [word for module in MODULES for word in ("--test", module)]
    run(folder, f"zonemaster-{name}", ["faketime", "-f", day, "zonemaster-cli", "--hints", folder / "hints", "--json",
                                       "--level", "INFO", "--no-progress", *tests, "."])


def inside(name, folder, day, whole):
    folder = pathlib.Path(folder)
    addresses = [tuple(pair) for pair in json.loads((folder / "addresses").read_text())]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for _, address in addresses:
        subprocess.run(["ip", "addr", "add", address, "dev", "lo", *(["nodad"] if ":" in address else [])], check=True)
    own = folder / name
    own.mkdir()
    for file in ("zone", "image", "image.xfr", "key", "hints"):
        if (folder / file).exists():
            os.link(folder / file, own / file)
    with start(name, own, addresses):
        dnsviz(own, name, day, addresses)
        zonemaster(own, name, day, whole)


# ---- what was found ----

def sorted_lists(text):
    """Lists of servers come in any order, and names it asks for in any case."""
    return ";".join(sorted(re.split("[;,]", text.lower()))) if isinstance(text, str) else text


def zonemaster_findings(path):
    """Each as often as it came: level, tag, and what it is about; without what differs by the moment."""
    found = collections.Counter()
    for entry in json.loads(path.read_text()):
        if entry["level"] in TOLD:
            about = {k: sorted_lists(v) for k, v in (entry.get("args") or {}).items() if k not in MOMENT}
            found[entry["level"], entry["tag"], json.dumps(about, sort_keys=True)] += 1
    return found


def dnsviz_findings(path):
    """Errors and warnings, and where they are; random names it asked for have another name."""
    found = collections.Counter()

    def walk(node, place):
        for key, value in node.items() if isinstance(node, dict) else ():
            if key in ("errors", "warnings"):
                for each in value:
                    found[key, each.get("code"), place] += 1
            else:
                walk(value, place + "/" + re.sub(r"\b[a-z0-9]{10}\.", "random.", key))
        for value in node if isinstance(node, list) else ():
            walk(value, place)

    walk(json.loads(path.read_text()), "")
    return found, set(re.findall('"status": "([A-Z_]*)"', path.read_text()))


def tell(number, judge, wrong, what):
    print(f"{'not ' if wrong else ''}ok {number} - {judge}: {what}")
    for finding in list(wrong)[:10]:
        print(f"#   {judge}: at rootd: {finding}")
    return not wrong


def compare(folder, what):
    (ours, statuses), (theirs, _) = (dnsviz_findings(folder / n / f"dnsviz-{n}") for n in ("rootd", "nsd"))
    wrong = list(ours) + [s for s in statuses if s not in GOOD] + ([] if "SECURE" in statuses else ["nothing secure"])
    held = tell(1, "DNSViz", wrong, f"{sum(ours.values())} errors and warnings, at NSD {sum(theirs.values())}; all that it "
                f"judges is {', '.join(sorted(statuses))}")
    ours, theirs = (zonemaster_findings(folder / n / f"zonemaster-{n}.out") for n in ("rootd", "nsd"))
    levels, more = collections.Counter(), ours - theirs
    for (level, *_), times in ours.items():
        levels[level] += times
    # A made root has names that Zonemaster takes for those that cannot be.
    errors = [f for f in ours if f[0] in ("ERROR", "CRITICAL")] if what == "the real root" else []
    wrong = list(more) + errors + ([] if ours else ["nothing at all"])
    held &= tell(2, "Zonemaster", wrong, ", ".join(f"{levels[each]} {each}" for each in TOLD) +
                 f"; {sum(more.values())} that NSD has not")
    for (level, tag, _), times in sorted(ours.items()):
        if level != "INFO":
            print(f"#   Zonemaster: {level} {tag} ({times}), at NSD too")
    return held


def prepare(folder):
    lines, what = alike.root_zone(folder)
    zone = servers.write_zone(folder, lines)
    subprocess.run([os.environ["COMITY_ROOTD"], "--compile", zone, folder / "image"], check=True)
    addresses = addresses_of(lines)
    (folder / "addresses").write_text(json.dumps(addresses))
    (folder / "key").write_text("".join(line + "\n" for line in lines if line.split()[3:5] == ["DNSKEY", "257"]))
    (folder / "hints").write_text(
        "".join(f". 3600000 NS {name}\n" for name in dict.fromkeys(n for n, _ in addresses)) +
        "".join(f"{n} 3600000 {'AAAA' if ':' in a else 'A'} {a}\n" for n, a in addresses))
    return what


def needed():
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None or \
            subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL).returncode != 0:
        servers.skip("no network namespace can be made here")
    for program in ("dnsviz", "zonemaster-cli", "faketime", "nsd"):
        if servers.find(program) is None:
            servers.skip(f"{program} is not installed")


def main(*words):
    needed()
    with servers.scratch() as scratch:
        folder = scratch.folder
        what = prepare(folder)
        print(f"# {what}")
        both = [subprocess.Popen(["unshare", "-n", sys.executable, __file__, "inside", name, folder, DAY[what],
                                  *words]) for name in ("rootd", "nsd")]
        ended = [process.wait() for process in both]
        held = ended == [0, 0] and compare(folder, what)
        if ended != [0, 0]:
            print("not ok 1 - both servers ran")
        print("1..2")
    return not held


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        sys.exit(inside(*sys.argv[2:5], "whole" in sys.argv[5:]))
    sys.exit(main(*sys.argv[1:]))
