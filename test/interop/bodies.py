#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bodies.py COMITY FOLDER [NAME] - bodies that decide, and each member's power in them. TAP.

FOLDER holds one file for each body: who its members are, what each weighs, which coalitions win, and what was published of
each member's power, with the source. What comity charter check says of it must be what was published, to the last digit
that was printed; and what is counted here, exactly, by generating functions. Nothing here is taken from the C code.

    rule NAME EXPRESSION        as a charter says it
    wins COUNT WEIGHT           as we say it: so many members, who weigh so much; any such line after a rule is enough
    member NAME WEIGHT [BANZHAF SHAPLEY-SHUBIK]     as published
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tap import ended, ok

HEAD = """comity-charter/1
version 1
languages en
title en A body
{weights}signers all

article 1
en A body
rule delegate.update holder
rule delegate.drop-ds holder
rule party.withdraw holder
"""


class Body:
    def __init__(self, path):
        self.members, self.published, self.rules = {}, {}, {}
        for line in path.read_text().splitlines():
            words = line.split()
            if words[0] == "rule":
                self.rules[words[1]] = (" ".join(words[2:]), wins := [])
            elif words[0] == "wins":
                wins.append((int(words[1]), int(words[2])))
            elif words[0] == "member":
                self.members[words[1]] = int(words[2])
                self.published[words[1]] = words[3:]

    def charter(self):
        rules = {"charter.amend": "all", **{name: text for name, (text, _) in self.rules.items()}}
        return HEAD.format(weights="".join(f"weight {m} {w}\n" for m, w in sorted(self.members.items()))) + \
            "".join(f"rule {name} {text}\n" for name, text in rules.items())


# --- Coalitions, by what they weigh: a list over weights; an entry packs how many there are of each size.

class Counting:
    def __init__(self, weights):
        self.count, self.bits = len(weights), len(weights) + 1
        self.all = [1] + [0] * sum(weights)
        for weight in weights:
            for s in range(len(self.all) - 1, weight - 1, -1):
                if self.all[s - weight]:
                    self.all[s] += self.all[s - weight] << self.bits

    def without(self, weight):
        """Those that a member of that weight is not in: their product with (1 + that member) is all."""
        left = self.all[:]
        for s in range(weight, len(left)):
            if left[s - weight]:
                left[s] -= left[s - weight] << self.bits
        return left

    def sizes(self, packed):
        mask = (1 << self.bits) - 1
        return [packed >> (k * self.bits) & mask for k in range(self.count + 1)]


def swings(counting, left, wins, weight):
    """How many coalitions of each size, of those that are left, a member of that weight makes win."""
    losing = [0] * (counting.count + 1)
    for s, packed in enumerate(left):
        reached = [count for count, total in wins if s + weight >= total]
        if packed == 0 or not reached or any(count == 0 and s >= total for count, total in wins):
            continue
        for k, number in enumerate(counting.sizes(packed)):
            if number and k + 1 >= min(reached) and not any(k >= count and s >= total for count, total in wins):
                losing[k] += number
    return losing


def figures(body):
    """Of each rule, each member's Banzhaf and Shapley-Shubik index."""
    weights = list(body.members.values())
    counting = Counting(weights)
    n, of, found = counting.count, {name: {} for name in body.rules}, {}
    for weight in set(weights):
        left = counting.without(weight)
        for name, (_, wins) in body.rules.items():
            of[name][weight] = swings(counting, left, wins, weight)
    orders = [math.factorial(k) * math.factorial(n - k - 1) for k in range(n)] + [0]
    for name, swung in of.items():
        total = sum(sum(swung[w]) for w in weights)
        found[name] = {m: (Fraction(sum(swung[w]), total),
                           Fraction(sum(s * o for s, o in zip(swung[w], orders)), math.factorial(n)))
                       for m, w in body.members.items()}
    return found


def rounded(text, like):
    return str(Decimal(text).quantize(Decimal(like), ROUND_HALF_UP))


def look(comity, body):
    with tempfile.TemporaryDirectory(prefix="comity-body-") as folder:
        charter, members = pathlib.Path(folder) / "charter", pathlib.Path(folder) / "members"
        charter.write_text(body.charter())
        members.write_text("".join(f"{m} state\n" for m in body.members))
        done = subprocess.run([comity, "--json", "charter", "check", charter, "--members", members],
                              capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        return None, done.stderr
    rules = {r["rule"]: r for r in json.loads(done.stdout)["rules"]}
    return {name: {seat: c for c in rules[name]["classes"] for seat in c["seats"]} for name in body.rules}, ""


def check(comity, path):
    body = Body(path)
    told, why = look(comity, body)
    ok(told is not None, f"{path.stem}: checked", why)
    if told is None:
        return
    for name, mine in figures(body).items():
        wrong, unlike = [], []
        for member in body.members:
            for of, key in enumerate(("banzhaf", "shapley-shubik")):
                said = told[name][member][key]
                if abs(Fraction(said) - mine[member][of]) > Fraction(1, 10**11):
                    wrong.append(f"{member} {key}: {said}, not {float(mine[member][of])}")
                for printed in body.published[member][of:of + 1]:
                    if rounded(said, printed) != printed:
                        unlike.append(f"{member} {key}: {said}, published {printed}")
        ok(not wrong, f"{path.stem}: {name}: {len(body.members)} members' power, as counted here", *wrong[:5])
        if any(body.published.values()):
            ok(not unlike, f"{path.stem}: {name}: as published, to the last digit", *unlike[:20])


def main(comity, folder, only=None):
    for path in sorted(pathlib.Path(folder).glob("*.body")):
        if only in (None, path.stem):
            check(comity, path)
    return ended()


sys.exit(main(*sys.argv[1:]))
