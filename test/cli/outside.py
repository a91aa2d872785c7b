# SPDX-License-Identifier: Apache-2.0
"""What others read: trust anchors, the zone, proofs, the public log. Judged by those others where they are installed."""
import hashlib
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

from rig import find

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import dnswire  # noqa: E402

DS = re.compile(r"\. IN DS (\d+) 15 2 ([0-9a-f]{64})")


def judged(f, ok, what, program, *words, stdin=None):
    """By a program of somebody else."""
    path = find(program)
    if path is None:
        f.tap.skip(what, f"{program} is not installed")
        return None
    done = subprocess.run([path, *map(str, words)], input=stdin, capture_output=True, text=True, cwd=f.at, env=f.environment)
    ok(done.returncode == 0, what, done.args, done.returncode, done.stdout, done.stderr)
    return done


def anchors(f, ok):
    def anchor(form):
        told = f.comity("aurelia", "anchor", "--format", form)
        (f.at / f"anchor.{form}").write_text(told.out)
        return told.out

    one = f.json("aurelia", "anchor").json
    keys = [(str(a["tag"]), a["ds"].split()[3]) for a in one["anchors"]]
    ok(one["zone"] == "." and [a["group"] for a in one["anchors"]] == ["ksk", "ksk-standby"], "anchor: both keys", one)
    ok(DS.findall(anchor("ds")) == keys, "anchor --format ds")
    anchor("dnskey")
    done = judged(f, ok, "ldns-key2ds makes the same DS of the DNSKEYs", "ldns-key2ds", "-n", "-2", f.at / "anchor.dnskey")
    if done:
        ok(keys[0][1] in done.stdout.lower(), "the same digest", done.stdout, keys)
    unbound(f, ok, anchor("unbound"), keys)
    text = anchor("bind")
    ok(sorted(re.findall(r'initial-ds (\d+) 15 2 "([0-9A-F]+)"', text)) == sorted((t, d.upper()) for t, d in keys), "anchor --format bind")
    judged(f, ok, "named-checkconf takes it", "named-checkconf", f.at / "anchor.bind")
    root = xml.etree.ElementTree.fromstring(anchor("xml"))
    ok(root.find("Zone").text == "." and [(k.find("KeyTag").text, k.find("Digest").text.lower()) for k in root.findall("KeyDigest")] == keys
       and all(k.find("Algorithm").text == "15" for k in root.findall("KeyDigest")), "anchor --format xml is RFC 7958's", (f.at / "anchor.xml").read_text())
    knot_resolver(f, ok, anchor("knot-resolver"), keys)
    powerdns(f, ok, anchor("powerdns"), keys)
    for words, says in ((["anchor"], "--format"), (["anchor", "--format", "windows"], "windows"), (["anchor", "--format"], "--format")):
        told = f.comity("aurelia", *words, code=2)
        ok(says in told.err, f"{' '.join(words)}: says {says}", told)


def unbound(f, ok, text, keys):
    ok(DS.findall(text) == keys, "anchor --format unbound")
    (f.at / "unbound.conf").write_text(f'server:\n  directory: "{f.at}"\n  chroot: ""\n  username: ""\n'
                                       f'  trust-anchor-file: "{f.at}/anchor.unbound"\n')
    judged(f, ok, "unbound-checkconf takes it", "unbound-checkconf", f.at / "unbound.conf")


def knot_resolver(f, ok, text, keys):
    ok(all(f"DS {t} 15 2 {d}" in text for t, d in keys), "anchor --format knot-resolver", text)
    (f.at / "kresd").mkdir()
    (f.at / "kresd.conf").write_text(f"dofile('{f.at}/anchor.knot-resolver')\nprint(trust_anchors.summary())\nquit()\n")
    done = judged(f, ok, "kresd takes it", "kresd", "-n", "-c", f.at / "kresd.conf", f.at / "kresd")
    if done:
        ok(sorted(re.findall(r"DS\s+(\d+) 15 2 (\S+)", done.stdout.lower().replace("ds", "DS"))) == sorted(keys), "and has both keys",
           done.stdout)


def powerdns(f, ok, text, keys):
    ok(all(f"{t} 15 2 {d}" in text for t, d in keys), "anchor --format powerdns", text)
    alone = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']  # it would look for new root hints
    recursor, control = find("pdns_recursor"), find("rec_control")
    if not (recursor and control) or subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        f.tap.skip("pdns_recursor takes it", "pdns-recursor is not installed, or no network namespace can be made")
        return
    (f.at / "recursor.conf").write_text(f"lua-config-file={f.at}/anchor.powerdns\nsocket-dir={f.at}\nlocal-address=127.0.0.1\n"
                                        "local-port=5300\nsecurity-poll-suffix=\n")
    f.spawn("recursor", *alone, recursor, f"--config-dir={f.at}", "--daemon=no")
    def trusted():
        done = subprocess.run([control, f"--config-dir={f.at}", f"--socket-dir={f.at}", "get-tas"], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else f.running["recursor"].poll() is not None
    told = f.wait("the recursor", trusted)
    ok(told is not True and sorted(re.findall(r"(\d+) 15 2 (\S+)", told)) == sorted(keys), "pdns_recursor takes it, and has both keys", told)
    f.stop("recursor")


def zone(f, ok):
    f.settle()
    told = f.comity("aurelia", "zone", "export")
    ok("\n. 86400 IN SOA " in told.out and "as release act" in told.err, "zone export", told)
    f.comity("aurelia", "zone", "export", f.at / "zone")
    ok((f.at / "zone").read_text() == told.out == (f.public / "zone").read_text(), "to a file: the octets that are published")
    one = f.json("aurelia", "zone", "export").json
    ok(one["zone"] == told.out and one["current"] and one["records"] == told.out.count("\n"), "JSON: the zone and its release")
    ok("zone" not in f.json("aurelia", "zone", "export", f.at / "zone").json, "JSON, to a file: the release alone")
    judged(f, ok, "ldns-verify-zone takes it", "ldns-verify-zone", "-ZZ", f.at / "zone")
    judged(f, ok, "dnssec-verify takes it", "dnssec-verify", "-o", ".", f.at / "zone")


def applied(lines, told, sign):
    """The records that `told` leads to: what has the sign goes, what has the other comes."""
    records = set(lines)
    for line in told.splitlines():
        (records.discard if line[0] == sign else records.add)(line[2:])
    return dnswire.canonical_zone(records)


def differences(f, ok):
    releases = f.json("aurelia", "release", "list").lines
    old, new = (next(r for r in releases if test(r)) for test in (lambda r: not r["current"], lambda r: r["current"]))
    told, _, one = f.in_all("aurelia", "zone", "diff", old["serial"], new["serial"])
    before = applied((f.at / "zone").read_text().splitlines(), told.out, "+")
    text = "".join(line + "\n" for line in before)
    ok(hashlib.sha256(text.encode()).hexdigest() == old["zone_sha256"] and len(before) == old["records"],
       "zone diff: taken back from the published zone, it is the zone of the older release", told)
    (f.at / "before").write_text(text)
    ok(applied(before, told.out, "-") == (f.at / "zone").read_text().splitlines(), "and put into that, the published one")
    ok(f.comity(None, "zone", "diff", f.at / "before", f.at / "zone").out == told.out
       == f.comity("aurelia", "zone", "diff", old["serial"], "-", stdin=(f.at / "zone").read_text()).out, "of files, and of both: the same")
    lines = told.out.splitlines()
    ok([f"- {line}" for line in one.json["removed"]] == [x for x in lines if x[0] == "-"]
       and [f"+ {line}" for line in one.json["added"]] == [x for x in lines if x[0] == "+"]
       and (one.json["old"], one.json["new"]) == (old["serial"], new["serial"]), "JSON: the same records", one)
    (f.at / "after").write_text("".join(line + "\n" for line in dnswire.canonical_zone(
        {re.sub(r"^(a\.nic\.aur\. \d+ IN A) .*", r"\1 192.0.2.77", line) for line in (f.at / "zone").read_text().splitlines()
         if not re.match(r"bor\. 86400 IN (DS|RRSIG DS) ", line)})))
    en, zh, one = f.in_all(None, "zone", "diff", "--summary", f.at / "zone", f.at / "after")
    ok([(t["tld"], t["removed"], t["added"], t["types"]) for t in one.json["tlds"]] ==
       [("aur", 1, 1, ["A"]), ("bor", 2, 0, ["DS", "RRSIG"])] and "removed" not in one.json, "--summary: per TLD", one)
    ok(re.findall(r"^(\S+) +(\d+) +(\d+) +(.+)$", en.out, re.M) == [("aur", "1", "1", "A"), ("bor", "2", "0", "DS RRSIG")], "in words", en)
    told = f.json(None, "zone", "diff", f.at / "zone", f.at / "zone")
    ok((told.json["removed"], told.json["added"], told.json["tlds"]) == ([], [], []), "no difference is none", told)
    (f.at / "unordered").write_text("".join(reversed((f.at / "zone").read_text().splitlines(keepends=True))))
    for words, code in (((f.at / "unordered", f.at / "zone"), 1), ((f.at / "zone", f.at / "nowhere"), 3),
                        ((old["serial"], 4000000000), 1), (("-", f.at / "zone"), 1)):
        f.in_all("aurelia", "zone", "diff", *words, code=code)
    (f.at / "inner").write_text("example. 60 IN SOA a. h. 1 1800 900 604800 30\n")
    f.in_all(None, "zone", "diff", f.at / "inner", f.at / "zone", code=1)
    f.comity(None, "zone", "diff", f.at / "zone", code=2)


def audited(f, ok):
    en, zh, told = f.in_all(None, "audit", "--zone", f.at / "zone", f.public)
    ok(told.json["verdict"] == "verified" and told.json["cosigned"] >= told.json["needed"], "audit: verified", told)
    f.comity(None, "audit", "--out", f.at / "audited", f.public)
    ok((f.at / "audited").read_bytes() == (f.at / "zone").read_bytes(), "audit --out: octet for octet the same zone")
    text = (f.at / "zone").read_text()
    (f.at / "other").write_text(text.replace("192.0.2.", "192.0.3.", 1))
    f.in_all(None, "audit", "--zone", f.at / "other", f.public, code=1)
    f.in_all(None, "audit", f.at / "nowhere", code=3)


def proved(f, ok):
    (f.at / "policy").write_text(f.comity("aurelia", "policy").out)
    ok(f.json("aurelia", "policy").json["policy"] == (f.at / "policy").read_text(), "policy, JSON: the same text")
    for key, present in (("tld/aur", True), ("zone/current", True), ("tld/zzz", False)):
        (f.at / "proof").write_text(f.json("aurelia", "prove", key).json["proof"])
        en, zh, told = f.in_all(None, "verify", "--policy", f.at / "policy", f.at / "proof")
        ok(told.json == {**told.json, "verdict": "verified", "key": key, "present": present}, f"prove, verify: {key}", told)
    ok("does not exist" in en.out and "不存在" in zh.out, "absence is told", en)
    (f.at / "proof").write_text(f.comity("aurelia", "prove", "zone/current").out)
    f.in_all(None, "verify", "--policy", f.at / "policy", "--zone", f.at / "zone", f.at / "proof")
    f.in_all(None, "verify", "--policy", f.at / "policy", "--zone", f.at / "other", f.at / "proof", code=1)
    (f.at / "bent").write_text((f.at / "proof").read_text().replace("current", "currant", 1))
    f.in_all(None, "verify", "--policy", f.at / "policy", f.at / "bent", code=1)
    (f.at / "strict").write_text(re.sub("^witness .*", "# nobody", (f.at / "policy").read_text(), count=2, flags=re.M)
                                 .replace("group parties 3", "group parties 2"))
    f.in_all(None, "verify", "--policy", f.at / "strict", f.at / "proof")
    (f.at / "strict").write_text(re.sub(r"^witness .*", "", (f.at / "policy").read_text(), flags=re.M))
    f.in_all(None, "verify", "--policy", f.at / "strict", f.at / "proof", code=3)
    told = f.comity(None, "verify", f.at / "proof", code=2)
    ok("--policy" in told.err, "verify without a policy", told)


def run(f, ok):
    for part in (anchors, zone, audited, differences, proved):
        part(f, ok)
