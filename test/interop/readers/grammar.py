#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""grammar.py - the grammar of comity-act(5) as the page has it, against that of the program.

Acts of every kind and founding texts are changed by a few octets, words or lines. Whether what
comes out is still a text of ours must be the same to `comity act show` and to the reader that was
written from the page alone."""
import concurrent.futures
import pathlib
import random
import subprocess
import sys
import tempfile

import acts
import federation
from notes import Wrong

SEED = 20261122
MUTANTS = 60  # of each text
CORPUS = federation.SOURCE / "test/corpus/act"
SPICE = [b" ", b"  ", b"\n", b"none", b"0", b"-", b"_", b".", b"| ", b"> ", b"+ ", b"key: ", "é".encode(),
         b"e\xcc\x81", b"\xc2\xad", b"\xe2\x80\xae", b"\xff", b"A", b"9223372036854775808", b"::", b"=", b"\r",
         b"comity-"]


def mutant(text, chance):
    lines = text.split(b"\n")
    way = chance.randrange(6)
    if way == 0:
        at, other = chance.randrange(len(text)), text[chance.randrange(len(text))]
        return text[:at] + bytes([chance.choice([other, chance.randrange(256)])]) + text[at + 1:]
    if way == 1:
        at = chance.randrange(len(text) + 1)
        return text[:at] + chance.choice(SPICE) + text[at:]
    if way == 2:
        del lines[chance.randrange(len(lines))]
    elif way == 3:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    elif way == 4:
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    else:
        at = chance.randrange(len(text))
        return text[:at] + text[at + chance.randrange(1, 4):]
    return b"\n".join(lines)


def by_page(text):
    try:
        (acts.Genesis if text.startswith(b"comity-genesis/1\n") else acts.Act)(text)
    except Wrong as wrong:
        return False, str(wrong)
    return True, ""


def by_program(path):
    done = subprocess.run([federation.COMITY, "act", "show", path], capture_output=True, timeout=60, check=False)
    return done.returncode == 0, done.stderr.decode(errors="replace").strip()


def main():
    chance, texts = random.Random(SEED), []
    for path in sorted(CORPUS.glob("*/*")):
        text = path.read_bytes()
        # Charters are others' matter: a changed one has another digest, and that is all.
        texts += [text] + [mutant(text, chance) for _ in range(MUTANTS)]
    accepted, differ = 0, []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(4) as pool:
        paths = [pathlib.Path(folder) / str(i) for i in range(len(texts))]
        for path, text in zip(paths, texts):
            path.write_bytes(text)
        for text, theirs in zip(texts, pool.map(by_program, paths)):
            ours = by_page(text)
            accepted += ours[0]
            if ours[0] != theirs[0]:
                differ.append((text, ours, theirs))
    for text, ours, theirs in differ[:5]:
        print(f"# {text[:1500]!r}\n# page: {ours}\n# program: {theirs}")
    print(f"{'not ok' if differ else 'ok'} 1 - {len(texts)} texts, {accepted} accepted: page and program agree")
    print(f"{'ok' if accepted > len(texts) // 20 else 'not ok'} 2 - some of them are acts\n1..2")


if __name__ == "__main__":
    sys.exit(main())
