# SPDX-License-Identifier: Apache-2.0
"""Name servers for the tests: started on loopback from a folder of their own, ended by their pid."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import dnswire

ADDRESS = "127.0.0.1"


def skip(why):
    """Ends the test as skipped, aloud."""
    print(f"1..0 # SKIP {why}")
    raise SystemExit(0)


def find(program):
    for folder in os.environ["PATH"].split(":") + ["/usr/sbin", "/usr/local/sbin"]:
        path = pathlib.Path(folder) / program
        if os.access(path, os.X_OK):
            return str(path)
    return None


def free_port():
    """A port that is free for UDP and TCP, on IPv4 and IPv6."""
    while True:
        with contextlib.ExitStack() as stack:
            port = 0
            try:
                for family, any_address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                        s = stack.enter_context(socket.socket(family, kind))
                        s.bind((any_address, port))
                        port = s.getsockname()[1]
                return port
            except OSError:
                continue


class Server:
    """A running server; `with` ends it."""

    def __init__(self, name, command, port, folder, probe=("."), wait=20.0, address=ADDRESS):
        self.name, self.port, self.address = name, port, address
        self.log = open(folder / (name + ".log"), "wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=folder)
        self._await(probe, wait)

    def _await(self, probe, wait):
        end = time.monotonic() + wait
        message = dnswire.query(probe, dnswire.TYPES["SOA"], 1, 0x100)  # RD, for a resolver
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if dnswire.ask_udp(self.address, self.port, message, 0.2)[3] & 15 == 0:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.end()
        raise RuntimeError(f"{self.name} does not answer: " +
                           pathlib.Path(self.log.name).read_text(errors="replace")[-2000:])

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def write_zone(folder, lines):
    """A zone as canonical text, for ours and for the peers."""
    path = folder / "zone"
    path.write_text("".join(line + "\n" for line in lines), encoding="latin1")
    return path


def rootd(folder, zone, extra=(), port=None, apex=".", listen=ADDRESS):
    program = os.environ["COMITY_ROOTD"]
    port = port or free_port()
    image = folder / "zone.image"
    subprocess.run([program, "--compile", str(zone), str(image)], check=True)
    command = [program, "--image", str(image), "--listen", f"{listen}@{port}", *extra]
    return Server("rootd", command, port, folder, apex)


def knotd(folder, zone, apex=".", more=(), transfers=False):
    """`more`: other zones, as pairs of an apex and a path."""
    program = find("knotd")
    if program is None:
        return None
    port = free_port()
    config = folder / "knot.conf"
    config.write_text(f"""
server:
    rundir: "{folder}"
    listen: {ADDRESS}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    version: ""
    identity: ""
log:
  - target: stderr
    any: warning
database:
    storage: "{folder}/knot-db"
template:
  - id: default
    storage: "{folder}"
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
acl:
  - id: anyone
    action: transfer
zone:
""" + "".join(f"""  - domain: {a}
    file: "{z}"
""" + ("    acl: anyone\n" if transfers else "") for a, z in ((apex, zone), *more)))
    return Server("knotd", [program, "-c", str(config)], port, folder, apex)


def nsd(folder, zone, apex=".", more=()):
    program = find("nsd")
    if program is None:
        return None
    port = free_port()
    config = folder / "nsd.conf"
    config.write_text(f"""
server:
  server-count: 1
  ip-address: {ADDRESS}@{port}
  port: {port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.out"
  hide-version: yes
  hide-identity: yes
  minimal-responses: yes
  refuse-any: no
  rrl-ratelimit: 0
remote-control:
  control-enable: no
""" + "".join(f"""zone:
  name: "{a}"
  zonefile: "{z}"
""" for a, z in ((apex, zone), *more)))
    return Server("nsd", [program, "-d", "-c", str(config)], port, folder, apex)


def named(folder, zone, apex=".", more=()):
    program = find("named")
    if program is None:
        return None
    port = free_port()
    config = folder / "named.conf"
    config.write_text(f"""
options {{
  directory "{folder}";
  listen-on port {port} {{ {ADDRESS}; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile none;
  recursion no;
  minimal-responses yes;
  minimal-any yes;
  zero-no-soa-ttl no;
  dnssec-validation no;
  check-names primary ignore;
  notify no;
}};
controls {{ }};
""" + "".join(f"""zone "{a}" {{ type primary; file "{z}"; check-integrity no; }};
""" for a, z in ((apex, zone), *more)))
    return Server("named", [program, "-g", "-n", "1", "-c", str(config)], port, folder, apex)


def sign(folder, lines, apex="."):
    """Signs a zone with an Ed25519 key made for it, with ldns-signzone or dnssec-signzone; the
    lines of the signed zone in canonical form. None when neither is installed."""
    unsigned = folder / "unsigned"
    unsigned.write_text("".join(line + "\n" for line in lines), encoding="latin1")
    signed = folder / "signed"
    # Far apart, so that no test depends on the day: nobody here validates against the clock.
    if find("ldns-signzone") and find("ldns-keygen"):
        key = subprocess.run([find("ldns-keygen"), "-a", "ED25519", "-k", apex], cwd=folder, check=True,
                             stdout=subprocess.PIPE, text=True).stdout.strip()
        command = [find("ldns-signzone"), "-z", "1:1", "-o", apex, "-i", "20200101000000",
                   "-e", "20371231000000", "-f", str(signed), str(unsigned), key]
        subprocess.run(command, cwd=folder, check=True)
        return dnswire.canonical_zone(signed.read_text(encoding="latin1").splitlines())
    return None


def scratch():
    """A folder for a test, and its end."""
    return contextlib.closing(_Scratch())


class _Scratch:
    def __init__(self):
        import tempfile
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="comity-"))
        self.folder.chmod(0o755)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
