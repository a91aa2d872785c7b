#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""words_data SEED: what python3's unicodedata says of lines of text, for base/words_test.

First line: the Unicode version. Second: one 0 or 1 for each code point from 0, the
verdict on a line that is it alone. Then a verdict and a line in hexadecimal, many times."""
import random
import sys
import unicodedata

COUNT = 25000


def valid(octets):
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return (0 < len(octets) <= 1000 and text == " ".join(text.split(" ")).strip(" ")
            and "  " not in text and unicodedata.normalize("NFC", text) == text
            and all(c == " " or unicodedata.category(c)[0] in "LMNPS" for c in text))


def pools():
    points = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c))[0] in "LMNPS"]
    marks = [c for c in points if unicodedata.combining(c)]
    whole = [c for c in points if unicodedata.normalize("NFD", c) != c]
    parts = sorted({p for c in whole if not 0xAC00 <= ord(c) < 0xD7A4
                    for p in unicodedata.normalize("NFD", c)})
    jamo = [chr(c) for c in range(0x1100, 0x1200)] + [chr(c) for c in range(0xAC00, 0xD7A4, 7)]
    return [points, marks, whole, parts, jamo, list(" abc é你")]


def line(pools):
    """Mostly lines where composing matters; a half of them made valid by normalizing."""
    few = random.choice([3, 8, 30, 200])
    text = "".join(random.choice(random.choice(pools)) for _ in range(random.randint(1, few)))
    if random.random() < 0.6:
        text = unicodedata.normalize(random.choice(["NFC", "NFC", "NFD"]), text)
    octets = text.encode("utf-8")
    if random.random() < 0.1:
        at = random.randrange(len(octets))
        octets = octets[:at] + bytes([random.randrange(256)]) + octets[at + 1:]
    return octets


def main():
    random.seed(int(sys.argv[1]))
    print(unicodedata.unidata_version)
    print("".join("01"[valid(chr(c).encode("utf-8", "surrogatepass"))] for c in range(0x110000)))
    some = pools()
    for _ in range(COUNT):
        octets = line(some)
        print(int(valid(octets)), octets.hex())


main()
