#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""charter_eval SEED CHARTERS: a second opinion on rules, for charter/judge_test.

Prints random charters and cases with the verdicts that comity-charter(7) gives. Nothing here
is taken from the C code. Votes are not weighed against thresholds in advance: a clause is
decided by trying everything that the silent may still say. See `main` for the form."""
import functools
import itertools
import random
import re
import sys
from fractions import Fraction

FAILS, OPEN, HOLDS = 0, 1, 2
VOTES = ["none", "yes", "no", "abstain"]
FLAGS = ["objects", "holder", "recipient", "proposer", "concerned", "interested", "suspended"]
REGISTERS = ["codes", "members"]
LISTINGS = ["none", "never", "listed", "removed", "unasked"]


UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
# comity-arbitration(7), THE WAY OF A DISPUTE: in this order, where a charter is silent.
TIMES = {name: days * 86400 for name, days in (("answer", 30), ("appoint", 15), ("rank", 15), ("plead", 90), ("raise", 15),
                                               ("challenge", 30), ("award", 180), ("correct", 30), ("correcting", 45),
                                               ("comply", 30))}


# --- Reading: a charter's head, and a rule into nested tuples.

class Charter:
    def __init__(self, text):
        self.chambers, self.lists, self.rules, self.registers = {}, {}, {}, {}
        self.times, self.batches = dict(TIMES), 1000
        for line in text.splitlines():
            word, _, rest = line.partition(" ")
            if word == "chamber":
                name, _, kinds = rest.partition(" of kind ")
                kinds, _, self.registers[name] = kinds.partition(", recognised by ")
                self.chambers[name] = kinds.split(", ")
            elif word == "list" and "{" in rest:
                name, _, members = rest.partition(" ")
                self.lists[name] = members.strip("{}").split(", ")
            elif word == "rule":
                name, _, body = rest.partition(" ")
                self.rules[name] = Rule(body)
            elif word == "arbitration":
                name, _, span = rest.partition(" ")
                self.times[name] = int(span[:-1]) * UNITS[span[-1]]
            elif word == "batches":
                self.batches = int(rest.split()[0])

    def has(self, group, party):
        if isinstance(group, tuple):
            return party["name"] in group
        if group == "parties":
            return True
        if group == "interested":
            return party["interested"]
        if group in self.lists:
            return party["name"] in self.lists[group]
        return party["kind"] in self.chambers[group]


class Rule:
    def __init__(self, body):
        self.words = re.findall(r"[a-z0-9.-]+|>=|[&|(){},></]", body)
        self.timings = {}
        self.consent = self.expression()
        while self.words:
            self.expect(",")
            word = self.words.pop(0)
            if word == "late":
                self.expect("quorum"), self.expect("extends")
            span = self.words.pop(0)
            who = None
            if word == "objection":
                self.expect("by")
                who = self.group()
            elif word in ("expedited", "ratify"):
                self.expect("by")
                who = self.expression()
            self.timings[word] = (span, who)

    def expect(self, word):
        got = self.words.pop(0)
        assert got == word, (got, word, self.words)

    def take(self, *words):
        if tuple(self.words[:len(words)]) != words:
            return False
        del self.words[:len(words)]
        return True

    def expression(self):
        terms, joint = [self.term()], None
        while self.words and self.words[0] in "&|":
            word = self.words.pop(0)
            assert joint in (None, word)
            joint = word
            terms.append(self.term())
        return (joint, terms) if joint else terms[0]

    def term(self):
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        return self.clause()

    def group(self):
        if not self.take("{"):
            return self.words.pop(0)
        names = [self.words.pop(0)]
        while self.take(","):
            names.append(self.words.pop(0))
        self.expect("}")
        return tuple(names)

    def fraction(self):
        p = self.words.pop(0)
        self.expect("/")
        return Fraction(int(p), int(self.words.pop(0)))

    def clause(self):
        c = {"cast": False, "weight": False, "excluding": False, "group": None}
        word = self.words[0]
        if word in ("recognised", "removed"):
            c.update(kind=self.words.pop(0), listing=self.words.pop(0) and self.words.pop(0))
        elif word in ("holder", "recipient", "proposer", "checked", "ruling", "all"):
            c["kind"] = self.words.pop(0)
        elif word == "party":
            self.words.pop(0)
            c.update(kind="party", name=self.words.pop(0))
        elif word == "quorum":
            self.words.pop(0)
            c.update(kind="quorum", share=self.fraction(), group="parties")
            if self.take("of"):
                c["group"] = self.group()
        elif word == "no":
            self.expect("no"), self.expect("veto"), self.expect("of")
            c.update(kind="veto", group=self.group())
        elif word == "objections":
            self.words.pop(0)
            c.update(kind="objections", group=self.group())
            self.expect("<")
            c["k"] = int(self.words.pop(0))
        elif word[0].isdigit():
            c.update(kind="count", k=int(self.words.pop(0)))
            self.expect("of")
            c["group"] = self.group()
        else:
            c.update(kind="share", group=self.group(), more=self.words.pop(0) == ">")
            c["share"] = self.fraction()
        c["cast"] = self.take("of", "votes", "cast")
        c["weight"] = self.take("by", "weight")
        c["excluding"] = self.take("excluding", "concerned")
        return c


# --- Judging, by the words of comity-charter(7).

def may_count(charter, clause, party):
    if clause["excluding"] and party["concerned"]:
        return False
    kind = clause["kind"]
    if kind in ("holder", "recipient", "proposer"):
        return party[kind]
    if kind == "party":
        return party["name"] == clause["name"]
    if kind == "all":
        return True
    if kind != "objections" and (party["suspended"] or charter.registers.get(clause["group"]) in party["unlisted"]):
        return False
    return charter.has(clause["group"], party)


def satisfied(clause, said):
    """Whether the clause is, once all is said: said is [(weight, vote)]."""
    def weigh(*votes):
        return sum(w if clause["weight"] else 1 for w, vote in said if vote in votes)
    members, yes = weigh(*VOTES), weigh("yes")
    if members == 0:
        return False
    kind = clause["kind"]
    if kind == "count":
        return yes >= clause["k"]
    if kind == "quorum":
        return Fraction(weigh("yes", "no", "abstain"), members) >= clause["share"]
    if kind == "share":
        of = weigh("yes", "no") if clause["cast"] else members
        if of == 0:
            return False
        part = Fraction(yes, of)
        return part > clause["share"] if clause["more"] else part >= clause["share"]
    return yes == members


def judge_clause(charter, clause, parties, vote_over, objection_over, checked=FAILS):
    """`checked` is what the technical checks say."""
    if clause["kind"] in ("checked", "ruling"):
        return checked if clause["kind"] == "checked" else FAILS
    if clause["kind"] in ("recognised", "removed"):
        says = charter.listings.get(clause["listing"])
        return HOLDS if says in ({"recognised": "listed", "removed": "removed"}[clause["kind"]], "unasked") else FAILS
    who = [p for p in parties if may_count(charter, clause, p)]
    if clause["kind"] in ("count", "share", "quorum", "veto"):
        who = [dict(p, vote=p["proxy"]) if p["vote"] == "none" else p for p in who]
    if clause["kind"] == "veto":
        if any(p["vote"] == "no" for p in who):
            return FAILS
        return HOLDS if vote_over else OPEN
    if clause["kind"] == "objections":
        if sum(p["objects"] for p in who) >= clause["k"]:
            return FAILS
        return HOLDS if objection_over else OPEN
    ends = possible_ends(*(clause.get(part) for part in COUNTED), vote_over,
                         tuple(sorted((p["weight"] if clause["weight"] else 1, p["vote"]) for p in who)))
    return OPEN if len(ends) == 2 else HOLDS if True in ends else FAILS


COUNTED = ("kind", "k", "share", "more", "cast")


@functools.lru_cache(1 << 16)
def possible_ends(kind, k, share, more, cast, vote_over, said):
    """Whether it can be satisfied, and whether not; said is [(weight, vote)] in any order, the silent say anything."""
    clause = dict(zip(COUNTED, (kind, k, share, more, cast)), weight=True)
    choices = [VOTES if vote == "none" and not vote_over else [vote] for _, vote in said]
    return {satisfied(clause, list(zip([weight for weight, _ in said], votes))) for votes in itertools.product(*choices)}


def judge(charter, expression, parties, vote_over, objection_over, checked=FAILS):
    if isinstance(expression, dict):
        return judge_clause(charter, expression, parties, vote_over, objection_over, checked)
    joint, terms = expression
    outcomes = [judge(charter, t, parties, vote_over, objection_over, checked) for t in terms]
    return min(outcomes) if joint == "&" else max(outcomes)


def judge_rule(charter, rule, case, checked=FAILS):
    """(outcome, expedited, objected)"""
    parties, vote_over, objection_over, expedited_over, comment_over = case
    window = rule.timings.get("objection")
    main = judge(charter, rule.consent, parties, vote_over,
                 objection_over if window else vote_over, checked)
    if "comment" in rule.timings and not comment_over:
        main = min(main, OPEN)
    fast = FAILS
    if "expedited" in rule.timings and not expedited_over:
        fast = judge(charter, rule.timings["expedited"][1], parties, False, False, checked)
    outcome = max(main, fast)
    if outcome == FAILS or not window:
        return outcome, fast == HOLDS, False
    if any(p["objects"] and charter.has(window[1], p) for p in parties):
        return FAILS, False, True
    return min(outcome, HOLDS if objection_over else OPEN), False, False


def clauses(expression):
    if isinstance(expression, dict):
        return [expression]
    return [c for term in expression[1] for c in clauses(term)]


def quorum_reached(charter, rule, parties):
    found = [c for c in clauses(rule.consent) if c["kind"] == "quorum"]
    return bool(found) and all(
        judge_clause(charter, c, parties, False, False) == HOLDS for c in found)


# --- Making up charters and cases.

KINDS = ["state", "stakeholder", "operator", "registry"]
NAMES = ["aurelia", "borealia", "cascadia", "delmare", "estuary", "fjordland", "gaul", "hibernia"]
RULES = ["delegate.grant", "delegate.update", "delegate.drop-ds", "delegate.transfer",
         "delegate.withdraw", "delegate.revoke", "host.update", "server.update", "party.admit",
         "party.withdraw", "charter.amend", "charter.entrench", "waiver.grant", "custody.open",
         "emergency.freeze", "delegate.retire", "delegate.operate", "party.rekey", "party.suspend"]
OF_REGISTER = ["party.admit", "party.suspend", "delegate.grant", "delegate.retire"]


def braces(least=1):
    return "{" + ", ".join(sorted(random.sample(NAMES, random.randint(least, 6)))) + "}"


def make_fraction(strict):
    q = random.choice([2, 3, 4, 5, 7, 20, 100, 1000])
    return f"{random.randint(1, q - 1 if strict else q)}/{q}"


def make_group():
    return random.choice(["states", "states", "others", "friends", "parties", "interested"])


def make_clause(fast, of_register):
    if of_register and random.random() < 0.15:
        return random.choice(["recognised by ", "removed from "]) + random.choice(REGISTERS)
    excluding = random.choice(["", "", " excluding concerned"])
    weight = random.choice(["", "", " by weight"])
    group = random.choice([make_group(), make_group(), braces(3)])
    pick = random.randrange(14)
    if pick < 3:
        return random.choice(["holder", "recipient", "proposer"])
    if pick == 3:
        return random.choice(["checked", "ruling"])
    if pick == 4:
        return "party " + random.choice(NAMES)
    if pick == 5:
        return "all" + excluding
    if pick == 6:
        of = random.choice(["", " of " + group])
        return f"quorum {make_fraction(False)}{of}{weight}{excluding}"
    if pick == 7 and not fast:
        return f"no veto of {group}{excluding}"
    if pick == 8 and not fast:
        return f"objections {group} < {random.randint(1, 3)}{excluding}"
    if pick < 11:
        return f"{random.randint(1, 3)} of {group}{excluding}"
    sign = random.choice([">", ">="])
    cast = random.choice(["", " of votes cast"])
    return f"{make_group()} {sign} {make_fraction(sign == '>')}{cast}{weight}{excluding}"


def make_expression(fast=False, depth=0, joint=None, of_register=False):
    if depth > 2 or random.random() < 0.35:
        return make_clause(fast, of_register)
    joint = {"&": "|", "|": "&", None: random.choice("&|")}[joint]
    terms = []
    for _ in range(random.randint(2, 3)):
        term = make_expression(fast, depth + 1, joint, of_register)
        terms.append(f"({term})" if " & " in term or " | " in term else term)
    return f" {joint} ".join(terms)


def make_rule(name):
    """A line holds 1,000 octets and no more."""
    while len(text := make_line(name)) > 1000:
        pass
    return text


def make_line(name):
    text = f"rule {name} {make_expression(of_register=name in OF_REGISTER)}"
    objection = random.random() < 0.3
    if random.random() < 0.3:
        text += ", comment 1d"
    if random.random() < 0.5:
        text += ", vote 10d"
    if "quorum" in text and random.random() < 0.5:
        text += ", late quorum extends 2d"
    if objection:
        text += ", objection 3d by " + random.choice([make_group(), braces()])
    elif random.random() < 0.4:
        text += ", expedited 2d by " + make_expression(True, of_register=name in OF_REGISTER)
    if random.random() < 0.3:
        text += ", delay 1h, cure 2m, sunset 3s"
    if random.random() < 0.2:
        text += ", ratify 4d by " + make_expression()
    return text


def make_charter():
    kinds = random.sample(KINDS, 3)
    lines = ["comity-charter/1", "version 1", "languages en", "title en Made up",
             f"chamber states of kind {kinds[0]}{random.choice(['', ', recognised by codes'])}",
             f"chamber others of kind {kinds[1]}, {kinds[2]}",
             f"list friends {braces(3)}"]
    for name in sorted(random.sample(NAMES, random.randint(1, 5))):
        lines.append(f"weight {name} {random.randint(1, 9)}")
    lines += ["signers all", *random.choice([[], ["inactive after 3 missed duties in 90d"]]), "", "article 1 entrenched", "en Made up"]
    lines += [make_rule(name) for name in RULES] + [make_rule("register.adopt")]
    for name in random.sample(list(TIMES), random.randint(0, len(TIMES))):
        unit = random.choice("dhms")
        lines.append(f"arbitration {name} {random.randint(-(-60 // UNITS[unit]), 366 * 86400 // UNITS[unit])}{unit}")
    if random.random() < 0.5:
        lines.append(f"batches {random.randint(1, 1000000)} changes a day")
    return "\n".join(lines) + "\n"


def make_case():
    """Few silent parties, or a time that is over: trying everything has its price."""
    over = [random.random() < 0.4 for _ in range(4)]
    parties, silent = [], 0
    for name in sorted(random.sample(NAMES, random.randint(0, len(NAMES)))):
        vote = random.choice(["none", "yes", "yes", "yes", "no", "abstain"])
        if vote == "none" and not over[0]:
            silent += 1
            vote = "none" if silent <= 4 else "yes"
        party = {"name": name, "kind": random.choice(KINDS), "weight": random.randint(1, 9),
                 "vote": vote, "proxy": random.choice(["none", "none", "yes", "no", "abstain"])}
        for flag in FLAGS:
            party[flag] = random.random() < (0.1 if flag in ("objects", "suspended") else 0.25)
        party["unlisted"] = [name for name in REGISTERS if random.random() < 0.25]
        parties.append(party)
    return (parties, *over)


def main():
    """charter LINES, the text, the ten times of arbitration and the limit of batches; and then many times: case RULE VOTE_OVER OBJECTION_OVER
    EXPEDITED_OVER COMMENT_OVER PARTIES, what each register says of whom it is about, a line for each
    party with the registers that it does not stand in, and the verdict."""
    random.seed(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        text = make_charter()
        charter = Charter(text)
        print("charter", text.count("\n"))
        print(text, end="")
        print("numbers", *charter.times.values(), charter.batches)
        for name in RULES * 2:
            case = make_case()
            rule = charter.rules[name]
            print("case", name, *(int(over) for over in case[1:]), len(case[0]))
            charter.listings = {register: random.choice(LISTINGS) for register in REGISTERS}
            print(*(LISTINGS.index(charter.listings[register]) for register in REGISTERS))
            for p in case[0]:
                flags = "".join(str(int(p[flag])) for flag in FLAGS)
                print(p["name"], p["kind"], p["weight"], VOTES.index(p["vote"]), VOTES.index(p["proxy"]), flags,
                      " ".join(p["unlisted"]) or "-", sep="\t")
            outcome, expedited, objected = judge_rule(charter, rule, case)
            reached = quorum_reached(charter, rule, case[0])
            ratified = -1
            if "ratify" in rule.timings:
                ratified = judge(charter, rule.timings["ratify"][1], case[0], case[1], case[1])
            print("verdict", outcome, int(expedited), int(objected), int(reached), ratified)


if __name__ == "__main__":
    main()
