# SPDX-License-Identifier: Apache-2.0
"""When a holder cannot act, and when a name comes to its end."""
import datetime

from consenting import ended, propose
from rig import ORIGIN


def ahead(**span):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def agreed(f, act, *parties):
    for party in parties:
        f.comity(party, "consent", act[:8], "yes")
    ended(f, act, "done")
    f.final()


def events(f, label="aur"):
    return {e["event"]: e for e in f.json(None, "tld", "show", label).json["events"]}


def retired(f, ok):
    told = f.json("borealia", "tld", "retire", "aur", "code-removed", code=1).json
    ok(told["reason"] == "ground", "tld retire: a ground is stated", told)
    act = propose(f, ok, "borealia", "tld", "retire", "aur", "code-removed", "-m", "The code AU is no longer in the list.")
    agreed(f, act, "cascadia", "delmare")
    en, zh, told = f.in_all(None, "tld", "show", "aur")
    ok(events(f)["retirement"]["ground"] == "code-removed" and "aur is being retired (its code was removed from the list)" in en.out and
       "aur 正在退役" in zh.out, "tld show: a name that ends", en, zh)
    en, zh, told = f.in_all("aurelia", "inbox")
    ok([t["item"] for t in told.lines if t["about"] == "aur"] == ["retirement"] and "comity tld plan aur TIME" in en.err,
       "inbox: its holder is told, and what it can do", en)
    ok("aur is being retired" in f.comity("cascadia", "status", code=None).out, "status: everybody is told")
    ok(f.json("borealia", "tld", "plan", "aur", ahead(hours=20), code=1).json["reason"] == "not-holder", "tld plan: the holder's")
    told = f.comity("aurelia", "tld", "plan", "aur", ahead(hours=20), "--dry-run")
    ok("the party itself" in told.out, "an earlier end is its own", told)
    ok(f.json("aurelia", "tld", "plan", "aur", ahead(hours=20)).json["outcome"] == "entered", "tld plan: earlier")
    f.final()
    told = f.comity(None, "why", "retirement/aur")
    ok("the party's own affair" in told.out, "why: nobody else was asked", told)
    told = f.comity("aurelia", "tld", "plan", "aur", ahead(hours=40), "-m", "We need a day more.", "--dry-run")
    ok("delegate.retire" in told.out, "a later one takes the rule", told)
    act = propose(f, ok, "borealia", "tld", "retire", "aur", "code-restored", "-m", "The code AU is in the list again.")
    agreed(f, act, "cascadia", "delmare")
    ok("retirement" not in events(f), "the notice is taken back")
    en, zh, _ = f.in_all(None, "act", "list", "--kind", "retire")
    ok("borealia says of the retirement of aur: its code is in the list again, and it stays" in en.out and
       "borealia 就 aur 的退役表示：其代码已恢复列入名录" in zh.out, "which is no notice of one", en, zh)


def operators(f):
    return [o["party"] for o in f.json(None, "tld", "show", "aur").json["operators"]]


def kept(f, ok):
    f.comity("aurelia", "tld", "empower", "backend", "--may", "ds", "--key", f.at / "backend.key")
    ok(operators(f) == ["aurelia"], "the holder's operator may change it")
    act = propose(f, ok, "borealia", "tld", "operate", "aur", "cascadia", "incapacity", "--expires", ahead(hours=2), "-m", "It is silent.")
    agreed(f, act, "cascadia", "delmare")
    en, zh, _ = f.in_all(None, "tld", "show", "aur")
    ok(events(f)["operation"]["operator"] == "cascadia" and "aur is kept by cascadia in its holder's place" in en.out and
       "aur 由 cascadia 代持有者管理" in zh.out, "tld show: who keeps it", en, zh)
    ok({p: [t["item"] for t in f.json(p, "inbox").lines if t["about"] == "aur"] for p in ("aurelia", "cascadia", "delmare")} ==
       {"aurelia": ["operation"], "cascadia": ["operation"], "delmare": []}, "inbox: the holder and the operator are told")
    ok(operators(f) == [], "tld show: the holder's operator may not, while another keeps it")
    ok(f.json("cascadia", "tld", "edit", "aur", "--undelegate", code=1).json["reason"] == "keep", "the operator keeps it in the zone")
    ok(f.json("aurelia", "tld", "withdraw", "aur", code=1).json["reason"] == "operated", "the holder does not withdraw it meanwhile")
    ok(f.json("aurelia", "tld", "resume", "aur").json["outcome"] == "entered", "tld resume: the holder is back")
    f.final()
    ok("operation" not in events(f), "and it is over")
    ok(operators(f) == ["aurelia"], "and the holder's operator may again")
    f.comity("aurelia", "tld", "disempower", "backend")


def rekeyed(f, ok):
    f.comity("aurelia-new", "key", "new", "aurelia", "--kind", "state", "--origin", ORIGIN)
    (f.at / "aurelia-keys").write_text(f.comity("aurelia-new", "key", "show").out)
    told = f.comity("borealia", "party", "rekey", "aurelia", f.at / "aurelia-keys", "-m", "Its minister came to us.", "--dry-run")
    ok("party.rekey" in told.out, "party rekey --dry-run", told)
    told = f.comity("borealia", "party", "rekey", "aurelia", f.at / "aurelia-keys", "-m", "Its minister came to us.", "--out", f.at / "rekey", code=4)
    ok("1 of 2 signature lines" in told.err, "the new key signs too", told)
    told = f.comity("borealia", "act", "show", f.at / "rekey")
    ok("..  the new keys: 0 of the 1 lines that are needed" in told.out and "ok  borealia: 1 of the 1" in told.out, "act show tells so", told)
    f.comity("aurelia-new", "act", "sign", f.at / "rekey", "--out", f.at / "rekey")
    told = f.comity("borealia", "act", "show", f.at / "rekey")
    ok("ok  the new keys: 1 of the 1" in told.out and told.out.count("ok  signed by") == 2, "act show: all lines hold", told)
    told = f.json("borealia", "act", "send", f.at / "rekey").json
    act = told["act"]
    ok(told["proposal"]["status"] == "open", "party rekey: a proposal", told)
    ok([t["item"] for t in f.json("aurelia", "inbox").lines if t["about"] == act] == ["vote", "object"] or
       [t["item"] for t in f.json("aurelia", "inbox").lines if t["about"] == act] == ["object"], "inbox: the old keys may object")
    f.comity("aurelia", "object", act[:8])
    ok(f.json(None, "proposal", "show", act).json["proposal"]["status"] == "failed", "the old keys stop it")


def run(f, ok):
    for part in (retired, kept, rekeyed):
        part(f, ok)
