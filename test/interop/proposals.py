# SPDX-License-Identifier: Apache-2.0
"""What must become of proposals: a second opinion on the commons, written from comity-charter(7) and comity-act(5). Nothing
here is taken from the C code.

A Model is a federation with two names: "new", which nobody holds, and "held", which the first party does. One proposal is
under way at a time. Its methods are what parties say; each answers "ok" or the word of a refusal; of two that are right, both."""
import functools

import charter_eval as law

FAILS, OPEN, HOLDS = law.FAILS, law.OPEN, law.HOLDS
DAY = 86400
UNITS = {"d": DAY, "h": 3600, "m": 60, "s": 1}
DEFAULT_VOTE, DEFAULT_FREEZE, DEFAULT_RETIRE, LONGEST_OPERATION = 14 * DAY, 3 * DAY, 1826 * DAY, 366 * DAY
PARTS = ("holder", "recipient", "proposer", "concerned", "interested")

# The delegations of "held": name servers and addresses, and DS records; the first is none.
DELEGATIONS = [(None, frozenset())] + [(servers, frozenset(ds)) for servers in (1, 2) for ds in ((), (1,), (2,), (1, 2))]
OF_SERVERS = {f"N{n}" for n in range(1, 13)}
OF_DS = {f"D{n}" for n in range(1, 5)}


class Law:
    """A charter's rules, with spans in seconds, over parties of (name, kind); judgments are remembered."""

    def __init__(self, text, parties, entries=()):
        """entries: of the register "codes", (code, party, since, until) in days since that of the founding; none: there is none."""
        self.charter, self.members, self.entries = law.Charter(text), parties, entries
        self.names = [name for name, _ in parties]
        self.rules = self.charter.rules
        self.weights = {w[1]: int(w[2]) for w in (line.split() for line in text.splitlines() if line.startswith("weight "))}
        self.spans = {name: {timing: int(span[:-1]) * UNITS[span[-1]] for timing, (span, _) in rule.timings.items()}
                      for name, rule in self.rules.items()}
        self.judge = functools.lru_cache(None)(self._judge)
        self.quorum = functools.lru_cache(None)(self._quorum)

    def register_says(self, day, which, subject):
        """Of a code (which 0) or a party (1), on a day since that of the founding."""
        if not self.entries:
            return "none"
        begun = [until for *names, since, until in self.entries if names[which] == subject and since <= day]
        return "never" if not begun else "listed" if any(until is None or day < until for until in begun) else "removed"

    def snapshot(self, now, code):
        """What the register says as a case opens: who does not stand in it, and of the code that the act is about. The founding
        was at 13:00; days begin at midnight."""
        day = (now + 13 * 3600) // DAY
        unlisted = frozenset(n for n in self.names if self.register_says(day, 1, n) in ("never", "removed"))
        return unlisted, "unasked" if code == "" else self.register_says(day, 0, code)

    def parties(self, parts, said):
        unlisted = parts[len(PARTS)][0]
        return [dict(name=name, kind=kind, weight=self.weights.get(name, 1), suspended=False, unlisted=["codes"] if name in unlisted else [], objects=objects, vote=vote, proxy=proxy,
                     **{part: name in who for part, who in zip(PARTS, parts)})
                for (name, kind), (vote, proxy, objects) in zip(self.members, said)]

    def _judge(self, rule, ratify, parts, said, over, checked):
        """(outcome, expedited); over: vote, objection, expedited, comment."""
        parties = self.parties(parts, said)
        self.charter.listings = {"codes": parts[len(PARTS)][1]}
        if ratify:
            expression = self.rules[rule].timings["ratify"][1]
            return law.judge(self.charter, expression, parties, over[0], over[0]), False
        outcome, expedited, _ = law.judge_rule(self.charter, self.rules[rule], (parties, *over), checked)
        return outcome, expedited and outcome == HOLDS

    def _quorum(self, rule, parts, said):
        return law.quorum_reached(self.charter, self.rules[rule], self.parties(parts, said))

    def clauses(self, rule):
        return law.clauses(self.rules[rule].consent)

    def asks_votes(self, rule):
        return any(c["kind"] in ("party", "all", "count", "share", "quorum", "veto", "objections") for c in self.clauses(rule))

    def asks_checks(self, rule):
        fast = self.rules[rule].timings.get("expedited")
        return any(c["kind"] == "checked" for c in self.clauses(rule) + (law.clauses(fast[1]) if fast else []))

    def signers(self):
        """All of them sign here."""
        return len(self.members)


class Checks:
    """Attestations of one proposal: comity-charter(7), checked."""

    def __init__(self, needs, quorum, attesters, now):
        self.needs, self.quorum, self.attesters = needs, quorum, attesters
        self.begin("submission", now)

    def begin(self, run, since):
        self.run, self.since, self.until, self.said, self.held_at = run, since, since + DAY, {}, None

    def says(self, now):
        silent = 0 if now >= self.until else len(self.attesters - set(self.said))
        have = [len({network for network, passed in self.said.values() if check in passed}) for check in self.needs]
        if any(n + silent < self.quorum for n in have):
            return FAILS
        return HOLDS if all(n >= self.quorum for n in have) else OPEN


# --- What acts do when they take effect. Each says why it cannot, or None; and does it.

class Grant:
    rule, code = "delegate.grant", "new"

    def __init__(self, w, by, holder):
        self.holder = holder
        self.parts = w.parts(recipient={holder}, proposer={by})

    def refused(self, w):
        return "held" if w.new_holder != "-" else None

    def take(self, w):
        w.new_holder = self.holder


class Freeze:
    rule = "emergency.freeze"

    def __init__(self, w, by):
        self.slot = w.slot("freeze")
        self.parts = w.parts(holder={w.holder}, concerned={w.holder}, proposer={by})

    def refused(self, w):
        if w.holder == "-":
            return "no-holder"
        if w.now < w.frozen:
            return "frozen"
        if w.slot("freeze") != self.slot:
            return "stale"
        return "spent" if w.ratified in ("open", "no") else None

    def take(self, w):
        spans = w.law.spans[self.rule]
        w.frozen = w.now + spans.get("sunset", DEFAULT_FREEZE)
        w.change("freeze")
        w.ratified = "open" if "ratify" in spans else "none"
        if "ratify" in spans:
            w.status, w.votes, w.objected = "ratifying", {}, set()
            w.snapshot(w.effect)
            w.vote_until = w.now + spans["ratify"]
            w.settle()


class Delegate:
    rule = "delegate.update"

    def __init__(self, w, by, number):
        """An interim operator is the holder where this rule asks for one."""
        self.number, self.slot = number, w.slot("tld")
        self.parts = w.parts(holder={w.keeper()}, proposer={by})
        self.by, self.kept = by, by == w.keeper()

    def needs(self, w):
        servers, ds = DELEGATIONS[w.delegation]
        new_servers, new_ds = DELEGATIONS[self.number]
        if self.number == 0:
            return set()
        if new_servers != servers:
            return OF_SERVERS | OF_DS
        return OF_DS if new_ds - ds else set()

    def refused(self, w):
        """What was proposed as the one who kept a name takes effect only if the proposer keeps it then as well."""
        if self.kept and self.by != w.keeper():
            return "not-holder"
        if w.now < w.frozen:
            return "frozen"
        if w.slot("tld") != self.slot:
            return "stale"
        return "keep" if self.number == 0 and w.operator() != "-" else None

    def take(self, w):
        w.delegation = self.number
        w.change("tld")


class Retire:
    rule = "delegate.retire"

    def __init__(self, w, by, ground):
        self.ground, self.slot = ground, w.slot("retirement")
        self.code = "" if ground == "code-restored" else "held"  # what is given back asks nothing
        self.parts = w.parts(holder={w.holder}, concerned={w.holder}, proposer={by})

    def refused(self, w):
        if w.holder == "-":
            return "no-holder"
        if w.slot("retirement") != self.slot:
            return "stale"
        if self.ground == "code-restored":
            return None if w.retiring else "no-retirement"
        return "twice" if w.retiring else None

    def take(self, w):
        span = w.law.spans[self.rule].get("sunset", DEFAULT_RETIRE)
        w.retiring = None if self.ground == "code-restored" else (w.now + span, w.now + 2 * span)
        w.change("retirement")


class Plan:
    """An earlier end is the holder's own; a later one takes the rule."""
    code = "held"

    def __init__(self, w, by, ends):
        self.by, self.ends, self.slot = by, ends, w.slot("retirement")
        self.rule = "delegate.retire" if w.retiring and ends > w.retiring[0] else None
        self.parts = w.parts(holder={w.holder}, concerned={w.holder}, proposer={by})

    def refused(self, w):
        if w.slot("retirement") != self.slot:
            return "stale"
        if not w.retiring:
            return "no-retirement"
        if self.by != w.holder:
            return "not-holder"
        if self.ends <= w.now or self.ends == w.retiring[0] or self.ends > w.retiring[1]:
            return "ends"
        return "operated" if self.ends < w.retiring[0] and w.operator() != "-" else None  # nobody gives the name up meanwhile

    def take(self, w):
        w.retiring = (self.ends, w.retiring[1])
        w.change("retirement")


class Operate:
    rule = "delegate.operate"

    def __init__(self, w, by, operator, ground, until):
        self.operator, self.ground, self.until, self.slot = operator, ground, until, w.slot("operation")
        self.parts = w.parts(holder={w.holder}, recipient={operator}, concerned={w.holder, operator}, proposer={by})

    def first(self, w):
        """Operations of one name count as one until twice the longest is over since the first began."""
        before = w.operation
        return before["since"] if before and w.now < before["since"] + 2 * self.longest(w) else w.now

    def longest(self, w):
        return min(w.law.spans.get(self.rule, {}).get("sunset", LONGEST_OPERATION), LONGEST_OPERATION)

    def refused(self, w):
        if w.holder == "-":
            return "no-holder"
        if w.slot("operation") != self.slot:
            return "stale"
        if self.operator == w.holder:
            return "same-party"
        if self.until <= w.now:
            return "expires"
        return "term" if self.until > self.ends(w) else None

    def ends(self, w):
        """At the latest."""
        return self.first(w) + self.longest(w)

    def take(self, w):
        w.operation = dict(operator=self.operator, ground=self.ground, since=self.first(w), until=self.until)
        w.change("operation")


class Resume:
    """Its operator's own, and the holder's where nobody contests who speaks for it; otherwise the rule's. Where nobody
    ever operated there is nothing to ask the others."""

    def __init__(self, w, by):
        last = w.operation
        own = not last or by == last["operator"] or (by == w.holder and last["ground"] != "contested")
        self.rule, self.slot = None if own else "delegate.operate", w.slot("operation")
        self.parts = w.parts(holder={w.holder}, recipient={w.holder}, concerned={w.holder}, proposer={by})

    def refused(self, w):
        if w.slot("operation") != self.slot:
            return "stale"
        return "no-operation" if w.operator() == "-" else None

    def take(self, w):
        w.operation["until"] = w.now
        w.change("operation")


class Rekey:
    rule = "party.rekey"

    def __init__(self, w, by, party):
        self.by, self.party, self.slot = by, party, w.slot("party " + party)
        self.parts = w.parts(holder={party}, concerned={party}, interested={party}, proposer={by})

    def refused(self, w):
        if self.by == self.party:
            return "same-party"
        return "stale" if w.slot("party " + self.party) != self.slot else None

    def take(self, w):
        w.change("party " + self.party)


EFFECTS = {"grant": Grant, "freeze": Freeze, "delegate": Delegate, "retire": Retire, "plan": Plan, "operate": Operate,
           "resume": Resume, "rekey": Rekey}


# --- A federation.

class Model:
    def __init__(self, made, attesters):
        self.law, self.attesters, self.now = made, attesters, 0
        self.status, self.effect, self.proxies, self.checks = "none", None, {}, None
        self.new_holder, self.holder, self.delegation = "-", made.names[0], 1
        self.frozen, self.ratified, self.retiring, self.operation = 0, None, None, None
        self.needs_none = False
        self.changes = {}

    def told(self):
        ends, latest = self.retiring or (0, 0)
        keys = "".join(str(1 + self.slot("party " + name)) for name in self.law.names)
        return (f"{self.status} {self.new_holder} {self.frozen} {self.holder} {self.delegation} {ends} {latest} "
                f"{self.operator()} {keys}")

    def is_under_way(self):
        return self.status in ("open", "passed", "ratifying")

    # The records that acts replace: how often each has changed; 0 where there is none.

    def slot(self, record):
        return 0 if record == "retirement" and not self.retiring else self.changes.get(record, 0)

    def change(self, record):
        self.changes[record] = self.changes.get(record, 0) + 1

    def operator(self):
        stands = self.operation and self.now < self.operation["until"] and self.holder != "-"
        return self.operation["operator"] if stands else "-"

    def keeper(self):
        return self.operator() if self.operator() != "-" else self.holder

    @staticmethod
    def parts(**of):
        return tuple(frozenset(of.get(part, ())) for part in PARTS)

    def snapshot(self, effect):
        effect.parts = effect.parts[:len(PARTS)] + (self.law.snapshot(self.now, getattr(effect, "code", "held")),)

    # What was said.

    def said(self):
        own = {}
        for name in self.law.names:
            vote = self.votes.get(name, "none")
            own[name] = "yes" if vote == "none" and name in self.effect.parts[2] else vote
        return tuple((own[n], own[self.proxies[n]] if own[n] == "none" and n in self.proxies else "none", n in self.objected)
                     for n in self.law.names)

    def over(self):
        return tuple(self.now >= t for t in (self.vote_until, self.objection_until, self.expedited_until, self.comment_until))

    def judge(self, ratify=False, checked=None):
        over = (self.now >= self.vote_until, True, True, True) if ratify else self.over()
        checked = self.checked() if checked is None else checked
        return self.law.judge(self.effect.rule, ratify, self.effect.parts, self.said(), over, checked)

    # Technical checks.

    def checked(self):
        """What the clause says, of an act as it opens or in the run of submission."""
        if self.checks is None:
            return HOLDS if self.needs_none else FAILS
        return self.checks.says(self.now)

    def ask_checks(self):
        """False: the rule asks for checks, and too few could attest them."""
        self.checks, self.needs_none = None, False
        if not self.law.asks_checks(self.effect.rule):
            return True
        needs = self.effect.needs(self) if isinstance(self.effect, Delegate) else None
        if not needs:
            self.needs_none = needs is not None
            return self.needs_none
        signers = self.law.signers()
        faulty = signers - (2 * signers // 3 + 1)
        attesters = self.attesters - self.effect.parts[0] - self.effect.parts[2]
        quorum = max(3, faulty + 1)
        if len(attesters) < quorum:
            return False
        self.checks = Checks(needs, quorum, attesters, self.now)
        return True

    def attest(self, by, run, ago, network, failed, unable):
        checks = self.checks if self.status in ("open", "passed") else None
        if checks is None or checks.run != run or checks.held_at is not None:  # what has held again waits for nothing
            return "no-checks"
        if by not in checks.attesters:
            return "attester"
        if by in checks.said:
            return "twice"
        if not checks.since <= self.now - ago <= self.now:
            return "attest-time"
        checks.said[by] = (network, (OF_SERVERS | OF_DS) - set(failed.split(",")) - set(unable.split(",")))
        self.settle()
        return "ok"

    # Proposing.

    def open_case(self, effect):
        """The federation in which it is proposed; the outcome as it opens; and whether it is enough at once."""
        fresh = Model.__new__(Model)
        fresh.__dict__.update(self.__dict__)
        spans = self.law.spans[effect.rule]
        fresh.effect, fresh.votes, fresh.objected, fresh.quorum_reached = effect, {}, set(), False
        self.snapshot(effect)
        fresh.comment_until = self.now + spans.get("comment", 0)
        fresh.vote_until = fresh.comment_until + spans.get("vote", DEFAULT_VOTE) if self.law.asks_votes(effect.rule) else self.now
        fresh.objection_until = self.now + spans.get("objection", 0)
        fresh.expedited_until = self.now + spans.get("expedited", 0)
        fresh.available = fresh.ask_checks()
        outcome, expedited = fresh.judge()
        return fresh, outcome, outcome == HOLDS and (expedited or spans.get("delay", 0) + spans.get("cure", 0) == 0)

    def is_alone(self, effect):
        """Whether no case stays open for it."""
        if effect.rule is None or effect.rule not in self.law.rules:
            return True
        return self.open_case(effect)[2] and "ratify" not in self.law.spans[effect.rule]

    def propose(self, effect):
        if effect.rule is None:
            return self.do(effect)
        if effect.rule not in self.law.rules:
            return "no-rule"
        fresh, outcome, at_once = self.open_case(effect)
        if outcome == FAILS and isinstance(effect, Delegate) and effect.by == self.holder and self.operator() != "-":
            return "operated"  # its holder, while another keeps it
        if outcome == FAILS:
            lacks = [] if fresh.available else ["unavailable"]
            return "/".join((["consent"] if fresh.available or fresh.judge(checked=HOLDS)[0] == FAILS else []) + lacks)
        why = effect.refused(self)
        if why:
            return why
        if self.is_alone(effect):
            return self.do(effect)
        self.__dict__.update(fresh.__dict__)
        if at_once:
            return self.do(effect)
        self.status = "open"
        self.settle()
        return "ok"

    def do(self, effect):
        """An act that is enough by itself."""
        why = effect.refused(self)
        if why:
            return why
        before = self.status
        self.status = "none"
        effect.take(self)
        if self.status == "none":
            self.status = before
        return "ok"

    # Judging.

    def settle(self):
        if self.status == "ratifying":
            outcome, _ = self.judge(ratify=True)
            if outcome != OPEN:
                self.end_ratifying(outcome == HOLDS)
        if self.status == "open":
            self.late_quorum()
            outcome, expedited = self.judge()
            spans = self.law.spans[self.effect.rule]
            if outcome == FAILS:
                self.status = "failed"
            elif outcome == HOLDS:
                self.status = "passed"
                self.execute_at = self.now + (0 if expedited else spans.get("delay", 0) + spans.get("cure", 0))
                self.ask_again()
        if self.status == "passed":
            self.execute()

    def ask_again(self):
        """What has passed by its checks, and changes servers, is checked twice."""
        if self.checks and self.checks.says(self.now) == HOLDS and self.checks.needs & OF_SERVERS:
            self.checks.begin("publication", max(self.now, self.execute_at - DAY))
        else:
            self.checks = None

    def execute(self):
        """Freshly checked, at its time, and when nothing stands against it."""
        if self.checks and self.checks.held_at is None:
            says = self.checks.says(self.now)
            if says == FAILS:
                self.status = "refused"
                return
            if says == HOLDS:
                self.checks.held_at = self.now
        if self.now < self.execute_at:
            return
        why = self.effect.refused(self)
        if why == "frozen":
            return  # a frozen name's changes wait; a freeze of what is frozen waits too
        if self.checks and self.checks.held_at is not None and self.now - self.checks.held_at > DAY:
            self.checks.begin("publication", self.now)
        if self.checks and self.checks.held_at is None:
            return
        if why:
            self.status = "refused"
            return
        self.status = "done"
        self.effect.take(self)

    def end_ratifying(self, held):
        self.status = "done" if held else "failed"
        self.ratified = "yes" if held else "no"
        if not held and self.now < self.frozen:
            self.frozen = self.now

    def late_quorum(self):
        late = self.law.spans[self.effect.rule].get("late", 0)
        if late == 0 or self.quorum_reached or not self.law.quorum(self.effect.rule, self.effect.parts, self.said()):
            return
        self.quorum_reached = True
        if 0 < self.vote_until - self.now < late:
            self.vote_until = self.now + late

    # Time.

    def times(self):
        times = [self.retiring[0]] if self.retiring else []
        if self.status in ("open", "ratifying"):
            times += [self.vote_until, self.objection_until, self.expedited_until, self.comment_until]
        if self.status == "passed":
            times += [self.execute_at, self.frozen]
        if self.status in ("open", "passed") and self.checks:
            times += [self.checks.since, self.checks.until]
        return times

    def time(self, until):
        while True:
            due = [t for t in self.times() if self.now < t <= until]
            if not due:
                break
            self.now = min(due)
            if self.is_under_way():
                self.settle()
            if self.retiring and self.retiring[0] <= self.now:
                self.end_name()
        self.now = until
        return "ok"

    def end_name(self):
        """While a name is frozen it does not end."""
        if self.now < self.frozen:
            self.retiring = (self.frozen, self.retiring[1])
            self.change("retirement")
            return
        self.holder, self.delegation, self.retiring = "-", 0, None
        self.change("tld")
        self.change("retirement")

    # What parties say on a proposal.

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
        rule = self.law.rules[self.effect.rule]
        window = rule.timings.get("objection") if self.status == "open" else None
        expression = rule.consent if self.status == "open" else rule.timings["ratify"][1]
        me = next(p for p in self.law.parties(self.effect.parts, self.said()) if p["name"] == by)
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
        if self.status not in ("open", "passed") or by not in self.effect.parts[2]:
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

    def rotate(self, by):
        self.change("party " + by)
        return "ok"

    def say(self, word, *rest):
        """One line of a history."""
        return self.propose(EFFECTS[word](self, *rest)) if word in EFFECTS else getattr(self, word)(*rest)
