# SPDX-License-Identifier: Apache-2.0
"""federation: four parties of a build, on this machine, in a folder that goes when it is over.

A node with its signer, and three signers that attach to it; what they say to each other goes over
the node's unix socket (comity-ipc(7)), by which we ask too. Everything started is ended by its pid."""
import hashlib
import os
import pathlib
import socket
import subprocess
import time

import merkle

SOURCE = pathlib.Path(os.environ.get("COMITY_SOURCE", pathlib.Path(__file__).parents[3]))
BUILD = pathlib.Path(os.environ.get("COMITY_BUILD", SOURCE / "build"))
COMITY = BUILD / "src/prog/comity/comity"
COMITYD = BUILD / "src/prog/comityd/comityd"
SIGNERD = BUILD / "src/prog/signerd/comity-signerd"
PARTIES = ["aurelia", "borealia", "cascadia", "delmare"]
ORIGIN = "root.comity.example"
MANIFEST = f"""comity-import/1
apex: .
source: {hashlib.sha256(b"no zone at all").hexdigest()}

host/ns1.nic.aur.
owner: aurelia
users: aur bor
act: genesis
+ ns1.nic.aur. 172800 IN A 192.0.2.1
+ ns1.nic.aur. 172800 IN AAAA 2001:db8::1

tld/aur
holder: aurelia
act: genesis
+ aur. 172800 IN NS ns1.nic.aur.
+ aur. 172800 IN NS ns2.nic.aur.
+ aur. 86400 IN DS 12345 13 2 a59dbd5f07f7ef92b43605c0a2fc75aee1774107e2ed90a7e6518d22612b966f
+ ns2.nic.aur. 172800 IN A 192.0.2.2

tld/bor
holder: borealia
act: genesis
+ bor. 172800 IN NS ns1.nic.aur.

waiver/bor/ns-count
expires: 2099-01-01T00:00:00Z
act: genesis
"""

HELLO, SUBMIT, POST, GET, STATUS = 1, 2, 4, 6, 8
SYNCED, RECEIPT, RECORDS, REPORT = 36, 37, 38, 39


class Node:
    """One connection to a node."""

    def __init__(self, path):
        self.socket, self.buffer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), b""
        self.socket.settimeout(30)
        # A path of a socket has at most 107 octets; that of our folder may be longer.
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        self.socket.connect(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)

    def say(self, kind, body=b""):
        self.socket.sendall((len(body) + 1).to_bytes(4, "big") + bytes([kind]) + body)

    def hear(self):
        while len(self.buffer) < 4 or len(self.buffer) < 4 + int.from_bytes(self.buffer[:4], "big"):
            got = self.socket.recv(1 << 16)
            if not got:
                raise ConnectionError("the node hung up")
            self.buffer += got
        end = 4 + int.from_bytes(self.buffer[:4], "big")
        message, self.buffer = self.buffer[4:end], self.buffer[end:]
        return message[0], message[1:]

    def ask(self, kind, body, answer):
        self.say(kind, body)
        while True:
            got, octets = self.hear()
            if got == answer:
                return octets

    def record(self, key):
        """The record of that key, or None."""
        octets = self.ask(GET, key.encode(), RECORDS)
        return octets[4:4 + int.from_bytes(octets[:4], "big")] if octets else None

    def report(self):
        return self.ask(STATUS, b"", REPORT).decode()

    def attach(self):
        """As a signer does: told everything there is, and from then on what happens."""
        self.say(HELLO, b"comity-ipc/1\nrole: signer\nparty: reader\nheight: 0\n")
        self.told = [self.hear()]
        while self.told[-1][0] != SYNCED:
            self.told.append(self.hear())

    def catch_up(self):
        """[(type, body)] of all that was told so far."""
        self.socket.settimeout(0.5)
        try:
            while True:
                self.told.append(self.hear())
        except TimeoutError:
            return self.told


class Federation:
    def __init__(self, folder):
        self.folder, self.running = pathlib.Path(folder), []
        self.node = self.folder / "aurelia/node"

    def comity(self, *words, party="aurelia", **more):
        return subprocess.run([COMITY, "--home", self.folder / party, *words], check=True, capture_output=True,
                              timeout=60, cwd=self.folder, env={"PATH": os.environ["PATH"]}, **more).stdout

    def found(self):
        for party in PARTIES:
            self.comity("key", "new", party, "--kind", "state", "--origin", ORIGIN,
                        *(["--sequencer"] if party == "aurelia" else []), party=party)
        (self.folder / "manifest").write_text(MANIFEST)
        (self.folder / "g.note").write_bytes(self.comity(
            "federation", "new", "--charter", SOURCE / "examples/charters/seven-equals.charter",
            "--import", "manifest", *PARTIES))
        for party in PARTIES:
            self.comity("act", "sign", "--out", "g.note", "g.note", party=party)
        self.node.mkdir()
        (self.node / "genesis.note").write_bytes((self.folder / "g.note").read_bytes())
        (self.node / "import").write_text(MANIFEST)
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "comity-signerd").symlink_to(SIGNERD)
        with open(self.folder / "aurelia/comity.conf", "a") as config:
            config.write(f"[node]\nprograms = {programs}\n[signer]\nhome = .\n")

    def start(self):
        self.spawn("aurelia", COMITYD, "--home", "aurelia")
        self.wait(lambda: (self.node / "run/comity.sock").exists(), 30, "the node's socket")
        for party in PARTIES[1:]:
            self.spawn(party, SIGNERD, "--home", party, "--socket", "aurelia/node/run/comity.sock")
        self.ask = Node(self.node / "run/comity.sock")

    def spawn(self, name, *words):
        log = open(self.folder / f"{name}.log", "wb")
        self.running.append(subprocess.Popen(words, cwd=self.folder, stdout=log, stderr=log))

    def stop(self):
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []

    def wait(self, done, seconds, what):
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end or any(p.poll() is not None for p in self.running):
                logs = "".join(p.read_text(errors="replace")[-2000:] for p in sorted(self.folder.glob("*.log")))
                raise TimeoutError(f"{what}: not there after {seconds} s\n{logs}")
            time.sleep(0.2)

    def custody(self):
        lines = (self.ask.record("custody") or b"\n").decode().splitlines()[1:]
        return dict(line.split(": ") for line in lines)

    def has_keys(self):
        return all(self.custody().get(group, "0") != "0" for group in ("ksk", "ksk-standby", "zsk"))

    def is_quiet(self):
        """A release, no job, everything final and published."""
        report = dict(line.split(": ", 1) for line in self.ask.report().splitlines()[1:])
        return (self.ask.record("zone/current") is not None and self.ask.record("due") is None
                and self.custody()["job"] == "0" and report["sealed"] == report["final"]
                and report["log"] == report["published-log"] and report["published-zone"] != "0")

    def slot(self, key):
        record = self.ask.record(key)
        return merkle.leaf(record).hex() if record else "none"

    def sign(self, party, kind, fields, rest=""):
        """An act put together as the page says, signed by the command line: its id, and its note."""
        report = self.ask.report().splitlines()
        federation = next(line for line in report if line.startswith("federation: "))
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        text = f"comity-act/1 {kind}\n{federation}\ncharter: 1\nby: {party}\nuntil: {until}\n{fields}{rest}"
        note = self.comity("act", "sign", "-", party=party, input=text.encode())
        return hashlib.sha256(text.encode()).hexdigest(), note

    def submit(self, notes):
        """All at once; raises unless every one enters."""
        node = Node(self.node / "run/comity.sock")
        for note in notes:
            node.say(SUBMIT, note)
        for _ in notes:
            kind, receipt = node.hear()
            if kind != RECEIPT or not receipt.startswith(b"comity-receipt/1\noutcome: entered\n"):
                raise ValueError(receipt.decode())

    def act(self, *words):
        name, note = self.sign(*words)
        self.submit([note])
        return name
