# SPDX-License-Identifier: Apache-2.0
"""What stands, to whoever asks: people in two languages, and programs."""
import pathlib
import re
import xml.etree.ElementTree

from rig import HERE, TOP

from rig import TOP

DIGEST = re.compile("[0-9a-f]{64}")


def names(f, ok):
    _, _, told = f.in_all("aurelia", "tld", "list", table=True)
    ok([(t["tld"], t["holder"], t["ns"], t["ds"]) for t in told.lines] ==
       [("aur", "aurelia", 3, 1), ("bor", "borealia", 2, 1), ("cas", "cascadia", 1, 0), ("com", "commons", 2, 0),
        ("xn--fiqs8s", "aurelia", 2, 0)], "tld list: who holds what", told)
    told = f.json("aurelia", "tld", "list", "--holder", "aurelia").lines
    ok([t["tld"] for t in told] == ["aur", "xn--fiqs8s"], "--holder: what one party holds", told)
    en, _, _ = f.in_all("aurelia", "tld", "list", "--holder", "delmare")
    ok("delmare holds no TLD" in en.out, "or that it holds none", en)
    for words in (["tld", "list", "--holder"], ["tld", "operators", "--party"], ["act", "list", "--by"], ["impact"]):
        en, _, _ = f.in_all("aurelia", *words, "nobody", code=1)
        ok("nobody" in en.err, f"{' '.join(words)}: a name that is none's is no empty answer", en)
    ok("no operator signs in the name of delmare" in f.comity(None, "tld", "operators", "--party", "delmare").out and
       "no operator nobody signs in anybody's name" in f.comity(None, "tld", "operators", "--operator", "nobody").out,
       "tld operators: whose there are none")
    en, _, _ = f.in_all("aurelia", "act", "list", "--kind", "nonsense", code=2)
    ok("nonsense is no kind of act" in en.err, "act list --kind: none of that kind can be", en)
    en, _, _ = f.in_all("aurelia", "act", "list", "--kind", "dispute")
    ok("the public log holds no such act" in en.err and en.out.count("\n") == 1, "act list: none", en)
    en, _, told = f.in_all("aurelia", "tld", "show", "aur")
    one = told.json
    ok(one["holder"] == "aurelia" and "aur. 172800 IN NS ns.shared.bor." in one["records"] and one["hosts"][0]["owner"] == "commons"
       and one["fault"] is None and one["act"] == "genesis", "tld show: records, hosts", told)
    ok("aur is held by aurelia, as the founding says" in en.out, "in words", en)
    ok(f.json("aurelia", "tld", "show", ".aur.").json["tld"] == "aur", "a TLD may be written with dots")
    told = f.json("aurelia", "tld", "show", "cas").json
    ok([w["rule"] for w in told["waivers"]] == ["ns-count"], "tld show: waivers", told)
    en, _, told = f.in_all("aurelia", "tld", "show", "zzz", code=1)
    ok("no-holder" in en.err and told.json["reason"] == "no-holder", "a name nobody holds is a refusal with its reason", en)
    en, _, told = f.in_all("aurelia", "tld", "history", "aur")
    ok("no act has touched it" in en.err and told.out == "", "tld history: nothing since the founding", en)
    f.in_all("aurelia", "tld", "history", "zzz", code=1)


def hosts(f, ok):
    _, _, told = f.in_all("aurelia", "host", "list", table=True)
    ok([(h["host"], h["owner"], h["users"]) for h in told.lines] == [("ns.shared.bor.", "commons", ["aur", "bor"])], "host list", told)
    _, _, told = f.in_all("aurelia", "host", "show", "NS.shared.bor")
    ok(told.json["records"] == ["ns.shared.bor. 172800 IN A 192.0.2.9", "ns.shared.bor. 172800 IN AAAA 2001:db8:9::53"],
       "host show", told)
    f.in_all("aurelia", "host", "show", "a.nic.aur", code=1)
    _, _, told = f.in_all("aurelia", "server", "list", table=True)
    ok(told.json["server"] == "a.root-servers." and told.json["owner"] == "aurelia", "server list", told)


def parties(f, ok):
    _, _, told = f.in_all("aurelia", "party", "list", table=True)
    ok([(p["party"], p["signer"]) for p in told.lines] ==
       [("aurelia", True), ("borealia", True), ("cascadia", True), ("commons", False), ("delmare", True)], "party list", told)
    ok(all(p["attached"] is (True if p["signer"] else None) for p in told.lines), "and whose signer is attached", told)
    en, _, told = f.in_all("aurelia", "party", "show", "commons")
    ok(told.json["threshold"] == 2 and len(told.json["keys"]) == 2 and told.json["tlds"] == 1, "party show", told)
    ok("2 of its act keys must sign" in en.out and "holds the TLD com" in en.out, "in words", en)
    f.in_all("aurelia", "party", "show", "borealia")
    f.in_all("aurelia", "party", "show", "nobody", code=1)


def texts(f, ok):
    told = f.comity("aurelia", "charter", "show")
    ok(told.out.startswith("comity-charter/1\n") and "charter amend" in told.err, "charter show", told)
    one = f.json("aurelia", "charter", "show").json
    ok(one["text"] == told.out and one["version"] == 1 and DIGEST.fullmatch(one["sha256"]), "JSON: the same text", one)
    en, zh, told = f.in_all("aurelia", "charter", "show", "2")
    ok("What is a party's own" in en.out and "属于每一方自己的" not in en.out, "an article in the reader's language: English", en)
    ok("属于每一方自己的" in zh.out and "What is a party's own" not in zh.out, "and Chinese", zh)
    ok("rule delegate.update holder" in en.out and "rule delegate.update holder" in zh.out, "with its rules")
    f.in_all("aurelia", "charter", "show", "99", code=1)
    told = f.comity("aurelia", "charter", "show", "--apex")
    ok(told.out == f.json("aurelia", "charter", "show", "--apex").json["text"] and told.out.count("\n") == 5, "charter show --apex", told)


def checks(f, ok):
    en, zh, told = f.in_all("aurelia", "charter", "check")
    ok(not told.json["refused"] and told.json["threshold"] == 3 and {h["holder"] for h in told.json["holders"]} == {"aurelia", "commons"},
       "charter check: of the charter that stands, over the parties", told)
    ok("3: by rule delegate.revoke, once a ruling orders it" in en.out and "that is felt after" in en.out, "in words", en)
    ok("在裁决命令之后，依规则 delegate.revoke" in zh.out, "and Chinese", zh)
    ok(re.search("^RULE +ARTICLE +CARRY +", en.out, re.M), "a table has its head in capitals, as everywhere", en)
    council = TOP / "examples/charters/security-council"
    members = ["--members", f"{council}.members"]
    _, _, told = f.in_all(None, "charter", "check", f"{council}.charter", *members)
    grant = next(r for r in told.json["rules"] if r["rule"] == "delegate.grant")
    ok((grant["carry"], grant["stop"], grant["minimal"]) == (9, 1, "210"), "over members of a file, without a node: the Security Council", grant)
    for lang, word in (("en", "power of each"), ("zh", "各方的权力")):
        f.comity(None, "charter", "check", f"{council}.charter", *members, "--svg", f.at / "picture.svg", lang=lang)
        picture = xml.etree.ElementTree.parse(f.at / "picture.svg").getroot()
        drawn = [e.tag.rpartition("}")[2] for e in picture]
        ok(picture.tag.endswith("}svg") and drawn.count("rect") > 10 and any(word in (e.text or "") for e in picture), f"--svg: {lang}", drawn)
    text = pathlib.Path(f"{council}.charter").read_text()
    (f.at / "improper").write_text(text.replace("rule waiver.grant 9 of council", "rule waiver.grant 7 of council"))
    en, zh, told = f.in_all(None, "charter", "check", f.at / "improper", *members, code=1)
    ok([x["finding"] for x in told.json["findings"] if x["refuses"]] == ["not-proper"] and "line 42, article 3: rule waiver.grant" in en.out,
       "what is not proper is refused, with line and article", en)
    (f.at / "names").write_text("aurelia state\naurelia state\n")
    told = f.comity(None, "charter", "check", f.at / "improper", "--members", f.at / "names", code=1)
    ok("line 2" in told.err and "named twice" in told.err, "where members are wrong", told)
    f.in_all(None, "charter", "check", "--members", f.at / "names", code=2)


def differences(f, ok):
    council = TOP / "examples/charters/security-council"
    members = ["--members", f"{council}.members"]
    text = pathlib.Path(f"{council}.charter").read_text()
    (f.at / "easier").write_text(text.replace("version 1", "version 2").replace("rule delegate.drop-ds holder\n", "")
                                 .replace("rule charter.amend council >= 3/4 & permanent >= 1/1", "rule delegate.drop-ds holder\nrule charter.amend council > 1/2")
                                 .replace("rule delegate.withdraw holder\n", ""))
    en, zh, told = f.in_all(None, "charter", "diff", f"{council}.charter", f.at / "easier", *members, code=1)
    ok(told.json["decides"] == "charter.entrench" and {"rule", "rule-gone", "figures", "peril"} <= {c["change"] for c in told.json["changes"]}, "charter diff", told)
    ok("rule delegate.withdraw is taken out" in en.out and "it was carried by 12 parties at least" in en.out, "in words", en)
    ok([x["finding"] for x in told.json["findings"] if x["refuses"]] == ["undermined"] and "受特别保护的条款并不安全" in zh.out,
       "a rule that is moved out of what is entrenched changes by amendment: found", zh)
    mission = TOP / "examples/charters/mission"
    members = ["--members", f"{mission}.members"]
    text = pathlib.Path(f"{mission}.charter").read_text()
    (f.at / "longer").write_text(text.replace("version 1", "version 2").replace("arbitration award 2h", "arbitration award 3h") + "batches 200 changes a day\n")
    en, zh, told = f.in_all(None, "charter", "diff", f"{mission}.charter", f.at / "longer", *members)
    ok({("time", "award"), ("batches", "batches")} <= {(c["change"], c["name"]) for c in told.json["changes"]}, "charter diff: times and limits", told)
    ok("the time to reach an award was 2 h and becomes 3 h" in en.out and "changed at most 1000 delegations a day; now at most 200" in en.out,
       "in words", en)
    ok("作出裁决的期限由 2 小时 改为 3 小时" in zh.out and "每日至多更改的授权数由 1000 改为 200" in zh.out, "in Chinese", zh)
    (f.at / "wrong").write_text(text.replace("arbitration award 2h", "arbitration award 2s"))
    told = f.comity(None, "charter", "check", f.at / "wrong", *members, code=1)
    ok("a time of an arbitration is from 1 minute to 366 days" in told.err and 'did you mean "1m"?' in told.err, "a time that is too short", told)
    en, zh, told = f.in_all("aurelia", "charter", "diff", HERE / "votes.charter")
    ok(en.out == "both are one text\n" and told.json["changes"] == [], "charter diff of a text with itself", en)
    (f.at / "third.charter").write_text((HERE / "votes.charter").read_text().replace("version 1\n", "version 3\n"))
    en, zh, told = f.in_all("aurelia", "charter", "diff", f.at / "third.charter")
    ok("the version is 3, and 2 is due" in en.out and "nothing but" not in en.out and [c["change"] for c in told.json["changes"]] == ["version"],
       "of one with another version than the next", en)
    f.in_all("aurelia", "charter", "diff", code=2)


def acts(f, ok):
    f.settle()
    en, _, told = f.in_all("aurelia", "act", "list")
    ok([a["kind"] for a in told.lines] == ["genesis", "server", "release"], "act list: what people and releases did", told)
    ok("the founders found the federation" in en.out, "in words", en)
    everything = f.json("aurelia", "act", "list", "--all", "--last", "9999").lines
    ok(len(everything) > 12 and {"key", "deal", "confirm", "pool", "signatures"} <= {a["kind"] for a in everything},
       "--all: what signers did too")
    newest = f.json("aurelia", "act", "list", "--all", "--last", "3").lines
    later = f.json("aurelia", "act", "list", "--all", "--last", "9999").lines  # signers may have gone on meanwhile
    ok(len(newest) == 3 and any(later[i:i + 3] == newest for i in range(len(everything) - 3, len(later) - 2)), "--last: the newest")
    ok([a["kind"] for a in f.json("aurelia", "act", "list", "--by", "aurelia", "--kind", "server").lines] == ["server"], "--by, --kind")
    told = f.comity("aurelia", "act", "list", "--last", "few", code=2)
    ok("--last" in told.err, "--last: how many?", told)
    server = next(a for a in everything if a["kind"] == "server")
    en, zh, told = f.in_all("aurelia", "act", "show", server["act"][:10])
    ok(told.json["height"] == server["height"] and told.json["index"] == server["index"] and told.json["rule"] == "server.update"
       and [s["holds"] for s in told.json["signatures"]] == [True], "act show: where it stands, its rule, whose signature", told)
    ok("ok  signed by root.comity.example/p/aurelia/1" in en.out and "who decides: article 2 (What is a party's own)" in en.out
       and "comity-act/1 server\n" in en.out, "act show, in words", en)
    ok("由谁决定：第 2 条（属于每一方自己的）" in zh.out, "and in Chinese", zh)
    for word in ("genesis", everything[0]["act"]):
        ok(f.json("aurelia", "act", "show", word).json["kind"] == "genesis", f"act show {word[:10]}: the founding text")
    f.in_all("aurelia", "act", "show", "ffffffffffff", code=1)
    f.comity("aurelia", "act", "show", "nothing-here", code=3)
    release = next(a for a in everything if a["kind"] == "release")
    ok(f.json("aurelia", "act", "show", release["act"]).json["signatures"][0]["holds"], "acts of signers hold by their custody key")


def releases(f, ok):
    _, _, told = f.in_all("aurelia", "release", "list", table=False)
    serial = told.lines[-1]["serial"]
    ok(told.lines[-1]["current"] and DIGEST.fullmatch(told.lines[-1]["zone_sha256"]), "release list", told)
    _, _, told = f.in_all("aurelia", "release", "show")
    ok(told.json["serial"] == serial, "release show: the current one", told)
    ok(f.json("aurelia", "release", "show", serial).json == told.json, "release show SERIAL")
    f.in_all("aurelia", "release", "show", "1", code=1)
    ok("a number" in f.comity("aurelia", "release", "show", "new", code=2).err, "a serial is a number")


def reasons(f, ok):
    en, _, told = f.in_all("aurelia", "why", "aur")
    ok(told.json["key"] == "tld/aur" and told.json["act"] == "genesis" and told.json["made"] is None, "why: a TLD", told)
    server = f.json("aurelia", "why", "a.root-servers").json
    ok(server["key"] == "server/a.root-servers." and server["made"]["kind"] == "server" and server["rule"] == "server.update"
       and server["consents"] == [], "why: a root server, the act, its rule", server)
    ok("rule: charter 1, article 2 (What is a party's own)" in f.comity("aurelia", "why", "a.root-servers.").out, "in words")
    for word, key in (("borealia", "party/borealia"), ("ns.shared.bor", "host/ns.shared.bor."), ("charter", "charter"),
                      ("apex", "apex"), ("zone/current", "zone/current"), ("waiver/cas/ns-count", "waiver/cas/ns-count"),
                      (str(f.status()["release"]["serial"]), f"release/{f.status()['release']['serial']}"), ("zsk", "group/zsk/1")):
        _, _, told = f.in_all("aurelia", "why", word)
        ok(told.json["key"] == key, f"why {word}", told)
    ok(f.json("aurelia", "why", "zsk").json["before"], "why zsk: the ceremony")
    f.in_all("aurelia", "why", "zzz", code=1)
    for word, says in (("held", "the name is held"), ("31", "the name is held"), ("delegate", "replaces"), ("accede", "threshold"),
                       ("seal-sign", "cosign"), ("plan", "or, as far as it is the party's own affair: nobody else is asked"),
                       ("resume", "own affair"), ("withdraw", "or, for what has no record yet, or for a party: party.withdraw"),
                       ("attest", "vantage: the name that an observer has for the network it looks from"), ("norm", "norm: the name of a norm")):
        en, _, _ = f.in_all("aurelia", "explain", word)
        ok(says in en.out, f"explain {word}", en)
    kinds = re.findall(r"^([a-z-]+) {2,}", (TOP / "man/comity-act.5.scd").read_text().split("# KINDS")[1].split("```")[1], re.M)
    for kind in kinds[1:]:
        en, zh = (f.comity(None, "explain", kind, lang=lang).out for lang in ("en", "zh"))
        ok(len(kinds) > 20 and not re.search("[:：] *$", en + zh, re.M), f"explain {kind}: every field", en, zh)
    en, _, told = f.in_all("aurelia", "explain", "transfr", code=1)
    ok("did you mean: comity explain transfer" in en.err, "explain: what was meant", en)


def waiting(f, ok):
    en, _, told = f.in_all("aurelia", "inbox")
    ok("nothing waits for aurelia" in en.out and told.out == "", "inbox: nothing waits", en)
    f.in_all("aurelia", "proposal", "list")
    f.in_all("aurelia", "proposal", "show", "abcd", code=1)
    en, zh, told = f.in_all("aurelia", "drill", "--without", "cascadia")
    works = {d["what"]: d["works"] for d in told.lines}
    ok(works["finality"] and works["zsk"] and works["charter.amend"] and not works["charter.entrench"], "drill: without one of four", told)
    en, zh, told = f.in_all("aurelia", "drill", "--without", "cascadia,delmare", code=1)
    works = {d["what"]: d["works"] for d in told.lines}
    ok(not works["finality"] and not works["ksk"] and not works["party.admit"] and works["delegate.update"] and works["zone"],
       "drill: without two", told)
    ok("no block becomes final: 2 of 4" in en.out, "in words", en)
    for words in (["drill"], ["drill", "--without", "nobody"]):
        f.comity("aurelia", *words, code=2)
    for lang in ("en", "zh"):
        told = f.comity("aurelia", "signing", "watch", "--once", lang=lang)
        ok(" ok  " in told.out, f"signing watch --once, {lang}", told)
    told = f.json("aurelia", "signing", "watch", "--once").json
    ok(told["wanted"] == told["signed"] == 0 and told["job"] is None, "signing watch --once: nothing is being signed", told)
    told = f.json("aurelia", "watch", "--for", "1s").lines
    ok(all("event" in line for line in told), "watch --for: events", told)


def run(f, ok):
    for part in (names, hosts, parties, texts, checks, differences, acts, releases, reasons, waiting):
        part(f, ok)
