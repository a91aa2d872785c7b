#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py - independent readers judge what a federation of this build wrote, octet by octet.

Starts four parties, waits until three keys exist that nobody holds, enters acts, waits for a signed
zone; then reads the public folder, the journal, the boards and proofs with nothing but the manual
pages and Python's standard library. At last one octet in each class of file is changed: each
such change must be noticed."""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import acts
import boards
import federation
import ledger
import manifests
import merkle
import notes
import proofs
import zones
from notes import Note, Wrong

SEED = 20261122
ABSENT = ("tld/zzz", "zebra")
tests = 0


def ok(held, what):
    global tests
    tests += 1
    print(f"{'ok' if held else 'not ok'} {tests} - {what}", flush=True)
    return held


def skip(what, why):
    ok(True, f"{what} # SKIP {why}")


def holds(what, check, *arguments):
    """Runs a reader; what it returns, or None when it says Wrong."""
    try:
        result = check(*arguments)
    except Wrong as wrong:
        ok(False, what)
        print(f"# {wrong}")
        return None
    ok(True, what)
    return result if result is not None else True


# --- The readers, one class of file each; each raises Wrong.

class Public:
    """The public folder: everything in it, read together."""

    @notes.total
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.genesis_note = Note((self.folder / "genesis.note").read_bytes())
        self.genesis = acts.Genesis(self.genesis_note.text)
        self.genesis.check_signatures(self.genesis_note)
        self.manifest = manifests.Manifest((self.folder / "import").read_bytes(), self.genesis)
        self.checkpoint = ledger.Checkpoint((self.folder / "checkpoint").read_bytes())
        self.entries = ledger.entries_of(self.folder, self.checkpoint.size)
        self.history = ledger.History(self.genesis_note, self.genesis, self.entries)
        self.voices = self.history.check_checkpoint(self.checkpoint)
        self.check_tiles()
        self.zone = self.check_zone()
        self.check_nothing_else()

    def check_tiles(self):
        expected = ledger.tiles_of(self.entries)
        for path in self.folder.glob("tile/**/*"):
            name = str(path.relative_to(self.folder))
            if path.is_file() and path.read_bytes() != expected.get(name):
                raise Wrong(f"{name} is not the tile of these entries")

    def check_zone(self):
        """The release that is newest in the log, and its zone."""
        release = [act for act in self.history.acts if act.kind == "release"][-1]
        zone = zones.Zone((self.folder / "zone").read_bytes(), self.genesis.apex)
        if release.fields["zone"] != f"{zone.count} {zone.digest}":
            raise Wrong("not the zone of the newest release")
        zone.check_zonemd()
        if zone.rdata(self.genesis.apex, "ZONEMD")[0][6:].hex() != release.fields["zonemd"]:
            raise Wrong("not the ZONEMD of the newest release")
        self.signatures = zone.check_signatures()
        return zone

    def check_nothing_else(self):
        known = {"genesis.note", "import", "checkpoint", "zone", "tile"}
        if {p.name for p in self.folder.iterdir()} != known:
            raise Wrong("a file that no page knows")


def check_board(octets, public):
    message = boards.Message(octets)
    message.check_signature(public.genesis, public.history.keys)
    return message


def check_proof(text, public, key):
    proof = proofs.StateProof(text)
    if proof.key != key.encode() or proof.present != (key not in ABSENT):
        raise Wrong("a proof of something else")  # perhaps a true one: of another key between the two
    checkpoint = proof.checkpoint
    if checkpoint.note.text != ledger.Checkpoint.text(public.genesis.origin, checkpoint.size,
                                                      public.history.root(checkpoint.size)):
        raise Wrong("a checkpoint of another log")
    public.history.check_checkpoint(checkpoint)
    return proof


# --- A federation lives for a while.

DELEGATION = "+ aur. 172800 IN NS ns1.nic.aur.\n+ aur. 172800 IN NS ns2.nic.aur.\n" \
             "+ ns2.nic.aur. 172800 IN A 192.0.2.22\n"


def many(fed, count):
    """A chain of changes of one record: each names the leaf of the one before, computed from comity-state(5)."""
    slot, notes_ = fed.slot("tld/aur"), []
    for i in range(count):
        act, note = fed.sign("aurelia", "delegate", f"tld: aur\nreplaces: {slot}\n", f"{DELEGATION}> {i}\n")
        slot = merkle.leaf(f"tld/aur\nholder: aurelia\nact: {act}\n{DELEGATION}".encode()).hex()
        notes_.append(note)
    fed.submit(notes_)


def live(fed):
    fed.start()
    listener = federation.Node(fed.node / "run/comity.sock")
    listener.attach()
    fed.wait(fed.has_keys, 120, "three keys that nobody holds")
    ok(True, "three keys that nobody holds")
    fed.act("aurelia", "server", "server: a.root-servers.\nstatus: active\nreplaces: none\n",
            "+ a.root-servers. 518400 IN A 127.0.0.2\n+ a.root-servers. 518400 IN AAAA ::1\n")
    fed.wait(fed.is_quiet, 120, "a first release")
    fed.act("aurelia", "delegate", f"tld: aur\nreplaces: {fed.slot('tld/aur')}\n",
            DELEGATION + "> The second server has moved. 第二台服务器已迁移。\n")
    proposal = fed.act("cascadia", "grant", "tld: cas\nholder: cascadia\nreplaces: none\n")
    for party in ("aurelia", "borealia"):
        fed.act(party, "consent", f"act: {proposal}\nvote: yes\nreplaces: none\n")
    fed.wait(lambda: fed.ask.record("tld/cas") is not None, 30, "a TLD granted by three of four")
    many(fed, 200)
    fed.wait(fed.is_quiet, 120, "a release of all that")
    ok(True, "acts, a proposal that passed, releases")
    shown = {k: fed.comity("prove", k) for k in ("zone/current", "party/aurelia", "tld/aur", *ABSENT)}
    return [body for kind, body in listener.catch_up() if kind == federation.POST], shown


# --- One octet changed.

def changed(octets, at, chance):
    return octets[:at] + bytes([octets[at] ^ chance.randrange(1, 256)]) + octets[at + 1:]


def notices(octets, check, chance, times):
    """Whether the reader says Wrong to every change of one octet, at both ends and in between."""
    for at in [0, len(octets) - 1] + [chance.randrange(len(octets)) for _ in range(times)]:
        mutant = changed(octets, at, chance)
        try:
            check(mutant)
        except Wrong:
            continue
        print(f"# octet {at} of {len(octets)}: {octets[at]:02x} -> {mutant[at]:02x}")
        return False
    return True


def notices_file(folder, name, check, chance, times):
    path = pathlib.Path(folder) / name
    octets = path.read_bytes()

    def written(mutant):
        path.write_bytes(mutant)
        check()

    noticed = notices(octets, written, chance, times)
    path.write_bytes(octets)
    return noticed


def newest(folder, pattern):
    """Of a class of tiles, the one with the most in it."""
    return max((p for p in folder.glob(pattern) if p.is_file()), key=lambda p: p.stat().st_size).relative_to(folder)


# --- The same by golang.org/x/mod, where there is a Go.

def go(*words, **more):
    """Go in that folder, building where we clear up; None when there is none that ends in time."""
    here = pathlib.Path(__file__).parent / "go"
    try:
        return subprocess.run(["go", *words], cwd=here, capture_output=True, text=True, timeout=300, check=False, **more)
    except (OSError, subprocess.TimeoutExpired):
        return None


def go_reader(folder):
    """The program that main.go makes; or None, said aloud."""
    what = "the checkpoint and the tiles, read by golang.org/x/mod/sumdb"
    if shutil.which("go") is None:
        return skip(what, "there is no go on this machine")
    # No other Go than the one that is here; what it builds is gone with our folder.
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOCACHE": str(folder / "go-cache"), "GOFLAGS": "-mod=readonly"}
    fetched = go("mod", "download", env=environment)
    if fetched is None or fetched.returncode:
        return skip(what, "golang.org/x/mod is not here, and cannot be fetched")
    built = go("build", "-o", folder / "go-reader", ".", env=environment)
    if built is None:
        return skip(what, "go does not finish building on this machine")
    if not ok(built.returncode == 0, "the reader in Go builds"):
        print("#", built.stderr.replace("\n", "\n# "))
        return None
    return folder / "go-reader"


def by_go(reader, folder):
    done = subprocess.run([reader, folder], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise Wrong(done.stderr.strip())
    return done.stdout


def judge_by_go(top, folder, chance):
    reader = go_reader(top)
    if reader is None:
        return
    holds("the checkpoint by the log's key, every entry by its path in the tiles, in Go", by_go, reader, folder)
    for name in ("tile/0/000", "tile/1/000.p/1", "tile/entries/000"):
        ok(notices_file(folder, name, lambda: by_go(reader, folder), chance, 10), f"Go notices an octet of {name}")
    path = folder / "checkpoint"
    octets = path.read_bytes()
    # Up to the log's line: Go passes over those it has no key of. And it reads base64 with other spare bits.
    end = octets.index(b"\n", octets.index(b"\n\n") + 2) - 4
    noticed = notices(octets[:end], lambda mutant: (path.write_bytes(mutant + octets[end:]), by_go(reader, folder)),
                      chance, 10)
    path.write_bytes(octets)
    ok(noticed, "Go notices an octet of what the log key signs")


def main():
    chance = random.Random(SEED)
    top = pathlib.Path(tempfile.mkdtemp(prefix="comity-readers-"))
    fed = federation.Federation(top)
    try:
        fed.found()
        posts, shown = live(fed)
        fed.stop()
        judge(fed, posts, shown, chance)
        judge_by_go(top, fed.node / "public", chance)
    finally:
        fed.stop()
        shutil.rmtree(top)
    print(f"1..{tests}")


def judge(fed, posts, shown, chance):
    folder = fed.node / "public"
    public = holds("the public folder: genesis, import, checkpoint, tiles, zone", Public, folder)
    if public is None:
        return
    ok(len(public.voices) >= 3, f"cosigned by {len(public.voices)} of 4 parties")
    ok(public.signatures >= 8, f"{public.signatures} signatures of the zone hold")
    kinds = {act.kind for act in public.history.acts}
    ok({"key", "deal", "confirm", "pool", "signatures", "release", "server", "delegate", "grant",
        "consent"} <= kinds, f"{len(public.history.acts)} acts of {len(kinds)} kinds, every signature checked")
    journal = holds("the journal: frames, blocks, the log entry by entry, countersignatures",
                    ledger.read_journal, fed.node / "journal", public.history, public.entries)
    if journal is not None:
        last = public.history.seals[-1].height
        ok(len(journal[1].get(last, ())) >= 3, f"{journal[0]} blocks; the last seal is final")
    messages = holds(f"{len(posts)} board messages", lambda: [check_board(post, public) for post in posts])
    ok({m.kind for m in messages or []} == {"commitments", "shares"}, "commitments, and shares")
    for key, text in shown.items():
        holds(f"a proof of {key}{' that it is not there' * (key in ABSENT)}", check_proof, text, public, key)
    noticing(fed, folder, public, posts, shown, chance)


def noticing(fed, folder, public, posts, shown, chance):
    ok((folder / "tile/0/000").is_file() and (folder / "tile/entries/000").is_file(), "full tiles, and what is above")
    files = ["genesis.note", "import", "checkpoint", "zone", newest(folder, "tile/0/**/*"),
             newest(folder, "tile/1/**/*"), newest(folder, "tile/entries/**/*")]
    for name in files:
        ok(notices_file(folder, name, lambda: Public(folder), chance, 20), f"an octet of {name} changed is noticed")
    ok(notices_file(fed.node / "journal", "000000.seg", lambda: ledger.read_journal(
        fed.node / "journal", public.history, public.entries), chance, 20), "an octet of the journal")
    for kind in ("commitments", "shares"):
        post = next(p for p in posts if boards.Message(p).kind == kind)
        ok(notices(post, lambda mutant: check_board(mutant, public), chance, 60), f"an octet of a board of {kind}")
    for key in ("zone/current", "tld/zzz"):
        ok(notices(shown[key], lambda mutant: check_proof(mutant, public, key), chance, 60),
           f"an octet of the proof of {key}")


if __name__ == "__main__":
    sys.exit(main())
