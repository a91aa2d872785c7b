# SPDX-License-Identifier: Apache-2.0
"""A dispute as its sides and arbitrators see it, up to a settlement; phases of months are in test/scenarios/cases."""
import shutil
import subprocess

EXPIRES = "2027-06-01T00:00:00Z"


def opened(f, ok):
    f.in_all("aurelia", "dispute", "open", "party/borealia", "cascadia", "breach", "--dry-run", code=1)
    act = f.json("aurelia", "dispute", "open", "party/borealia", "borealia", "breach", "-m", "It was late.").json["act"]
    told = f.comity("aurelia", "dispute", "open", "party/borealia", "borealia", "costs", code=1)
    ok("comity dispute list" in told.err, "dispute open: not twice", told)
    en, zh, told = f.in_all(None, "dispute", "list", table=True)
    ok([d["dispute"] for d in told.lines] == [act] and "party/borealia" in en.out and "通知" in zh.out, "dispute list", en, zh)
    f.comity("aurelia", "dispute", "answer", act[:8], code=1)
    f.comity("borealia", "dispute", "answer", act[:8], "-m", "It was not.")
    return act


def drawn(f, act):
    """Waits until the next release has decided the draw."""
    f.wait("a draw", lambda: f.json(None, "dispute", "show", act).json["phase"] != "draw")


def undrawn(f, ok, act):
    """What is told while nothing is signed, and so nothing is drawn."""
    for party in ("cascadia", "delmare"):
        f.stop(party)
    f.comity("aurelia", "dispute", "challenge", act[:8], "delmare", "raise")
    en, zh, told = f.in_all(None, "dispute", "show", act)
    told = told.json
    ok(told["phase"] == "draw" and told["draw"] == "decider" and "a draw is waited for" in en.out and "drawn is who decides" in en.out and
       "等待抽签" in zh.out, "dispute show: a draw is waited for", en, zh)
    en, zh, told = f.in_all("aurelia", "inbox")
    ok(any(item["item"] == "draw" and item["about"] == act for item in told.lines), "inbox: a draw is waited for", told)
    for party in ("cascadia", "delmare"):
        f.start_signer(party)


def panel(f, ok, act):
    told = f.comity("aurelia", "dispute", "appoint", act[:8], "borealia", code=1)
    ok("WHO MAY SIT" in told.err, "dispute appoint: nobody judges its own case", told)
    f.comity("aurelia", "dispute", "appoint", act[:8], "cascadia")
    f.comity("borealia", "dispute", "appoint", act[:8], "delmare")
    told = f.json(None, "dispute", "show", act).json
    ok(told["phase"] == "rank" and told["panel"] == ["cascadia", "delmare", None] and told["award"] is None and told["ending"] is None, "dispute appoint: then they rank", told)
    ok(told["times"]["rank"] == 15 * 86400 and told["times"]["award"] == 180 * 86400, "dispute show: its times", told)
    en, zh, _ = f.in_all(None, "dispute", "show", act)
    ok(f"until {told['deadline'][:10]}" in en.out and "appoint 15 d, rank 15 d" in en.out and "其各项期限" in zh.out, "dispute show: until when", en, zh)
    for side in ("aurelia", "borealia"):
        f.comity(side, "dispute", "rank", act[:8], *told["list"])
    drawn(f, act)
    chosen = told["list"]
    told = f.json(None, "dispute", "show", act).json
    ok(told["phase"] == "plead" and told["panel"][2] in chosen, "dispute rank: there is a chair", told)


def exhibits(f, ok, act):
    (f.at / "letter").write_text("What we saw.\n")
    told = f.comity("aurelia", "dispute", "exhibit", act[:8], f.at / "letter", code=1)
    ok("age -r" in told.err, "dispute exhibit: a file that everybody could read", told)
    f.comity("aurelia", "dispute", "exhibit", act[:8], f.at / "letter", "--open")
    if shutil.which("age") and shutil.which("age-keygen"):
        subprocess.run(["age-keygen", "-o", f.at / "panel.key"], check=True, capture_output=True)
        key = subprocess.run(["age-keygen", "-y", f.at / "panel.key"], check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(["age", "-r", key, "-o", f.at / "letter.age", f.at / "letter"], check=True)
        f.comity("aurelia", "dispute", "exhibit", act[:8], f.at / "letter.age")
        ok(len(f.json(None, "dispute", "show", act).json["exhibits"]) == 2, "dispute exhibit: what age has encrypted")
    else:
        print("# no age: the file that it encrypts is not brought")
    told = f.comity("aurelia", "dispute", "exhibit", act[:8], f.at / "letter", "--open", "-m", "Again.", code=1)
    ok("comity dispute show" in told.err, "dispute exhibit: not twice", told)


def written(f, ok, act):
    """What is said later, or of a name: as text."""
    told = f.comity("cascadia", "dispute", "interim", act[:8], "freeze", "--expires", EXPIRES, "--write")
    ok(f"dispute: {act}\nmeasure: freeze\nexpires: {EXPIRES}\nreplaces: none\n" in told.out, "dispute interim", told)
    f.comity("cascadia", "dispute", "interim", act[:8], "freeze", "--expires", EXPIRES, code=1)
    told = f.comity("cascadia", "dispute", "rule", act[:8], "breach", "--party", "borealia", "--write")
    ok("remedy: breach\nparty: borealia\nrule: none\nexpires: none\n" in told.out, "dispute rule", told)
    f.comity("cascadia", "dispute", "rule", act[:8], "dismiss", code=1)
    told = f.comity("aurelia", "dispute", "correct", act[:8], "--write")
    ok("comity-act/1 correct" in told.out, "dispute correct", told)
    f.comity("aurelia", "dispute", "correct", act[:8], code=1)


def settled(f, ok, act):
    undrawn(f, ok, act)
    drawn(f, act)
    ok(f.json(None, "dispute", "show", act).json["phase"] == "challenge", "dispute challenge")
    f.comity("aurelia", "dispute", "challenge", act[:8], "delmare", "concede", code=1)
    f.comity("delmare", "dispute", "challenge", act[:8], "delmare", "concede")
    drawn(f, act)
    ok(f.json(None, "dispute", "show", act).json["panel"][1] is None, "dispute challenge: nobody is left to sit in its place")
    f.comity("aurelia", "dispute", "settle", act[:8])
    f.comity("borealia", "dispute", "settle", act[:8])
    en, zh, told = f.in_all(None, "dispute", "show", act)
    ok(told.json["ending"] == "settled" and "settled by both sides" in en.out and "双方和解" in zh.out, "dispute settle", en, zh)
    ok(f.json(None, "dispute", "list").out == "" and len(f.json(None, "dispute", "list", "--all").lines) == 1, "dispute list --all")


def run(f, ok):
    act = opened(f, ok)
    panel(f, ok, act)
    exhibits(f, ok, act)
    written(f, ok, act)
    settled(f, ok, act)
