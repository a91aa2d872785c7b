# SPDX-License-Identifier: Apache-2.0
"""Runs a generator beside a server, and says what the server took for it."""
import json
import subprocess
import time

import machine

def start(command, nice=0, room=None):
    """Begins, and returns when it measures."""
    process = subprocess.Popen(machine.pinned(command, machine.CLIENT_CPU, nice, room), stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != "measuring\n":
        process.wait()
        raise RuntimeError(f"{command[0]} does not run")
    return process


def result(process):
    out = process.communicate()[0]
    if process.returncode != 0:
        raise RuntimeError("a generator failed")
    return json.loads(out.splitlines()[-1])


def once(command, server, seconds, room):
    process = start([*command, "-t", seconds], room=room)
    pids = server.pids()
    begun, cpu, ticks, busy = time.monotonic(), machine.cpu_ns(pids), machine.user_share(pids), machine.busy_seconds()
    own = machine.cpu_ns([process.pid])
    time.sleep(max(0, seconds - 0.05))
    own = machine.cpu_ns([process.pid]) - own
    busy = machine.busy_seconds() - busy
    now = machine.user_share(pids)
    user, system = now[0] - ticks[0], now[1] - ticks[1]
    cpu, past = machine.cpu_ns(pids) - cpu, time.monotonic() - begun
    told = result(process)
    told["cpu_ns"] = cpu / max(1, told["qps"] * past)
    told["user_ns"] = told["cpu_ns"] * user / max(1, user + system)
    told["others"] = max(0, busy - (cpu + own) / 1e9) / past
    return told


def beside(setting, command, server, room=None):
    """What a generator tells, with `cpu_ns` and `user_ns` of the server for an answer, and `others`: the cores that anything
    else took. A run that was disturbed is tried again; of the tries the least disturbed counts."""
    tries = []
    while len(tries) < setting.tries:
        tries.append(once(command, server, setting.seconds, room))
        if tries[-1]["others"] <= machine.NOISE:
            break
    return min(tries, key=lambda told: told["others"])
