# SPDX-License-Identifier: Apache-2.0
"""Where people who found or join for the first time have stumbled: each is told what is so, and the way on."""


def second_refusal(f, ok):
    """A transfer is tried without the recipient and with it: the refusal of the first try keeps its words."""
    words = ["tld", "transfer", "bor", "cascadia"]
    en, zh, told = f.in_all("aurelia", *words, code=1)
    ok("holder: not agreed by borealia; recipient: not agreed by cascadia" in en.err, "whose consent is missing", en)
    ok("holder：未同意者 borealia；recipient：未同意者 cascadia" in zh.err, "the same in Chinese", zh)
    ok("holder: not agreed by borealia; recipient: not agreed by cascadia" in told.out, "and in JSON", told)


def run(f, ok):
    second_refusal(f, ok)
