# SPDX-License-Identifier: Apache-2.0
"""What is wrong is named: the word, and what to do instead. Every command, every language."""
import subprocess


def outer(f, ok):
    def run(*words):
        done = subprocess.run([f.bin / "comity", *words], capture_output=True, text=True, env=f.environment)
        return done.returncode, done.stdout, done.stderr

    for words, says in (([], "which command?"), (["--lang", "fr", "status"], "fr"), (["--nonsense"], "--nonsense"),
                        (["--home"], "--home lacks its value"), (["statsu"], "did you mean: comity status"),
                        (["tld", "lsit"], "did you mean: comity tld list"), (["tld"], "tld show"),
                        (["tld", "nonsense-at-all"], "comity help tld"), (["whatever-it-is"], "no such command: whatever-it-is\n")):
        code, out, err = run(*words)
        ok(code == 2 and out == "" and says in err, f"comity {' '.join(words)}: says {says.strip()}", code, out, err)
    code, out, err = run("status")
    ok(code == 2 and "--home DIR" in err, "no home, no node: whose?", code, err)
    code, out, err = run("--json", "statsu")
    ok(code == 2 and err.startswith('{"error":"no such command: statsu","exit":2}'), "--json: an object", err)
    with open("/dev/full", "w") as full:
        done = subprocess.run([f.bin / "comity", "--node", f.socket, "zone", "export"], stdout=full, stderr=subprocess.PIPE,
                              text=True, env=f.environment)
    ok(done.returncode == 3 and "standard output" in done.stderr, "a disk that is full is a mishap", done)
    for program in ("comity", "comityd", "comity-signerd"):
        for word, says in (("--version", f"{program} "), ("--help", f"usage: {program} ")):
            done = subprocess.run([f.bin / program, word], capture_output=True, text=True, env=f.environment)
            ok((done.returncode, done.stderr) == (0, "") and done.stdout.startswith(says), f"{program} {word}", done)


# Words with which a command lacks nothing but what it is to be given.
ENOUGH = {"anchor": ["--format", "ds"], "drill": ["--without", "aurelia"], "federation new": ["--charter", "x", "y"],
          "key new": ["xx", "--kind", "state", "--origin", "root.comity.example"], "tld waive": ["aur", "ipv6", "--expires", "x"]}


def each(f, ok):
    for name, row in f.table.items():
        words = name.split()
        for lang, says in (("en", "no such option: --nonsense"), ("zh", "没有这个选项：--nonsense")):
            told = f.comity("aurelia", *words, "--nonsense", code=2, lang=lang)
            ok(says in told.err and ("usage: " if lang == "en" else "\n用法：") + f"comity {name}" in told.err, f"{name} --nonsense, {lang}", told)
        told = f.json("aurelia", *words, "--nonsense", code=2)
        ok(told.error == {**told.error, "exit": 2}, f"{name} --nonsense, JSON", told)
        if row["usage"] and not row["usage"].startswith("["):
            told = f.comity("aurelia", *words, code=2)
            ok(told.out == "" and "comity " + name in told.err, f"{name}: something is missing", told)
        if name not in ("help", "federation new", "act write", "host set", "server set", "dispute rank", "norm reserve", "party rekey", "impact"):
            told = f.comity("aurelia", *words, *ENOUGH.get(name, []), *["x1"] * 4, code=2)
            ok(told.out == "", f"{name} x1 x1 x1 x1: too much", told)
        told = f.comity("aurelia", "--help", *words)
        ok(told.code == 0 and f"comity {name}" in told.out, f"--help {name}", told)


def values(f, ok):
    for words, says in ((["host", "set", "ns.x", "1.2.3"], "comity: A 1.2.3: not an IPv4 address"), (["host", "set", "ns.x"], "--none"), (["host", "set"], "which name?"),
                        (["host", "set", "ns.x", "192.0.2.1", "--ttl", "much"], "--ttl"), (["server", "set", "a..b", "192.0.2.1"], "a..b"),
                        (["tld", "edit", "A B", "--ns", "x"], "tld"), (["tld", "edit", "aur", "--ds", "1 2 3"], "1 2 3"),
                        (["tld", "edit", "aur", "--add", "aur MX 1 x"], "aur MX 1 x"), (["tld", "edit", "aur", "--remove", "aur NS nowhere."], "no such record"),
                        (["tld", "ds-drop", "aur", "--until", "tomorrow"], "2026-11-22T13:00:00Z"),
                        (["tld", "waive", "aur", "ipv6", "--expires", "soon"], "expires"), (["tld", "waive", "aur", "all", "--expires", "2027-01-01T00:00:00Z"], "ns-count"),
                        (["tld", "waive", "aur", "ipv6"], "--expires"), (["watch", "--for", "long"], "30s"), (["watch", "--act", "ab"], "4 hex"),
                        (["signing", "watch", "--once", "--for", "1s"], "--once"), (["party", "rotate", "--threshold", "two"], "two"),
                        (["party", "rotate", "--remove", "x"], "x"), (["charter", "show", "1", "2"], "article"),
                        (["tld", "ds-drop", "aur", "-m", "a\x1b[31mb"], "line "), (["tld", "ds-drop", "aur", "-m", " a"], "line ")):
        told = f.comity("aurelia", *words, code=2)
        ok(says in told.err, f"{' '.join(words)!r}: says {says}", told)
    told = f.comity("aurelia", "tld", "show", "\x1b]0;x\x07\u202e", code=1)
    ok("\x1b" not in told.err and "\u202e" not in told.err and "\\u{202e}" in told.err, "what one types is shown, and does nothing", told)


def run(f, ok):
    outer(f, ok)
    each(f, ok)
    values(f, ok)
