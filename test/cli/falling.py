# SPDX-License-Identifier: Apache-2.0
"""comity impact: who falls with a name, held against a count of our own over the text of the zone."""
import lzma
import os
import pathlib
import re
import tempfile

import large
from rig import HERE, TOP, Federation

SHARED = pathlib.Path(os.environ.get("COMITY_SHARED", TOP.parent / "shared"))
ANCHOR = TOP / "examples/root.anchor"


def servers_of(text):
    """TLD: its name servers, of a zone with absolute names, a record a line."""
    found = {}
    for line in text.splitlines():
        row = re.match(r"([^.\s;]+)\.\s+(?:\d+\s+)?(?:IN\s+)?NS\s+(\S+)", line, re.I)
        if row:
            found.setdefault(row[1].lower(), set()).add(row[2].lower())
    return found


def below(server, name):
    return server == name or server.endswith("." + name)


def falls(servers, name):
    """{TLD: (servers, left, step)} without that name."""
    lost, steps, falling, step = {t: set() for t in servers}, {}, [name], 1
    while falling:
        fallen = []
        for tld, all_ in servers.items():
            if tld + "." == name:
                continue
            new = {s for s in all_ - lost[tld] if any(below(s, n) for n in falling)}
            if new:
                lost[tld] |= new
                steps[tld] = step
                if lost[tld] == all_:
                    fallen.append(tld + ".")
        falling, step = fallen, step + 1
    return {t: (len(servers[t]), len(servers[t]) - len(lost[t]), steps[t]) for t in steps}


def told_of(told):
    return {d["tld"]: (d["ns"], d["left"], d["step"]) for d in told["delegations"]}


def small(f, ok):
    en, zh, told = f.in_all(None, "impact", "bor", table=True)
    ok([(d["tld"], d["holder"], d["lost"], d["left"]) for d in told.json["delegations"]] ==
       [("aur", "aurelia", ["ns.shared.bor."], 2)] and told.json["owner"] == "borealia", "impact of a TLD", told)
    ok("delegations that lose name servers without bor.: 1, and 0 with none left" in en.out and "of aurelia: 1, and 0 with none left" in en.out,
       "by holder", en)
    told = f.json(None, "impact", "NS.Shared.bor").json
    ok({d["tld"]: d["left"] for d in told["delegations"]} == {"aur": 2, "bor": 1}, "of a host: its own TLD as well", told)
    told = f.json(None, "impact", "nic.com.").json
    ok(told_of(told) == {"com": (2, 0, 1)} and told["holders"] == [{"holder": "commons", "delegations": 1, "none_left": 1}],
       "of a domain: none left", told)
    en, _, told = f.in_all(None, "impact", "cas")
    ok("no other delegation has a name server at or below cas." in en.out and told.json["delegations"] == [], "of nothing", en)
    en, zh, told = f.in_all(None, "impact", "ns.shared.bor", "192.0.2.77", table=True)
    ok([(r["tld"], r["fault"]) for r in told.json["referrals"]] == [("aur", None), ("bor", None)] and
       "delegations whose referrals change with these addresses of ns.shared.bor.: 2" in en.out, "other addresses of a host: whose referrals", told)
    told = f.json(None, "impact", "a.nic.com", "192.0.2.78").json
    ok([(r["tld"], r["fault"]) for r in told["referrals"]] == [("com", "ipv6")], "and which would not be accepted", told)
    ok("192.0.2.9" in f.record("host/ns.shared.bor."), "nothing was changed")
    f.comity(None, "impact", code=2)
    f.comity(None, "impact", "a..b", code=2)
    f.comity(None, "impact", "bor", "not-an-address", code=2)


def real(cli, ok):
    paths = sorted((SHARED / "data/root").glob("root-*.zone.xz"))
    if not paths:
        cli.tap.skip("impact on the real root", "no zones in the shared folder of the real root")
        return
    servers = servers_of(lzma.open(paths[-1], "rt").read())
    users = {}
    for tld, names in servers.items():
        for name in names:
            users.setdefault(name, set()).add(tld)
    shared = sorted((n for n in users if len(users[n]) > 1), key=lambda n: (-len(users[n]), n))
    with tempfile.TemporaryDirectory(prefix="comity-cli-") as folder:
        f = Federation(cli.build, folder, cli.tap)
        try:
            large.founded(f, "--at", "inception", "--anchor", ANCHOR, paths[-1])
            for name in (shared[0], shared[-1], "nic.fr.", "net.", "org.", "de.", "com."):
                told = f.json(None, "impact", name).json
                ok(told_of(told) == falls(servers, name), f"{name}: {len(told['delegations'])} delegations of the real root",
                   sorted(set(told_of(told).items()) ^ set(falls(servers, name).items()))[:9])
            told = f.json(None, "impact", shared[0], "192.0.2.1", "2001:db8::1").json
            ok({r["tld"] for r in told["referrals"]} == users[shared[0]], f"{len(users[shared[0]])} referrals carry {shared[0]}")
            print(f"# {len(shared)} names serve more than one TLD")
        finally:
            f.clear()


def run(f, ok):
    small(f, ok)
    real(f, ok)
