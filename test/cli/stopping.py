# SPDX-License-Identifier: Apache-2.0
"""Signers stop, then the node; what is told then, and what still works."""


def signers(f, ok):
    f.settle()
    f.stop("cascadia")
    f.wait("one away", lambda: not all(c["attached"] for c in f.status()["countersigners"]))
    en, zh, told = f.in_all("aurelia", "status")
    ok("??  away, as this node sees it: cascadia" in en.out and told.json["well"], "status: one is away, and nothing is lost", en)
    f.stop("delmare")
    f.wait("two away", lambda: f.status()["can_become_final"] is False)
    en, zh, told = f.in_all("aurelia", "status", code=4)
    ok("!!  nothing new can become final: 2 of 4" in en.out and "cascadia delmare" in en.out and "the zone as it is stays good" in en.out,
       "status: what stands still, for how long that can go on", en)
    act = f.json("borealia", "server", "set", "z.root-servers", "127.0.0.9").json["act"]
    told = f.json("aurelia", "watch", "--act", act[:12], "--for", "1s", code=4)
    ok("not final yet" in told.error["error"], "watch --act --for: not yet", told)
    told = f.comity("aurelia", "watch", "--act", "ffffffff", "--for", "1s", code=4)
    ok("has not entered" in told.err, "watch --act of what has not entered", told)
    f.in_all("aurelia", "prove", "apex", code=4)
    en, _, _ = f.in_all("borealia", "act", "show", act[:12], code=4)
    ok("which is not final yet" in en.err, "act show: what is not final is not in the public log", en)
    ok("changes wait that are not in it" in f.comity("aurelia", "status", code=4).out, "status: changes wait")
    told = f.json("cascadia", "inbox").lines
    ok("signer" in [t["item"] for t in told], "inbox: your signer is not attached", told)
    for party in ("cascadia", "delmare"):
        f.start_signer(party)
    s = f.settle()
    ok(s["well"] and "z.root-servers" in f.comity("aurelia", "zone", "export").out, "they come back, and all catches up by itself", s)


def node(f, ok):
    f.comity("aurelia", "tld", "edit", "xn--fiqs8s", "--ds", "1 15 2 " + "cd" * 32, "--out", f.at / "last.note")
    f.stop("comityd")
    for words in (["status"], ["tld", "list"], ["watch", "--for", "1s"], ["signing", "watch", "--once"], ["act", "send", f.at / "last.note"]):
        f.in_all("aurelia", *words, code=3)
    en, zh, told = f.in_all("aurelia", "act", "show", f.at / "last.note", code=3)
    ok("what it does: aurelia sets the delegation" in en.out and "comityd --home" in en.err and told.json["kind"] == "delegate",
       "act show: without the node a file can still be read", en)
    ok(f.comity(None, "audit", f.public).code == 0, "audit needs no node")


def run(f, ok):
    signers(f, ok)
    node(f, ok)
