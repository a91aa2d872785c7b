# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared, each started with one thread for UDP, no rate limiting, no cookies, no dnstap, and
what it counts by itself counted."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import dnswire
import machine
import servers

START_SECONDS = 60
REMIND_SECONDS = 0.1


class Place:
    """Where a server listens and keeps its things, what zone it has, and from whom it takes one."""

    def __init__(self, folder, zone=None, image=None, address="127.0.0.1", port=None, room=None, primary=None, more=()):
        self.more = more  # words that ours takes besides
        self.folder, self.zone, self.image, self.address, self.room = folder, zone, image, address, room
        self.port, self.primary = port or servers.free_port(), primary
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)


class Contender:
    def __init__(self, name, program, command):
        self.name, self.program, self.command = name, program, command

    @property
    def there(self):
        return self.program is not None


def rootd_config(place):
    text = "[transfer]\nallow = 127.0.0.0/8\nallow-notify = 127.0.0.1\n"
    if place.primary:
        text += f"[secondary]\nprimary = 127.0.0.1@{place.primary}\n"
    path = place.folder / "rootd.conf"
    path.write_text(text)
    return path


def rootd_command(program, place):
    image = place.image or place.folder / "zone.image"
    return [program, "--image", image, "--listen", f"{place.address}@{place.port}", "--config", rootd_config(place),
            *place.more]


def knot_command(program, place, xdp=False):
    (place.folder / "db").mkdir()
    source = "    zonefile-load: none\n    journal-content: changes\n    master: primary\n" if place.primary else \
        f"    zonefile-load: whole\n    journal-content: none\n    file: {place.zone}\n"
    (place.folder / "knot.conf").write_text(f"""
server:
    rundir: {place.folder}
    listen: {place.address}@{place.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
{f'''xdp:
    listen: {machine.SERVER_LINK}@{place.port}
''' if xdp else ''}log:
  - target: stderr
    any: warning
database:
    storage: {place.folder}/db
acl:
  - id: any
    address: [127.0.0.0/8, 10.0.0.0/8]
    action: [transfer, notify]
{f'''remote:
  - id: primary
    address: 127.0.0.1@{place.primary}
''' if place.primary else ''}zone:
  - domain: .
    storage: {place.folder}
    acl: any
    semantic-checks: off
    zonefile-sync: -1
{source}""")
    return [program, "-c", place.folder / "knot.conf"]


def nsd_command(program, place):
    zone = f'zonefile: "{place.folder}/taken.zone"\n  allow-notify: 127.0.0.1 NOKEY\n' \
        f"  request-xfr: 127.0.0.1@{place.primary} NOKEY" if place.primary else f'zonefile: "{place.zone}"'
    (place.folder / "nsd.conf").write_text(f"""
server:
  server-count: 1
  ip-address: {place.address}@{place.port}
  port: {place.port}
  username: ""
  chroot: ""
  zonesdir: "{place.folder}"
  database: ""
  pidfile: "{place.folder}/nsd.pid"
  xfrdfile: "{place.folder}/xfrd.state"
  xfrdir: "{place.folder}"
  zonelistfile: "{place.folder}/zone.list"
  logfile: "{place.folder}/nsd.out"
  xfrd-reload-timeout: 0
  reuseport: yes
  tcp-count: 1000
  minimal-responses: no
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "."
  {zone}
  provide-xfr: 0.0.0.0/0 NOKEY
""")
    return [program, "-d", "-c", place.folder / "nsd.conf"]


def named_command(program, place):
    zone = f'type secondary; primaries {{ 127.0.0.1 port {place.primary}; }}; file "taken.zone"; ' \
        "allow-notify { 127.0.0.1; };" if place.primary else f'type primary; file "{place.zone}";'
    (place.folder / "named.conf").write_text(f"""
options {{
  directory "{place.folder}";
  listen-on port {place.port} {{ {place.address}; }};
  listen-on-v6 {{ none; }};
  recursion no;
  minimal-responses no;
  allow-transfer {{ any; }};
  notify no;
  dnssec-validation no;
  check-names primary ignore;
  check-integrity no;
  tcp-clients 2000;
  pid-file "named.pid";
  session-keyfile "session.key";
}};
controls {{ }};
logging {{ channel x {{ file "named.out" size 1m; severity warning; }}; category default {{ x; }}; }};
zone "." {{ {zone} }};
""")
    return [program, "-g", "-n", "1", "-U", "1", "-c", place.folder / "named.conf"]


def peers():
    """Debian's servers."""
    return [Contender("nsd", servers.find("nsd"), nsd_command), Contender("knot", servers.find("knotd"), knot_command),
            Contender("bind", servers.find("named"), named_command)]


def knot_xdp():
    return Contender("knot-xdp", servers.find("knotd"), lambda program, place: knot_command(program, place, True))


def rootd(build):
    return Contender("rootd", str(build / "src/prog/rootd/comity-rootd"), rootd_command)


def rootd_xdp(build, template):
    """Ours by AF_XDP: the words that its command takes besides, {ifname} filled in."""
    words = template.format(ifname=machine.SERVER_LINK).split()
    return Contender("rootd-xdp", str(build / "src/prog/rootd/comity-rootd"),
                     lambda program, place: rootd_command(program, place) + words)


def echo(build, sizes):
    return Contender("echo", str(build / "bench/udp_echo"), lambda program, place: [
        program, "-a", place.address, "-p", place.port, "-S", sizes])


def echo_xdp(build, sizes):
    return Contender("echo-xdp", str(build / "bench/xdp_echo"), lambda program, place: [
        program, "-i", machine.SERVER_LINK, "-p", place.port, "-S", sizes])


ASK = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.05)
s.connect((sys.argv[1], int(sys.argv[2])))
end = time.monotonic() + float(sys.argv[3])
while time.monotonic() < end:
    try:
        s.send(bytes.fromhex(sys.argv[4]))
        if s.recv(4096)[3] & 15 == 0:
            sys.exit(0)
    except OSError:
        time.sleep(0.01)
sys.exit(1)
"""
SOA = dnswire.query(".", 6, 7)


def soa_serial(octets):
    """The serial in an answer of a SOA; None when there is none."""
    response = dnswire.Response(octets)
    soas = [record[4] for record in response.sections[0] if record[1] == 6]
    return int.from_bytes(soas[0][2][:4], "big") if soas else None


class Running:
    """A contender at work; `with` ends it, and all that it started."""

    def __init__(self, contender, place, wrap=()):
        self.contender, self.place = contender, place
        words = [*map(str, wrap), *map(str, contender.command(contender.program, place))]
        self.log = open(place.folder / "log", "wb")
        self.process = subprocess.Popen(machine.pinned(words, machine.SERVER_CPU, room=place.room), stdout=self.log,
                                        stderr=self.log, cwd=place.folder)

    def answers(self):
        """Waits until it answers for the SOA of the root."""
        room = machine.CLIENT_ROOM if self.place.room else None
        asking = subprocess.Popen(machine.pinned([sys.executable, "-c", ASK, self.place.address, self.place.port, START_SECONDS,
                                                  SOA.hex()], machine.CLIENT_CPU, room=room))
        while asking.poll() is None and self.process.poll() is None:
            time.sleep(0.01)
        if asking.poll() is None:
            asking.kill()
        if asking.wait() != 0:
            self.end()
            raise RuntimeError(f"{self.contender.name} does not answer: " +
                               (self.place.folder / "log").read_text(errors="replace")[-1500:])
        return self

    def pids(self):
        return machine.tree(self.process.pid)

    def serves(self, serial, seconds=20, tcp=False, remind=None):
        """Waits for a serial; when it was seen, in seconds of the monotonic clock, or None. By TCP each time on a connection of
        its own: a flood cannot make it wait among others, and nobody who has left answers. `remind` is called now and then."""
        end = time.monotonic() + seconds
        reminded = time.monotonic()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.05)
            s.connect((self.place.address, self.place.port))
            while time.monotonic() < end:
                if remind and time.monotonic() > reminded + REMIND_SECONDS:
                    remind()
                    reminded = time.monotonic()
                try:
                    if tcp:
                        octets = dnswire.ask_tcp(self.place.address, self.place.port, SOA, 1)
                    else:
                        s.send(SOA)
                        octets = s.recv(4096)
                except (OSError, EOFError):
                    continue
                if octets[3] & 15 == 0 and soa_serial(octets) == serial:
                    return time.monotonic()
        return None

    def end(self):
        below = self.pids()[1:]
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        end = time.monotonic() + 5
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < end:
            time.sleep(0.01)
        for pid in below:  # what its parent left behind
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
