# SPDX-License-Identifier: Apache-2.0
"""The machine that measures: its processors, what processes took of them, their memory, and a wire of its own."""
import os
import pathlib
import subprocess

SERVER_CPU, CLIENT_CPU = 0, 1
NOISE = 0.12  # cores that others may take beside a run
SERVER_ROOM, CLIENT_ROOM = f"comity-s{os.getpid()}", f"comity-c{os.getpid()}"  # network namespaces
SERVER_LINK, CLIENT_LINK = "bench0", "bench1"
SERVER_ADDRESS, CLIENT_ADDRESS = "10.77.0.1", "10.77.0.2"
SERVER_MAC, CLIENT_MAC = "02:00:00:00:77:01", "02:00:00:00:77:02"


def prefer_us():
    """All that we start goes before the rest of the machine, where we may say so."""
    try:
        os.setsid()
    except OSError:
        pass
    try:
        pathlib.Path("/proc/self/autogroup").write_text("-20")
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except OSError:
        pass
    if os.cpu_count() > 1:
        os.sched_setaffinity(0, {CLIENT_CPU})


def pinned(command, cpu, nice=0, room=None):
    """The words that run a command on one processor, less urgent by `nice`, in a network namespace."""
    words = ["ip", "netns", "exec", room] if room else []
    words += ["taskset", "-c", str(cpu)] if os.cpu_count() > 1 else []
    return words + (["nice", "-n", str(nice)] if nice else []) + [str(word) for word in command]


def children():
    """Processes by their parent."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            found.setdefault(parent, []).append(int(entry))
    return found


def tree(pid):
    """A process and all below it."""
    below, found, rest = children(), [], [pid]
    while rest:
        found.append(rest.pop())
        rest += below.get(found[-1], [])
    return found


def cpu_ns(pids):
    """What their threads have run so far, in nanoseconds."""
    total = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
        except OSError:
            pass
    return total


def user_share(pids):
    """User and system ticks so far."""
    user = system = 0
    for pid in pids:
        try:
            words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        user, system = user + int(words[11]), system + int(words[12])
    return user, system


def busy_seconds():
    """What all processors have run so far, idle, waiting and stolen time left out."""
    total = 0
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        if line.startswith("cpu") and line[3].isdigit():
            words = [int(word) for word in line.split()[1:9]]
            total += sum(words) - words[3] - words[4] - words[7]
    return total / os.sysconf("SC_CLK_TCK")


def resident_mib(pids):
    """Memory in use, of several processes each its part of what they share (Pss)."""
    total = 0
    for pid in pids:
        try:
            lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        wanted = "Rss:" if len(pids) == 1 else "Pss:"
        total += sum(int(line.split()[1]) for line in lines if line.startswith(wanted))
    return total / 1024


def ip(*words):
    subprocess.run(["ip", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Wire:
    """Two network namespaces and a pair of interfaces between them; neighbours are known, nobody asks."""

    def __enter__(self):
        ip("netns", "add", SERVER_ROOM)
        ip("netns", "add", CLIENT_ROOM)
        ip("link", "add", SERVER_LINK, "netns", SERVER_ROOM, "address", SERVER_MAC, "type", "veth",
           "peer", "name", CLIENT_LINK, "netns", CLIENT_ROOM, "address", CLIENT_MAC)
        for room, link, address, other, mac in ((SERVER_ROOM, SERVER_LINK, SERVER_ADDRESS, CLIENT_ADDRESS, CLIENT_MAC),
                                                (CLIENT_ROOM, CLIENT_LINK, CLIENT_ADDRESS, SERVER_ADDRESS, SERVER_MAC)):
            ip("-n", room, "addr", "add", f"{address}/16", "dev", link)
            ip("-n", room, "link", "set", "lo", "up")
            ip("-n", room, "link", "set", link, "up")
            ip("-n", room, "neigh", "replace", other, "lladdr", mac, "nud", "permanent", "dev", link)
        return self

    def __exit__(self, *_):
        for room in (SERVER_ROOM, CLIENT_ROOM):
            subprocess.run(["ip", "netns", "del", room], stderr=subprocess.DEVNULL, check=False)


def described():
    """One line about this machine."""
    model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} processors ({model}), Linux {os.uname().release}"
