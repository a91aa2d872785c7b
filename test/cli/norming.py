# SPDX-License-Identifier: Apache-2.0
"""Norms as parties see them: proposed, adopted, accepted, reserved to, denounced, repealed. A breach takes days: it is in
test/scenarios/norms.scenario and in the tests of the core."""
from rig import TOP

NORMS = TOP / "examples/norms"


def agree(f, *words):
    """A proposal of aurelia's that two others agree to."""
    act = f.json("aurelia", *words).json["act"]
    for party in ("borealia", "cascadia"):
        f.comity(party, "consent", act, "yes")
    f.wait("agreed", lambda: f.record(f"proposal/{act}") is None or "status: done" in f.record(f"proposal/{act}"))
    return act


def proposed(f, ok):
    en, zh, _ = f.in_all(None, "norm", "list")
    ok("no norm is adopted" in en.out and "规范" in zh.out, "norm list: of none", en, zh)
    (f.at / "none.norm").write_text((NORMS / "gge-h.norm").read_text().replace("notice 90d", "notice soon"))
    told = f.comity("aurelia", "norm", "adopt", f.at / "none.norm", code=1)
    ok("line 8" in told.err, "norm adopt: what is no norm, and where", told)
    en, zh, _ = f.in_all(None, "explain", f.at / "none.norm", code=1)
    ok("is a norm, but: line 8" in en.out and "规范" in zh.out, "explain: a norm, and where it is none", en, zh)
    told = f.comity("aurelia", "norm", "adopt", NORMS / "signer-duties.norm", "--dry-run")
    ok("norm.adopt" in told.out + told.err, "norm adopt: the rule that governs", told)
    agree(f, "norm", "adopt", NORMS / "signer-duties.norm")
    agree(f, "norm", "adopt", NORMS / "gge-h.norm")
    en, zh, told = f.in_all("aurelia", "norm", "list", table=True)
    ok([n["norm"] for n in told.lines] == ["gge-2015-h", "signer-duties"] and all(n["bound"] == 0 for n in told.lines) and
       "回应援助请求" in zh.out and "not bound" in en.out, "norm list: adopted, and nobody is bound", en, zh)
    _, zh, told = f.in_all("borealia", "inbox")
    ok([i["about"] for i in told.lines if i["item"] == "norm"] == ["gge-2015-h", "signer-duties"], "inbox: norms not answered", told)


def bound(f, ok):
    f.comity("aurelia", "norm", "accept", "signer-duties")
    told = f.comity("borealia", "norm", "reserve", "gge-2015-h", "2", code=1)
    ok("comity norm reserve" in told.err, "norm reserve: not without words", told)
    f.comity("borealia", "norm", "reserve", "gge-2015-h", "2", "-m", "We are a small country.")
    told = f.json("borealia", "norm", "reserve", "gge-2015-h", "1", "2", "-m", "Smaller still.", code=1).json
    ok(told["reason"] == "reserved-late", "norm reserve: not what binds already", told)
    f.comity("aurelia", "norm", "accept", "gge-2015-g", code=1)
    en, zh, told = f.in_all("borealia", "norm", "show", "gge-2015-h")
    ok([(a["party"], a["reserved"]) for a in told.json["adherences"]] == [("borealia", ["2"])] and
       "with a reservation to 2" in en.out and "保留" in zh.out and "A/70/174" in en.out, "norm show: a reservation", en, zh)
    en, zh, told = f.in_all("aurelia", "norm", "show", "signer-duties")
    ok([d["duty"] for d in told.json["duties"]] == ["signs within 3d", "pool within 2d", "share within 30d"] and
       "the ledger sees this" in en.out and "账本可见" in zh.out, "norm show: duties", en, zh)
    f.final()
    en, _, _ = f.in_all(None, "why", "adherence/gge-2015-h/borealia")
    ok("accepts the norm gge-2015-h" in en.out, "why: the act by which one is bound", en)


def breached(f, ok):
    """Nobody has been bound for long enough."""
    en, zh, told = f.in_all("aurelia", "norm", "breaches")
    ok(told.out == "" and "nobody is in breach" in en.out and "违反" in zh.out, "norm breaches: none", en, zh)
    ok(f.status()["breaches"] == 0, "status: no breaches")
    told = f.comity("aurelia", "norm", "contest", "signer-duties", "1", "-m", "We did sign.", "--write")
    ok("norm: signer-duties\nparagraph: 1\n" in told.out, "norm contest", told)
    told = f.json("aurelia", "norm", "contest", "signer-duties", "1", "-m", "We did sign.", code=1).json
    ok(told["reason"] == "no-breach", "norm contest: what is none", told)
    told = f.json("borealia", "dispute", "open", "breach/signer-duties/aurelia/1", "aurelia", "breach", code=1).json
    ok(told["reason"] == "no-breach", "dispute open: on the ground of none", told)


def over(f, ok):
    f.comity("aurelia", "norm", "denounce", "signer-duties")
    told = f.json(None, "norm", "show", "signer-duties").json["adherences"]
    ok(told[0]["status"] == "denounced" and told[0]["until"] is not None, "norm denounce: bound until the notice is over", told)
    ok(f.json("aurelia", "norm", "denounce", "signer-duties", code=1).json["reason"] == "not-bound", "norm denounce: not twice")
    for norm in ("signer-duties", "gge-2015-h"):
        agree(f, "norm", "repeal", norm)
    en, _, told = f.in_all(None, "norm", "show", "signer-duties")
    ok(told.json["status"] == "repealed" and told.json["adherences"][0]["status"] == "ended" and "repealed" in en.out,
       "norm repeal: nobody is bound", en)
    ok(f.json(None, "norm", "list").out == "" and len(f.json(None, "norm", "list", "--all").lines) == 2, "norm list --all")


def registered(f, ok):
    """A list that others keep, proposed and adopted; what it says of the parties."""
    register = TOP / "examples/registers/iso3166.register"
    en, zh, _ = f.in_all(None, "register", "list")
    ok("no register is adopted" in en.out and "名录" in zh.out, "register list: of none", en, zh)
    f.comity(None, "register", "show", "iso3166", code=1)
    (f.at / "none.register").write_text(register.read_text().replace("since 1992-08-30", "since then"))
    told = f.comity("aurelia", "register", "adopt", f.at / "none.register", code=1)
    ok("line 11" in told.err, "register adopt: what is no register, and where", told)
    en, zh, _ = f.in_all(None, "explain", f.at / "none.register", code=1)
    ok("is a register, but: line 11" in en.out and "名录" in zh.out, "explain: a register, and where it is none", en, zh)
    told = f.comity("aurelia", "register", "adopt", register, "--dry-run")
    ok("register.adopt" in told.out + told.err, "register adopt: the rule that governs", told)
    agree(f, "register", "adopt", register)
    told = f.json("aurelia", "register", "adopt", register, code=1).json
    ok(told["reason"] == "register-version", "register adopt: the next version, not the same again", told)
    en, _, told = f.in_all(None, "register", "list", table=True)
    ok([(r["register"], r["version"]) for r in told.lines] == [("iso3166", 1)] and told.lines[0]["listed"] >= 3, "register list", en)
    en, zh, told = f.in_all(None, "register", "show", "iso3166")
    ok({"party": "aurelia", "status": "listed", "code": "xa"}.items() <= told.json["parties"][0].items() and
       "aurelia: in the register by the code xa" in en.out and "在名录中" in zh.out, "register show: who stands in it", en, zh)
    en, zh, told = f.in_all(None, "party", "show", "aurelia")
    ok(told.json["votes_count"] and told.json["inactive"] is None and
       told.json["registers"] == [{"register": "iso3166", "status": "listed", "code": "xa"}] and
       "in the register iso3166 by the code xa" in en.out, "party show: whether its votes count, and what registers say", en, zh)
    f.final()
    en, _, _ = f.in_all(None, "why", "register/iso3166")
    ok("proposes this text of the register iso3166" in en.out, "why: the act by which a register stands", en)


def run(f, ok):
    registered(f, ok)
    proposed(f, ok)
    bound(f, ok)
    breached(f, ok)
    over(f, ok)
    f.final()
