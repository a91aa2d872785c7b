# SPDX-License-Identifier: Apache-2.0
"""A state of several megabytes, which the node tells in pages (comity-ipc(7)); none of it is signed here."""
import tempfile

from rig import HERE, ORIGIN, Federation

PARTIES, TLDS = ["aurelia", "borealia", "cascadia"], 6000


def zone():
    yield ". 86400 IN SOA a.b. h.b. 1 1800 900 604800 86400"
    yield "b. 172800 IN NS a.b."
    yield "a.b. 172800 IN A 192.0.2.1"
    for n in range(TLDS):
        yield f"t{n}. 172800 IN NS ns.nic.t{n}."
        yield f"ns.nic.t{n}. 172800 IN A 192.0.2.{n % 250}"
        yield f"t{n}. 86400 IN DS {n} 15 2 {n:064x}"


def run(cli, ok):
    with tempfile.TemporaryDirectory(prefix="comity-cli-") as folder:
        f = Federation(cli.build, folder, cli.tap)
        try:
            (f.at / "zone").write_text("\n".join(zone()) + "\n")
            founded(f, f.at / "zone")
            told = f.json(None, "tld", "list")
            ok(len(told.lines) == TLDS + 1 and {t["tld"] for t in told.lines} == {"b", *(f"t{n}" for n in range(TLDS))},
               f"a state of {TLDS + 1} TLDs is told whole", told.out[-300:], told.err)
        finally:
            f.clear()


def founded(f, *words):
    """A federation on the import that these words make."""
    f.comity(None, "import", "--common", "aurelia", "--output", f.at / "import", *words)
    for party in PARTIES:
        f.comity(party, "key", "new", party, "--kind", "state", "--origin", ORIGIN, *(["--sequencer"] if party == "aurelia" else []))
    text = f.comity(None, "federation", "new", "--charter", HERE / "votes.charter", "--import", f.at / "import",
                    *(f.at / party for party in PARTIES)).out
    (f.at / "genesis").write_text(text)
    for party in PARTIES:
        f.comity(party, "federation", "join", f.at / "genesis", "--out", f.at / "genesis")
    (f.at / "aurelia/node").mkdir()
    (f.at / "genesis").rename(f.at / "aurelia/node/genesis.note")
    (f.at / "import").rename(f.at / "aurelia/node/import")
    f.spawn("comityd", f.bin / "comityd", "--home", f.at / "aurelia")
    f.wait("the node", f.socket.exists)
