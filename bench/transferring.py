# SPDX-License-Identifier: Apache-2.0
"""The whole zone by TCP, in milliseconds from the query to the last octet."""
import os
import socket
import struct
import time

import contenders
import dnswire
import machine

QUERY = dnswire.query(".", 252, 9)
TIMES = 5


def octets_of(place):
    """How many octets a whole transfer has."""
    with socket.create_connection((place.address, place.port), timeout=20) as s:
        s.sendall(struct.pack(">H", len(QUERY)) + QUERY)
        size = soas = 0
        while soas < 2:
            message = dnswire.recv_message(s)
            soas += sum(record[1] == 6 for record in dnswire.Response(message).sections[0])
            size += 2 + len(message)
        return size


def milliseconds(place, octets):
    """One transfer of so many octets."""
    room = bytearray(octets)
    with socket.create_connection((place.address, place.port), timeout=60) as s:
        begun, have = time.perf_counter(), 0
        s.sendall(struct.pack(">H", len(QUERY)) + QUERY)
        while have < octets:
            got = s.recv_into(memoryview(room)[have:])
            if got == 0:
                raise EOFError("a transfer ended early")
            have += got
        return (time.perf_counter() - begun) * 1e3


def axfr(setting):
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        place = setting.place(contender)
        with contenders.Running(contender, place).answers():
            octets = octets_of(place)
            for _ in range(TIMES):
                yield {"measure": "axfr", "contender": contender.name, "ms": milliseconds(place, octets), "octets": octets}


def raw(setting):
    """The same octets by a plain socket, for the path's own part."""
    octets = (setting.material.transfers / "0.axfr").read_bytes()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        child = os.fork()
        if child == 0:
            if os.cpu_count() > 1:
                os.sched_setaffinity(0, {machine.SERVER_CPU})
            for _ in range(TIMES):
                with listener.accept()[0] as s:
                    s.recv(100)
                    s.sendall(octets)
            os._exit(0)
        place = type("Place", (), {"address": "127.0.0.1", "port": listener.getsockname()[1]})
        for _ in range(TIMES):
            yield {"measure": "axfr", "contender": "raw", "ms": milliseconds(place, len(octets)), "octets": len(octets)}
        os.waitpid(child, 0)
