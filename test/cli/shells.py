# SPDX-License-Identifier: Apache-2.0
"""Help, and completion as shells make it. No federation is needed."""
import subprocess

from rig import find


def helped(f, ok):
    for lang in ("en", "zh"):
        told = f.comity(None, "help", lang=lang)
        ok(all(f"  {name}" in told.out for name in f.table) and told.err == "", f"help: the whole table, {lang}", told)
        ok(max(len(line) for line in told.out.splitlines()) <= 110, f"its lines are not too long, {lang}",
           *(line for line in told.out.splitlines() if len(line) > 110))
    ok(all(row["usage"] or name.split()[0] in f.table or row["what"] for name, row in f.table.items()), "JSON: usage of each")
    told = f.comity(None, "help", "tld", "edit")
    ok(told.out.startswith("comity tld edit TLD ") and told.out.count("\n") == 2, "help of one command", told)
    ok(f.comity(None, "help", "tld").out.count("comity tld ") == sum(name.startswith("tld ") for name in f.table), "help of a noun")
    ok(f.comity(None, "help", "status").out == "comity status\n    whether it works, who is away, for how long the zone stays good\n",
       "help of a word")
    f.comity(None, "help", "nonsense", code=2)
    f.comity(None, "help", "tld", "nonsense", code=2)
    done = subprocess.run([f.bin / "comity", "--help"], capture_output=True, text=True, env=f.environment)
    ok(done.returncode == 0 and done.stdout == f.comity(None, "help").out, "--help", done)
    for value, chinese in (("zh_CN.UTF-8", True), ("de_DE.UTF-8", False), ("C", False)):
        done = subprocess.run([f.bin / "comity", "help"], capture_output=True, text=True, env={**f.environment, "LANG": value})
        ok(("退出码" in done.stdout) == chinese, f"LANG={value}")


def completed(f, script, line):
    """What bash would offer at the end of the line."""
    words = line.split(" ")
    array = " ".join(f"'{w}'" for w in words)
    done = subprocess.run(["bash", "-uc", f"source {script}; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; _comity; "
                           'echo "${COMPREPLY[@]}"'], capture_output=True, text=True, env=f.environment)
    return done.stdout.split() if done.returncode == 0 else [done.stderr]


def completion(f, ok):
    script = f.at / "completion.bash"
    script.write_text(f.comity(None, "help", "--completion", "bash").out)
    nouns = {name.split()[0] for name in f.table}
    got = set(completed(f, script, "comity "))
    ok(nouns <= got and "--json" in got, "bash: nouns, and options before them", got)
    for line, wanted in (("comity t", {"tld"}), ("comity tld ", {n.split()[1] for n in f.table if n.startswith("tld ")}),
                         ("comity tld ed", {"edit"}), ("comity --home /x --json tld e", {"edit", "empower"}), ("comity --lang zh stat", {"status"}),
                         ("comity tld edit --un", {"--until", "--undelegate"}), ("comity anchor --f", {"--format"}),
                         ("comity watch --", {"--act", "--for"}), ("comity party show ", set()), ("comity nonsense ", set()),
                         ("comity anchor --format b", {"bind"}), ("comity consent ab12 y", {"yes"}), ("comity help t", {"tld"}),
                         ("comity help tld sh", {"show"}), ("comity explain gr", {"grace", "grant", "ground"}),
                         ("comity explain D", {"D1", "D2", "D3", "D4"}), ("comity explain N1", {"N1", "N10", "N11", "N12"}), ("comity --lang ", {"en", "zh"}),
                         ("comity key next c", {"cosign", "custody"})):
        got = set(completed(f, script, line))
        ok(got == wanted, f"bash: {line}_", got, wanted)
    script = f.at / "_comity"
    script.write_text(f.comity(None, "help", "--completion", "zsh").out)
    ok(script.read_text().startswith("#compdef comity\n"), "zsh: a completion function")
    if find("zsh"):
        done = subprocess.run(["zsh", "-n", script], capture_output=True, text=True)
        ok(done.returncode == 0, "zsh reads it", done.stderr)
    else:
        f.tap.skip("zsh reads it", "zsh is not installed")
    told = f.comity(None, "help", "--completion", "fish", code=2)
    ok("bash" in told.err, "--completion: for which shell", told)


def run(f, ok):
    helped(f, ok)
    completion(f, ok)
