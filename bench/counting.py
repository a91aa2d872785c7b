# SPDX-License-Identifier: Apache-2.0
"""User-space instructions for an answered query, of a whole server and whatever it forks, by callgrind."""
import re
import subprocess
import time

import contenders
import generators

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


def count(setting):
    for contender in setting.of("rootd", "echo", "nsd", "knot", "bind"):
        place = setting.place(contender, more=["--no-sandbox"])  # valgrind knows no Landlock
        answered, each = instructions(contender, place, setting.program("udp_load"), setting.material.std, setting.seconds)
        yield {"measure": "instructions", "contender": contender.name, "answered": answered, "instructions": each}
