# SPDX-License-Identifier: Apache-2.0
"""Queries answered a second, by UDP, by AF_XDP and by TCP; what the server takes for one, and its memory after it."""
import re
import subprocess

import contenders
import generators
import machine
import servers

WINDOW, XDP_WINDOW = 512, 1024  # queries under way
DNSPERF_RATE = 16000


def told(row, result, server):
    """What a row tells of a generator's result."""
    return {**row, **{k: result[k] for k in ("qps", "share", "cpu_ns", "user_ns", "others", "errors", "p50_us", "p99_us")},
            "mib": machine.resident_mib(server.pids())}


def udp(setting):
    for contender in setting.of("rootd", "echo", "nsd", "knot", "bind"):
        place = setting.place(contender)
        with contenders.Running(contender, place).answers() as server:
            command = [setting.program("udp_load"), "-a", place.address, "-p", place.port, "-f", setting.material.std,
                       "-w", WINDOW, "-W", setting.warm]
            yield told({"measure": "udp", "contender": contender.name},
                       generators.beside(setting, command, server), server)


def xdp(setting):
    """On a wire of its own; nothing when there are no such contenders."""
    present = setting.of("rootd-xdp", "echo-xdp", "knot-xdp")
    if not present or not setting.with_xdp:
        return
    with machine.Wire():
        for contender in present:
            place = setting.place(contender, address=machine.SERVER_ADDRESS, port=5300, room=machine.SERVER_ROOM)
            with contenders.Running(contender, place).answers() as server:
                command = [setting.program("xdp_load"), "-i", machine.CLIENT_LINK, "-s", machine.CLIENT_ADDRESS,
                           "-m", machine.CLIENT_MAC, "-a", machine.SERVER_ADDRESS, "-M", machine.SERVER_MAC,
                           "-p", place.port, "-f", setting.material.std, "-w", XDP_WINDOW, "-W", setting.warm]
                yield told({"measure": "xdp", "contender": contender.name},
                           generators.beside(setting, command, server, machine.CLIENT_ROOM), server)


def tcp(setting):
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        place = setting.place(contender)
        with contenders.Running(contender, place).answers() as server:
            command = [setting.program("tcp_load"), "-a", place.address, "-p", place.port, "-f", setting.material.std,
                       "-W", setting.warm]
            for measure, words in (("tcp-pipelined", ["-n", 32, "-w", 16]), ("tcp-one", ["-n", 64, "-1"])):
                yield told({"measure": measure, "contender": contender.name},
                           generators.beside(setting, [*command, *words], server), server)
            for measure, words in (("tcp-16k", ["-Q", DNSPERF_RATE]), ("tcp-32x16", [])):
                if servers.find("dnsperf"):
                    yield {"measure": measure, "contender": contender.name, **dnsperf(setting, server, words)}


def dnsperf(setting, server, words):
    """A generator that is not ours: 32 connections of 16 queries each."""
    seconds = max(1, round(setting.seconds))
    pids, place = server.pids(), server.place
    cpu = machine.cpu_ns(pids)
    out = subprocess.run(machine.pinned([
        servers.find("dnsperf"), "-m", "tcp", "-s", place.address, "-p", place.port, "-d", setting.material.std_text,
        "-c", 32, "-T", 1, "-q", 512, "-l", seconds, "-e", "-D", *words], machine.CLIENT_CPU),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    cpu = machine.cpu_ns(pids) - cpu
    figures = {k: re.search(rf"{name}:\s+([\d.]+)", out) for k, name in (
        ("qps", "Queries per second"), ("completed", "Queries completed"), ("lost", "Queries lost"))}
    if not all(figures.values()):
        raise RuntimeError(f"dnsperf: {out[-500:]}")
    return {"qps": float(figures["qps"][1]), "cpu_ns": cpu / max(1, int(figures["completed"][1])),
            "lost": int(figures["lost"][1])}


def starting(setting):
    """From exec to the first answer, in milliseconds; ours from its image, and from text made into one first."""
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        kinds = [("start-image", None), ("start-text", setting.from_text)] if contender.name == "rootd" else \
            [("start-text", None)]
        for measure, how in kinds:
            place = setting.place(contender)
            wrap = [setting.program("exec_at"), place.folder / "begun", *(how(place) if how else ())]
            with contenders.Running(contender, place, wrap) as server:
                seen = server.serves(setting.material.serial[0])
                begun = float((place.folder / "begun").read_text())
                yield {"measure": measure, "contender": contender.name, "ms": (seen - begun) * 1e3 if seen else None}
