# SPDX-License-Identifier: Apache-2.0
"""Name servers that do one thing wrong, each at an address of its own, and a network of our own for them."""
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import dnswire  # noqa: E402

SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
INSIDE = "COMITY_TEST_INSIDE"


def find(program):
    return shutil.which(program, path=SBIN)


def enter(why):
    """Goes on in a network namespace whose loopback may have any address; ends as skipped where there is none."""
    if os.environ.get(INSIDE):
        subprocess.run([find("ip"), "link", "set", "lo", "up"], check=True)
        return
    words = [find("unshare"), *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net"]
    if not find("ip") or not words[0] or subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        print(f"1..0 # SKIP {why}: no network namespace can be made")
        sys.exit(0)
    os.execve(words[0], [*words, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


def have(address):
    bits = 128 if ":" in address else 32
    subprocess.run([find("ip"), "addr", "add", f"{address}/{bits}", "dev", "lo", *(["nodad"] if bits == 128 else [])], check=True)


def name(text):
    return dnswire.wire_of(text)


def rr(owner, rtype, data):
    return name(owner) + struct.pack(">HHIH", dnswire.TYPES[rtype], 1, 300, len(data)) + data


def data_of(rtype, text):
    if rtype == "NS":
        return name(text)
    if rtype == "SOA":
        words = text.split()
        return name(words[0]) + name(words[1]) + struct.pack(">IIIII", *map(int, words[2:]))
    return socket.inet_pton(socket.AF_INET6 if rtype == "AAAA" else socket.AF_INET, text)


class Faulty:
    """A server of one zone at one address. `faults`: lame, noaa, silent, notcp, open, elsewhere:ADDRESS."""

    def __init__(self, address, records, *faults):
        self.records = {(owner, rtype): data for owner, rtype, data in records}
        self.faults = set(faults)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.udp = socket.socket(family, socket.SOCK_DGRAM)
        self.udp.bind((address, 53))
        self.out = self.udp
        for fault in faults:
            if fault.startswith("elsewhere:"):
                self.out = socket.socket(family, socket.SOCK_DGRAM)
                self.out.bind((fault.split(":", 1)[1], 53))
        self.serve(self.by_udp)
        if "notcp" not in self.faults:
            self.tcp = socket.socket(family, socket.SOCK_STREAM)
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.tcp.bind((address, 53))
            self.tcp.listen(16)
            self.serve(self.by_tcp)

    @staticmethod
    def serve(loop):
        threading.Thread(target=loop, daemon=True).start()

    def by_udp(self):
        while True:
            question, peer = self.udp.recvfrom(4096)
            answer = self.answer(question)
            if answer:
                self.out.sendto(answer, peer)

    def by_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            with connection:
                try:
                    answer = self.answer(dnswire.recv_message(connection))
                    if answer:
                        connection.sendall(struct.pack(">H", len(answer)) + answer)
                except OSError:
                    pass

    def answer(self, question):
        if "silent" in self.faults:
            return None
        asked = dnswire.Response(question)
        owner, (qtype, _) = asked.question[0][0], asked.question[0][1]
        labels = dnswire.text_of(dnswire.read_name(owner, 0)[0])
        head, body = 0x8000 | (asked.flags & 0x100), b""
        count, rcode = 0, 0
        if "lame" in self.faults:
            rcode = 5
        elif "open" in self.faults and labels.endswith("invalid."):
            head |= 0x80
            rcode = 3
        elif not any(labels == o or labels.endswith("." + z) for o, z in self.zones()):
            rcode = 5
        else:
            head |= 0 if "noaa" in self.faults else 0x400
            word = dnswire.WORDS.get(qtype)
            for text in self.records.get((labels, word), []):
                body += rr(labels, word, data_of(word, text))
                count += 1
        return struct.pack(">HHHHHH", asked.ident, head | rcode, 1, count, 0, 0) + owner + struct.pack(">HH", qtype, 1) + body

    def zones(self):
        return [(owner, owner) for owner, rtype in self.records if rtype == "SOA"]
