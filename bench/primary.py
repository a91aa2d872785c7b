#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""primary.py PORT FOLDER SERIAL...: a primary that sends what was recorded, so that every secondary gets the same octets as fast.

FOLDER has K.axfr and, but for the first, K.ixfr: messages with two octets of size in front. Reads K on standard input and
has that release from then on, which it confirms with the line `ready`. When it has sent an IXFR it tells the time: `sent
SECONDS` of the monotonic clock."""
import pathlib
import selectors
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "test" / "interop"))
import dnswire  # noqa: E402

SOA, IXFR, AXFR = 6, 251, 252


def messages(octets):
    at, found = 0, []
    while at < len(octets):
        size = struct.unpack_from(">H", octets, at)[0]
        found.append(octets[at + 2:at + 2 + size])
        at += 2 + size
    return found


class Primary:
    def __init__(self, folder, serials):
        self.serials, self.now = serials, 0
        self.axfr = [messages((folder / f"{k}.axfr").read_bytes()) for k in range(len(serials))]
        self.ixfr = [None] + [messages((folder / f"{k}.ixfr").read_bytes()) for k in range(1, len(serials))]
        self.soa = [self._soa(m[0]) for m in self.axfr]

    @staticmethod
    def _soa(message):
        """The first record, which stands behind a question for the root."""
        at = 17
        size = struct.unpack_from(">H", message, at + 9)[0]
        return message[at:at + 11 + size]

    def respond(self, query, tcp):
        """The messages to answer with, and whether that was an IXFR."""
        qtype = struct.unpack_from(">H", query, 13)[0]
        if qtype == SOA or not tcp:
            return [self._single(query)], False
        if qtype == IXFR:
            have = dnswire.Response(query).sections[1][0][4][2][:4]
            have = int.from_bytes(have, "big")
            if have == self.serials[self.now]:
                return [self._single(query)], False
            if self.now and have == self.serials[self.now - 1]:
                return [query[:2] + m[2:] for m in self.ixfr[self.now]], True
        return [query[:2] + m[2:] for m in self.axfr[self.now]], False

    def _single(self, query):
        return query[:2] + struct.pack(">HHHHH", 0x8400, 1, 1, 0, 0) + query[12:17] + self.soa[self.now]


class Connection:
    def __init__(self, s):
        self.socket, self.octets = s, b""
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def work(self, primary):
        """False when it has ended."""
        try:
            more = self.socket.recv(65536)
        except OSError:
            return False
        self.octets += more
        while len(self.octets) >= 2 and len(self.octets) >= 2 + struct.unpack_from(">H", self.octets)[0]:
            size = struct.unpack_from(">H", self.octets)[0]
            response, changes = primary.respond(self.octets[2:2 + size], True)
            self.octets = self.octets[2 + size:]
            self.socket.sendall(b"".join(struct.pack(">H", len(m)) + m for m in response))
            if changes:
                print("sent", time.monotonic(), flush=True)
        return bool(more)


def main(port, folder, *serials):
    primary = Primary(pathlib.Path(folder), list(map(int, serials)))
    selector = selectors.DefaultSelector()
    udp, tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for s in (udp, tcp):
        s.bind(("127.0.0.1", int(port)))
        selector.register(s, selectors.EVENT_READ, s)
    tcp.listen()
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                line = sys.stdin.readline()
                if not line:
                    return
                primary.now = int(line)
                print("ready", flush=True)
            elif key.data is udp:
                query, sender = udp.recvfrom(4096)
                udp.sendto(primary.respond(query, False)[0][0], sender)
            elif key.data is tcp:
                connection = Connection(tcp.accept()[0])
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            elif not key.data.work(primary):
                selector.unregister(key.data.socket)
                key.data.socket.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
