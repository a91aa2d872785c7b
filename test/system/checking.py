#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""checking.py BUILD: comity check, before name servers that are as they should be and before such that are not. TAP.

A node, and servers at addresses that look public, in a network namespace of our own: NSD and Knot with a signed
zone, and servers of our own that do one thing wrong."""
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli"), str(HERE.parent / "interop")]
import faulty  # noqa: E402
from faulty import Faulty, find, have  # noqa: E402
from rig import Federation, ORIGIN, Tap  # noqa: E402

A, B = "9.9.9.10", "149.112.112.10"
A6, B6 = "2620:fe::10", "2620:fe:1::10"
SOA = "a.nic.aur. host.aur. 7 1800 900 604800 86400"
CHARTER = """comity-charter/1
version 1
languages en zh, equally authentic
title en Two of us
title zh 双方
chamber states of kind state
signers states

article 1
en All
en One party, which holds what it founds.
zh 全部
zh 唯一一方，持有其所创立者。
rule party.admit states > 1/2
rule delegate.update holder
rule delegate.drop-ds holder
rule delegate.grant states > 1/2
rule delegate.transfer holder & recipient
rule delegate.withdraw holder
rule delegate.revoke ruling & states > 2/3 excluding concerned
rule host.update holder
rule server.update holder
rule party.withdraw holder
rule waiver.grant states > 1/2
rule custody.open states > 1/2
rule charter.amend states > 1/2

article 2 entrenched
en Entrenched
en What only all of us can change.
zh 只有全体才能变更
zh 只有全体才能变更的事项。
rule charter.entrench all
"""


def zone(servers, soa=SOA, glue=None):
    """(owner, type, [data]) of a zone: name server -> its addresses, by which it is served."""
    records = [("aur.", "SOA", [soa]), ("aur.", "NS", list(servers))]
    for server, addresses in (glue or servers).items():
        records.append((server, "A", [a for a in addresses if ":" not in a]))
        records.append((server, "AAAA", [a for a in addresses if ":" in a]))
    return records


def node(f):
    f.comity("aurelia", "key", "new", "aurelia", "--kind", "state", "--origin", ORIGIN, "--sequencer")
    f.comity("borealia", "key", "new", "borealia", "--kind", "state", "--origin", ORIGIN)
    (f.at / "charter").write_text(CHARTER)
    text = f.comity(None, "federation", "new", "--charter", f.at / "charter", "--signing", "1s 1m 5m", f.at / "aurelia",
                    f.at / "borealia").out
    (f.at / "genesis").write_text(text)
    for home in ("aurelia", "borealia"):
        f.comity(home, "federation", "join", f.at / "genesis", "--out", f.at / "genesis")
    (f.at / "aurelia/node").mkdir()
    (f.at / "genesis").rename(f.at / "aurelia/node/genesis.note")
    f.spawn("comityd", f.bin / "comityd", "--home", f.at / "aurelia")
    f.wait("the node", lambda: f.json(None, "status", code=None).code != 3)


def options(servers, *more):
    words = ["check", "aur"]
    for server, addresses in servers.items():
        words += ["--ns", server]
        for address in addresses:
            words += ["--add", f"{server} {'AAAA' if ':' in address else 'A'} {address}"]
    return words + list(more)


def case(f, ok, what, servers, failed, *more, unable=()):
    """Which checks fail, and that the exit code says so."""
    told = f.json(None, *options(servers, *more), code=None)
    verdicts = {line["check"]: line["verdict"] for line in told.lines} if told.code in (0, 1, 3) else {}
    bad = [c for c, v in verdicts.items() if v == "fails"]
    unseen = [c for c, v in verdicts.items() if v == "unable"]
    ok(bad == list(failed) and unseen == list(unable) and len(verdicts) == 16 and {*verdicts.values()} <= {"holds", "fails", "unable"} and
       told.code == (1 if failed else 3 if unable else 0), f"{what}: {' '.join(failed) or 'all hold'}", told)
    return told


GOOD = {"a.nic.aur.": [A, A6], "b.nic.aur.": [B, B6]}
UNKNOWN = ["N3", "N4", "N6", "N7", "N8", "N11", "N12"]  # when there is no way to any server
WHERE = iter(range(11, 250))


def pair():
    """Two addresses that nobody has yet."""
    n = next(WHERE)
    a, b = f"9.9.9.{n}", f"149.112.112.{n}"
    have(a)
    have(b)
    return a, b


def two(fault=(), soa=SOA, served=None, glue=None):
    """A delegation whose first server is right, and its second has a fault."""
    a, b = pair()
    servers = {"a.nic.aur.": [a], "b.nic.aur.": [b]}
    Faulty(a, zone(servers))
    records = zone(servers, soa, glue and {"a.nic.aur.": [a], "b.nic.aur.": [glue]})
    if served:
        records[1] = ("aur.", "NS", served)
    Faulty(b, records, *fault)
    return servers


def faults(f, ok):
    case(f, ok, "one server", {"a.nic.aur.": ["9.9.9.250"]}, ["N1", "N5"], unable=UNKNOWN)
    a, _ = pair()
    servers = {"a.nic.aur.": [a], "b.nic.aur.": [a]}
    Faulty(a, zone(servers))
    case(f, ok, "two names of one machine", servers, ["N1", "N5"])
    case(f, ok, "silence", two(["silent"]), ["N3"])
    case(f, ok, "no TCP", two(["notcp"]), ["N3"])
    case(f, ok, "a lame server", two(["lame"]), ["N4", "N7", "N8"])
    case(f, ok, "a server without authority", two(["noaa"]), ["N4"])
    a, _ = pair()
    b, _ = pair()
    servers = {"a.nic.aur.": [a], "b.nic.aur.": [b]}
    Faulty(a, zone(servers))
    Faulty(b, zone(servers))
    case(f, ok, "one network", servers, ["N5"])
    case(f, ok, "other addresses in the zone", two(glue="149.112.113.1"), ["N6"])
    case(f, ok, "other servers in the zone", two(served=["a.nic.aur.", "c.nic.aur."]), ["N7", "N8"])
    case(f, ok, "an SOA of another zone", two(soa=SOA.replace("host", "other")), ["N8"])
    case(f, ok, "another serial alone is no fault", two(soa=SOA.replace(" 7 ", " 8 ")), [])
    have("10.1.1.1")
    _, b = pair()
    servers = {"a.nic.aur.": ["10.1.1.1"], "b.nic.aur.": [b]}
    Faulty("10.1.1.1", zone(servers))
    Faulty(b, zone(servers))
    case(f, ok, "a private address", servers, ["N10"])
    case(f, ok, "open recursion", two(["open"]), ["N11"])
    have("149.112.113.7")
    case(f, ok, "an answer from elsewhere", two(["elsewhere:149.112.113.7"]), ["N12"])
    long = {f"a-name-server-{c}.of-the-registry-with-a-long-name.nic-{c}.aur.": ["9.9.9.250"] for c in "abcdefghijk"}
    told = f.json(None, *options(long), code=1)
    ok("N9" in [line["check"] for line in told.lines if line["verdict"] == "fails"], "a referral that is too long: N9", told)
    nobody = {"a.nic.aur.": ["9.9.9.250"], "b.nic.aur.": ["149.112.112.250"]}
    case(f, ok, "no way to any of them from here", nobody, [], unable=UNKNOWN)


# -- signed, by servers that are not ours

def signed(folder, expires):
    """A signed zone, and the DS of its key."""
    folder.mkdir()
    lines = [f"aur. 3600 IN SOA {SOA}"]
    for server, addresses in GOOD.items():
        lines.append(f"aur. 3600 IN NS {server}")
        lines += [f"{server} 3600 IN {'AAAA' if ':' in a else 'A'} {a}" for a in addresses]
    (folder / "unsigned").write_text("\n".join(lines) + "\n")
    key = subprocess.run([find("ldns-keygen"), "-a", "ED25519", "-k", "aur."], cwd=folder, check=True, capture_output=True,
                         text=True).stdout.strip()
    subprocess.run([find("ldns-signzone"), "-o", "aur.", "-i", "20200101000000", "-e", expires, "-f", folder / "zone",
                    folder / "unsigned", key], cwd=folder, check=True)
    ds = subprocess.run([find("ldns-key2ds"), "-n", "-2", folder / f"{key}.key"], check=True, capture_output=True, text=True)
    return re.search(r"\sDS\s+(.*)", ds.stdout)[1]


def nsd(f, folder, addresses, name):
    (folder / "nsd.conf").write_text(f"""
server:
  server-count: 1
  port: 53
""" + "".join(f"  ip-address: {a}\n" for a in addresses) + f"""  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.out"
remote-control:
  control-enable: no
zone:
  name: "aur."
  zonefile: "{folder}/zone"
""")
    f.spawn(name, find("nsd"), "-d", "-c", folder / "nsd.conf")


def knotd(f, folder, addresses, name):
    (folder / "knot.conf").write_text(f"""
server:
    rundir: "{folder}"
    listen: [{', '.join(f'"{a}@53"' for a in addresses)}]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{folder}/knot-db"
zone:
  - domain: aur.
    file: "{folder}/zone"
    zonefile-sync: -1
    journal-content: none
""")
    f.spawn(name, find("knotd"), "-c", folder / "knot.conf")


def answers(address):
    message = faulty.dnswire.query("aur.", faulty.dnswire.TYPES["SOA"], 1)
    try:
        return faulty.dnswire.ask_udp(address, 53, message, 0.5)[3] & 15 == 0
    except OSError:
        return False


def with_ds(f, ok):
    if not all(map(find, ["nsd", "knotd", "ldns-signzone", "ldns-keygen", "ldns-key2ds"])):
        f.tap.skip("a signed zone", "nsd, knot or ldnsutils is not installed")
        return
    good = f.at / "good"
    ds = signed(good, "20371231000000")
    nsd(f, good, [A, A6], "nsd")
    knotd(f, good, [B, B6], "knotd")
    f.wait("NSD and Knot", lambda: answers(A) and answers(B) and answers(A6) and answers(B6))
    told = case(f, ok, "NSD and Knot with a signed zone", GOOD, [], "--ds", ds)
    en, zh, _ = f.in_all(None, *options(GOOD, "--ds", ds))
    ok(en.out.count(" holds: ") == 16 and "16 of 16 checks hold" in en.out, "for a person: all sixteen, with what they ask", en)
    tag = ds.split()[0]
    wrong = ds[:-2] + ("00" if ds[-2:] != "00" else "11")
    told = case(f, ok, "a DS of no key", GOOD, ["D3", "D4"], "--ds", wrong)
    ok(all(any(tag in finding for finding in line["findings"]) for line in told.lines if line["check"] == "D3"), "and which", told)
    case(f, ok, "a DS of no algorithm in use", GOOD, ["D2", "D3", "D4"], "--ds", ds.replace(f"{tag} 15 ", f"{tag} 7 "))
    case(f, ok, "a digest of no type", GOOD, ["D1", "D2", "D3", "D4"], "--ds", f"{tag} 15 9 aaaa")
    told = f.comity(None, *options(GOOD, "--ds", ds, "--sightings", f.at / "seen"))
    seen = (f.at / "seen").read_text()
    ok(seen.startswith("comity-sightings/1\ntld: aur.\n") and seen.count("chain: holds\n") == 4, "--sightings: what was seen", seen)
    for program in ("nsd", "knotd"):
        f.stop(program)
    old = f.at / "old"
    ds = signed(old, "20210101000000")
    nsd(f, old, [A, A6, B, B6], "old")
    f.wait("NSD again", lambda: answers(A) and answers(B))
    told = case(f, ok, "signatures that have expired", GOOD, ["D4"], "--ds", ds)
    ok(any("xpired" in finding for line in told.lines for finding in line["findings"]), "and says so", told)
    f.stop("old")


def words(f, ok):
    en, zh, told = f.in_all(None, "explain", "N6")
    ok(told.json["check"] == "N6" and "addresses" in en.out, "explain N6", en)
    told = f.comity(None, "check", "aur", code=1)
    ok("--ns" in told.err, "a name that is not delegated: what to say", told)
    f.comity(None, "check", "aur", "--resolver", "nobody", code=2)
    f.comity(None, "check", "aur", "--act", "x", "--ns", "a.nic.aur", code=2)
    (f.at / "act").write_text("nothing\n")
    f.comity(None, "check", "aur", "--act", f.at / "act", code=1)
    told = f.comity("aurelia", "act", "write", "delegate", "tld=aur", "+ aur. NS a.nic.aur.", "+ aur. NS b.nic.aur.",
                    "+ a.nic.aur. A 9.9.9.250", "+ b.nic.aur. A 149.112.112.250")
    (f.at / "act").write_text(told.out)
    case(f, ok, "the delegation of an act in a file", {}, [], "--act", f.at / "act", unable=UNKNOWN)


def main(build):
    faulty.enter("comity check before real servers")
    tap = Tap()
    for address in (A, B, A6, B6):
        have(address)
    with tempfile.TemporaryDirectory(prefix="comity-cli-") as folder:
        f = Federation(build, folder, tap)
        try:
            node(f)
            words(f, tap.ok)
            with_ds(f, tap.ok)
            faults(f, tap.ok)
        except Exception:  # told as a failure; the processes end all the same
            tap.ok(False, "it went on to the end", traceback.format_exc(),
                   *(log.read_text()[-500:] for log in pathlib.Path(folder).glob("*.log")))
        finally:
            f.clear()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
