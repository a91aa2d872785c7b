#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""power.py COMITY SOURCE - a second opinion on comity charter check, by trying everything. TAP.

Over small made-up charters and memberships every coalition is tried, and for each clause everything that the others may
do; figures are those of the definitions, in fractions. By CHECK of comity-charter(7) and charter_eval.py; nothing here
is taken from the C code."""
import itertools
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import charter_eval as law  # noqa: E402
from tap import ended, ok  # noqa: E402

ROLES = ["holder", "recipient", "interested"]
# By path: rules, and whether the holder is concerned.
TAKING = {"rule": {"delegate.update": False, "delegate.drop-ds": False, "delegate.transfer": True, "delegate.withdraw": False,
                   "delegate.revoke": True, "host.update": False, "party.rekey": True},
          "retirement": {"delegate.retire": True}, "interim-operation": {"delegate.operate": True}}
JOINED = {"retirement": ("admission-then-retirement", "amendment-then-admission-then-retirement"),
          "interim-operation": ("admission-then-interim-operation", "amendment-then-admission-then-interim-operation")}
HAS_RECIPIENT = ("delegate.transfer", "delegate.operate")
FLAGS = ("holder", "recipient", "proposer", "concerned", "interested", "suspended", "objects")
NEWCOMER = "one who was admitted"
told_joined = {}


def party(name, kind, weight, **parts):
    return {"name": name, "kind": kind, "weight": weight, "vote": "none", "proxy": "none", "unlisted": [], **{f: False for f in FLAGS}, **parts}


# --- Whether a coalition carries a clause: it does when the clause holds with its yes, whatever the others do.

def asked(charter, clause, members, roles):
    """Whom the clause asks: parts that have seats by themselves, else the parties."""
    if clause["kind"] in ("holder", "recipient"):
        mine = [r for r in roles if r["name"] == clause["kind"]]
    elif clause["group"] == "interested":
        mine = [r for r in roles if r["name"] == "interested"]
    else:
        mine = []
    return mine if roles and (mine or clause["group"] == "interested") else members


def carries(charter, clause, members, roles, coalition, silent, ruling):
    if clause["kind"] in ("proposer", "checked", "recognised", "removed"):
        return True
    if clause["kind"] == "ruling":
        return ruling
    who = asked(charter, clause, members, roles)
    others = [p["name"] for p in who if p["name"] not in coalition and p["vote"] != "no"]
    answers = [("none", False)] if silent else [(v, o) for v in ("none", "no", "abstain") for o in (False, True)]
    for each in itertools.product(answers, repeat=len(others)):
        said = dict(zip(others, each))
        case = []
        for p in who:
            vote, objects = said.get(p["name"], (p["vote"], p["objects"]))
            if p["name"] in coalition:
                vote, objects = "yes", False
            case.append({**p, "vote": vote, "objects": objects})
        if law.judge_clause(charter, clause, case, True, True) != law.HOLDS:
            return False
    return True


def carried(charter, expression, *rest):
    if isinstance(expression, dict):
        return carries(charter, expression, *rest)
    joint, terms = expression
    return (all if joint == "&" else any)(carried(charter, t, *rest) for t in terms)


def wins(charter, rule, *rest):
    window = {"kind": "objections", "group": None, "k": 1, "excluding": False, "cast": False, "weight": False}
    own = carried(charter, rule.consent, *rest)
    if own and "objection" in rule.timings:
        own = carries(charter, {**window, "group": rule.timings["objection"][1]}, *rest)
    return own or ("expedited" in rule.timings and carried(charter, rule.timings["expedited"][1], *rest))


# --- Figures of a game, by the definitions.

def subsets(seats):
    return [frozenset(s) for k in range(len(seats) + 1) for s in itertools.combinations(seats, k)]


def figures(seats, winning):
    all_seats, n = frozenset(seats), len(seats)
    minimal = [s for s in winning if all(s - {m} not in winning for m in s)]
    swings = {m: [s for s in subsets([x for x in seats if x != m]) if s not in winning and s | {m} in winning] for m in seats}
    total = sum(map(len, swings.values()))
    return {
        "carry": min(map(len, winning), default=None),
        "stop": min((len(s) for s in subsets(seats) if all_seats - s not in winning), default=None),
        "minimal": len(minimal), "winning": len(winning),
        "proper": not any(all_seats - s in winning for s in winning),
        "veto": {m: bool(winning) and all_seats - {m} not in winning for m in seats},
        "banzhaf": {m: Fraction(len(swings[m]), total) if total else Fraction(0) for m in seats},
        "shapley-shubik": {m: sum(Fraction(math.factorial(len(s)) * math.factorial(n - len(s) - 1), math.factorial(n)) for s in swings[m])
                           for m in seats},
        "swings": {m: len(swings[m]) for m in seats},
    }


def near(text, fraction):
    return abs(Fraction(text) - fraction) < Fraction(1, 10**11)


def rule_differs(charter, rule, told, members):
    roles = [party("holder", "-", 1, holder=True), party("recipient", "-", 1, recipient=True),
             party("interested", "-", 1, interested=True)]
    names = [m["name"] for m in members] + ROLES
    games = [{s for s in subsets(names) if wins(charter, rule, members, roles, s, silent, True)} for silent in (False, True)]
    f, quiet = figures(names, games[0]), figures(names, games[1])
    seats = {s: c for c in told["classes"] for s in c["seats"]}
    # Seats that weigh nothing double the count; the program leaves them out.
    idle = round(math.log2(f["winning"] / int(told["winning"]))) if f["winning"] else 0
    wrong = [k for k in ("carry", "stop", "proper") if told[k] != f[k]]
    wrong += ["carry-silent"] if told["carry-silent"] != quiet["carry"] else []
    wrong += ["absent"] if told["absent"] != quiet["stop"] else []
    wrong += ["winning"] if int(told["winning"]) << idle != f["winning"] else []
    wrong += ["minimal"] if int(told["minimal"]) != f["minimal"] else []
    for m in names:
        wrong += [f"veto {m}"] if seats[m]["veto"] != f["veto"][m] else []
        wrong += [f"dummy {m}"] if seats[m]["dummy"] != (f["swings"][m] == 0) else []
        wrong += [f"{k} {m}" for k in ("banzhaf", "shapley-shubik") if not near(seats[m][k], f[k][m])]
    return wrong


# --- Who takes a delegation.

def by_joining(charter, clause):
    """Whether those who are admitted carry it: heads of all parties or of a chamber, but for the whole of them."""
    group = clause["group"]
    if clause["weight"] or isinstance(group, tuple) or (group != "parties" and group not in charter.chambers):
        return False
    return clause["kind"] == "count" or (clause["kind"] in ("share", "quorum") and clause["share"] < 1)


class Helped:
    """A rule as it asks those whom it touches: who is interested helps the coalition as far as can be, but for new keys of a
    party, where it is that party; and, when parties have been admitted, those help as well, one of them perhaps as recipient."""

    def __init__(self, charter, rule, members, known, joined=False, newcomer=False):
        self.charter, self.everybody = charter, tuple(m["name"] for m in members)
        self.known, self.joined, self.newcomer = known, joined, newcomer
        self.consent = self.helped(rule.consent)
        self.timings = {k: (span, self.helped(who) if k == "expedited" else who) for k, (span, who) in rule.timings.items()
                        if known or not (k == "objection" and who == "interested")}

    def helped(self, expression):
        if not isinstance(expression, dict):
            return (expression[0], [self.helped(t) for t in expression[1]])
        if (self.joined and by_joining(self.charter, expression)) or (self.newcomer and expression["kind"] == "recipient"):
            return {**expression, "kind": "proposer"}
        if self.known or expression["group"] != "interested":
            return expression
        if expression["kind"] in ("veto", "objections"):
            return {**expression, "group": ()}
        return {**expression, "kind": "count", "group": self.everybody, "excluding": False, "anyone": True,
                "k": expression["k"] if expression["kind"] == "count" else 1}


def takers(charter, rule, members, holder, parts, ruling, first=None, newcomer=False):
    """The smallest coalition without the holder that carries the rule; and before it `first`, by which it admits parties."""
    known = rule is charter.rules["party.rekey"]
    plain = [{**m, "vote": "no" if m["name"] == holder else "none", "objects": m["name"] == holder} for m in members]
    cast = [{**m, **parts.get(m["name"], {})} for m in plain]
    others = [m["name"] for m in members if m["name"] != holder]
    last = Helped(charter, rule, members, known, first is not None, newcomer)
    before = Helped(charter, first, members, known) if first else None
    for size in range(len(others) + 1):
        for s in map(frozenset, itertools.combinations(others, size)):
            if before and not wins(charter, before, plain, [], s, False, ruling):
                continue
            if wins(charter, last, cast, [], s, False, ruling):
                return size
    return None


def least(*sizes):
    return min((s for s in sizes if s is not None), default=None)


def by_rules(charter, members, holder, rules, first=None):
    """Without a ruling; and with one, of the rules that nobody carries without. After `first`, where it is given."""
    found = {False: None, True: None}
    for name, concerned in rules.items():
        recipients = [m["name"] for m in members if m["name"] != holder] if name in HAS_RECIPIENT else [None]
        if first and name in HAS_RECIPIENT:
            recipients.append(NEWCOMER)
        for recipient in recipients or [None]:
            parts = {holder: {"holder": True, "concerned": concerned, "interested": name == "party.rekey"}}
            if recipient not in (None, NEWCOMER):
                parts[recipient] = {"recipient": True, "concerned": concerned}
            steps = (first, recipient == NEWCOMER)
            free = takers(charter, charter.rules[name], members, holder, parts, False, *steps)
            found[False] = least(found[False], free)
            if free is None:
                found[True] = least(found[True], takers(charter, charter.rules[name], members, holder, parts, True, *steps))
    return found


def by_register(charter, members, holder):
    """The smallest coalition without the holder that adopts a register in which only its own stand, and then carries a rule."""
    others = [m["name"] for m in members if m["name"] != holder]

    def struck(coalition, parts):
        return [{**m, **parts.get(m["name"], {}), "vote": "no" if m["name"] == holder else "none", "objects": m["name"] == holder,
                 "unlisted": [] if m["name"] in coalition else law.REGISTERS} for m in members]

    def takes(coalition, name, concerned):
        parts = {holder: {"holder": True, "concerned": concerned, "interested": False}}
        return wins(charter, charter.rules[name], struck(coalition, parts), [], coalition, False, False)
    plain = [{**m, "vote": "no" if m["name"] == holder else "none", "objects": m["name"] == holder} for m in members]
    sizes = [len(s) for s in subsets(others) if wins(charter, charter.rules["register.adopt"], plain, [], s, False, False)
             and any(takes(s, name, concerned) for name, concerned in TAKING["rule"].items() if name not in HAS_RECIPIENT and name != "party.rekey")]
    return min(sizes, default=None)


def joined_differ(charter, members, peril, opened):
    """Admission, and an amendment of it before, are told only where they take fewer than shorter ways."""
    holder, wrong = peril["holder"], []
    for kind, paths in JOINED.items():
        shorter = by_rules(charter, members, holder, TAKING[kind])
        for path, first in zip(paths, ("party.admit", "charter.amend")):
            found = by_rules(charter, members, holder, TAKING[kind], charter.rules[first])
            for ruling, size in found.items():
                fewer = size is not None and (shorter[ruling] is None or size < shorter[ruling])
                expected = size if fewer and (first == "party.admit" or opened) else None
                if told_path(peril, path, ruling) != expected:
                    wrong.append(f"{holder} {path} {ruling}: {told_path(peril, path, ruling)} is {expected}")
                shorter[ruling] = least(shorter[ruling], expected)
                told_joined[path] = told_joined.get(path, 0) + (expected is not None)
    return wrong


def told_path(peril, kind, ruling=False):
    return next((p["count"] for p in peril["paths"] if p["path"] == kind and p["ruling"] == ruling), None)


def peril_differs(charter, members, peril, entrenched, opened):
    holder, wrong = peril["holder"], []
    for kind, named in TAKING.items():
        rules = by_rules(charter, members, holder, named)
        for ruling in (False, True):
            if told_path(peril, kind, ruling) != rules[ruling]:
                wrong.append(f"{holder} {kind} {ruling}: {told_path(peril, kind, ruling)} is {rules[ruling]}")
    for kind, rule, there in (("amendment-then-rule", "charter.amend", not entrenched), ("entrenched-amendment", "charter.entrench", True)):
        if rule not in charter.rules or not there:
            continue
        size = takers(charter, charter.rules[rule], members, holder, {}, False)
        if told_path(peril, kind) != size:
            wrong.append(f"{holder} {kind}: {told_path(peril, kind)} is {size}")
    size = by_register(charter, members, holder)
    told, shorter = told_path(peril, "register-then-rule"), least(*(p["count"] for p in peril["paths"] if "register" not in p["path"] and not p["ruling"]))
    if "codes" in charter.registers.values() and size is not None and (least(told, shorter) is None or least(told, shorter) > size):
        wrong.append(f"{holder} by a register: {told} is {size}")
    if told is not None and "codes" not in charter.registers.values():
        wrong.append(f"{holder} by no register")
    wrong += joined_differ(charter, members, peril, opened)
    signing = len(members) * 2 // 3 + 1
    if told_path(peril, "key") != (signing if signing < len(members) else None):
        wrong.append(f"{holder} key")
    return wrong


def one(comity, folder, seed):
    random.seed(seed)
    text = law.make_charter()
    entrenched = seed % 2 == 0
    if not entrenched:
        text = "".join(line + "\n" for line in text.replace("article 1 entrenched", "article 1").splitlines()
                       if not line.startswith("rule charter.entrench"))
    opened = seed % 4 == 0  # admission alone can be amended: where all can, that is the shorter way
    if opened:
        moved = [line for line in text.splitlines() if line.startswith(("rule party.admit ", "rule charter.amend "))]
        kept = [line for line in text.splitlines() if line not in moved]
        text = "\n".join(kept + ["", "article 2", "en Open"] + moved) + "\n"
    charter = law.Charter(text)
    weights = {line.split()[1]: int(line.split()[2]) for line in text.splitlines() if line.startswith("weight ")}
    members = [party(n, random.choice(law.KINDS), weights.get(n, 1)) for n in random.sample(law.NAMES, random.randint(2, 4))]
    (folder / "charter").write_text(text)
    (folder / "members").write_text("".join(f"{m['name']} {m['kind']}\n" for m in members))
    done = subprocess.run([comity, "--json", "charter", "check", folder / "charter", "--members", folder / "members"],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return [f"exit {done.returncode}: {done.stderr}"]
    told = json.loads(done.stdout)
    wrong = []
    for t in told["rules"]:
        found = rule_differs(charter, charter.rules[t["rule"]], t, members)
        wrong += [f"{t['rule']}: {', '.join(found)}: {charter.rules[t['rule']].consent}"] if found else []
    for peril in told["holders"]:
        wrong += peril_differs(charter, members, peril, entrenched, opened)
    refuses = any(f["refuses"] for f in told["findings"])
    free = any(told_path(p, "rule") is not None for p in told["holders"])
    haste = "cure" not in charter.rules["delegate.revoke"].timings
    named = {f["finding"] for f in told["findings"]}
    if ("sanction" in named) != free or (entrenched and (free or haste) and not refuses) or (haste and "haste" not in named):
        wrong.append("a sanction that is not told")
    improper = any(not t["proper"] for t in told["rules"] if not t["rule"].startswith("emergency."))
    if told["refused"] != refuses or (improper and not refuses) or done.returncode != int(refuses):
        wrong.append("refused")
    return wrong


def main(comity, charters):
    with tempfile.TemporaryDirectory(prefix="comity-power-") as folder:
        for seed in range(charters):
            wrong = one(comity, pathlib.Path(folder), seed)
            ok(not wrong, f"charter {seed}: every coalition tried, the same figures and the same perils", *wrong[:8])
    print("# " + ", ".join(f"{path}: {count}" for path, count in sorted(told_joined.items())))
    ok(charters < 30 or all(told_joined.get(join) for join, _ in JOINED.values()), "both ways by admission are found somewhere")
    return ended()


sys.exit(main(sys.argv[1], int(sys.argv[2])))
