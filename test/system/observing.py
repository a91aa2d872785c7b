#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""observing.py BUILD: a federation of four whose delegations are checked, with an observer for each of three parties, before name
servers in a network namespace of our own. TAP."""
import pathlib
import shutil
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli"), str(HERE.parent / "interop")]
import faulty  # noqa: E402
from faulty import Faulty, have  # noqa: E402
from rig import Federation, ORIGIN, Tap  # noqa: E402

STATES = ["aurelia", "borealia", "cascadia", "delmare"]
A, B, B6, C = "9.9.9.10", "149.112.112.10", "2620:fe:1::10", "149.112.112.11"
SOA = "a.nic.aur. host.aur. 7 1800 900 604800 86400"
CLI = HERE.parent / "cli"


def node(f):
    charter = (CLI / "votes.charter").read_text().replace("rule delegate.update holder\n", "rule delegate.update holder & checked\n")
    charter = charter.replace("{aurelia, borealia, cascadia, commons, delmare}", "{aurelia, borealia, cascadia, delmare}")
    (f.at / "charter").write_text(charter)
    for number, state in enumerate(STATES):
        f.comity(state, "key", "new", state, "--kind", "state", "--origin", ORIGIN, "--duty", *(["--sequencer"] if number == 0 else []))
        with open(f.at / state / "comity.conf", "a") as conf:
            print(f"[observer]\nvantage = as6450{number}\npause = 0\nresolver = 127.0.0.1", file=conf)
    f.comity(None, "import", "--map", CLI / "small.map", "--common", "delmare", "--output", f.at / "import", CLI / "small.zone")
    homes = [f.at / state for state in STATES]
    text = f.comity(None, "federation", "new", "--charter", f.at / "charter", "--import", f.at / "import", "--signing", "1s 1m 5m", *homes)
    (f.at / "genesis").write_text(text.out)
    for state in STATES:
        f.comity(state, "federation", "join", f.at / "genesis", "--out", f.at / "genesis")
    (f.at / "aurelia/node").mkdir()
    shutil.move(f.at / "genesis", f.at / "aurelia/node/genesis.note")
    shutil.move(f.at / "import", f.at / "aurelia/node/import")
    f.spawn("comityd", f.bin / "comityd", "--home", f.at / "aurelia")
    f.wait("the node", lambda: f.json(None, "status", code=None).code != 3)


def observer(f, party):
    program = pathlib.Path(f.build).resolve() / "src/prog/observerd/comity-observerd"
    f.spawn(f"observer-{party}", program, "--home", f.at / party, "--socket", f.socket)


def delegation(f, second, name):
    """A file with two servers, of which the second stands at that address."""
    (f.at / name).write_text(f"aur. NS a.nic.aur.\naur. NS b.nic.aur.\na.nic.aur. A {A}\n"
                             f"b.nic.aur. A {second}\nb.nic.aur. AAAA {B6}\n")
    return f.at / name


def zone(second):
    return [("aur.", "SOA", [SOA]), ("aur.", "NS", ["a.nic.aur.", "b.nic.aur."]), ("a.nic.aur.", "A", [A]), ("a.nic.aur.", "AAAA", []),
            ("b.nic.aur.", "A", [second]), ("b.nic.aur.", "AAAA", [B6])]


def ended(f, act):
    return f.wait("its end", lambda: next((p for p in [f.json(None, "proposal", "show", act).json["proposal"]]
                                           if p["status"] not in ("open", "passed")), None))


def seen(f, act):
    return [name for party in STATES for name in sorted(p.name for p in (f.at / party).glob(f"observer/{act}-*"))]


def good(f, ok):
    told = f.json("aurelia", "tld", "edit", "aur", "--set", delegation(f, B, "good"), code=None)
    ok(told.code == 0 and "proposal" in told.json, "a change of servers waits for its checks", told)  # some may be in by now
    act = told.json["act"]
    proposal = ended(f, act)
    ok(proposal["status"] == "done", "three attest, twice: it takes effect", proposal,
       *(log.read_text()[-800:] for log in f.at.glob("observer-*.log")))
    ok(B in str(f.record("tld/aur")), "and stands")
    files = seen(f, act)
    ok(len(files) == 6 and sum("publication" in name for name in files) == 3, "each keeps what it saw, of both runs", files)
    text = (f.at / f"borealia/observer/{act}-publication").read_text()
    ok(text.startswith("comity-sightings/1\ntld: aur.\n") and text.count("\nudp: answered\n") == 3, "as it saw it", text)


def lame(f, ok):
    told = f.json("aurelia", "tld", "edit", "aur", "--set", delegation(f, C, "lame"), code=None)
    act = told.json["act"]
    proposal = ended(f, act)
    ok(proposal["status"] == "failed", "a lame server: the change fails", proposal)
    record = f.record(f"checking/{act}")
    ok("failed: N4 N6 N7 N8" in str(record), "and the ids are told: N4 N6 N7 N8", record)
    ok(C not in str(f.record("tld/aur")), "what stood stands")
    en, zh, told = f.in_all(None, "proposal", "show", act)
    ok("N4" in en.out and "N4" in zh.out and told.json["checks"]["failed"] == ["N4", "N6", "N7", "N8"], "proposal show: which", en, told)


def main(build):
    faulty.enter("observers before real servers")
    tap = Tap()
    for address in (A, B, B6, C):
        have(address)
    Faulty(A, zone(B))
    Faulty(B, zone(B))
    Faulty(B6, zone(B))
    Faulty(C, zone(C), "lame")
    with tempfile.TemporaryDirectory(prefix="comity-cli-") as folder:
        f = Federation(build, folder, tap)
        try:
            node(f)
            for party in STATES[1:]:
                observer(f, party)
            good(f, tap.ok)
            lame(f, tap.ok)
        except Exception:  # told as a failure; the processes end all the same
            tap.ok(False, "it went on to the end", traceback.format_exc(),
                   *(log.read_text()[-800:] for log in pathlib.Path(folder).glob("*.log")))
        finally:
            f.clear()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
