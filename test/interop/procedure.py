#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""procedure.py PROGRAM HISTORIES [SEED] - a second opinion on how proposals end. TAP.

Makes up charters and histories - votes, objections, proxies, withdrawals, cancellations, and time that passes - has PROGRAM
play them to the commons of the product, and says after every step what the status must be: by comity-charter(7) and
charter_eval.py. Nothing here is taken from the C code."""
import functools
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import charter_eval as law  # noqa: E402

FAILS, OPEN, HOLDS = law.FAILS, law.OPEN, law.HOLDS
PARTIES = [("aurelia", "state"), ("borealia", "state"), ("cascadia", "state"), ("delmare", "operator"), ("estuary", "operator")]
NAMES = [name for name, _ in PARTIES]
DAY, HISTORIES_A_CHARTER = 86400, 250
UNITS = {"d": DAY, "h": 3600, "m": 60, "s": 1}
DEFAULT_VOTE, DEFAULT_FREEZE = 14 * DAY, 3 * DAY
tests, failed = 0, 0


def ok(held, what, *why):
    global tests, failed
    tests += 1
    failed += not held
    print(f"{'ok' if held else 'not ok'} {tests} - {what}", flush=True)
    for line in why if not held else []:
        print(f"# {line}")


# --- Charters.

def make_clause(dice, fast=False):
    group = dice.choice(["states", "others", "parties", "friends", "parties"])
    excluding = dice.choice(["", "", " excluding concerned"])
    weight = dice.choice(["", "", " by weight"])
    pick = dice.randrange(12)
    if pick == 0:
        return dice.choice(["proposer", "recipient", "holder", "party delmare", "all", "all" + excluding])
    if pick == 1:
        return f"quorum {dice.choice(['1/2', '2/3', '1/5'])} of {group}{weight}{excluding}"
    if pick == 2 and not fast:
        return f"no veto of {group}{excluding}"
    if pick == 3 and not fast:
        return f"objections {group} < {dice.randint(1, 3)}{excluding}"
    if pick < 6:
        return f"{dice.randint(1, 3)} of {group}{excluding}"
    sign, share = dice.choice([(">", "1/2"), (">", "2/3"), (">=", "1/2"), (">=", "2/3"), (">=", "1/5")])
    return f"{group} {sign} {share}{dice.choice(['', ' of votes cast'])}{weight}{excluding}"


def make_expression(dice, fast=False):
    parts = [make_clause(dice, fast) for _ in range(dice.choice([1, 1, 1, 2, 2, 3]))]
    if len(parts) == 3:
        return f"({parts[0]} | {parts[1]}) & {parts[2]}"
    return dice.choice([" & ", " & ", " | "]).join(parts)


def make_rule(dice, name, blocks):
    text = f"rule {name} {make_expression(dice)}"
    objection = dice.random() < 0.25
    if dice.random() < 0.3:
        text += f", comment {dice.randint(1, 3)}d"
    if dice.random() < 0.8:
        text += f", vote {dice.randint(2, 6)}d"
    if "quorum" in text and dice.random() < 0.7:
        text += f", late quorum extends {dice.randint(1, 4)}d"
    if objection:
        text += f", objection {dice.randint(1, 9)}d by {dice.choice(['states', 'parties', 'friends'])}"
    elif dice.random() < 0.4:
        text += f", expedited 1d by {make_expression(dice, True)}"
    if dice.random() < 0.5:
        text += f", delay {dice.randint(1, 3)}d"
    if dice.random() < 0.2:
        text += f", cure {dice.randint(1, 30)}h"
    if blocks and dice.random() < 0.7:
        text += f", sunset {dice.randint(12, 120)}h"
    if blocks and dice.random() < 0.7:
        text += f", ratify {dice.randint(1, 5)}d by {make_expression(dice)}"
    return text


def make_charter(dice):
    lines = ["comity-charter/1", "version 1", "languages en", "title en Made up", "chamber states of kind state",
             "chamber others of kind operator", "list friends {aurelia, delmare, estuary}"]
    lines += [f"weight {name} {dice.randint(2, 9)}" for name in sorted(dice.sample(NAMES, dice.randint(1, 4)))]
    lines += ["signers all", "", "article 1", "en Made up", "rule delegate.update holder", "rule delegate.drop-ds holder",
              "rule party.withdraw holder", "rule charter.amend all", make_rule(dice, "delegate.grant", False),
              make_rule(dice, "emergency.freeze", True)]
    if dice.random() < 0.7:
        lines.append(f"rule emergency.cancel {dice.choice(['party estuary', 'holder | party estuary'])}"
                     f"{dice.choice(['', ', sunset 8d'])}")
    return "\n".join(lines) + "\n"


# --- Histories: what is said, whether it will be taken or not.

def make_history(dice):
    by = dice.choice(NAMES)
    steps = [("freeze", by) if dice.random() < 0.4 else ("grant", by, dice.choice(NAMES))]
    if dice.random() < 0.3:
        steps.insert(0, ("proxy", dice.choice(NAMES), dice.choice(NAMES)))
    now = 0
    for _ in range(dice.randint(3, 14)):
        pick = dice.random()
        if pick < 0.45:
            steps.append(("vote", dice.choice(NAMES), dice.choice(["yes", "yes", "yes", "no", "abstain"])))
        elif pick < 0.75:
            now += dice.choice([1, 3600, 12 * 3600, DAY - 1, DAY, DAY, 2 * DAY, 3 * DAY])
            steps.append(("time", now))
        elif pick < 0.83:
            steps.append(("proxy", dice.choice(NAMES), dice.choice(NAMES)))
        elif pick < 0.89:
            steps.append(("object", dice.choice(NAMES)))
        elif pick < 0.92:
            steps.append(("withdraw", dice.choice(NAMES)))
        elif pick < 0.94:
            steps.append(("cancel", dice.choice(NAMES + ["estuary"] * 3)))
        elif pick < 0.96:
            steps.append(("freeze", dice.choice(NAMES)))
    steps.append(("time", now + 400 * DAY))
    return steps


# --- What must become of it.

class Law:
    """A charter's rules, with spans in seconds; judgments are remembered."""

    def __init__(self, text):
        self.charter = law.Charter(text)
        self.rules = self.charter.rules
        self.weights = {w[1]: int(w[2]) for w in (line.split() for line in text.splitlines() if line.startswith("weight "))}
        self.spans = {name: {timing: int(span[:-1]) * UNITS[span[-1]] for timing, (span, _) in rule.timings.items()}
                      for name, rule in self.rules.items()}
        self.judge = functools.lru_cache(None)(self._judge)
        self.quorum = functools.lru_cache(None)(self._quorum)

    def parties(self, parts, said):
        return [dict(name=name, kind=kind, weight=self.weights.get(name, 1), suspended=False, unlisted=[], objects=objects, vote=vote, proxy=proxy,
                     **{part: name == who for part, who in zip(("holder", "recipient", "proposer", "concerned"), parts)},
                     interested=False)
                for (name, kind), (vote, proxy, objects) in zip(PARTIES, said)]

    def _judge(self, rule, ratify, parts, said, over):
        """(outcome, expedited); over: vote, objection, expedited, comment."""
        parties = self.parties(parts, said)
        if ratify:
            expression = self.rules[rule].timings["ratify"][1]
            return law.judge(self.charter, expression, parties, over[0], over[0]), False
        outcome, expedited, _ = law.judge_rule(self.charter, self.rules[rule], (parties, *over))
        return outcome, expedited and outcome == HOLDS

    def _quorum(self, rule, parts, said):
        return law.quorum_reached(self.charter, self.rules[rule], self.parties(parts, said))

    def asks_votes(self, rule):
        return any(c["kind"] in ("party", "all", "count", "share", "quorum", "veto", "objections")
                   for c in law.clauses(self.rules[rule].consent))


class Model:
    """One proposal, and the names it may be about."""

    def __init__(self, made):
        self.law, self.now, self.status, self.rule = made, 0, "none", None
        self.held_by, self.frozen, self.ratified, self.proxies = "-", 0, None, {}
        self.counted_freeze = False

    # What was said.

    def said(self):
        own = {}
        for name in NAMES:
            vote = self.votes.get(name, "none")
            own[name] = "yes" if vote == "none" and name == self.parts[2] else vote
        return tuple((own[n], own[self.proxies[n]] if own[n] == "none" and n in self.proxies else "none", n in self.objected)
                     for n in NAMES)

    def over(self):
        return tuple(self.now >= t for t in (self.vote_until, self.objection_until, self.expedited_until, self.comment_until))

    # Proposing.

    def propose(self, rule, parts, effect):
        if rule not in self.law.rules:
            return "no-rule"
        fresh = Model.__new__(Model)
        fresh.__dict__.update(self.__dict__)
        spans = self.law.spans[rule]
        asks = self.law.asks_votes(rule)
        fresh.rule, fresh.parts, fresh.votes, fresh.objected, fresh.effect = rule, parts, {}, set(), effect
        fresh.quorum_reached = False
        fresh.comment_until = self.now + spans.get("comment", 0)
        fresh.vote_until = fresh.comment_until + spans.get("vote", DEFAULT_VOTE) if asks else self.now
        fresh.objection_until = self.now + spans.get("objection", 0)
        fresh.expedited_until = self.now + spans.get("expedited", 0)
        outcome, expedited = self.law.judge(rule, False, parts, fresh.said(), fresh.over())
        if outcome == FAILS:
            return "consent"
        wait = 0 if expedited else spans.get("delay", 0) + spans.get("cure", 0)
        why = fresh.refused(effect)
        if why:
            return why
        self.__dict__.update(fresh.__dict__)
        if outcome == HOLDS and wait == 0:
            self.status = "none"
            self.take_effect()
            return "ok"
        self.status = "open"
        self.settle()
        return "ok"

    def refused(self, effect):
        """What is not possible is not worth anybody's vote."""
        if effect[0] == "grant":
            return "held" if self.held_by != "-" else None
        if self.now < self.frozen:
            return "frozen"
        return "spent" if self.ratified in ("open", "no") else None

    def take_effect(self):
        """Of a proposal, or (status none) of an act that was enough at once."""
        spans, alone = self.law.spans[self.rule], self.status == "none"
        if self.refused(self.effect):
            assert not alone
            # A frozen name's changes wait; a freeze of what is frozen waits too.
            if self.refused(self.effect) != "frozen":
                self.status = "refused"
            return
        self.status = "none" if alone else "done"
        if self.effect[0] == "grant":
            self.held_by = self.effect[1]
            return
        self.frozen = self.now + spans.get("sunset", DEFAULT_FREEZE)
        self.ratified = "open" if "ratify" in spans else "none"
        if "ratify" in spans:
            self.status, self.votes, self.objected = "ratifying", {}, set()
            self.vote_until = self.now + spans["ratify"]
            self.settle()

    # Judging.

    def settle(self):
        if self.status == "ratifying":
            outcome, _ = self.law.judge(self.rule, True, self.parts, self.said(), (self.now >= self.vote_until, True, True, True))
            if outcome != OPEN:
                self.end_ratifying(outcome == HOLDS)
        if self.status == "open":
            self.late_quorum()
            outcome, expedited = self.law.judge(self.rule, False, self.parts, self.said(), self.over())
            spans = self.law.spans[self.rule]
            if outcome == FAILS:
                self.status = "failed"
            elif outcome == HOLDS:
                self.status = "passed"
                self.execute_at = self.now + (0 if expedited else spans.get("delay", 0) + spans.get("cure", 0))
        if self.status == "passed" and self.now >= self.execute_at:
            self.take_effect()

    def end_ratifying(self, held):
        self.status = "done" if held else "failed"
        self.ratified = "yes" if held else "no"
        if not held and self.now < self.frozen:
            self.frozen = self.now

    def late_quorum(self):
        late = self.law.spans[self.rule].get("late", 0)
        if late == 0 or self.quorum_reached or not self.law.quorum(self.rule, self.parts, self.said()):
            return
        self.quorum_reached = True
        if 0 < self.vote_until - self.now < late:
            self.vote_until = self.now + late

    # Steps.

    def time(self, until):
        while True:
            times = []
            if self.status in ("open", "ratifying"):
                times = [self.vote_until, self.objection_until, self.expedited_until, self.comment_until]
            if self.status == "passed":
                times = [self.execute_at, self.frozen]
            due = [t for t in times if self.now < t <= until]
            if not due:
                break
            self.now = min(due)
            self.settle()
        self.now = until
        return "ok"

    def vote(self, by, vote):
        if self.status not in ("open", "ratifying"):
            return "no-proposal"
        if self.now >= self.vote_until:
            return "no-vote"
        self.votes[by] = vote
        self.settle()
        return "ok"

    def object(self, by):
        if self.status not in ("open", "ratifying"):
            return "no-proposal"
        rule = self.law.rules[self.rule]
        window = rule.timings.get("objection") if self.status == "open" else None
        expression = rule.consent if self.status == "open" else rule.timings["ratify"][1]
        me = next(p for p in self.law.parties(self.parts, self.said()) if p["name"] == by)
        heard = any(c["kind"] == "objections" and law.may_count(self.law.charter, c, me) for c in law.clauses(expression))
        heard = heard or (window is not None and self.law.charter.has(window[1], me))
        if not heard or self.now >= (self.objection_until if window else self.vote_until):
            return "no-vote"
        self.objected.add(by)
        self.settle()
        return "ok"

    def proxy(self, by, to):
        self.proxies[by] = to
        if self.status in ("open", "ratifying"):
            self.settle()
        return "ok"

    def withdraw(self, by):
        if self.status not in ("open", "passed") or by != self.parts[2]:
            return "no-proposal"
        self.status = "withdrawn"
        return "ok"

    def cancel(self, by):
        """Estuary can, alone. Of others it is a proposal, on which nobody votes here."""
        if "emergency.cancel" not in self.law.rules:
            return "no-rule"
        if self.now >= self.law.spans["emergency.cancel"].get("sunset", self.now + 1):
            return "sunset"
        if self.status not in ("open", "passed"):
            return "no-proposal"
        if by == "estuary":
            self.status = "cancelled"
        return "ok"

    def grant(self, by, holder):
        return self.propose("delegate.grant", (None, holder, by, None), ("grant", holder))

    def freeze(self, by):
        return self.propose("emergency.freeze", ("aurelia", None, by, "aurelia"), ("freeze",))


def play(made, history):
    """The answers that must come; the history ends early where a second proposal would begin."""
    model, answers, proposed = Model(made), [], False
    for step in history:
        if step[0] in ("grant", "freeze"):
            if proposed:
                continue
            proposed = True
        word = getattr(model, step[0])(*step[1:])
        answers.append((step, f"{word} {model.status} {model.held_by} {model.frozen}"))
    return answers


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(2 ** 32)
    dice = random.Random(seed)
    print(f"# seed {seed}: procedure.py PROGRAM {count} {seed}")
    done, steps, differ, ends = 0, 0, [], {}
    while done < count:
        text = make_charter(dice)
        made = Law(text)
        lines = [f"charter {text.count(chr(10))}", text.rstrip("\n")] + [f"party {name} {kind}" for name, kind in PARTIES]
        wanted = []
        for _ in range(min(HISTORIES_A_CHARTER, count - done)):
            answers = play(made, make_history(dice))
            lines += ["history"] + [" ".join(map(str, step)) for step, _ in answers]
            wanted.append(answers)
        told = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True)
        got = iter(told.stdout.splitlines())
        for answers in wanted:
            done += 1
            ends[answers[-1][1].split()[1]] = ends.get(answers[-1][1].split()[1], 0) + 1
            for i, (step, answer) in enumerate(answers):
                steps += 1
                line = next(got, "nothing")
                if line != answer and len(differ) < 5:
                    rules = [r for r in text.splitlines() if r.startswith(("rule delegate.grant", "rule emergency", "weight"))]
                    differ.append("\n# ".join(rules + [f"  {' '.join(map(str, s))} -> {a}" for s, a in answers[:i + 1]] +
                                              [f"the product: {line}"] + told.stderr.splitlines()[:2]))
                    # The rest of this history differs for the same reason.
                    for _ in answers[i + 1:]:
                        next(got, None)
                    break
    print(f"# {done} histories, {steps} steps; they end {', '.join(f'{k} {v}' for k, v in sorted(ends.items()))}")
    ok(not differ, "every proposal stands, after every step, as another evaluator says", *differ)
    ok(all(ends.get(end, 0) > 0 for end in ("done", "failed", "withdrawn", "cancelled", "none")) or count < 1000,
       "they end in every way there is", ends)
    ok("open" not in ends and "passed" not in ends and "ratifying" not in ends, "and in the end all of them have ended", ends)
    print(f"1..{tests}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
