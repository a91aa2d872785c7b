# SPDX-License-Identifier: Apache-2.0
"""From a change to the answer that has it: NOTIFY, IXFR, served; and images or zone files put in place under load."""
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import contenders
import generators
import machine
import material
import servers

RATE = 20000  # queries a second while images are exchanged
NOTIFY = struct.pack(">HHHHHH", 5, 0x2400, 1, 0, 0, 0) + b"\0" + struct.pack(">HH", 6, 1)


class Primary:
    """primary.py at work."""

    def __init__(self, setting):
        self.port = servers.free_port()
        command = [sys.executable, material.HERE / "primary.py", self.port, setting.material.transfers,
                   *setting.material.serial]
        self.process = subprocess.Popen(machine.pinned(command, machine.CLIENT_CPU), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def has(self, k):
        """Has release k from now on."""
        self.process.stdin.write(f"{k}\n")
        self.process.stdin.flush()
        while self.process.stdout.readline() != "ready\n":
            pass

    def sent(self):
        """When it had sent the last IXFR."""
        return float(self.process.stdout.readline().split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@contextlib.contextmanager
def secondary(setting, contender):
    """A contender that has taken the first release from a primary; both."""
    with Primary(setting) as primary:
        place = setting.place(contender, primary=primary.port)
        with contenders.Running(contender, place) as server:
            if server.serves(setting.material.serial[0], 60) is None:
                raise RuntimeError(f"{contender.name} takes no zone: " +
                                   (place.folder / "log").read_text(errors="replace")[-1500:])
            time.sleep(setting.settle)
            yield primary, server


def change(setting, primary, server, k, tcp=False):
    """Milliseconds from NOTIFY, and from the last octet of the IXFR, to the first answer with release k."""
    primary.has(k)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        def tell():
            s.sendto(NOTIFY, (server.place.address, server.place.port))

        begun = time.monotonic()
        tell()
        seen = server.serves(setting.material.serial[k], 30, tcp, tell)  # a flood may drown one
    if seen is None:
        return None, None
    return (seen - begun) * 1e3, (seen - primary.sent()) * 1e3


def notify(setting):
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        with secondary(setting, contender) as (primary, server):
            for k in range(1, len(setting.material.serial)):
                served, applied = change(setting, primary, server, k)
                yield {"measure": "notify", "contender": contender.name, "ms": served}
                yield {"measure": "delta", "contender": contender.name, "ms": applied}
                time.sleep(setting.settle)


def put(place, source, target):
    beside = place.folder / "beside"
    shutil.copyfile(source, beside)
    os.rename(beside, target)


def swap(setting):
    """Another release in place at 20,000 queries a second: what was lost, and the milliseconds to the first answer of it."""
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        place, ours = setting.place(contender), contender.name == "rootd"
        sources = setting.material.image if ours else setting.material.zone
        target = place.folder / "served"
        put(place, sources[0], target)
        place.image = place.zone = target
        with contenders.Running(contender, place).answers() as server:
            time.sleep(setting.settle)  # a file changed in the second of the start looks unchanged to some
            load = generators.start([setting.program("udp_load"), "-a", place.address, "-p", place.port, "-f",
                                     setting.material.std, "-r", RATE, "-t", setting.seconds + 1, "-W", 0.2])
            put(place, sources[1], target)
            begun = time.monotonic()
            if not ours:
                os.kill(server.process.pid, signal.SIGHUP)
            seen = server.serves(setting.material.serial[1])
            result = generators.result(load)
            yield {"measure": "swap", "contender": contender.name, "lost": result["lost"], "asked": result["sent"],
                   "ms": (seen - begun) * 1e3 if seen else None, "p99_us": result["p99_us"]}
