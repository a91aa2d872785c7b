# SPDX-License-Identifier: Apache-2.0
"""User-space instructions for an answered query, of a whole server and whatever it forks, by callgrind."""
import re
import socket
import struct
import subprocess
import threading
import time

import contenders
import generators

CONTENT_TYPE = b"protobuf:dnstap.Dnstap"
WINDOW = 64  # queries under way: what fills one batch of a server


def control(words, pids):
    """Tells the callgrind of these processes, and of no others."""
    for pid in pids:
        subprocess.run(["callgrind_control", *words, str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)


def totals(folder):
    """Instructions in all that was dumped."""
    return sum(int(n) for dump in folder.glob("counts.*") for n in re.findall(r"^totals: (\d+)", dump.read_text(), re.M))


def instructions(contender, place, load, mix, seconds):
    """A contender answers a mix for so many seconds: how many, and instructions for each. What was counted stays in the folder."""
    wrap = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--trace-children=yes",
            f"--callgrind-out-file={place.folder}/counts.%p"]
    with contenders.Running(contender, place, wrap).answers() as server:
        time.sleep(2)  # what it does once a second is done; a collector of dnstap is found
        pids = server.pids()
        control(["-i", "on"], pids)
        control(["-z"], pids)
        told = generators.result(generators.start([load, "-a", place.address, "-p", place.port, "-f", mix, "-n", 1, "-w", WINDOW,
                                                   "-W", 0, "-t", seconds]))
        control(["-i", "off"], pids)
        control(["-d"], pids)
    return told["answered"], totals(place.folder) / max(1, told["answered"])


def collect(listener):
    """A dnstap collector that throws away what it gets."""
    connection, _ = listener.accept()
    connection.recv(4096)
    body = struct.pack(">III", 1, 1, len(CONTENT_TYPE)) + CONTENT_TYPE
    connection.sendall(struct.pack(">II", 0, len(body)) + body)
    while connection.recv(1 << 20):
        pass


def everything(folder):
    """Words that turn on all that our server can do besides, and limit nobody."""
    (folder / "secrets").write_text("00112233445566778899aabbccddeeff\n")
    (folder / "statistics").mkdir()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / "dnstap"))
    listener.listen()
    threading.Thread(target=collect, args=(listener,), daemon=True).start()
    return ["--cookie-secrets", folder / "secrets", "--rate-limit", "1000000", "--statistics", folder / "statistics",
            "--metrics", folder / "metrics", "--dnstap", folder / "dnstap", "--tell-id", "bench"]


def count(setting):
    """Each as it comes, and ours once more with everything."""
    plain = setting.of("rootd", "echo", "nsd", "knot", "bind")
    for contender, again in [*((c, False) for c in plain), *((c, True) for c in setting.of("rootd"))]:
        place = setting.place(contender, more=["--no-sandbox"])  # valgrind knows no Landlock
        place.more += everything(place.folder) if again else []
        answered, each = instructions(contender, place, setting.program("udp_load"), setting.material.std, setting.seconds)
        yield {"measure": "instructions", "contender": contender.name + (", everything" if again else ""),
               "answered": answered, "instructions": each}
