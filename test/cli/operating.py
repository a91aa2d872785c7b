# SPDX-License-Identifier: Apache-2.0
"""Operators: whose key may sign in a party's name, what it did, and many delegations in one act."""
import datetime
import re

DS = "{} 15 2 " + "cd" * 32
ORIGIN = "root.comity.example"


def named(f, ok):
    """A back-end makes a key; two holders name it."""
    told = f.json("backend", "key", "new", "backend", "--operator", "--origin", ORIGIN).json
    ok(len(told["keys"]) == 1 and f"{ORIGIN}/o/backend/1+" in told["keys"][0]["key"], "an operator has one key, named as such", told)
    f.json("backend", "key", "new", "backend", "--operator", "--kind", "state", "--origin", ORIGIN, code=2)
    f.json("backend2", "key", "new", "backend", "--operator", "--duty", "--origin", ORIGIN, code=2)
    ok(told["party"] is None and told["operator"] == "backend", "which is no party", told)
    told = f.comity("backend", "key", "show")
    ok(re.fullmatch("key: act \\S+\n", told.out) and "tld empower backend --may 'CHANGE...' --key FILE" in told.err, "key show: its one line", told)
    en, _, _ = f.in_all("backend", "key", "next", "act", code=1)
    ok("each party names the key" in en.err and f"key new backend --operator --origin {ORIGIN}" in en.err, "key next: how it changes its key", en)
    en, _, _ = f.in_all(None, "federation", "new", "--charter", f.at / "charter", f.at / "backend", code=1)
    ok("the home of an operator" in en.err, "an operator founds nothing", en)
    (f.at / "backend.key").write_text(f.comity("backend", "key", "show").out)
    told = f.json("backend", "tld", "edit", "aur", "--ds", DS.format(21), code=1).json
    ok(told["reason"] == "operator", "whom nobody has named signs nothing", told)
    en, zh, told = f.in_all("aurelia", "tld", "empower", "backend", "--may", "ds", "--key", f.at / "backend.key", "--dry-run")
    ok("lets a key of operator backend sign in its name; TLDs: all; kinds of change: ds" in en.out and "委任运营方 backend" in zh.out,
       "tld empower: what it would do", en)
    f.comity("aurelia", "tld", "empower", "backend", "--may", "ds", code=2)
    told = f.json("aurelia", "tld", "empower", "backend", "--may", " ds  ns glue ", "--key", f.at / "backend.key", "--write").json
    ok("\nmay: ns glue ds\n" in told["text"], "--may: in any order", told)
    en, _, _ = f.in_all("aurelia", "tld", "empower", "backend", "--may", "ds all", "--key", f.at / "backend.key", code=2)
    ok("not a value for may: ds all\nnext: may: some of, in this order: ns glue ds " in en.err, "--may: a word that is none", en)
    f.comity("aurelia", "tld", "empower", "backend", "--key", f.at / "backend.key", code=2)
    f.comity("aurelia", "tld", "empower", "backend", "--may", "ds", "--key", f.at / "aur.zone", code=2)
    told = f.json("aurelia", "tld", "empower", "backend", "--may", "ds", "--key", told_key(f)).json
    ok(told["outcome"] == "entered", "the holder names it", told)
    told = f.json("aurelia", "tld", "empower", "backend", "--may", "ds", "--tld", "bor", code=1).json
    ok(told["reason"] == "keeper", "not for what another holds", told)
    f.comity("borealia", "tld", "empower", "backend", "--may", "ds-drop", "--tld", "bor", "--key", f.at / "backend.key")
    told = f.json("borealia", "tld", "empower", "backend", "--may", "ds", "--write").json
    ok(f"\nkey: {told_key(f)}\n" in told["text"] and "\ntld: *\n" in told["text"], "--key may be left out where a mandate names one, for whatever TLD", told)
    en, zh, told = f.in_all(None, "tld", "operators", table=True)
    ok([(r["party"], r["tld"], r["may"], r["named_by"]) for r in told.lines] ==
       [("aurelia", "*", ["ds"], "aurelia"), ("borealia", "bor", ["ds-drop"], "borealia")], "tld operators", told)
    ok(len(f.json(None, "tld", "operators", "--party", "borealia").lines) == 1 and
       not f.json(None, "tld", "operators", "--operator", "nobody").lines, "--party, --operator")
    ok("the operator backend may change of it, in the name of aurelia: ds" in f.comity(None, "tld", "show", "aur").out,
       "tld show tells who may change it")


def told_key(f):
    return (f.at / "backend.key").read_text().split()[-1]


def signed(f, ok):
    """What it signs is the holder's, as far as its mandate goes."""
    told = f.at_terminal("backend", "tld", "edit", "aur", "--ds", DS.format(22), answers="y\n")
    ok("as the operator backend, in the name of aurelia" in told.out and "entered: " in told.out, "signed, in the holder's name", told)
    en, zh, told = f.in_all("backend", "tld", "edit", "aur", "--add", "c.nic.aur A 192.0.2.9", "--add", "NS c.nic.aur", code=1)
    ok(told.json["reason"] == "scope" and "aur: may change ds; would change ns glue" in en.err and "next: " in en.err,
       "more is refused, and it is told what it may", en)
    f.final()
    en, zh, told = f.in_all(None, "why", "aur")
    ok("that is the key of the operator backend, in the name of aurelia" in en.out and "its mandate today: may change ds of all" in en.out,
       "why: whose key, in whose name", en)
    ok(told.json["operator"] == "backend" and told.json["in_the_name_of"] == "aurelia" and told.json["made"]["by"] == "aurelia",
       "JSON: the same", told)
    items = [i for i in f.json("aurelia", "inbox").lines if i["item"] == "operator"]
    ok(len(items) == 1 and "the operator backend did this in your name" in items[0]["sentence"], "inbox of the holder", items)
    ok(not [i for i in f.json("borealia", "inbox").lines if i["item"] == "operator"], "and of nobody else")
    en, zh, _ = f.in_all(None, "act", "show", items[0]["about"])
    ok(f"ok  signed by {ORIGIN}/o/backend/1, the key of an operator" in en.out, "act show: the line holds", en)


def batched(f, ok):
    f.comity("borealia", "tld", "edit", "bor", "--ds", DS.format(30))
    (f.at / "changes").write_text(f"; new keys\nds-drop bor\nds aur\n+ DS {DS.format(23)}\ndelegate com\n+ NS a.nic.com\n")
    (f.at / "bad").write_text("transfer aur\n")
    f.in_all("backend", "tld", "batch", f.at / "bad", code=1)
    for text, says in (("ds bor\ndelegate aur\n", "line 2: delegate aur has no records\nnext: to take away what aur has: undelegate aur"),
                       ("ds bor\n+ ; none\n", "line 1: ds bor has no records\nnext: to take away what bor has: ds-drop bor"),
                       ("undelegate bor\n+ NS a.nic.bor\n", "line 1: undelegate bor takes no records"),
                       ("", "comity: no change is in it\nnext: a change is: delegate TLD"), ("; none\n", "comity: no change is in it\n"),
                       ("\nds bor\n; of it\n+ DS 1 2 3\n", "line 4: DS 1 2 3: data is missing"),
                       ("ds aur\n+ DS " + DS.format(1) + "\nds bor\n+ NS a.nic.bor\n", "line 3: ds bor takes DS records, and no others"),
                       ("ds zz bb\n", "line 1: not a change"), ("ds aur\n+DS 1\n", "line 2: not a change"),
                       ("ds zz--\n", "line 1: zz-- is no TLD"), ("ds-drop bor\nds-drop aur\nds-drop BOR.\n", "line 3: bor stands twice")):
        (f.at / "bad").write_text(text)
        en, _, _ = f.in_all("backend", "tld", "batch", f.at / "bad", "--dry-run", code=1)
        ok(says in en.err, f"{text!r}: what is taken away is said by a word of its own", en)
    (f.at / "out").write_text("  undelegate\txn--fiqs8s ; and no last LF")
    told = f.json("aurelia", "tld", "batch", f.at / "out", "--dry-run").json
    ok([i["outcome"] for i in told["items"]] == ["done"] and "| delegate xn--fiqs8s " in told["text"], "undelegate: as a word of the file", told)
    told = f.comity("aurelia", "tld", "batch", f.at / "out", "--dry-run")
    ok("  delegate xn--fiqs8s (rule delegate.update): it leaves the zone\n  - " in told.out, "and is shown before it is signed", told)
    en, zh, told = f.in_all("backend", "tld", "batch", f.at / "changes", "--dry-run")
    ok([i["outcome"] for i in told.json["items"]] == ["done", "done", "refused"], "tld batch --dry-run: each result", told)
    ok(f"  ds aur (rule delegate.update)\n  - aur. 86400 IN DS {DS.format(22)}\n  + aur. 86400 IN DS {DS.format(23)}\n" in en.out and
       f"  ds-drop bor (rule delegate.drop-ds)\n  - bor. 86400 IN DS {DS.format(30)}\n" in en.out and
       en.out.count("\nwho decides: article 2 ") == 2 and "the party itself" not in en.out,
       "before it is signed: of each change what goes, what comes, by which rule", en)
    text = f.json("backend", "tld", "batch", f.at / "changes", "--write").json["text"]
    ok("by: backend\n" in text and "count: 3\n| ds aur " in text and "| ds-drop bor " in text, "one text, TLDs in order", text)
    told = f.comity("backend", "tld", "batch", f.at / "changes")
    ok(re.search(r"\naur +ds +done +-\n", told.out) and re.search(r"\ncom +delegate +refused +operator\b", told.out) and
       re.search(r"\nbor +ds-drop +done +-\n", told.out), "the receipt tells each result", told)
    batch = re.search(r"entered: ([0-9a-f]{64})", told.out)[1]
    ok(re.findall(r" DS (\d+)", f.record("tld/aur")) == ["23"] and " NS a.nic.aur." in f.record("tld/aur"), "DS records, and nothing else")
    ok(" DS " not in f.record("tld/bor"), "of two holders in one act")
    f.final()
    en, zh, told = f.in_all(None, "act", "show", batch)
    ok([(i["tld"], i["reason"]) for i in told.json["items"]] == [("aur", None), ("bor", None), ("com", "operator")] and
       "refused" in en.out and "被拒绝" in zh.out, "act show tells each result", told)
    told = f.json(None, "why", "bor").json
    ok(told["rule"] == "delegate.drop-ds" and told["operator"] == "backend" and told["in_the_name_of"] == "borealia" and
       told["made"]["kind"] == "batch", "why: the batch, whose key, the rule of that change", told)
    ok("batch" in [a["kind"] for a in f.json(None, "tld", "history", "bor").lines], "tld history has it")
    ok([i["about"] for i in f.json("borealia", "inbox").lines if i["item"] == "operator"] == [batch], "and the inbox of each holder")
    told = f.json("backend", "tld", "batch", f.at / "changes", code=1).json
    ok(told["reason"] == "batch-nothing" and "com: operator" in told["text"], "where nothing can be done, all is refused", told)


def expired(f, ok):
    """A mandate that has expired is told as one."""
    def named(seconds):
        until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f.json("cascadia", "tld", "empower", "backend", "--may", "ds", "--expires", until, "--key", f.at / "backend.key", code=None).code == 0
    tld = next(t["tld"] for t in f.json(None, "tld", "list", "--holder", "cascadia").lines)
    ok(any(named(seconds) for seconds in (3, 15, 60)), "a mandate for a moment")
    f.wait("it expires", lambda: [o["expired"] for o in f.json(None, "tld", "show", tld).json["operators"]] == [True])
    en, zh, _ = f.in_all(None, "tld", "show", tld)
    ok("the mandate of the operator backend by cascadia expired: " in en.out and "may change of it" not in en.out, "tld show: expired", en)
    ok(f.json("cascadia", "tld", "disempower", "backend").json["outcome"] == "entered", "and it is ended")


def ended(f, ok):
    f.comity("borealia", "tld", "edit", "bor", "--ds", DS.format(31))
    f.comity("backend", "tld", "ds-drop", "bor", "--out", f.at / "late.note")
    told = f.json("borealia", "tld", "disempower", "backend").json
    ok(told["outcome"] == "entered", "tld disempower", told)
    told = f.json("backend", "act", "send", f.at / "late.note", code=1).json
    ok(told["reason"] == "operator", "what it signed before is worth nothing now", told)
    ok(f.json("borealia", "tld", "disempower", "backend", "-m", "Again.", code=1).json["reason"] == "operator", "once")
    f.comity("backend", "tld", "disempower", "backend", code=2)
    told = f.json("backend", "tld", "disempower", "backend", "--party", "aurelia").json
    ok(told["outcome"] == "entered" and not f.json(None, "tld", "operators").lines, "an operator lays down what it has", told)
    en, zh, _ = f.in_all(None, "tld", "operators")
    ok("no operator signs in anybody's name" in en.out, "tld operators: none", en)
    f.final()
    en, _, _ = f.in_all(None, "why", "mandate/aurelia/backend/*")
    ok("ends what operator backend may sign" in en.out, "why: the mandate has ended", en)
    en, zh, _ = f.in_all("backend", "inbox", code=1)
    ok("backend is an operator" in en.err and "comity tld operators --operator backend" in zh.err, "inbox: an operator has none", en, zh)


def run(f, ok):
    for part in (named, signed, batched, expired, ended):
        part(f, ok)
