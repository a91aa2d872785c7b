# SPDX-License-Identifier: Apache-2.0
"""Zones for the tests: the real root where it lies beside us, and made ones, always the same."""
import lzma
import os
import pathlib
import random

SOURCE = pathlib.Path(os.environ.get("COMITY_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
SIGNATURES = ("RRSIG", "NSEC", "DNSKEY", "ZONEMD")


def shared(path):
    """A file of the project's shared data, or None."""
    for folder in (os.environ.get("COMITY_SHARED"), SOURCE.parent / "shared"):
        if folder and (pathlib.Path(folder) / path).exists():
            return pathlib.Path(folder) / path
    return None


def read_lines(path):
    with lzma.open(path, "rt", encoding="latin1") as f:
        return f.read().splitlines()


def real_root():
    """The unsigned records of a real root zone; None where there is none."""
    path = shared("data/root/root-2026010500.zone.xz")
    if path is None:
        return None
    return [line for line in read_lines(path) if len(line.split()) > 3
            and line.split()[3] not in SIGNATURES]


def ferret():
    """The Ferret data set (MIT): a root zone of many corner cases, and queries; or None."""
    zone, queries = shared("data/suites/ferret-plain.zone.xz"), shared("data/suites/ferret-plain.queries.xz")
    if zone is None or queries is None:
        return None
    return read_lines(zone), [tuple(line.split()) for line in read_lines(queries) if line.strip()]


def _address(r, v6):
    if v6:
        return "2001:db8:" + ":".join(f"{r.randrange(1, 65536):x}" for _ in range(6))
    return f"192.0.2.{r.randrange(1, 255)}"


def made(apex=".", delegations=400, seed=1):
    """
    A zone of `apex` with what a root may have and the real one has not: name servers with
    authoritative addresses in the zone itself, below an empty non-terminal; delegations two
    and three labels down; a zone cut with its own address; names that begin with octets
    before '-' and behind 'z'; labels that share their first eight octets; an MX; a TTL of the SOA
    above its minimum.
    """
    r = random.Random(seed)
    dot = "" if apex == "." else apex
    name = lambda *labels: ".".join(labels) + "." + dot
    lines = [f"{apex} 86400 IN SOA {name('a', 'root-servers')} hostmaster.{name('nic')} "
             "2026112401 1800 900 604800 3600",
             f"{apex} 3600 IN TXT \"made for a test\"", f"{apex} 300 IN MX 10 {name('mail', 'nic')}"]
    for letter in "abcdefgh":
        host = name(letter, "root-servers")
        lines += [f"{apex} 518400 IN NS {host}", f"{host} 518400 IN A {_address(r, False)}",
                  f"{host} 518400 IN AAAA {_address(r, True)}"]
    lines += [f"{name('mail', 'nic')} 300 IN A 192.0.2.25",
              f"{name('deep', 'er', 'nic')} 300 IN TXT \"three labels\""]
    cuts = ["self", "x", "xn--p1ai", "xn--p1acf", "accountant", "accountants", "z", "\\126tilde",
            "\\033bang", "0", "0-0", "a-", "two.levels", "three.levels.down", "b.root-servers"]
    cuts += ["".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(2, 18)))
             for _ in range(delegations)]
    for i, cut in enumerate(dict.fromkeys(cuts)):
        owner = name(cut)
        if cut == "b.root-servers":
            continue
        lines += [f"{owner} 172800 IN NS {name('ns0', cut)}", f"{owner} 172800 IN NS {name('ns1', 'shared', 'x')}"]
        for n in range(1, r.randint(1, 7)):
            lines.append(f"{owner} 172800 IN NS {name(f'ns{n}', cut)}")
            lines += [f"{name(f'ns{n}', cut)} 172800 IN {'AAAA' if v6 else 'A'} {_address(r, v6)}"
                      for v6 in (False, True)]
        lines.append(f"{name('ns0', cut)} 172800 IN A {_address(r, False)}")
        if i % 3:
            lines.append(f"{owner} 86400 IN DS {r.randrange(65536)} 15 2 {r.randbytes(32).hex()}")
    lines += [f"{name('ns1', 'shared', 'x')} 172800 IN A 192.0.2.77",
              f"{name('self')} 172800 IN NS {name('self')}", f"{name('self')} 172800 IN A 192.0.2.78"]
    return lines
