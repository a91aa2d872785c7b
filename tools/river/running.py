# SPDX-License-Identifier: Apache-2.0
"""A federation of real processes on this machine: what runs, what it is asked, how its progress is told."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {"comity": "comity/comity", "comity-import-helper": "comity/comity-import-helper", "comityd": "comityd/comityd",
            "comity-signerd": "signerd/comity-signerd", "comity-rootd": "rootd/comity-rootd"}
TERMINAL = sys.stdout.isatty()
SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])


class Failure(Exception):
    """A step that does not hold."""


def find(program):
    """Where a program of the system is: daemons lie where a user's PATH does not look."""
    path = shutil.which(program, path=SBIN)
    if path is None:
        raise Failure(f"{program} is not installed: tools/prepare installs it")
    return path


class River:
    """Homes, processes, log files and figures of one run, all below one folder."""

    def __init__(self, build, at, netns):
        self.build, self.at, self.netns = pathlib.Path(build).resolve(), pathlib.Path(at).resolve(), netns
        self.bin = self.at / "bin"
        self.node = self.at / "aurelia/node"
        self.socket = self.node / "run/comity.sock"
        self.prefix = []  # runs a command inside the namespace
        self.started = time.monotonic()
        self.table, self.figures = [], {}
        self.number, self.what, self.begun = "0", "ground", self.started

    # -- ground: a folder, and a network of our own where we may have one

    def make_ground(self, addresses):
        shutil.rmtree(self.at, ignore_errors=True)
        (self.at / "pids").mkdir(parents=True)
        self.bin.mkdir()
        for program, at in PROGRAMS.items():
            (self.bin / program).symlink_to(self.build / "src/prog" / at)
        if os.geteuid() == 0 and subprocess.run(["ip", "netns", "add", self.netns], capture_output=True).returncode == 0:
            self.prefix = ["ip", "netns", "exec", self.netns]
            subprocess.run(["ip", "-n", self.netns, "link", "set", "lo", "up"], check=True)
            return f"a network namespace of its own ({self.netns}): no packet leaves the machine"
        if self.unshared():
            return "a network namespace of its own (a user's): no packet leaves the machine"
        for address in addresses:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                try:
                    s.bind((address, 53))
                except OSError as error:
                    raise Failure(f"port 53 of {address}: {error.strerror}. This needs a network namespace (run it as "
                                  "root, or allow user namespaces), or port 53 of four loopback addresses: stop what listens on 0.0.0.0:53, and set "
                                  "the sysctl net.ipv4.ip_unprivileged_port_start=53") from None
        return "loopback addresses of this machine"

    def unshared(self):
        """A namespace as any user may make it, held by a process that does nothing else; False where none is allowed."""
        held = self.at / "netns"
        held.touch()
        holder = subprocess.Popen(["unshare", "--user", "--map-root-user", "--net", "sh", "-c",
                                   'ip link set lo up && exec tail -f "$0"', held], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        (self.at / "pids/netns").write_text(str(holder.pid))
        self.prefix = ["nsenter", "--preserve-credentials", "--user", "--net", "--target", str(holder.pid)]
        for _ in range(100):
            if holder.poll() is not None:
                break
            links = subprocess.run(self.prefix + [find("ip"), "link", "show", "lo"], capture_output=True, text=True).stdout
            if "LOOPBACK,UP" in links:
                return True
            time.sleep(0.05)
        self.end("netns")
        self.prefix = []
        return False

    def clear(self):
        """Ends what runs of this folder, by its pids, and the namespace."""
        pids = sorted((self.at / "pids").glob("*")) if (self.at / "pids").exists() else []
        for file in pids:
            self.end(file.name)
        for file in pids:
            file.unlink(missing_ok=True)
        for pid in self.ours():  # of a folder that was removed while they ran
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass  # it has just ended by itself
        for _ in range(100):
            if not self.ours():
                break
            time.sleep(0.05)
        if os.geteuid() == 0:
            subprocess.run(["ip", "netns", "del", self.netns], capture_output=True)

    def ours(self):
        """The pids of our programs in this folder."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "cmdline").read_bytes().startswith(str(self.bin).encode() + b"/"):
                    found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                pass
        return found

    # -- running things

    def out(self, *words, code=0, prefix=False, home=None, both=False):
        """Runs a command to its end; its standard output. Another exit code than `code` is a failure; None: any."""
        words = [str(w) for w in words]
        if words[0] == "comity":
            words = [str(self.bin / "comity"), "--lang", "en", *(["--home", str(self.at / home)] if home else []), "--node",
                     str(self.socket), *words[1:]]
        elif "/" not in words[0]:
            words[0] = find(words[0])
        done = subprocess.run((self.prefix if prefix else []) + words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        with open(self.at / "commands.log", "a") as log:
            print("$", " ".join(words), f"-> {done.returncode}", done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=log)
        if code is not None and done.returncode != code:
            raise Failure(f"{' '.join(words)}: exit {done.returncode}, not {code}: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout + done.stderr if both else done.stdout

    def spawn(self, name, *words):
        with open(self.at / f"{name}.log", "a") as log:
            process = subprocess.Popen(self.prefix + [str(w) for w in words], stdout=log, stderr=log,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
        (self.at / "pids" / name).write_text(str(process.pid))

    def end(self, name):
        """Ends a process and its children, if the pid is still that process."""
        file = self.at / "pids" / name
        pid = int(file.read_text())
        file.unlink()
        try:
            if str(self.at).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                os.killpg(pid, signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass

    # -- telling

    def step(self, number, what):
        self.number, self.what, self.begun = number, what, time.monotonic()
        self._line("...")

    def _line(self, text):
        if TERMINAL:
            print(f"\r\x1b[K\x1b[1m{self.number}\x1b[0m {self.what} {text}", end="", flush=True)

    def held(self, result):
        took = time.monotonic() - self.begun
        self.table.append((self.number, self.what, took))
        start = f"\r\x1b[K\x1b[1m{self.number}\x1b[0m " if TERMINAL else f"{self.number} "
        print(f"{start}{self.what}: {result}  ({took:.1f} s)", flush=True)

    def wait(self, what, ready, seconds=120, progress=None):
        """Waits until ready() gives something true, and returns it; a bar where it takes long."""
        end = time.monotonic() + seconds
        while True:
            got = ready()
            if got:
                return got
            if time.monotonic() > end:
                raise Failure(f"{what}: not after {seconds} s")
            part = progress() if TERMINAL and progress else None
            self._line(f"... {what}" if part is None else f"... {what} [{'#' * int(30 * part):<30}] {100 * part:3.0f} %")
            time.sleep(0.05)

    # -- the node, read by its own socket; the servers, by DNS

    def status(self):
        """What `comity status` says to programs; empty while the node does not answer."""
        done = subprocess.run([self.bin / "comity", "--node", self.socket, "--json", "status"], capture_output=True, text=True)
        return json.loads(done.stdout) if done.stdout else {}

    def serial(self, status=None):
        return ((status or self.status()).get("release") or {}).get("serial", 0)

    def quiet(self):
        """Nothing waits to be signed."""
        return self.status().get("changes_wait") is False

    def groups(self):
        """Keys that are in use."""
        return {g["group"] for g in self.status().get("groups", []) if g["status"] == "active"}

    def tld_shown(self, label):
        return json.loads(self.out("comity", "--json", "tld", "show", label))

    def dig(self, server, *words):
        return self.out("dig", f"@{server}", "+tries=1", "+time=5", *words, prefix=True)

    def served_serial(self, server):
        done = subprocess.run(self.prefix + [find("dig"), f"@{server}", "+tries=1", "+time=1", "+short", ".", "SOA"],
                              capture_output=True, text=True)
        words = done.stdout.split()
        return int(words[2]) if done.returncode == 0 and len(words) == 7 else 0

    def memory(self, name, parent=None):
        """The most that any of our processes of this name, or a child of `parent`, held resident so far, in MB."""
        most = 0
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if words[0].rsplit(b"/", 1)[-1] != name.encode():
                    continue
                status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines())
                if words[0].startswith(str(self.at).encode()) or status["PPid"] == str(parent):
                    most = max(most, int(status.get("VmHWM", "0 kB").split()[0]))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                pass
        return most / 1024
