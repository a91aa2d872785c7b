# SPDX-License-Identifier: Apache-2.0
"""A party comes, changes its keys, and goes."""
import datetime
import re

from consenting import ended
from rig import ORIGIN


def foretold(f, ok):
    """What would follow if parties came, went or were suspended: four states and a trust."""
    en, zh, told = f.in_all("aurelia", "party", "impact", "estoria", "--kind", "state")
    told = told.json
    amend = next(r for r in told["rules"] if r["rule"] == "charter.amend")
    ok(told["change"] == "comes" and told["parties"] == {"before": 5, "after": 6} and not told["holds_share"] and
       "成为类别 state 的缔约方之后" in zh.out and "parties: 5 -> 6" in en.out, "party impact: somebody comes", told)
    ok(amend["before"]["carry"] <= amend["after"]["carry"], "what carries an amendment", amend)
    en, zh, told = f.in_all("aurelia", "party", "impact", "borealia")
    told = told.json
    ok(told["change"] == "goes" and told["signers"] == {"before": 4, "after": 3} and told["holds_share"] and
       "ceremonies without it come first" in en.out and "须先举行不含它的仪式" in zh.out, "party impact: somebody goes, who holds shares", told)
    en, zh, told = f.in_all("aurelia", "party", "impact", "borealia", "--suspended")
    told = told.json
    ok(told["change"] == "suspended" and told["signers"] == {"before": 4, "after": 4} and told["parties"] == {"before": 5, "after": 5} and
       next(c["votes"] for c in told["chambers"] if c["chamber"] == "states") == {"before": 4, "after": 3} and
       "no ceremony follows" in en.out and "无需举行仪式" in zh.out, "party impact: votes suspended, keys and delegations are not", told)
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).strftime("%Y-%m-%dT00:00:00Z")
    en, zh, told = f.in_all("aurelia", "party", "suspend", "borealia", "--expires", until, "--dry-run")
    ok(told.json["proposal"]["rule"] == "party.suspend" and "what follows when the votes of borealia are suspended" in en.out and
       "no ceremony follows" in en.out, "party suspend --dry-run: what follows, before anybody votes", told, en)
    told = f.json("aurelia", "party", "suspend", "borealia", "--expires", "none", code=1).json
    ok(told["reason"] == "not-suspended" and told["law"] == "comity-act(5), REFUSED 151" and told["article"] > 0,
       "a refusal names the article, and the law", told)
    f.comity("aurelia", "party", "suspend", "borealia", code=2)
    f.comity("aurelia", "party", "impact", "nobody", code=2)
    f.comity("aurelia", "party", "impact", "nobody", "--kind", "State", code=2)
    f.comity("aurelia", "party", "impact", "borealia", "--kind", "state", code=2)
    f.comity("aurelia", "party", "impact", code=2)


def invited(f, ok):
    told = f.comity("aurelia", "federation", "invite")
    ok(told.out.startswith("comity-invitation/1\n") and f"node: {f.socket}\n" in told.out and "another channel" in told.err,
       "federation invite", told)
    (f.at / "invitation").write_text(told.out)
    told = f.json("aurelia", "federation", "invite").json
    ok(told["text"] == (f.at / "invitation").read_text() and len(told["genesis"]) == 64, "JSON: the same text", told)
    ok("an invitation, and whole" in f.comity(None, "explain", f.at / "invitation").out, "explain: what it is")
    f.comity("estoria", "key", "new", "estoria", "--kind", "state", "--origin", ORIGIN)
    (f.at / "forged").write_text(re.sub("genesis: ....", "genesis: 0000", (f.at / "invitation").read_text()))
    told = f.comity("estoria", "federation", "join", f.at / "forged", code=1)
    ok("another federation than the invitation" in told.err, "an invitation of another federation", told)
    f.comity("foreign", "key", "new", "foreign", "--kind", "state", "--origin", "root.other.example")
    told = f.comity("foreign", "federation", "join", f.at / "invitation", code=1)
    ok("root.other.example" in told.err, "a home of another federation", told)


def admitted(f, ok):
    socket, f.socket = f.socket, None  # the invitation says where the node is
    told = f.comity("estoria", "federation", "join", f.at / "invitation", "--dry-run")
    ok("asks to become a party of kind state" in told.out and "who is admitted: article 1 (Who we are)" in told.err, "join --dry-run", told)
    before = (f.at / "estoria/comity.conf").read_text()
    told = f.at_terminal("estoria", "federation", "join", f.at / "invitation", "-m", "We would join.", answers="y\n", lang="zh")
    ok("签署并发送？" in told.out and "这是一项提案" in told.out, "federation join INVITATION, by a person", told)
    ok("genesis = " in (f.at / "estoria/comity.conf").read_text() and "genesis" not in before, "the home knows its federation now")
    told = f.comity("estoria", "status", code=None)
    ok("estoria (not a party)" in told.out, "it asks the node by itself", told)
    f.in_all("estoria", "inbox", code=1)
    f.socket = socket
    act = next(t for t in f.json("aurelia", "inbox").lines if "estoria" in t["sentence"])["about"]
    told = f.comity("aurelia", "proposal", "show", act[:8])
    ok("what follows when estoria becomes a party of kind state:" in told.out and "parties: 5 -> 6" in told.out, "proposal show: what follows", told)
    foretold = f.json("aurelia", "proposal", "show", act[:8]).json["impact"]
    ok(foretold["change"] == "comes" and foretold["signers"] == {"before": 4, "after": 5} and foretold["threshold"] == {"before": 3, "after": 4},
       "JSON: signers, and how many sign together", foretold)
    told = f.comity("aurelia", "consent", act[:8], "yes", "--dry-run")
    ok("signers: 4 -> 5; as many sign together: 3 -> 4; as many away stop the renewal: 2 -> 2" not in told.out and
       "signers: 4 -> 5; as many sign together: 3 -> 4; as many away stop the renewal: 2" in told.out and
       "comity key open zsk, ksk, ksk-standby" in told.out, "consent --dry-run: the same, before the vote", told)
    watching = f.spawn("watching", *f.words("aurelia", ["watch", "--for", "4m"], "en", False), stdout=-1)
    for party in ("aurelia", "borealia", "cascadia"):
        f.comity(party, "consent", act[:8], "yes")
    ended(f, act, "done")
    ok([p["signer"] for p in f.json(None, "party", "list").lines if p["party"] == "estoria"] == [True], "admitted, and a signer")
    ok([t["item"] for t in f.json("estoria", "inbox").lines] == ["share"], "it has no share before the next ceremony")
    told = f.comity(None, "party", "show", "estoria")
    ok("from the next ceremony on: comity key open zsk" in told.out, "party show says so, and which", told)
    told = f.comity(None, "party", "list")
    ok("not yet" in told.out and "comity key open zsk" in told.err, "party list", told)
    told = f.comity("estoria", "status", code=None)
    ok("(state, signer without a share yet)" in told.out and "without a share of the key yet: estoria; a ceremony gives one" in told.out,
       "status", told)
    told = f.json("estoria", "federation", "join", f.at / "invitation", code=1).json
    ok(told["reason"] == "is-party", "who is in cannot join", told)
    f.settle()
    watching.terminate()
    out = watching.communicate()[0]
    f.running.pop("watching")
    ok("votes yes on" in out and "countersigns" in out and "is final" in out, "watch: acts, voices, what is final, as they come", out)


def rotated(f, ok):
    told = f.json("estoria", "party", "rotate", code=1)
    ok("key next" in f.comity("estoria", "party", "rotate", code=1).err and told.error["exit"] == 1, "party rotate: no new key yet", told)
    old = f.json("estoria", "key", "show").json["keys"]
    for role, number in (("act", 4), ("custody", 5), ("cosign", 6)):
        told = f.comity("estoria", "key", "next", role)
        ok(f"key: {role} {ORIGIN}/p/estoria/{number}+" in told.out, f"key next {role}", told)
    ok("there is a next key already" in f.comity("estoria", "key", "next", "act", code=1).err, "one next key at a time")
    f.comity("estoria", "key", "next", "log", code=2)
    en, _, told = f.in_all("estoria", "party", "rotate", "--dry-run")
    ok(en.out.count("\n  - ") == 3 and en.out.count("\n  + ") == 3, "party rotate --dry-run: three keys for three", en)
    told = f.comity("estoria", "party", "rotate")
    ok("it took effect" in told.out and "start it again" in told.err, "party rotate: the next keys are in use", told)
    now = f.json("estoria", "key", "show").json["keys"]
    ok([k["key"].split("+")[0][-2:] for k in now] == ["/4", "/6", "/5"] and f.json(None, "party", "show", "estoria").json["keys"] ==
       sorted(now, key=lambda k: k["key"].split("+")[0]), "the home and the record have the same", now)
    told = f.json("estoria", "server", "set", "e.root-servers", "127.0.0.5").json
    ok(told["outcome"] == "entered", "the new key signs", told)
    (f.at / "estoria/keys/act.key").rename(f.at / "estoria/keys/act.new")
    (f.at / "estoria/keys/act.old.key").rename(f.at / "estoria/keys/act.key")
    told = f.comity("estoria", "server", "retire", "e.root-servers", code=1)
    ok("is not one of the party's" in told.err, "the old one does not", told)
    ok("key" in [t["item"] for t in f.json("estoria", "inbox").lines], "and the inbox says why")
    (f.at / "estoria/keys/act.new").rename(f.at / "estoria/keys/act.key")
    f.final()
    ok(len(old) == 3 and "made by:" in f.comity("estoria", "why", "estoria").out, "why PARTY: its rotation")


def shared(f, ok):
    """A second officer, who must sign from now on; and out again."""
    f.comity("officer", "key", "new", "estoria", "--kind", "state", "--origin", ORIGIN, "--officer", "9")
    (f.at / "officer.key").write_text(f.comity("officer", "key", "show").out)
    told = f.comity("estoria", "party", "rotate", "--add", f.at / "officer.key", "--threshold", "2", "--out", f.at / "rotate", code=4)
    ok("1 of 2 signature lines" in told.err, "party rotate --add --threshold: the new key signs too", told)
    f.comity("officer", "act", "sign", f.at / "rotate", "--out", f.at / "rotate")
    told = f.json("estoria", "act", "send", f.at / "rotate").json
    ok(told["outcome"] == "entered" and f.json(None, "party", "show", "estoria").json["threshold"] == 2, "two officers", told)
    told = f.json("estoria", "party", "rotate", "--remove", "9", "--threshold", "1", "--out", f.at / "rotate", code=4).json
    ok(told["lines"] == 1 and told["needed"] == 2 and told["file"] == str(f.at / "rotate"), "JSON: how many lines, and where", told)
    f.comity("officer", "act", "sign", f.at / "rotate", "--out", f.at / "rotate")
    f.comity("estoria", "act", "send", f.at / "rotate")
    ok(len(f.json(None, "party", "show", "estoria").json["keys"]) == 3, "--remove: out again")
    ok("there is no key 77" in f.comity("estoria", "party", "rotate", "--remove", "77", code=1).err, "no such key")


def gone(f, ok):
    told = f.json("estoria", "party", "withdraw", code=1).json
    ok(told["reason"] == "holds", "who holds a server cannot leave", told)
    f.comity("estoria", "server", "retire", "e.root-servers.")
    en, _, _ = f.in_all("estoria", "party", "withdraw", "--dry-run")
    ok("withdraws the party estoria" in en.out, "party withdraw --dry-run", en)
    told = f.json("estoria", "party", "withdraw").json
    ok(told["outcome"] == "entered", "party withdraw", told)
    f.in_all(None, "party", "show", "estoria", code=1)
    f.final()
    f.in_all(None, "why", "party/estoria")


def run(f, ok):
    for part in (foretold, invited, admitted, rotated, shared, gone):
        part(f, ok)
