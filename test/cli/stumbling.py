# SPDX-License-Identifier: Apache-2.0
"""Where people who found or join for the first time have stumbled: each is told what is so, and the way on."""
import hashlib
import shutil
import subprocess

from rig import HERE, ORIGIN

NEW = ["--kind", "state", "--origin", ORIGIN]


def second_refusal(f, ok):
    """A transfer is tried without the recipient and with it: the refusal of the first try keeps its words."""
    words = ["tld", "transfer", "bor", "cascadia"]
    en, zh, told = f.in_all("aurelia", *words, code=1)
    ok("holder: not agreed by borealia; recipient: not agreed by cascadia" in en.err, "whose consent is missing", en)
    ok("holder：未同意者 borealia；recipient：未同意者 cascadia" in zh.err, "the same in Chinese", zh)
    ok("holder: not agreed by borealia; recipient: not agreed by cascadia" in told.out, "and in JSON", told)


def log_key(f, ok):
    told = f.comity("early", "key", "new", "early", *NEW)
    ok("--sequencer" in told.err and "log: " not in told.out, "key new: who sequences says so", told)
    keys = {p.name: p.read_text() for p in (f.at / "early/keys").iterdir()}
    told = f.comity("early", "key", "new", "other", *NEW, "--sequencer", code=1)
    ok("of early, state" in told.err, "a home of another party gets no log key", told)
    told = f.comity("early", "key", "new", "early", *NEW, "--sequencer")
    ok(f"log: {ORIGIN}+" in told.out and set(keys) | {"log.key"} == {p.name for p in (f.at / "early/keys").iterdir()} and
       all((f.at / "early/keys" / name).read_text() == text for name, text in keys.items()), "a log key is added, and nothing else changed", told)
    f.comity("early", "key", "new", "early", *NEW, "--sequencer", code=1)
    for name in ("late", "later"):
        f.comity(name, "key", "new", name, *NEW)
    files = []
    for name in ("early", "late", "later"):
        files.append(f.at / f"{name}.public")
        files[-1].write_text(f.comity(name, "key", "show").out)
    new = ["federation", "new", "--charter", HERE / "votes.charter", "--time", "2026-11-22T13:00:00Z"]
    told, by_homes = f.comity(None, *new, *files), f.comity(None, *new, *(f.at / n for n in ("early", "late", "later")))
    ok(told.out == by_homes.out and told.out.count("\nlog: ") == 1, "founded by public files, the sequencer's too: one text", told, by_homes)
    ok("3 signers, and all of them are needed" in told.err, "three equals: none may be away", told)
    ok("3 个签署方" in f.comity(None, *new, *files, lang="zh").err, "the same in Chinese")
    ok("are needed" not in f.comity(None, *new, *files, f.at / "borealia").err, "four: one may")
    told = f.comity(None, *new, *files, f.at / "aurelia", code=1)
    ok("one of them sequences" in told.err, "two log keys", told)
    told = f.comity(None, *new, *files[1:], code=1)
    ok("no founder has a log key" in told.err and "--sequencer" in told.err, "none", told)


def run_to_end(f, *words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, env=f.environment, cwd=f.at, stdin=subprocess.DEVNULL)


def node_refuses(f, ok, says, what):
    done = run_to_end(f, f.bin / "comityd", "--home", f.at / "late")
    ok(done.returncode == 3 and says in done.stderr and "line 0" not in done.stderr, what, done)


def node(f, ok):
    """A node that cannot start says which file it is, and what is wrong with it."""
    home, conf = f.at / "late", f.at / "late/comity.conf"
    told = run_to_end(f, f.bin / "comity", "--home", home, "status")
    ok(told.returncode == 3 and "socket = PATH in [party]" in told.stderr, "no node: two ways", told)
    node_refuses(f, ok, "node/genesis.note is missing", "no founding text")
    (home / "node").mkdir(exist_ok=True)
    shutil.copy(f.at / "genesis", home / "node/genesis.note")
    node_refuses(f, ok, "node/import is missing: put the manifest beside genesis.note", "no manifest")
    (home / "node/import").write_text("comity-import/1\n")
    for octets in (b"comity-import/1\n", (f.at / "import").read_bytes()):
        node_refuses(f, ok, hashlib.sha256(octets).hexdigest(), "another manifest: both hashes")
    was = conf.read_text()
    for line, says in (("nonsense", "not a line of the form name = value"), ("[node]\nsokcet = x", "no such option"),
                       (f"[node]\nprograms = {f.at}\n[signer]\nhome = .", "comity-signerd: No such file")):
        conf.write_text(was + line + "\n")
        node_refuses(f, ok, says, f"comity.conf: {says}")
    conf.write_text(was + "nonsense\n")
    told = f.comity("late", "key", "show", code=3)
    ok(f"line {was.count(chr(10)) + 1}: not a line of the form name = value" in told.err, "comity says the same", told)
    conf.write_text(was)


def signer(f, ok):
    """Started by hand it finds its node by the home."""
    f.stop("borealia")
    f.wait("it is away", lambda: any(c["party"] == "borealia" and not c["attached"] for c in f.status()["countersigners"]))
    conf = f.at / "borealia/comity.conf"
    conf.write_text(conf.read_text() + f"[party]\nsocket = {f.socket}\n")
    f.spawn("borealia", f.bin / "comity-signerd", "--home", f.at / "borealia")
    f.wait("it is back", lambda: all(c["attached"] for c in f.status()["countersigners"]))
    ok(True, "comity-signerd without --socket attaches where the home says")
    done = run_to_end(f, f.bin / "comity", "--home", f.at / "borealia", "status")
    ok("borealia (state, signer)" in done.stdout, "and comity asks there", done)
    f.settle()


def words(f, ok):
    """How people type."""
    told = f.json("aurelia", "tld", "show", "BOR").json
    ok(told["tld"] == "bor", "TLDs are one in upper and lower case", told)
    told = f.json("borealia", "tld", "edit", ".Bor", "--ds", "9 15 2 " + "ab" * 32, "--dry-run").json
    ok("tld: bor\n" in told["text"], "when they are changed, too", told)
    ok(f.json(None, "why", "BOR").json["key"] == "tld/bor", "and asked about")
    done = run_to_end(f, f.bin / "comity", "tld", "show", "bor", "--node", f.socket, "--lang", "zh", "--home", f.at / "aurelia")
    ok(done.returncode == 0 and "aurelia（state，签署方）" in done.stdout, "--home, --node and --lang behind the command", done)
    done = run_to_end(f, f.bin / "comity", "tld", "show", "--json", f"--node={f.socket}", "bor")
    ok(done.returncode == 0 and done.stdout.startswith("{"), "--json too", done)
    told = f.at_terminal("borealia", "tld", "edit", "bor", "--ds", "9 15 2 " + "ab" * 32, "--yes", "--out", f.at / "yes.note")
    ok("Sign" not in told.out and (f.at / "yes.note").exists(), "--yes too: nothing is asked", told)
    done = run_to_end(f, f.bin / "comity", "status", "--lang", "fr")
    ok(done.returncode == 2 and "en or zh" in done.stderr, "with a value that is none", done)
    told = f.comity(None, "audit", "http://127.0.0.1/public", code=2)
    ok("takes a folder" in told.err and "wget" in told.err and "genesis.note" in told.err, "audit of an address: what to fetch", told)
    ok("目录" in f.comity(None, "audit", "https://example/", code=2, lang="zh").err, "the same in Chinese")


def run(f, ok):
    for part in (second_refusal, log_key, node, signer, words):
        part(f, ok)
