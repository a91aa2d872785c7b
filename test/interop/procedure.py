#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""procedure.py PROGRAM HISTORIES [SEED] - a second opinion on how proposals end. TAP.

Makes up charters and histories - votes, objections, proxies, withdrawals, cancellations, attestations, retirements, interim
operations, new keys, and time that passes - has PROGRAM play them to the commons of the product, and says after every step
what must have become of it: proposals.py."""
import datetime
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import proposals  # noqa: E402
from tap import ended, ok  # noqa: E402

PARTIES = [("aurelia", "state"), ("borealia", "state"), ("cascadia", "state"), ("delmare", "operator"), ("estuary", "operator")]
NAMES = [name for name, _ in PARTIES]
MORE = [(f"root-{c}", "root") for c in "abcdef"]  # where there are more signers; no clause counts them
DAY, HISTORIES_A_CHARTER = 86400, 50
CHECKS = [f"N{n}" for n in range(1, 13)] + [f"D{n}" for n in range(1, 5)]
FITS = "?"  # whatever fits at that moment; where nothing does, the step is left out


def date(day):
    return (datetime.date(2026, 11, 22) + datetime.timedelta(day)).isoformat()


class Maker:
    """Makes up a charter, and histories under it."""

    def __init__(self, dice):
        self.dice = dice
        self.parties = PARTIES + (MORE if dice.random() < 0.2 else [])
        self.groups = ["states", "others", "friends"] + (["parties", "parties"] if len(self.parties) == len(PARTIES) else ["states"])
        self.attesters = {name for name, _ in self.parties if dice.random() < 0.85}
        self.recognises = dice.random() < 0.5
        self.entries = self.register() if self.recognises and dice.random() < 0.9 else []
        self.text = self.charter()

    def register(self):
        """Entries by code, (code, party, since, until) in days since that of the founding; some begin or end within a history."""
        dice = self.dice
        codes = [("c-" + name, name) for name, _ in self.parties] + [("held", "nobody"), ("new", "somebody")]
        times = [(-9999, None)] * 3 + [(-9999, -1), (-9999, dice.randint(1, 30)), (dice.randint(1, 9), None), (dice.randint(1, 9), dice.randint(10, 30))]
        return [(code, party, *dice.choice(times)) for code, party in sorted(codes) if dice.random() < 0.9]

    # Charters.

    def of_name(self, asks):
        """What governs a name as one of a list."""
        if self.recognises and self.dice.random() < 0.5:
            return f"{asks} & {self.clause()}"
        return self.expression()

    def clause(self, fast=False):
        dice = self.dice
        group = dice.choice(self.groups)
        excluding = dice.choice(["", "", " excluding concerned"])
        weight = dice.choice(["", "", " by weight"])
        pick = dice.randrange(12)
        if pick == 0:
            all_of = ["all", "all" + excluding] if "parties" in self.groups else ["holder"]
            return dice.choice(["proposer", "recipient", "holder", "party delmare"] + all_of)
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

    def expression(self, fast=False):
        parts = [self.clause(fast) for _ in range(self.dice.choice([1, 1, 1, 2, 2, 3]))]
        if len(parts) == 3:
            return f"({parts[0]} | {parts[1]}) & {parts[2]}"
        return self.dice.choice([" & ", " & ", " | "]).join(parts)

    def of_servers(self):
        """What governs a delegation: mostly its holder, and checks."""
        return self.dice.choice(["holder", "holder & checked", "holder & checked", "holder & checked", "checked",
                                 f"holder & (checked | {self.clause()})", f"checked & ({self.clause()} | holder)",
                                 f"holder & {self.clause()}", f"checked & {self.clause()}"])

    def of_operator(self):
        return self.dice.choice(["recipient", "recipient", f"recipient & {self.clause()}", self.clause(), self.clause()])

    def rule(self, name, text, blocks=None, objectors=("states", "friends", "parties")):
        """`blocks`: the unit of a sunset, where the rule has one."""
        dice = self.dice
        text = f"rule {name} {text}"
        objection = dice.random() < 0.25
        if dice.random() < 0.3:
            text += f", comment {dice.randint(1, 3)}d"
        if dice.random() < 0.8:
            text += f", vote {dice.randint(2, 6)}d"
        if "quorum" in text and dice.random() < 0.7:
            text += f", late quorum extends {dice.randint(1, 4)}d"
        if objection:
            text += f", objection {dice.randint(1, 9)}d by {dice.choice(objectors)}"
        elif dice.random() < 0.4:
            text += f", expedited 1d by {self.expression(True)}"
        if dice.random() < 0.5:
            text += f", delay {dice.randint(1, 3)}d"
        if dice.random() < 0.2:
            text += f", cure {dice.randint(1, 30)}h"
        if blocks and dice.random() < 0.7:
            text += f", sunset {dice.randint(12, 120)}{blocks}"
        if blocks == "h" and dice.random() < 0.7:
            text += f", ratify {dice.randint(1, 5)}d by {self.expression()}"
        return text

    def charter(self):
        dice = self.dice
        lines = ["comity-charter/1", "version 1", "languages en", "title en Made up",
                 "chamber states of kind state" + (", recognised by codes" if self.recognises else ""),
                 "chamber others of kind operator", "list friends {aurelia, delmare, estuary}"]
        lines += [f"weight {name} {dice.randint(2, 9)}" for name in sorted(dice.sample(NAMES, dice.randint(1, 4)))]
        lines += ["signers all", "", "article 1", "en Made up", self.rule("delegate.update", self.of_servers()),
                  "rule delegate.drop-ds holder", "rule party.withdraw holder", "rule charter.amend proposer",
                  self.rule("delegate.grant", self.of_name("recognised by codes")),
                  dice.choice([self.rule("emergency.freeze", self.expression(), "h")] * 2 +
                              [f"rule emergency.freeze party estuary, sunset {dice.randint(12, 72)}h"])]
        lines += [rule for rule in (self.rule("delegate.retire", self.of_name("removed from codes"), "d"),
                                    self.rule("delegate.operate", self.of_operator(), "d"),
                                    self.rule("party.rekey", self.expression(), None, ("interested", "interested", "states")))
                  if dice.random() < 0.9]
        if dice.random() < 0.7:
            lines.append(f"rule emergency.cancel {dice.choice(['party estuary', 'holder | party estuary'])}"
                         f"{dice.choice(['', ', sunset 8d'])}")
        if self.recognises:
            lines.append("rule register.adopt proposer")
        return "\n".join(lines) + "\n"

    # Histories: what is said, whether it will be taken or not.

    def about_proposals(self):
        dice = self.dice
        pick = dice.random()
        if pick < 0.66:
            return ("vote", dice.choice(NAMES), dice.choice(["yes"] * 5 + ["no", "abstain"]))
        if pick < 0.77:
            return ("proxy", dice.choice(NAMES), dice.choice(NAMES))
        if pick < 0.86:
            return ("object", dice.choice(NAMES))
        if pick < 0.91:
            return ("withdraw", dice.choice(NAMES))
        if pick < 0.94:
            return ("cancel", dice.choice(NAMES + ["estuary"] * 3))
        return ("freeze", dice.choice(NAMES + ["estuary"] * 5))

    def about_servers(self):
        dice = self.dice
        pick = dice.random()
        if pick < 0.62:
            failed, unable = ([] if dice.random() < 0.9 else sorted(dice.sample(CHECKS, dice.randint(1, 2)), key=CHECKS.index)
                              for _ in range(2))
            by = dice.randrange(len(self.parties))
            return ("attest", self.parties[by][0], dice.choice(["submission", "publication"] + [FITS] * 18),
                    dice.choice([0] * 24 + [1, 3600, -1]), f"as{by if dice.random() < 0.8 else dice.randint(1, 5)}",
                    ",".join(failed) or "none", ",".join(c for c in unable if c not in failed) or "none")
        if pick < 0.67:
            return ("freeze", "estuary")
        if pick < 0.77:
            return ("delegate", dice.choice(["aurelia"] * 5 + NAMES), dice.choice([0] + list(range(1, 9)) * 2))
        return self.about_proposals()

    def about_succession(self):
        dice = self.dice
        pick, by = dice.random(), dice.choice(NAMES)
        soon = dice.choice([0, DAY, 5 * DAY, 20 * DAY, 60 * DAY, 150 * DAY, 400 * DAY])
        if pick < 0.09:
            return ("retire", by, dice.choice(["code-removed", "code-changed", "code-restored"]))
        if pick < 0.17:
            return ("plan", dice.choice(["aurelia", "aurelia", by]), dice.choice([soon, FITS, FITS]))
        if pick < 0.27:
            return ("operate", by, dice.choice([by, dice.choice(NAMES)]), dice.choice(["keys-lost", "incapacity", "contested"]), soon)
        if pick < 0.34:
            return ("resume", dice.choice(["aurelia", by, FITS, FITS, FITS]))
        if pick < 0.41:
            return ("rekey", by, dice.choice(NAMES))
        if pick < 0.44:
            return ("rotate", by)
        if pick < 0.47:
            return ("time", FITS)
        if pick < 0.53:
            return ("delegate", dice.choice(["aurelia", by]), dice.choice(range(9)))
        return self.about_proposals()

    def about_operation(self):
        """One interim operation after the other, of who is willing."""
        dice = self.dice
        pick, by = dice.random(), dice.choice(NAMES[1:])
        if pick < 0.5:
            return ("operate", by, by, dice.choice(["keys-lost", "contested", "contested"]), FITS)
        if pick < 0.7:
            return ("resume", dice.choice(["aurelia", by, FITS]))
        if pick < 0.8:
            return ("delegate", dice.choice(["aurelia", by]), dice.choice(range(9)))
        return ("vote", dice.choice(NAMES), "yes")

    def history(self):
        dice = self.dice
        by = dice.choice(NAMES)
        steps, about, most = dice.choice([
            ([("grant", by, dice.choice(NAMES))], self.about_proposals, 14),
            ([("freeze", by)], self.about_proposals, 14),
            ([("delegate", "aurelia", dice.choice([2, 3, 4, 5, 5, 5, 6]))], self.about_servers, 36),
            ([], self.about_succession, 36), ([], self.about_operation, 30)])
        steps = list(steps)
        if dice.random() < 0.3:
            steps.insert(0, ("proxy", dice.choice(NAMES), dice.choice(NAMES)))
        for _ in range(dice.randint(3, most)):
            if dice.random() < 0.3:
                passes = dice.choice([1, 3600, 12 * 3600, DAY - 1, DAY, DAY, 2 * DAY, 3 * DAY])
                steps.append(("time", passes + (dice.randint(0, 20) * DAY if about == self.about_operation else 0)))
            else:
                steps.append(about())
                if steps[-1] == ("time", FITS):  # a name does not end while it is frozen
                    steps += [("freeze", "estuary"), ("time", 2 * DAY)]
        return steps + [("time", 400 * DAY)]


def fitted(model, step):
    """The step as it is said, times since the founding; None where it does not fit."""
    if step[0] == "time":
        before_end = model.retiring[0] - DAY if model.retiring else 0
        return ("time", max(before_end, model.now + 1) if step[1] == FITS else model.now + step[1])
    if FITS not in step:
        return step[:-1] + (model.now + step[-1],) if step[0] in ("plan", "operate") else step
    if step[0] == "attest":
        run = model.checks.run if model.status in ("open", "passed") and model.checks else None
        return run and tuple(run if word == FITS else word for word in step)
    if step[0] == "resume":
        return None if model.operator() == "-" else ("resume", model.operator())
    if step[0] == "operate":
        ends = proposals.Operate(model, *step[1:]).ends(model)
        return step[:4] + ([ends, ends + 1, ends, model.now + DAY][model.now // 3600 % 4],)
    if model.retiring is None:
        return None
    ends, latest = model.retiring
    return ("plan", step[1], ends - DAY if model.now % 2 else (ends + latest) // 2)


def play(made, attesters, history):
    """The answers that must come. One proposal is under way at a time, nobody changes a name that has ended, and who has
    no key to attest with does not: nothing is signed here, so that PROGRAM could not know."""
    model, answers = proposals.Model(made, attesters), []
    for step in history:
        step = fitted(model, step)
        if step is None:
            continue
        if (step[0] == "delegate" and model.holder == "-") or (step[0] == "attest" and step[1] not in attesters):
            continue
        effect = proposals.EFFECTS.get(step[0])
        if effect and model.is_under_way() and not model.is_alone(effect(model, *step[1:])):
            continue
        answers.append((step, f"{model.say(*step)} {model.told()}"))
    return answers


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(2 ** 32)
    dice = random.Random(seed)
    print(f"# seed {seed}: procedure.py PROGRAM {count} {seed}")
    done, steps, differ, ends, words = 0, 0, [], {}, {}
    while done < count:
        maker = Maker(dice)
        made = proposals.Law(maker.text, maker.parties, maker.entries)
        lines = [f"charter {maker.text.count(chr(10))}", maker.text.rstrip("\n")]
        lines += [f"party {name} {kind} {'duty' if name in maker.attesters else 'act'}" for name, kind in maker.parties]
        lines += [f"entry {code} {party} {date(since)} {'-' if until is None else date(until)}" for code, party, since, until in maker.entries]
        wanted = []
        for _ in range(min(HISTORIES_A_CHARTER, count - done)):
            answers = play(made, maker.attesters, maker.history())
            lines += ["history"] + [" ".join(map(str, step)) for step, _ in answers]
            wanted.append(answers)
        told = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True)
        got = iter(told.stdout.splitlines())
        for answers in wanted:
            done += 1
            ends[answers[-1][1].split()[1]] = ends.get(answers[-1][1].split()[1], 0) + 1
            for i, (step, answer) in enumerate(answers):
                steps += 1
                said = step[0], answer.split()[0]
                words[said] = words.get(said, 0) + 1
                line = next(got, "nothing")
                word, _, became = line.partition(" ")
                if (word not in said[1].split("/") or became != answer.partition(" ")[2]) and len(differ) < 5:
                    rules = [r for r in maker.text.splitlines() if r.startswith(("rule delegate", "rule emergency", "rule party.r", "weight"))]
                    differ.append("\n# ".join(rules + [" ".join(f"{n}:{k}" for n, k in maker.parties), " ".join(sorted(maker.attesters))] +
                                              [f"  {' '.join(map(str, s))} -> {a}" for s, a in answers[:i + 1]] +
                                              [f"the product: {line}"] + told.stderr.splitlines()[:2]))
                    # The rest of this history differs for the same reason.
                    for _ in answers[i + 1:]:
                        next(got, None)
                    break
    print(f"# {done} histories, {steps} steps; they end {', '.join(f'{k} {v}' for k, v in sorted(ends.items()))}")
    for kind in sorted({kind for kind, _ in words}):
        print(f"# {kind}: " + ", ".join(f"{word} {n}" for (k, word), n in sorted(words.items()) if k == kind))
    ok(not differ, "every proposal stands, after every step, as another evaluator says", *differ)
    ok(all(ends.get(end, 0) > 0 for end in ("done", "failed", "withdrawn", "cancelled", "refused", "none")) or count < 1000,
       "they end in every way there is", ends)
    ok("open" not in ends and "passed" not in ends and "ratifying" not in ends, "and in the end all of them have ended", ends)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
