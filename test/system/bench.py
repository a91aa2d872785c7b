#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py BUILD SOURCE: one tiny round of every measure of bench/run yields numbers for everyone who is there.

Whether they are good is not judged: that takes a quiet machine."""
import json
import pathlib
import subprocess
import sys
import tempfile

BUILD, SOURCE = map(pathlib.Path, sys.argv[1:3])
sys.path.insert(0, str(SOURCE / "test" / "interop"))
import servers  # noqa: E402
import zones  # noqa: E402

PEERS = {"nsd": "nsd", "knot": "knotd", "bind": "named"}
MEASURES = {  # what a row must tell of everyone
    "udp": "qps", "tcp-pipelined": "qps", "tcp-one": "qps", "tcp-16k": "cpu_ns", "tcp-32x16": "cpu_ns", "axfr": "ms",
    "start-text": "ms", "notify": "ms", "delta": "ms", "swap": "lost"}
OURS = {"calm": "tcp_qps", "flood": "axfr_ms", "start-image": "ms", "sign": "ms", "verify": "ms", "zonemd": "ms"}
tests = failures = 0


def ok(held, what, skip=None):
    global tests, failures
    tests += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {tests} - {what}{f' # SKIP {skip}' if skip else ''}", flush=True)


def run(folder, zone, *words):
    """The rows and the table."""
    command = [SOURCE / "bench/run", BUILD, zone, "--rounds", 1, "--seconds", 0.3, "--warm", 0.1, "--queries", 2000, "--settle", 0.2,
               "--tries", 1, "--rows", folder / "rows", "--table", folder / "table", *words]
    subprocess.run(list(map(str, command)), check=False)
    return [json.loads(line) for line in (folder / "rows").read_text().splitlines()], (folder / "table").read_text()


def on_a_wire(folder, zone):
    """By AF_XDP, where that can be had."""
    what = "xdp: qps of 3"
    if not (BUILD / "bench/xdp_load").exists():
        ok(True, what, "no AF_XDP can be had here: built without libxdp")
        return
    rows, _ = run(folder, zone, "--releases", 2, "--only", "xdp", "--xdp", "--xdp {ifname}")
    there = {row["contender"]: row for row in rows}
    if "nobody" in there:
        ok(True, what, f"no network namespace can be made here, or no AF_XDP can be had: {there['nobody']['failed']!r}")
        return
    ok(all(there.get(name, {}).get("qps", 0) > 0 for name in ("rootd-xdp", "echo-xdp", "knot-xdp")), what)


def main():
    missing = [p for p in (*PEERS.values(), "ldns-signzone", "ldns-keygen", "dnsperf", "taskset") if not servers.find(p)]
    if missing:
        servers.skip(f"{', '.join(missing)}: not installed")
    with tempfile.TemporaryDirectory(prefix="comity-") as scratch:
        folder = pathlib.Path(scratch)
        zone = folder / "zone"
        zone.write_text("".join(line + "\n" for line in zones.made(".", 40)), encoding="latin1")
        flooded, _ = run(folder, zone, "--releases", 3, "--only", "flood", "--without", "nsd,bind,knot")
        rows, table = run(folder, zone, "--releases", 2, "--only", "udp,tcp,axfr,raw,start,notify,swap,sign")
        rows += flooded
        on_a_wire(folder, zone)
    there = {(row["measure"], row["contender"]): row for row in rows}
    for row in rows:
        if "failed" in row:
            print(f"# {row['measure']}: {row['failed']!r}")
    for measure, figure in {**MEASURES, **OURS}.items():
        wanted = ["rootd"] if measure in OURS else ["rootd", *PEERS]
        numbers = [there.get((measure, name), {}).get(figure) for name in wanted]
        ok(all(isinstance(n, (int, float)) and n >= 0 for n in numbers), f"{measure}: {figure} of {len(wanted)}")
    ok(there.get(("udp", "rootd"), {}).get("share", 0) > 0.5, "rootd answered the queries of the mix")
    ok("| ms |" in table and "queries a second, of echo" in table, "a table tells of it")
    print(f"1..{tests}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
