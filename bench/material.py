# SPDX-License-Identifier: Apache-2.0
"""What is measured with: releases of a root zone signed with one Ed25519 key, their images, mixes of queries, the sizes
of the answers to them, and the releases as a primary would send them."""
import lzma
import pathlib
import re
import socket
import struct
import subprocess
import sys

import contenders
import dnswire
import servers

HERE = pathlib.Path(__file__).resolve().parent
LEFT_OUT = {"RRSIG", "NSEC", "DNSKEY", "ZONEMD"}
SIZES = 16384  # answers whose sizes the echo servers repeat


def zone_lines(path):
    octets = lzma.open(path).read() if path.suffix == ".xz" else path.read_bytes()
    return octets.decode("latin1").splitlines()


def unsigned(lines):
    return [line for line in dnswire.canonical_zone(lines) if line.split()[3] not in LEFT_OUT]


def messages_of(path):
    octets, at = path.read_bytes(), 0
    while at < len(octets):
        size = struct.unpack_from(">H", octets, at)[0]
        yield octets[at + 2:at + 2 + size]
        at += 2 + size


def well_formed(message):
    try:
        dnswire.Response(message)
    except (IndexError, ValueError, struct.error):
        return False
    return True


def framed(messages):
    return b"".join(struct.pack(">H", len(m)) + m for m in messages)


class Material:
    """Everything in one folder. `serial[k]` is that of `zone[k]` (text) and `image[k]`; `std`, `flood` are mixes, `std_text`
    one for dnsperf, `sizes` those of the answers to `std`; `transfers` has what primary.py sends."""

    def __init__(self, folder, rootd, zone, releases, queries):
        self.folder, self.rootd, self.queries = folder, rootd, queries
        folder.mkdir(parents=True, exist_ok=True)
        self.unsigned = folder / "unsigned.zone"
        self.zone, self.image, self.serial = [], [], []
        self._sign(unsigned(zone_lines(zone)), releases)
        self._mixes()
        self._compile()

    def _ldns(self, *words):
        return subprocess.run([servers.find(words[0]), *map(str, words[1:])], cwd=self.folder, check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()

    def _sign(self, lines, releases):
        """Each release has another serial, and another name server for one delegation."""
        soa = next(line for line in lines if line.split()[3] == "SOA")
        at = next(line for line in lines if line.split()[3] == "NS" and line.split()[0] != ".")
        first = int(soa.split()[6])
        self.key = self.folder / self._ldns("ldns-keygen", "-a", "ED25519", "-k", ".")
        for k in range(releases):
            words = soa.split()
            words[6] = str(first + k)
            changed = [" ".join(words) if line == soa else f"{at.rsplit(' ', 1)[0]} ns{k}.bench.invalid." if line == at and k else
                       line for line in lines]
            source = self.unsigned if k == 0 else self.folder / "changed.zone"
            source.write_text("".join(line + "\n" for line in changed), encoding="latin1")
            signed = self.folder / "signed.zone"
            self._ldns("ldns-signzone", "-z", "1:1", "-o", ".", "-i", "20200101000000", "-e", "20371231000000", "-f", signed,
                       source, self.key)
            path = self.folder / f"release-{k}.zone"
            path.write_text("".join(line + "\n" for line in dnswire.canonical_zone(
                signed.read_text(encoding="latin1").splitlines())), encoding="latin1")
            self.zone.append(path)
            self.serial.append(first + k)

    def _mix(self, name):
        path = self.folder / f"{name}.mix"
        subprocess.run([sys.executable, str(HERE / "queries"), str(self.zone[0]), name, str(path), str(self.queries)],
                       check=True)
        path.write_bytes(framed(filter(well_formed, messages_of(path))))
        return path

    def _mixes(self):
        self.std, self.flood = self._mix("std"), self._mix("flood")
        self.std_text = self.folder / "std.txt"
        with open(self.std_text, "w", encoding="ascii") as text:
            for message in messages_of(self.std):
                (name, (qtype, qclass)), = dnswire.Response(message).question
                labels = dnswire.read_name(message, 12)[0]
                if qclass == 1 and message[2] >> 3 == 0 and all(re.fullmatch(rb"[\w-]+", label) for label in labels):
                    print((b".".join(labels) or b".").decode(), dnswire.WORDS.get(qtype, f"TYPE{qtype}"), file=text)

    def _compile(self):
        """Images, one after the other in one place, so that each has its delta; what a primary sends of each; sizes."""
        self.transfers = self.folder / "transfers"
        self.transfers.mkdir(exist_ok=True)
        place = contenders.Place(self.folder / "compiling")
        contender = contenders.Contender("rootd", self.rootd, contenders.rootd_command)
        place.image = place.folder / "zone.image"
        for k, zone in enumerate(self.zone):
            subprocess.run([self.rootd, "--compile", str(zone), str(place.image)], check=True)
            self.image.append(self.folder / f"release-{k}.image")
            self.image[k].write_bytes(place.image.read_bytes())
            pathlib.Path(f"{self.image[k]}.xfr").write_bytes(pathlib.Path(f"{place.image}.xfr").read_bytes())
            with contenders.Running(contender, place).answers() as server:
                self._record(place, k)
                if k == 0:
                    self._sizes(server)

    def _record(self, place, k):
        (self.transfers / f"{k}.axfr").write_bytes(transfer(place, dnswire.query(".", 252)))
        if k:
            (self.transfers / f"{k}.ixfr").write_bytes(transfer(place, ixfr_query(self.zone[k - 1], self.serial[k - 1])))

    def _sizes(self, server):
        self.sizes = self.folder / "sizes"
        place, sizes = server.place, []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect((place.address, place.port))
            s.settimeout(1)
            for message, _ in zip(messages_of(self.std), range(SIZES)):
                s.send(message)
                try:
                    sizes.append(len(s.recv(65535)))
                except TimeoutError:
                    pass  # no answer is no size
        self.sizes.write_bytes(struct.pack(f">{len(sizes)}H", *sizes))


def ixfr_query(zone, serial):
    """A query for the changes since a serial, with that SOA in the authority section (RFC 1995)."""
    soa = next(line for line in zone.read_text(encoding="latin1").splitlines() if line.split()[3] == "SOA").split()
    rdata = dnswire.wire_of(soa[4]) + dnswire.wire_of(soa[5]) + struct.pack(">IIIII", serial, *map(int, soa[7:11]))
    return struct.pack(">HHHHHH", 0, 0, 1, 0, 1, 0) + b"\0" + struct.pack(">HH", 251, 1) + \
        b"\0" + struct.pack(">HHIH", 6, 1, int(soa[1]), len(rdata)) + rdata


def transfer(place, query):
    """The messages of a transfer, with their sizes in front."""
    with socket.create_connection((place.address, place.port), timeout=10) as s:
        s.sendall(struct.pack(">H", len(query)) + query)
        octets, soas = b"", 0
        while soas < 2 or (query[15] == 251 and soas < 4):
            message = dnswire.recv_message(s)
            octets += struct.pack(">H", len(message)) + message
            soas += sum(record[1] == 6 for record in dnswire.Response(message).sections[0])
        return octets
