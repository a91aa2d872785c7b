# SPDX-License-Identifier: Apache-2.0
"""What a party changes by its own signature, and what it is refused."""
import re

DS = "{} 15 2 " + "ab" * 32


def untouched(f, ok):
    """--dry-run and --write leave no trace: not in the ledger, not in the home."""
    f.final()
    before = (f.acts(), f.record("tld/aur"), sorted(p.name for p in (f.at / "aurelia").rglob("*") if "node" not in p.parts))
    edit = ["tld", "edit", "aur", "--ds", DS.format(4711), "-m", "A new key.", "--words", "新的密钥。"]
    en, zh, told = f.in_all("aurelia", *edit, "--dry-run")
    ok("  - aur. 86400 IN DS 1977 " in en.out and "  + aur. 86400 IN DS 4711 " in en.out and "> 新的密钥。\n" in en.out,
       "--dry-run: the text, what goes, what comes", en)
    ok("who decides: article 2 (What is a party's own)" in en.out and "it would take effect at once" in en.out,
       "who decides, what would become of it", en)
    ok(told.json["outcome"] == "would-enter" and told.json["kind"] == "delegate" and told.json["text"] in en.out, "JSON: the same", told)
    told = f.comity("aurelia", *edit, "--write")
    ok(told.out.startswith("comity-act/1 delegate\n") and told.out.endswith("> A new key.\n> 新的密钥。\n"), "--write: the text alone", told)
    ok(f.json("aurelia", *edit, "--write", "--until", "2026-12-01T00:00:00Z").json["text"].split("\n")[4] ==
       "until: 2026-12-01T00:00:00Z", "--until: until when it may enter")
    for words in (["tld", "ds-drop", "aur"], ["tld", "withdraw", "xn--fiqs8s"], ["tld", "grant", "new", "borealia"],
                  ["tld", "waive", "aur", "ipv6", "--expires", "2027-01-01T00:00:00Z"], ["server", "retire", "a.root-servers."],
                  ["party", "rotate", "--threshold", "1", "--remove", "3"], ["key", "open", "zsk"]):
        en, _, _ = f.in_all("aurelia", *words, "--dry-run", code=0)
        ok(words[:2] != ["tld", "withdraw"] or "\n  - xn--fiqs8s. 172800 IN NS " in en.out, f"{' '.join(words)}: what goes is shown", en)
    ok(before == (f.acts(), f.record("tld/aur"), sorted(p.name for p in (f.at / "aurelia").rglob("*") if "node" not in p.parts)),
       "nothing was written")


def editing(f, ok):
    def edit(*words, **options):
        told = f.json("aurelia", "tld", "edit", "aur", *words, **options)
        return f.json("aurelia", "tld", "show", "aur").json["records"] if told.code == 0 else told

    records = edit("--ds", DS.format(1), "--ds", DS.format(2))
    ok([r.split()[4] for r in records if " DS " in r] == ["1", "2"], "--ds: exactly these", records)
    records = edit("--remove", "aur DS " + DS.format(1), "--add", "DS " + DS.format(3).replace("abab", "ABAB ", 1))
    ok([r.split()[4] for r in records if " DS " in r] == ["2", "3"], "--remove one, --add one, as people write them", records)
    records = edit("--ns", "a.nic.aur", "--ns", "ns.shared.bor", "--add", "a.nic.aur AAAA 2001:DB8:0::77")
    ok(not any("b.nic.aur" in r for r in records) and "a.nic.aur. 172800 IN AAAA 2001:db8::77" in records,
       "--ns: addresses of what goes are taken along; addresses in one form", records)
    records = edit("--remove", "a.nic.aur AAAA", "--add", "a.nic.aur 3600 AAAA 2001:db8::78")
    ok([r for r in records if "AAAA" in r] == ["a.nic.aur. 3600 IN AAAA 2001:db8::78"], "all of a type; another TTL", records)
    (f.at / "aur.zone").write_text("; the whole set\naur NS a.nic.aur\naur\tIN NS b.nic.aur.\n\nNS ns.shared.bor\n"
                                   "a.nic.aur A 192.0.2.1 ; one\na.nic.aur AAAA 2001:db8:1::53\nb.nic.aur. A 192.0.2.2\n"
                                   f"86400 DS {DS.format(9)}\n")
    records = edit("--set", f.at / "aur.zone")
    ok(len(records) == 7 and "aur. 172800 IN NS b.nic.aur." in records, "--set: a file", records)
    (f.at / "bad.zone").write_text("aur NS a.nic.aur\n\n; no key\nDS 9 15\n")
    told = f.comity("aurelia", "tld", "edit", "aur", "--set", f.at / "bad.zone", code=1)
    ok("line 4: DS 9 15: " in told.err, "a bad record of a file is told by line", told)
    told = edit("--set", f.at / "aur.zone", code=1)
    ok("is so already" in told.error["error"], "what is so already is told", told)
    told = f.json("aurelia", "tld", "edit", "xn--fiqs8s", "--undelegate").json
    ok(told["outcome"] == "entered" and not f.json(None, "tld", "show", "xn--fiqs8s").json["delegated"], "--undelegate", told)
    f.final()
    f.in_all("aurelia", "tld", "history", "xn--fiqs8s")
    told = f.json("aurelia", "tld", "history", "aur").lines
    ok([t["kind"] for t in told] == ["delegate"] * 5 and all(t["by"] == "aurelia" for t in told), "tld history: five acts", told)
    told = f.json("aurelia", "why", "aur").json
    ok(told["made"]["kind"] == "delegate" and len(told["before"]) == 4 and told["rule"] == "delegate.update",
       "why: the newest, and four before", told)


def editor(f, ok):
    """In $EDITOR, by a person; and not without one."""
    (f.at / "editor").write_text("#!/bin/sh\nsed -i 's/ DS 9 / DS 10 /; s/b.nic/bb.nic/' \"$1\"\n")
    (f.at / "editor").chmod(0o755)
    told = f.at_terminal("aurelia", "tld", "edit", "aur", answers="y\n", environment={"EDITOR": str(f.at / "editor"), "VISUAL": ""})
    ok("This is what you sign, as aurelia:" in told.out and "Sign and send? [y/N]" in told.out and "entered: " in told.out,
       "an editor, the text, a question", told)
    ok(re.search(r"\n  \x1b\[3[12]m|\x1b\[31m  - ", told.out), "what goes and comes is coloured on a terminal", told)
    records = f.json(None, "tld", "show", "aur").json["records"]
    ok("bb.nic.aur. 172800 IN A 192.0.2.2" in records and any(" DS 10 " in r for r in records), "and it was sent", records)
    (f.at / "editor").write_text("#!/bin/sh\necho 'aur NS' > \"$1\"\n")
    told = f.at_terminal("aurelia", "tld", "edit", "aur", answers="q\n", code=1,
                         environment={"EDITOR": str(f.at / "editor"), "VISUAL": ""})
    ok("(e)dit again" in told.out and "nothing was changed" in told.out, "a bad line: again, or not at all", told)
    told = f.at_terminal("aurelia", "tld", "edit", "aur", "--ds", DS.format(11), answers="n\n", code=1, lang="zh",
                         environment={"NO_COLOR": "1"})
    ok("未签署任何内容" in told.out and "\x1b" not in told.out, "no is no; NO_COLOR", told)
    told = f.comity("aurelia", "tld", "edit", "aur", code=2)
    ok("an editor needs a terminal" in told.err, "without a terminal nothing is asked", told)
    ok(" DS 10 " in f.record("tld/aur"), "and nothing was changed")


def own_things(f, ok):
    told = f.json("aurelia", "tld", "ds-drop", "aur").json
    ok(told["outcome"] == "entered" and " DS " not in f.record("tld/aur"), "tld ds-drop", told)
    ok("nothing to drop" in f.comity("aurelia", "tld", "ds-drop", "aur", code=1).err, "nothing is left to drop")
    f.comity("aurelia", "tld", "edit", "aur", "--ds", DS.format(1), "--ds", DS.format(2))
    for wrong in ("2x", "3", "99999"):
        told = f.comity("aurelia", "tld", "ds-drop", "aur", "--keep", wrong, code=2)
        ok(f"no DS record here has the tag {wrong}" in told.err, f"ds-drop --keep {wrong}: nothing is dropped", told)
    f.comity("aurelia", "tld", "ds-drop", "aur", "--keep", "2")
    ok(re.findall(" DS (\\d+)", f.record("tld/aur")) == ["2"], "ds-drop --keep")
    told = f.comity("aurelia", "server", "set", "b.root-servers", "127.0.0.2", "--ttl", "3600")
    ok("the next release of the zone carries it" in told.out, "server set: a second one", told)
    ok("b.root-servers. 3600 IN A 127.0.0.2" in f.json(None, "server", "list").out, "with its TTL")
    f.comity("aurelia", "server", "retire", "b.root-servers.")
    ok("b.root-servers" not in f.comity(None, "server", "list").out, "server retire")


def of_its_form(f, ok):
    """What is wrong in a file is a no, whoever reads it; how a command is typed is misuse."""
    (f.at / "bad.keys").write_text("key: act nonsense\n")
    (f.at / "bad.ds").write_text("DS 9 15\n")
    for words in (["party", "rotate", "--add", f.at / "bad.keys"], ["check", "aur", "--act", f.at / "bad.keys"], ["tld", "edit", "aur", "--set", f.at / "bad.ds"],
                  ["norm", "adopt", f.at / "bad.keys"], ["tld", "batch", f.at / "bad.keys"], ["charter", "check", f.at / "bad.keys"]):
        told = f.json("aurelia", *words, code=1)
        ok(not told.err or told.error["exit"] == 1, f"{' '.join(map(str, words))}: told as it ends", told)


def two_hands(f, ok):
    """commons has two officers: what it says goes from one to the other."""
    told = f.comity("commons1", "host", "set", "ns.shared.bor", "192.0.2.99", "2001:db8::99", "--out", f.at / "host.note", code=4)
    ok("1 of 2 signature lines" in told.err and "act sign --out" in told.err, "host set by one of two: not sent yet", told)
    en, zh, told = f.in_all("commons2", "act", "show", f.at / "host.note")
    ok("..  commons: 1 of the 2 lines that are needed" in en.out and "it can enter until" in en.out, "act show: what is missing", en)
    ok("  - ns.shared.bor. 172800 IN A 192.0.2.9\n" in en.out and "  + ns.shared.bor. 172800 IN A 192.0.2.99\n" in en.out,
       "what it would change", en)
    told = f.json("commons1", "act", "send", f.at / "host.note", code=1).json
    ok(told["reason"] == "signature-lines", "one line is not enough", told)
    told = f.at_terminal("commons2", "act", "sign", f.at / "host.note", "--out", f.at / "host.note", answers="y\n")
    ok("what it does: commons sets the addresses" in told.out and "Sign? [y/N]" in told.out, "act sign: text, meaning, question", told)
    told = f.json("commons2", "act", "send", f.at / "host.note").json
    ok(told["outcome"] == "entered" and "192.0.2.99" in f.record("host/ns.shared.bor."), "two are", told)
    ok(f.json("commons2", "act", "send", f.at / "host.note").json["outcome"] == "already", "sent again it is the same act")
    told = f.json("commons1", "host", "set", "ns.shared.bor", "--none", "--out", f.at / "none.note", code=1)
    ok(told.json["outcome"] == "refused", "host set --none: refused while TLDs need it", told)
    told = f.json("commons1", "host", "set", "ns.shared.bor", "192.0.2.9", "2001:db8:9::53", code=4).json
    ok(told["outcome"] == "signed" and told["lines"] == 1 and told["needed"] == 2 and "\n— " in told["note"], "JSON: the note", told)
    told = f.json("commons2", "act", "sign", "-", stdin=told["note"]).json
    told = f.comity("commons1", "act", "send", "-", stdin=told["note"])
    ok("entered: " in told.out, "notes go through pipes too", told)
    f.ran["host set"].add(0)  # its work was done: two hands end in act send


def by_hand(f, ok):
    told = f.comity("aurelia", "act", "write", "delegate", "tld=xn--fiqs8s", "+ xn--fiqs8s NS a.nic.xn--fiqs8s",
                    "+ xn--fiqs8s NS b.nic.xn--fiqs8s", "+ a.nic.xn--fiqs8s A 192.0.2.7", "+ a.nic.xn--fiqs8s AAAA 2001:db8:7::53",
                    "+ b.nic.xn--fiqs8s A 192.0.2.8", "-m", "Back in the zone.")
    (f.at / "text").write_text(told.out)
    told = f.comity("aurelia", "act", "show", f.at / "text")
    ok("nobody has signed it yet" in told.out and "aurelia: 0 of the 1 lines" in told.out, "act write, act show: unsigned", told)
    f.comity("aurelia", "act", "sign", f.at / "text", "--out", f.at / "note")
    told = f.comity("aurelia", "act", "send", f.at / "note")
    ok("it took effect" in told.out and f.json(None, "tld", "show", "xn--fiqs8s").json["delegated"], "act sign, act send", told)
    for words, says in ((["nonsense"], "delegate"), ([], "which kind?"), (["release"], "which kind?"),
                        (["grant", "tld=aur", "to=x"], "to=x"), (["grant", "tld=A B", "holder=borealia"], "not a value for tld: A B\nnext: tld: a label: aur"),
                        (["waive", "tld=aur", "rule=all", "expires=x"], "ns-count ds-sha1"),
                        (["grant", "tld=aur", "holder=borealia", "replaces=x"], "replaces"),
                        (["delegate", "tld=aur", "+ nonsense"], "OWNER [TTL]")):
        told = f.comity("aurelia", "act", "write", *words, code=2)
        ok(says in told.err, f"act write {' '.join(words)}: says {says!r}", told)
    for words, en, zh in ((["tld", "plan", "aur", "tomorrow"], "next: ends: a time: 2026-11-22T13:00:00Z", "下一步：ends：时间："),
                          (["tld", "waive", "aur", "ipv6", "--expires", "2030-01-01"], "next: expires: a time: ", "下一步：expires：时间："),
                          (["dispute", "open", "fr", "borealia", "delegate"], "next: subject: tld/LABEL, party/NAME or breach/", "下一步：subject：tld/标签"),
                          (["tld", "retire", "aur", "gone"], "next: ground: one of: code-removed ", "下一步：ground：以下之一：code-removed ")):
        in_en, in_zh, _ = f.in_all("aurelia", *words, code=2)
        ok(en in in_en.err and zh in in_zh.err, f"{' '.join(words)}: its form is told", in_en, in_zh)


def refused(f, ok):
    """Each no with its reason, its article, and what to do next; none leaves a trace."""
    f.final()
    before = f.acts()
    cases = {
        "consent": ["tld", "edit", "aur", "--ds", DS.format(1)],
        "no-holder": ["tld", "ds-drop", "zzz"],
        "held": ["tld", "grant", "aur", "borealia"],
        "consent ": ["tld", "transfer", "bor", "nobody"],
        "no-glue": ["tld", "edit", "bor", "--ns", "a.nic.bor", "--ns", "c.nic.bor"],
        "ns-count": ["tld", "edit", "bor", "--ns", "a.nic.bor"],
        "ds-sha1": ["tld", "edit", "bor", "--ds", "1 13 1 " + "ab" * 20],
        "ipv6": ["tld", "edit", "bor", "--ns", "a.nic.bor", "--ns", "b.nic.bor", "--add", "b.nic.bor A 192.0.2.4", "--remove", "a.nic.bor AAAA"],
        "outside": ["tld", "edit", "bor", "--add", "x.aur A 192.0.2.1"],
        "in-use": ["tld", "withdraw", "bor"],
        "expires": ["tld", "waive", "bor", "ipv6", "--expires", "2020-01-01T00:00:00Z"],
        "expired": ["tld", "ds-drop", "bor", "--until", "2020-01-01T00:00:00Z"],
        "until-far": ["tld", "ds-drop", "bor", "--until", "2036-01-01T00:00:00Z"],
        "holds": ["party", "withdraw"],
        "no-cut": ["tld", "edit", "bor", "--ns", "a.nic.bor", "--ns", "ns.nic.zzz"],
    }
    for reason, words in cases.items():
        told = f.json("borealia", *words, code=1)
        ok(told.out.count("\n") == 1 and told.json["reason"] == reason.strip(), f"{' '.join(words)}: {reason}", told)
    en, zh, told = f.in_all("borealia", *cases["consent"], code=1)
    ok(told.json["article"] == 2 and "article 2, rule delegate.update" in en.err and "next: " in en.err and
       "宪章第 2 条" in zh.err, "a refusal names the article, in both languages", en, zh)
    after = f.acts()
    ok(after == before, "refusals leave no trace", before[-2:], after[-2:])


def forged(f, ok):
    f.comity("borealia", "tld", "edit", "bor", "--ds", DS.format(5), "--out", f.at / "bor.note")
    note = (f.at / "bor.note").read_text()
    (f.at / "forged.note").write_text(note.replace(" DS 5 ", " DS 6 "))
    told = f.json("aurelia", "act", "send", f.at / "forged.note", code=1).json
    ok(told["reason"] == "signature", "a changed text is refused", told)
    en, _, told = f.in_all("aurelia", "act", "show", f.at / "forged.note", code=1)
    ok("!!  the signature of root.comity.example/p/borealia/1 does not hold" in en.out, "act show says so, exit 1", en)
    f.comity("borealia", "tld", "edit", "bor", "--ds", DS.format(7))
    told = f.json("borealia", "act", "send", f.at / "bor.note", code=1).json
    ok(told["reason"] == "stale", "what was written before another change is refused", told)
    en, _, _ = f.in_all("borealia", "act", "show", f.at / "bor.note")
    ok("it would be refused (stale)" in en.out, "act show foretells it", en)
    (f.at / "junk").write_text("comity-act/1 delegate\nfederation: x\n")
    told = f.comity("aurelia", "act", "send", f.at / "junk", code=1)
    ok("line " in told.err, "what is no act is told by line", told)
    en, _, _ = f.in_all("aurelia", "explain", f.at / "junk", code=1)
    ok("line 2" in en.out, "explain FILE: where it is wrong", en)
    f.in_all("aurelia", "act", "show", f.at / "junk", code=1)
    told = f.comity("commons1", "tld", "edit", "com", "--ds", DS.format(1), "--add", "x", code=2)
    ok("x: a record is OWNER" in told.err, "a bad record is told with what it is", told)


def run(f, ok):
    for part in (untouched, editing, editor, own_things, of_its_form, two_hands, by_hand, refused, forged):
        part(f, ok)
