# SPDX-License-Identifier: Apache-2.0
"""What takes the consent of others: proposals, votes and objections, to their end."""
from rig import HERE

VOTERS = ["aurelia", "cascadia", "delmare"]  # borealia proposes


def propose(f, ok, home, *words):
    told = f.json(home, *words)
    ok(told.json["outcome"] == "entered" and told.json["proposal"]["status"] == "open", f"{' '.join(map(str, words))}: a proposal", told)
    return told.json["act"]


def ended(f, act, status):
    def has():
        told = f.json(None, "proposal", "show", act).json["proposal"]
        return told["status"] == status or (told["status"] not in ("open", "passed") and told)
    return f.wait(f"proposal {status}", has)


def granted(f, ok):
    act = propose(f, ok, "borealia", "tld", "grant", "new", "cascadia", "-m", "For the newcomers.")
    en, zh, told = f.in_all("cascadia", "inbox")
    ok([t["item"] for t in told.lines if t["about"] == act and act[:8] in t["next"]] == ["vote"], "inbox: a vote that is asked for", told)
    ok("you have not voted; states > 1/2: 1 of 4, needs 3" in en.out and "borealia grants new to cascadia" in en.out and
       f"comity consent {act[:8]} yes|no|abstain" in en.err, "in words, with the next command", en)
    told = f.json("borealia", "inbox")
    ok(act not in told.out, "the proposer has said yes by proposing", told)
    told = f.json("commons1", "inbox")
    ok(act not in told.out, "who has no vote in it is not asked", told)
    en, _, told = f.in_all("cascadia", "proposal", "list", table=True)
    ok([p["by"] for p in told.lines if p["proposal"]["act"] == act] == ["borealia"], "proposal list", told)
    en, zh, told = f.in_all("cascadia", "proposal", "show", act[:8])
    ok(told.json["may_vote"] and not told.json["may_object"] and told.json["proposal"]["rule"] == "delegate.grant" and
       [p["vote"] for p in told.json["parties"] if p["party"] == "borealia"] == ["yes"], "proposal show", told)
    ok("who decides: article 3 (Consent)" in en.out and "> For the newcomers." in en.out and "第 3 条（同意）" in zh.out,
       "with its rule and its text", en, zh)
    _, _, told = f.in_all("cascadia", "consent", act[:8], "yes", "--dry-run")
    ok("would-enter" in told.out, "consent --dry-run", told)
    en = f.comity("cascadia", "consent", act[:8], "yes", "--dry-run")
    ok("that is: borealia grants new to cascadia" in en.out and "the party itself" in en.out, "says what is voted on", en)
    f.comity("cascadia", "consent", act[:8], "no", "-m", "Not yet.")
    f.comity("cascadia", "consent", act[:8], "abstain")
    told = f.comity("aurelia", "consent", act[:8], "yes")
    ok("2 of 4, needs 3" in told.out, "a vote tells how it stands", told)
    told = f.json("cascadia", "consent", act[:8], "yes").json
    ok(told["proposal"]["status"] in ("passed", "done"), "a vote can be changed; the last one decides", told)
    ended(f, act, "done")
    f.final()
    ok(f.json(None, "tld", "show", "new").json["holder"] == "cascadia", "and it took effect")
    en, _, told = f.in_all(None, "proposal", "show", act[:8])
    ok(told.json["proposal"]["status"] == "done" and "took effect" in en.out and en.out.count("votes") >= 4, "its story remains", en)
    told = f.json(None, "why", "new").json
    ok(told["made"]["act"] == act and [c["kind"] for c in told["consents"]] == ["consent"] * 4 and told["rule"] == "delegate.grant",
       "why: who consented", told)
    en, _, _ = f.in_all(None, "act", "show", act[:8])
    ok("it was agreed to, and took effect" in en.out, "act show: how it ended", en)
    told = f.json("aurelia", "consent", act[:8], "yes", code=1).json
    ok(told["reason"] in ("no-proposal", "no-vote"), "what has ended takes no vote", told)
    ok(f.json("cascadia", "tld", "withdraw", "new").json["outcome"] == "entered", "tld withdraw: its holder gives it up")
    f.in_all(None, "tld", "show", "new", code=1)
    f.in_all(None, "why", "tld/new")


def voted_down(f, ok):
    act = propose(f, ok, "borealia", "tld", "grant", "other", "borealia")
    f.comity("aurelia", "consent", act, "no")
    told = f.comity("delmare", "consent", act, "no")
    ok("it was not agreed to, and is closed" in told.out, "two of four against: closed at once", told)
    ok(act not in f.json(None, "proposal", "list").out and act in f.json(None, "proposal", "list", "--all").out, "proposal list --all: what has ended")
    f.in_all(None, "proposal", "list", "--all", table=True)
    for words, code in ((["consent", "abcd", "yes"], 1), (["consent", act[:8], "maybe"], 2), (["consent", act[:3], "yes"], 1),
                        (["consent", act[:8]], 2), (["object", "abcd"], 1)):
        f.in_all("borealia", *words, code=code)


def objected(f, ok):
    act = propose(f, ok, "cascadia", "tld", "waive", "cas", "ipv6", "--expires", "2027-06-01T00:00:00Z", "-m", "The mountains.")
    told = f.json("delmare", "inbox").lines
    ok([t["item"] for t in told] == ["vote", "object"], "inbox: a vote and an objection", told)
    told = f.comity("delmare", "object", act[:8], "-m", "The sea.")
    ok("objections 1 by delmare" in told.out, "object", told)
    told = f.comity("aurelia", "object", act[:8], lang="zh")
    ok("未获同意，已结束" in told.out, "two objections end it", told)
    f.final()
    ok([t["kind"] for t in f.json(None, "tld", "history", "cas").lines] == ["waive"], "tld history tells of it")
    act = propose(f, ok, "cascadia", "tld", "waive", "cas", "ds-sha1", "--expires", "2027-06-01T00:00:00Z")
    for party in ("aurelia", "borealia", "delmare"):
        f.comity(party, "consent", act[:8], "yes")
    ok("objections 0" in f.json(None, "proposal", "show", act).json["proposal"]["tally"], "all agree: objections may still come")


def transferred(f, ok):
    told = f.comity("borealia", "tld", "transfer", "bor", "cascadia", "--out", f.at / "transfer", code=4)
    ok("1 of 2 signature lines" in told.err, "tld transfer: both sign", told)
    en, _, _ = f.in_all("cascadia", "act", "show", f.at / "transfer")
    ok("ok  borealia: 1 of the 1" in en.out and "..  cascadia: 0 of the 1" in en.out, "act show: who has, who has not", en)
    ok("with all its lines, it would open a proposal" in en.out, "and what would become of it", en)
    f.comity("cascadia", "act", "sign", f.at / "transfer", "--out", f.at / "transfer")
    told = f.json("cascadia", "act", "send", f.at / "transfer").json
    ok(told["proposal"]["rule"] == "delegate.transfer", "act send: it waits for objections", told)
    waits = {home: [t["item"] for t in f.json(home, "inbox").lines if t["about"] == told["act"]] for home in ("aurelia", "delmare", "borealia")}
    still = f.json(None, "proposal", "show", told["act"]).json["proposal"]["status"] == "open"
    ok(not still or waits == {"aurelia": ["object"], "delmare": [], "borealia": []}, "who uses its host may object; nobody else", waits)
    f.ran["tld transfer"].add(0)  # its work is done by both hands, and time
    return told["act"]


def stopped(f, ok):
    """A comment, a proxy; what is withdrawn and what is cancelled; a name that is frozen for an hour."""
    act = propose(f, ok, "borealia", "tld", "grant", "third", "borealia")
    f.in_all("aurelia", "proposal", "comment", act[:8], code=1)
    told = f.comity("aurelia", "proposal", "comment", act[:8], "-m", "For whom?")
    f.final()
    ok("aurelia comments on" in f.comity(None, "act", "list", "--kind", "comment").out, "proposal comment: in the log", told)
    f.in_all("aurelia", "proposal", "withdraw", act[:8], code=1)
    told = f.comity("borealia", "proposal", "withdraw", act[:8])
    f.final()
    en, zh, told = f.in_all(None, "proposal", "show", act[:8])
    ok(told.json["proposal"]["status"] == "withdrawn" and "withdrew it" in en.out and "撤回" in zh.out, "proposal withdraw", told)
    act = propose(f, ok, "borealia", "tld", "grant", "fourth", "borealia")
    cancel = propose(f, ok, "aurelia", "proposal", "cancel", act[:8])
    f.comity("cascadia", "consent", cancel[:8], "yes")
    f.final()
    en, zh, told = f.in_all(None, "proposal", "show", act[:8])
    ok(told.json["proposal"]["status"] == "cancelled" and "cancelled" in en.out and "已被取消" in zh.out, "proposal cancel", told)
    act = propose(f, ok, "borealia", "tld", "grant", "fifth", "borealia")
    f.in_all("delmare", "party", "proxy", "nobody", code=1)
    f.comity("delmare", "party", "proxy", "borealia")
    ok("2 of 4, needs 3" in f.json(None, "proposal", "show", act).json["proposal"]["tally"], "party proxy: who is silent is spoken for")
    f.comity("delmare", "party", "proxy", "delmare")
    ok("1 of 4, needs 3" in f.json(None, "proposal", "show", act).json["proposal"]["tally"], "party proxy: and takes it back")
    f.comity("borealia", "proposal", "withdraw", act[:8])


def frozen(f, ok):
    told = f.json("delmare", "tld", "freeze", "aur").json
    act = told["act"]
    ok(told["proposal"]["status"] == "open", "tld freeze: two agree", told)
    f.comity("cascadia", "consent", act[:8], "yes")
    f.final()
    en, zh, told = f.in_all(None, "proposal", "show", act[:8])
    ok(told.json["proposal"]["status"] == "ratifying" and "ratified" in en.out and "追认" in zh.out, "tld freeze: it waits to be ratified", told)
    ok([t["item"] for t in f.json("borealia", "inbox").lines if t["about"] == act] == ["vote"], "inbox: whether it is")
    told = f.json("aurelia", "tld", "ds-drop", "aur", code=1) if "DS" in f.comity(None, "tld", "show", "aur").out else \
        f.json("aurelia", "tld", "withdraw", "aur", code=1)
    ok(told.json["reason"] == "frozen", "nothing of it changes", told)
    f.comity("cascadia", "consent", act[:8], "no")
    f.comity("borealia", "consent", act[:8], "no")
    en, _, told = f.in_all(None, "proposal", "show", act[:8])
    ok(told.json["proposal"]["status"] == "failed", "it was not ratified", told)
    f.in_all("delmare", "tld", "freeze", "aur", code=1)


def amended(f, ok):
    text = (HERE / "votes.charter").read_text()
    (f.at / "same").write_text(text)
    f.in_all("borealia", "charter", "amend", f.at / "same", code=1)
    (f.at / "same").write_text(text + "x")
    told = f.comity("borealia", "charter", "amend", f.at / "same", code=1)
    ok("the last line does not end" in told.err, "charter amend: a text ends", told)
    (f.at / "v3").write_text(text.replace("version 1", "version 3"))
    ok(f.json("borealia", "charter", "amend", f.at / "v3", code=1).json["reason"] == "version", "the version is the next one")
    (f.at / "bad").write_text(text.replace("version 1", "version 2").replace("rule waiver.grant states", "rule waiver.grant statse"))
    told = f.json("borealia", "charter", "amend", f.at / "bad", code=1).json
    ok(told["reason"] == "charter-text" and "statse" in told["text"], "what is no charter is told where", told)
    (f.at / "entrenched").write_text(text.replace("version 1", "version 2").replace("rule host.update holder", "rule host.update all"))
    told = f.comity("borealia", "charter", "amend", f.at / "entrenched", "--dry-run")
    ok("who decides: article 5" in told.out and "  - rule host.update holder\n" in told.out, "what is entrenched takes all", told)
    (f.at / "v2").write_text(text.replace("version 1", "version 2").replace("delay 1s\nrule waiver", "delay 2s\nrule waiver"))
    told = f.comity("borealia", "charter", "amend", f.at / "v2", "--dry-run")
    ok("who decides: article 4" in told.out and told.out.count("\n  - ") == 2, "what is not, takes its rule", told)
    grant = propose(f, ok, "aurelia", "tld", "grant", "late", "aurelia")
    act = propose(f, ok, "borealia", "charter", "amend", f.at / "v2")
    f.comity("aurelia", "watch", "--act", act[:8], "--for", "4m")
    f.final()
    en, _, _ = f.in_all("aurelia", "act", "show", act[:8])
    ok("proposes this whole new text of the charter" in en.out, "act show: an amendment", en)
    for party in ("cascadia", "delmare"):
        f.comity(party, "consent", act[:8], "yes")
    ended(f, act, "done")
    ok(f.json(None, "charter", "show").json["version"] == 2, "the charter has its second version")
    ok(ended(f, grant, "aborted") is True, "a proposal under the rule that changed is aborted")
    f.final()
    en, _, told = f.in_all(None, "why", "charter")
    ok(told.json["made"]["act"] == act and len(told.json["consents"]) == 2, "why charter", told)
    apex = f.comity(None, "charter", "show", "--apex").out
    (f.at / "apex").write_text(apex.replace(" 1800 900 ", " 3600 900 "))
    act = propose(f, ok, "borealia", "charter", "amend", "--apex", f.at / "apex")
    for party in ("cascadia", "delmare"):
        f.comity(party, "consent", act[:8], "yes")
    ended(f, act, "done")
    ok(" 3600 900 " in f.record("apex"), "charter amend --apex")


def opened(f, ok):
    act = propose(f, ok, "borealia", "key", "open", "zsk")
    for party in ("cascadia", "delmare"):
        f.comity(party, "consent", act[:8], "yes")
    made = f.wait("the next ZSK", lambda: [g for g in f.status()["groups"] if g["group"] == "zsk" and g["number"] == 2])
    ok(made[0]["status"] == "next", "key open zsk: a new key that nobody holds", made)
    told = f.json("borealia", "key", "open", "zsk", code=1).json
    ok(told["reason"] == "rolls", "one roll at a time", told)
    f.in_all("borealia", "key", "open", "abc", code=2)


def run(f, ok):
    transfer = transferred(f, ok)
    for part in (granted, voted_down, objected, stopped, frozen):
        part(f, ok)
    ok(ended(f, transfer, "done") is True and f.json(None, "tld", "show", "bor").json["holder"] == "cascadia", "nobody objected: it passed")
    f.final()
    told = f.json(None, "why", "bor").json
    ok([s.split("/")[2] for s in told["signed_by"]] == ["borealia", "cascadia"], "why: both signed", told)
    for part in (amended, opened):
        part(f, ok)
