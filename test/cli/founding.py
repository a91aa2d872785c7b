# SPDX-License-Identifier: Apache-2.0
"""Homes, keys, a founding text, its signatures; and a node that has nothing to tell yet."""
import base64
import hashlib
import re
import shutil
import subprocess

from rig import HERE, ORIGIN, find

STATES = ["aurelia", "borealia", "cascadia", "delmare"]
OFFICERS = ["commons1", "commons2"]


def keys(f, ok):
    told = f.comity("aurelia", "key", "new", "aurelia", "--kind", "state", "--origin", ORIGIN, "--sequencer")
    ok(re.findall("^key: (\\w+) ", told.out, re.M) == ["act", "cosign", "custody"], "key new: three keys", told)
    ok((f.at / "aurelia/keys/log.key").exists() and (f.at / "aurelia/keys/act.key").stat().st_mode & 0o77 == 0,
       "--sequencer: the log key; nobody else may read a key")
    told = f.comity("aurelia", "key", "new", "aurelia", "--kind", "state", "--origin", ORIGIN, code=1)
    ok("there is a home already" in told.err and "next: its keys: comity key show" in told.err, "a home is made once", told)
    en, _, _ = f.in_all("aurelia", "key", "new", "aurelia", "--kind", "state", "--origin", ORIGIN, "--duty", code=1)
    ok("next: a duty key for it: comity key next duty; then: comity party rotate" in en.err, "--duty of a home that is there: the way", en)
    ok(f"log: {ORIGIN}+" in f.comity("aurelia", "key", "show").out, "key show: the log key too")
    told = f.json("borealia", "key", "new", "borealia", "--kind", "state", "--origin", ORIGIN).json
    ok(told["party"] == "borealia" and [k["role"] for k in told["keys"]] == ["act", "cosign", "custody"], "JSON: the keys", told)
    ok(f.json("borealia", "key", "show").json == told and told["log"] is None, "key show: the same")
    f.in_all("borealia", "key", "show", code=0)
    f.comity("cascadia", "key", "new", "cascadia", "--kind", "state", "--origin", ORIGIN)
    agent_key(f, ok)
    for number, home in enumerate(OFFICERS, 1):
        told = f.comity(home, "key", "new", "commons", "--kind", "trust", "--origin", ORIGIN, "--officer", number, "--threshold", 2)
    ok(told.out.startswith("party: commons trust 2\nkey: act ") and told.out.count("key: ") == 1,
       "--officer: one act key, and how many sign", told)


def agent_key(f, ok):
    """A key that an ssh-agent holds signs for delmare; without ssh-agent a file does."""
    words = ["delmare", "key", "new", "delmare", "--kind", "state", "--origin", ORIGIN]
    if not find("ssh-agent"):
        f.tap.skip("an ssh-agent holds a key", "openssh-client is not installed")
        f.comity(*words)
        return
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f.at / "agent"], check=True)
    public = base64.b64decode((f.at / "agent.pub").read_text().split()[1])[-32:].hex()
    f.environment["SSH_AUTH_SOCK"] = str(f.at / "agent.sock")
    f.spawn("agent", find("ssh-agent"), "-D", "-a", f.at / "agent.sock")
    f.wait("the agent", lambda: (f.at / "agent.sock").exists())
    subprocess.run(["ssh-add", "-q", f.at / "agent"], check=True, env=f.environment)
    ok(f.comity(*words, "--agent", public).code == 0, "an ssh-agent holds the act key of delmare")


def bad_keys(f, ok):
    for words, says in ((["key", "new"], "argument is missing"),
                        (["key", "new", "x"], "--kind KIND"),
                        (["key", "new", "X", "--kind", "state", "--origin", ORIGIN], "2 to 63"),
                        (["key", "new", "xx", "--kind", "state", "--origin", "A"], "3 to 100"),
                        (["key", "new", "xx", "--kind", "state", "--origin", ORIGIN, "--officer", "0"], "--officer"),
                        (["key", "new", "xx", "--kind", "state", "--origin", ORIGIN, "--threshold", "2"], "--officer"),
                        (["key", "new", "xx", "--kind", "state", "--origin", ORIGIN, "--agent", "beef"], "--agent")):
        told = f.comity("nobody", *words, code=2)
        ok(says in told.err and not (f.at / "nobody/comity.conf").exists(), f"{' '.join(words)}: says {says}", told)
    told = f.comity(None, "key", "new", "xx", "--kind", "state", "--origin", ORIGIN, code=2)
    ok("--home" in told.err, "key new: where?", told)
    told = f.comity("nowhere", "key", "show", code=3)
    ok("is not a home" in told.err and "key new" in told.err, "what is no home is told, and how to make one", told)
    ok(f.json("nowhere", "key", "show", code=3).error["exit"] == 3, "JSON: the same as an object")


def genesis(f, ok):
    told = f.json(None, "import", "--map", HERE / "small.map", "--common", "commons", "--output", f.at / "import",
                  HERE / "small.zone")
    ok(told.json["tlds"]["all"] == 5, "import: five TLDs", told)
    homes = [f.at / h for h in STATES + OFFICERS]
    new = ["federation", "new", "--charter", HERE / "votes.charter", "--import", f.at / "import", "--signing", "1s 1m 5m"]
    told = f.comity(None, *new, *homes)
    text = told.out
    ok(text.startswith("comity-genesis/1\n") and text.count("\nparty: ") == 5 and "join FILE" in told.err,
       "federation new: a founding text, and what to do next", told)
    ok(f.json(None, *new, "--time", "2026-11-22T13:00:00Z", *homes).json["text"].split("\n")[2] == "time: 2026-11-22T13:00:00Z",
       "JSON: the text; --time says when")
    (f.at / "genesis").write_text(text)
    pinned(f, ok, text)
    bad_founding(f, ok, new, homes)
    told = f.json("borealia", "federation", "join", f.at / "genesis").json
    ok(told["outcome"] == "signed" and "\n— " in told["note"], "federation join GENESIS, JSON: the note", told)
    for count, home in enumerate(STATES + OFFICERS[:1], 1):
        told = f.comity(home, "federation", "join", f.at / "genesis", "--out", f.at / "genesis")
        ok(f"{min(count, 4)} of 5 founders have signed; missing: " in told.err and "commons" in told.err, "who has signed, who is missing", told)
    f.comity(OFFICERS[1], "act", "sign", f.at / "genesis", "--out", f.at / "genesis")
    before = (f.at / "genesis").read_text()
    ok(before.count("\n— ") == 6, "six lines, by federation join --out and by act sign", before)
    told = f.comity("cascadia", "federation", "join", f.at / "genesis", "--out", f.at / "genesis")
    ok("all 5 founders have signed" in told.err and "node/genesis.note" in told.err and "node/import" in told.err,
       "the last one is told where the files go", told)
    ok((f.at / "genesis").read_text() == before, "who signs twice has signed once")
    en, zh, told = f.in_all(None, "act", "show", f.at / "genesis")
    ok(en.out.count("ok  signed by") == 6 and "it founds the federation" in en.out and
       all(s["holds"] for s in told.json["signatures"]), "act show: founders' lines hold without a node", en)
    ok("a founding text" in f.comity(None, "explain", f.at / "genesis").out, "explain: what it is")


def pinned(f, ok, text):
    """A home that has signed a founding text is of that federation, and talks to the node that it was told."""
    shutil.copytree(f.at / "cascadia", f.at / "founder")
    conf, before = f.at / "founder/comity.conf", (f.at / "founder/comity.conf").read_text()
    node = str(f.at / "elsewhere.sock")
    f.comity("founder", "--node", "elsewhere.sock", "federation", "join", f.at / "genesis", "--out", f.at / "once")
    added = f"\n[party]\ngenesis = {hashlib.sha256(text.encode()).hexdigest()}\nsocket = {node}\n"
    ok(conf.read_text() == before + added, "federation join GENESIS: the home knows its federation and its node", conf.read_text())
    f.comity("founder", "federation", "join", f.at / "once", "--out", f.at / "once")
    ok(conf.read_text() == before + added, "once", conf.read_text())
    (f.at / "other").write_text(re.sub("^time: .*$", "time: 2026-01-01T00:00:00Z", text, count=1, flags=re.M))
    told = f.comity("founder", "federation", "join", f.at / "other", code=1)
    ok("another federation" in told.err and "genesis =" in told.err, "another founding text is not signed", told)


def bad_founding(f, ok, new, homes):
    told = f.comity(None, "federation", "new", *homes, code=2)
    ok("a charter" in told.err, "federation new without a charter", told)
    (f.at / "bad.charter").write_text((HERE / "votes.charter").read_text().replace("signers states", "signers statse"))
    told = f.comity(None, "federation", "new", "--charter", f.at / "bad.charter", *homes, code=1)
    ok("bad.charter: line 8" in told.err and 'did you mean "states"' in told.err, "a charter's fault: file, line, what was meant", told)
    en, zh, told = f.in_all(None, "explain", f.at / "bad.charter", code=1)
    ok("line 8" in told.json["fault"] and not told.json["good"], "explain: the same", en)
    told = f.comity(None, "federation", "new", "--charter", HERE / "votes.charter", *homes[1:], code=1)
    ok("--sequencer" in told.err, "no log key: who sequences?", told)
    told = f.comity(None, *new, "--time", "now", *homes, code=2)
    ok("2026-11-22T13:00:00Z" in told.err, "--time: how a time is written", told)
    told = f.comity(None, *new, "--signing", "1s", *homes, code=1)
    ok("signing" in told.err, "--signing: told by its line", told)
    told = f.comity("borealia", "federation", "join", HERE / "small.zone", code=1)
    ok("neither an invitation nor a founding text" in told.err, "federation join: something else", told)
    told = f.comity("borealia", "act", "sign", HERE / "small.zone", code=1)
    ok("line 1" in told.err, "act sign: nothing but texts of ours is signed", told)


def start(f, ok):
    node = f.at / "aurelia/node"
    node.mkdir()
    shutil.copy(f.at / "genesis", node / "genesis.note")
    shutil.copy(f.at / "import", node / "import")
    told = f.comity("aurelia", "status", code=3)
    ok("comityd --home" in told.err, "no node: what to start", told)
    with open(f.at / "aurelia/comity.conf", "a") as conf:
        print("[signer]\nhome = .", file=conf)
    f.spawn("comityd", f.bin / "comityd", "--home", f.at / "aurelia")
    f.wait("the node", lambda: f.json(None, "status", code=None).code != 3)


def nothing_yet(f, ok):
    """Three signers are missing: no key can be made."""
    en, zh, told = f.in_all("aurelia", "status", code=4)
    ok("!!  nothing new can become final" in en.out and "borealia cascadia delmare" in en.out and not told.json["well"],
       "status: who is away", en)
    ok("comity-signerd" in en.err and "server set" not in en.err, "and that first; not what the zone will need", en)
    for words in (["anchor", "--format", "ds"], ["release", "show"], ["zone", "export"], ["prove", "apex"]):
        f.in_all("aurelia", *words, code=4)
    ok(f.json("aurelia", "anchor", code=4).error["exit"] == 4, "JSON: not yet is an object too")
    told = f.json("aurelia", "signing", "watch", "--once").json
    ok([c["phase"] for c in told["ceremonies"]] == ["key"] * 3, "signing watch --once: ceremonies that wait", told)
    told = f.comity("aurelia", "signing", "watch", "--release", "--for", "1s", code=4)
    ok("waiting for: aurelia borealia" in told.out, "signing watch --release --for: not within that time", told)
    ok(f.in_all("aurelia", "release", "list")[2].out == "", "release list: none")


def keys_made(f, ok):
    watching = f.spawn("watching", *f.words("aurelia", ["signing", "watch", "--release", "--for", "4m"], "en", True),
                       stdout=subprocess.PIPE)
    f.ran.setdefault("signing watch", set())
    first = watching.stdout.readline()  # it looks on from before the first key
    for party in STATES[1:]:
        f.start_signer(party)
    f.wait("keys", lambda: f.json(None, "anchor", code=None).code == 0)
    told = f.comity("aurelia", "status", code=4)
    ok("3 are needed\n" in told.out and "comity server set" in told.err, "status: what the zone needs now", told)
    told = f.json("aurelia", "server", "set", "a.root-servers.", "127.0.0.1", "::1", "--dry-run").json
    ok(told["outcome"] == "would-enter" and told["proposal"] is None and "+ a.root-servers. 518400 IN AAAA ::1\n" in told["text"],
       "server set --dry-run, JSON", told)
    ok(f.json("aurelia", "server", "list").out == "", "which wrote nothing")
    told = f.json("aurelia", "server", "set", "A.Root-Servers", "127.0.0.1", "::1").json
    ok(told["outcome"] == "entered", "server set", told)
    f.ran["server set"].add(0)
    act = told["act"]
    told = f.comity("aurelia", "watch", "--act", act[:8], "--for", "4m")
    ok("which is final" in told.out, "watch --act: until it is final", told)
    out = first + watching.communicate()[0]
    f.running.pop("watching")
    ok(watching.returncode == 0 and out.count("\n") >= 2, "signing watch --release ends with the release", out)
    f.ran["signing watch"].add(watching.returncode)
    s = f.settle()
    ok(s["release"]["published"] and s["well"], "status: all is well", s)
    f.in_all("aurelia", "status")


def run(f, ok):
    keys(f, ok)
    bad_keys(f, ok)
    genesis(f, ok)
    start(f, ok)
    nothing_yet(f, ok)
    keys_made(f, ok)
