#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
transfers.py out|in|tls - zones between rootd and NSD, Knot and BIND, under TSIG: AXFR, IXFR, NOTIFY; first with
rootd as their primary, then as their secondary.
"""
import base64
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys

import dnswire
import operating
import serving
import servers
import zones
from serving import ok

ROOTD = os.environ["COMITY_ROOTD"]
KEY = ("transfer.example.", "hmac-sha256", base64.b64encode(bytes(range(32))).decode())
OTHER = ("other.example.", "hmac-sha512", base64.b64encode(bytes(range(64))).decode())
WAIT = 60.0  # seconds: how long we look, not how long it may take


# ---- zones ----

def unsigned(serial, delegations=40, expire=604800):
    """The made zone under that serial, with a name server that no other serial has."""
    lines = [line.replace("2026112401 1800 900 604800", f"{serial} 1800 2 {expire}")
             for line in zones.made(".", delegations)]
    return dnswire.canonical_zone(lines + [f"release. 172800 IN NS a{serial}.nic."])


def put_text(folder, name, lines):
    path = folder / name
    beside = folder / (name + ".new")
    beside.write_text("".join(line + "\n" for line in lines), encoding="latin1")
    beside.rename(path)
    return path


def compile_zone(folder, image, lines):
    text = put_text(folder, "compile.zone", lines)
    subprocess.run([ROOTD, "--compile", str(text), str(image)], check=True)


def taken(server, key=None, extra=()):
    """The records a server gives by AXFR to dig, in canonical form; None when it gives none."""
    command = ["dig", f"@{server.address}", "-p", str(server.port), ".", "AXFR", "+onesoa", "+noall", "+answer",
               "+tries=1", "+time=10", *extra]
    if key is not None:
        command[1:1] = ["-y", f"{key[1]}:{key[0]}:{key[2]}"]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line for line in shown.stdout.splitlines() if line and line[0] != ";"]
    return dnswire.canonical_zone(lines) if shown.returncode == 0 and lines else None


def serial_of(server):
    try:
        return serving.serial_of(server)
    except (OSError, IndexError):
        return None


def reaches(server, serial, seconds=WAIT):
    return serving.await_true(lambda: serial_of(server) == serial, seconds)


def same(server, lines, key=None):
    """What a server gives is that zone, in text."""
    given = taken(server, key)
    want = dnswire.canonical_zone(lines)
    if given != want:
        print("#", len(given or []), "records given,", len(want), "wanted:",
              sorted(set(want) ^ set(given or []))[:4])
    return given == want


# ---- peers ----

class Peer:
    """How to start one server in either role, and what makes it look at its zone file again."""

    def __init__(self, name, program, apex="."):
        self.name, self.program, self.apex = name, servers.find(program), apex

    def folder(self, parent, role):
        folder = parent / f"{self.name}-{role}"
        folder.mkdir()
        return folder

    def start(self, folder, command, port, probe=True):
        server = servers.Server.__new__(servers.Server)
        server.name, server.port, server.address = self.name, port, servers.ADDRESS
        server.log = open(folder / (self.name + ".log"), "wb")
        server.process = subprocess.Popen(command, stdout=server.log, stderr=server.log, cwd=folder)
        if probe:
            server._await(self.apex, WAIT)
        return server

    def reload(self, server):
        server.process.send_signal(signal.SIGHUP)


class Nsd(Peer):
    def __init__(self, apex="."):
        super().__init__("nsd", "nsd", apex)

    def config(self, folder, port, key, zone):
        path = folder / "nsd.conf"
        path.write_text(f"""
server:
  server-count: 1
  ip-address: {servers.ADDRESS}@{port}
  port: {port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.out"
  xfrd-reload-timeout: 0
  rrl-ratelimit: 0
remote-control:
  control-enable: no
key:
  name: "{key[0]}"
  algorithm: {key[1]}
  secret: "{key[2]}"
zone:
  name: "{self.apex}"
{zone}
""")
        return [self.program, "-d", "-c", str(path)]

    def secondary(self, parent, primary_port, port, key):
        folder = self.folder(parent, "secondary")
        return self.start(folder, self.config(folder, port, key, f"""
  zonefile: "{folder}/zone"
  request-xfr: {servers.ADDRESS}@{primary_port} {key[0]}
  allow-notify: {servers.ADDRESS} {key[0]}
  provide-xfr: {servers.ADDRESS} NOKEY"""), port)

    def secondary_tls(self, parent, primary_port, port, key, cert):
        folder = self.folder(parent, "secondary-tls")
        command = self.config(folder, port, key, f"""
  zonefile: "{folder}/zone"
  request-xfr: {servers.ADDRESS}@{primary_port} {key[0]} strict
  provide-xfr: {servers.ADDRESS} NOKEY""")
        config = folder / "nsd.conf"
        config.write_text(config.read_text().replace("remote-control:", f"""  tls-cert-bundle: "{cert}"
tls-auth:
  name: "strict"
  auth-domain-name: "root.example"
remote-control:""", 1))
        return self.start(folder, command, port)

    def primary(self, parent, zone, port, secondary_port, key):
        folder = self.folder(parent, "primary")
        return self.start(folder, self.config(folder, port, key, f"""
  zonefile: "{zone}"
  store-ixfr: yes
  create-ixfr: yes
  provide-xfr: {servers.ADDRESS} {key[0]}
  notify: {servers.ADDRESS}@{secondary_port} {key[0]}"""), port)


class Knot(Peer):
    def __init__(self, apex="."):
        super().__init__("knotd", "knotd", apex)

    def config(self, folder, port, key, remote_port, rules, zone):
        path = folder / "knot.conf"
        (folder / "db").mkdir()
        path.write_text(f"""
server:
    rundir: "{folder}"
    listen: {servers.ADDRESS}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{folder}/db"
key:
  - id: {key[0]}
    algorithm: {key[1]}
    secret: {key[2]}
remote:
  - id: other
    address: {servers.ADDRESS}@{remote_port}
    key: {key[0]}
acl:
  - id: rule
    address: {servers.ADDRESS}
    action: {rules}
  - id: keyed
    key: {key[0]}
    action: [transfer, notify]
template:
  - id: default
    storage: "{folder}"
    semantic-checks: off
zone:
  - domain: {self.apex}
{zone}
""")
        return [self.program, "-c", str(path)]

    def secondary(self, parent, primary_port, port, key):
        folder = self.folder(parent, "secondary")
        return self.start(folder, self.config(folder, port, key, primary_port, "transfer", f"""
    file: "{folder}/zone"
    master: other
    acl: [keyed, rule]"""), port)

    def primary(self, parent, zone, port, secondary_port, key, deltas=True):
        folder = self.folder(parent, "primary")
        load, journal = ("difference", "changes") if deltas else ("whole", "none")
        return self.start(folder, self.config(folder, port, key, secondary_port, "transfer", f"""
    file: "{zone}"
    zonefile-load: {load}
    zonefile-sync: -1
    journal-content: {journal}
    notify: other
    acl: keyed"""), port)


class Bind(Peer):
    def __init__(self, apex="."):
        super().__init__("named", "named", apex)

    def config(self, folder, port, key, zone):
        path = folder / "named.conf"
        path.write_text(f"""
key "{key[0]}" {{ algorithm {key[1]}; secret "{key[2]}"; }};
options {{
    directory "{folder}";
    pid-file "{folder}/named.pid";
    session-keyfile "{folder}/session.key";
    managed-keys-directory "{folder}";
    listen-on port {port} {{ {servers.ADDRESS}; }};
    listen-on-v6 {{ none; }};
    recursion no;
    dnssec-validation no;
    notify-delay 0;
    serial-query-rate 100;
    check-names primary ignore;
    check-names secondary ignore;
}};
controls {{ }};
zone "{self.apex}" {{
{zone}
}};
""")
        return [self.program, "-g", "-c", str(path), "-n", "1"]

    def secondary_tls(self, parent, primary_port, port, key, cert):
        folder = self.folder(parent, "secondary-tls")
        command = self.config(folder, port, key, f"""
    type secondary;
    file "{folder}/zone";
    primaries {{ {servers.ADDRESS} port {primary_port} key "{key[0]}" tls strict; }};
    allow-transfer {{ {servers.ADDRESS}; }};
    notify no;""")
        config = folder / "named.conf"
        config.write_text(f'tls strict {{ ca-file "{cert}"; remote-hostname "root.example"; }};' + config.read_text())
        return self.start(folder, command, port)

    def primary_tls(self, parent, zone, port, key, cert, cert_key):
        folder = self.folder(parent, "primary-tls")
        plain = servers.free_port()
        command = self.config(folder, plain, key, f"""
    type primary;
    file "{zone}";
    check-integrity no;
    notify no;
    allow-transfer transport tls {{ key "{key[0]}"; }};""")
        config = folder / "named.conf"
        text = config.read_text().replace(f"listen-on port {plain}",
                                          f"listen-on port {port} tls ours {{ {servers.ADDRESS}; }};\n    "
                                          f"listen-on port {plain}")
        config.write_text(f'tls ours {{ cert-file "{cert}"; key-file "{cert_key}"; }};' + text)
        return self.start(folder, command, plain)

    def secondary(self, parent, primary_port, port, key):
        folder = self.folder(parent, "secondary")
        return self.start(folder, self.config(folder, port, key, f"""
    type secondary;
    file "{folder}/zone";
    primaries {{ {servers.ADDRESS} port {primary_port} key "{key[0]}"; }};
    allow-notify {{ {servers.ADDRESS}; }};
    allow-transfer {{ {servers.ADDRESS}; }};
    notify no;"""), port)

    def primary(self, parent, zone, port, secondary_port, key):
        folder = self.folder(parent, "primary")
        return self.start(folder, self.config(folder, port, key, f"""
    type primary;
    file "{zone}";
    ixfr-from-differences yes;
    journal "{folder}/journal";
    check-integrity no;
    notify explicit;
    also-notify {{ {servers.ADDRESS} port {secondary_port} key "{key[0]}"; }};
    allow-transfer {{ key "{key[0]}"; }};"""), port)


PEERS = [Nsd(), Knot(), Bind()]


# ---- rootd ----

def start_rootd(folder, image, port, config, *extra, probe=True):
    path = folder / "rootd.conf"
    path.write_text("".join(f"[key {k[0]}]\nalgorithm = {k[1]}\nsecret = {k[2]}\n" for k in (KEY, OTHER)) + config)
    command = [ROOTD, "--image", str(image), "--listen", f"{servers.ADDRESS}@{port}", "--config", str(path),
               *map(str, extra)]
    return Peer("rootd", "true").start(folder, command, port, probe)


# ---- out ----

def ixfr(server, serial, key=KEY, over=(), apex="."):
    """The SOAs and the number of other records that dig gets for IXFR from a serial."""
    command = ["dig", f"@{server.address}", "-p", str(server.port), "-y", f"{key[1]}:{key[0]}:{key[2]}",
               f"IXFR={serial}", apex, "+noall", "+answer", "+tries=1", "+time=10", *over]
    shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line.split() for line in shown.stdout.splitlines() if line and line[0] != ";"]
    return [int(line[6]) for line in lines if line[3] == "SOA"], len([l for l in lines if l[3] not in ("SOA", "TSIG")])


def counted(path):
    """Transfers of the root that rootd has counted: whole, and changes."""
    told = operating.samples(operating.scrape_unix(path)[1])
    return [told[f'comity_rootd_zone_transfers_total{{zone=".",kind="{kind}"}}'] for kind in ("whole", "changes")]


def transfers_out(folder):
    """rootd is the primary of all three."""
    image = folder / "zone.image"
    lines = unsigned(1)
    compile_zone(folder, image, lines)
    present = [peer for peer in PEERS if peer.program]
    ports = {peer.name: servers.free_port() for peer in present}
    port = servers.free_port()
    config = f"[transfer]\nallow = {servers.ADDRESS} key {KEY[0]}\nallow = 127.0.0.99\n" + \
        "".join(f"notify = {servers.ADDRESS}@{ports[peer.name]} key {KEY[0]}\n" for peer in present)
    metrics = folder / "metrics.socket"
    with start_rootd(folder, image, port, config, "--workers", 2, "--metrics", metrics) as server:
        ok(same(server, lines, KEY), "AXFR to dig, every message signed")
        ok(taken(server) is None and taken(server, OTHER) is None, "none without the key, or with another")
        wrong = (KEY[0], KEY[1], OTHER[2])
        ok(taken(server, wrong) is None and taken(server, ("none.example.",) + KEY[1:]) is None,
           "none with the key's name and another secret, or a name we do not know")
        ok(same_from(server, lines, "127.0.0.99"), "to an address that may, without a key")
        running = []
        try:
            for peer in present:
                running.append(peer.secondary(folder, port, ports[peer.name], KEY))
                ok(reaches(running[-1], 1) and same(running[-1], lines), f"{peer.name} has the zone by AXFR under TSIG")
            for serial in (2, 3):
                lines = unsigned(serial)
                compile_zone(folder, image, lines)
                for peer, secondary in zip(present, running):
                    ok(reaches(secondary, serial) and same(secondary, lines),
                       f"{peer.name} hears of serial {serial} by NOTIFY and takes it")
        finally:
            for secondary in running:
                secondary.end()
        for peer in present:
            home = folder / f"{peer.name}-secondary"
            if peer.name == "knotd":
                ok("IXFR, incoming" in log_text(home), "knotd says it was an IXFR")
            if peer.name == "named":
                ok((home / "zone.jnl").exists(), "named kept a journal: it was an IXFR")
        ok(ixfr(server, 1) == ([3, 1, 2, 2, 3, 3], 4), "IXFR as RFC 1995 has it: two deltas")
        whole, changes = counted(metrics)
        ok(ixfr(server, 3)[0] == [3] and ixfr(server, 9)[0] == [3], "the SOA for who is up to date, or ahead")
        ok(counted(metrics) == [whole, changes] and ixfr(server, 1)[0] and counted(metrics) == [whole, changes + 1] and
           same(server, lines, KEY) and counted(metrics) == [whole + 1, changes + 1], "and each transfer counts once, by its kind")
        ok(ixfr(server, 1, over=["+notcp"])[0][0] == 3, "by UDP the SOA first")
        for serial in range(4, 70):
            compile_zone(folder, image, unsigned(serial))
        ok(reaches(server, 69) and serving.await_true(lambda: len(ixfr(server, 5)[0]) == 2 * 64 + 2),
           "IXFR reaches 64 serials back")
        ok(ixfr(server, 70000)[0] == [69] and len(ixfr(server, 0)[0]) == 2, "farther back: the whole zone")
    ok(server.process.returncode in (0, -15), "rootd ends as asked")


def same_from(server, lines, address):
    return taken(server, extra=["-b", address]) == dnswire.canonical_zone(lines)


def log_text(folder):
    return "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))


# ---- in ----

def transfer_in(folder, peer, key):
    """A peer is rootd's primary."""
    home = folder / f"of-{peer.name}"
    home.mkdir()
    image, port, primary_port = home / "zone.image", servers.free_port(), servers.free_port()
    lines = unsigned(1)
    zone = put_text(home, "primary.zone", lines)
    config = f"[secondary]\nprimary = {servers.ADDRESS}@{primary_port} key {key[0]}\n" \
             f"[transfer]\nallow = {servers.ADDRESS}\n"
    with peer.primary(folder, zone, primary_port, port, key) as primary, \
            start_rootd(home, image, port, config, probe=False) as server:
        ok(reaches(server, 1) and same(server, lines), f"the first zone from {peer.name}, by AXFR")
        ok(serving.await_true(lambda: (home / "zone.image.xfr").exists()), "and a transfer file beside it")
        for serial in (2, 3):
            lines = unsigned(serial)
            put_text(home, "primary.zone", lines)
            peer.reload(primary)
            # Answers are ahead of the transfer file, which follows.
            ok(reaches(server, serial) and serving.await_true(lambda: same(server, lines), WAIT),
               f"{peer.name} says that there is serial {serial}")
        told = serving.log_of(server)
        if peer.name != "nsd":  # which may send the whole zone
            ok(told.count("by its changes") == 2, "changes are served before their image is there")
        soas, _ = ixfr(server, 1, key)
        ok(soas[:2] == [3, 1] or len(soas) == 2, "which we give on")
    check = subprocess.run([ROOTD, "--check", str(image)], stderr=subprocess.PIPE, text=True)
    ok(check.returncode == 0 and "serial 3 " in check.stderr, "what stays is a good image of the last one")


def wrong_zones(folder):
    """What is refused, and that the old zone stays."""
    peer = next((peer for peer in PEERS if peer.program), None)
    home = folder / "wrong"
    home.mkdir()
    signed = servers.sign(home, unsigned(1))
    if signed is None:
        print("# ldns-signzone is not installed: no ZONEMD")
        return
    image, page = home / "zone.image", home / "status"
    port, primary_port = servers.free_port(), servers.free_port()
    zone = put_text(home, "primary.zone", signed)
    config = f"[secondary]\nprimary = {servers.ADDRESS}@{primary_port} key {KEY[0]}\nzonemd = require\n" \
             f"[transfer]\nallow = {servers.ADDRESS}\n"
    page.write_bytes(serving.status_page(1))
    with peer.primary(folder / "wrong", zone, primary_port, port, KEY) as primary, \
            start_rootd(home, image, port, config, "--status", page, probe=False) as server:
        ok(reaches(server, 1), "a zone whose ZONEMD is right")
        changed = [line.replace(" 1 1800 2 ", " 2 1800 2 ") if " SOA " in line and " IN SOA " in line else line
                   for line in signed]
        put_text(home, "primary.zone", changed)
        peer.reload(primary)
        ok(serving.await_true(lambda: "ZONEMD" in serving.log_of(server), WAIT) and serial_of(server) == 1,
           "one whose ZONEMD is not is refused, and the old one stays")
        put_text(home, "primary.zone", unsigned(3))
        peer.reload(primary)
        ok(serving.await_true(lambda: "no ZONEMD that we can check" in serving.log_of(server), WAIT) and
           serial_of(server) == 1, "so is one without, where one is required")
        right = servers.sign(home, unsigned(4))
        serving.put(page, serving.status_page(2, (4, bytes(48))))
        put_text(home, "primary.zone", right)
        peer.reload(primary)
        ok(serving.await_true(lambda: "not the zone that is expected" in serving.log_of(server), WAIT) and
           serial_of(server) == 1, "one that is not the release expected is refused")
        check = subprocess.run([ROOTD, "--check", str(image)], stderr=subprocess.PIPE, text=True)
        ok("serial 1 " in check.stderr, "and did not take the place of the old file")
        compile_zone(home, home / "expected.image", right)
        serving.put(page, serving.status_page(3, (4, serving.zone_digest(home / "expected.image"))))
        peer.reload(primary)
        ok(reaches(server, 4), "the one that is, is served")


def unexpected(folder, how):
    """By AXFR or by IXFR: what is not the release expected is refused, and the old zone stays."""
    peer = Knot()
    if not peer.program:
        return
    home = folder / f"unexpected-{how}"
    home.mkdir()
    releases = [servers.sign(home, unsigned(serial)) for serial in (1, 2)]
    if None in releases:
        return
    image, page = home / "zone.image", home / "status"
    port, primary_port = servers.free_port(), servers.free_port()
    zone = put_text(home, "primary.zone", releases[0])
    compile_zone(home, home / "second.image", releases[1])
    config = f"[secondary]\nprimary = {servers.ADDRESS}@{primary_port} key {KEY[0]}\n[transfer]\nallow = {servers.ADDRESS}\n"
    page.write_bytes(serving.status_page(1))
    with peer.primary(home, zone, primary_port, port, KEY, deltas=how == "IXFR") as primary, \
            start_rootd(home, image, port, config, "--status", page, probe=False) as server:
        first = reaches(server, 1)
        serving.put(page, serving.status_page(2, (2, bytes(48))))
        put_text(home, "primary.zone", releases[1])
        peer.reload(primary)
        ok(first and serving.await_true(lambda: "not the zone that is expected" in serving.log_of(server), WAIT) and
           serial_of(server) == 1, f"by {how}: what is not the release expected is refused, the old one stays")
        check = subprocess.run([ROOTD, "--check", str(image)], stderr=subprocess.PIPE, text=True)
        ok("serial 1 " in check.stderr and serial_of(server) == 1, "in the file too")
        serving.put(page, serving.status_page(3, (2, serving.zone_digest(home / "second.image"))))
        peer.reload(primary)
        ok(reaches(server, 2) and serving.await_true(lambda: same(server, releases[1]), WAIT) and
           ("by its changes" in serving.log_of(server)) == (how == "IXFR"),
           f"what is expected is served, by {how}")


def expiry(folder):
    peer = next((peer for peer in PEERS if peer.program), None)
    home = folder / "expiry"
    home.mkdir()
    image, port, primary_port = home / "zone.image", servers.free_port(), servers.free_port()
    lines = [line.replace(" 1 1800 2 604800 ", " 1 2 2 4 ") for line in unsigned(1)]
    zone = put_text(home, "primary.zone", lines)
    config = f"[secondary]\nprimary = {servers.ADDRESS}@{primary_port} key {KEY[0]}\n"
    with start_rootd(home, image, port, config, probe=False) as server:
        with peer.primary(home, zone, primary_port, port, KEY):
            ok(reaches(server, 1), "a zone that expires after four seconds")
        failed = lambda: dnswire.Response(dnswire.ask_udp(server.address, port, dnswire.query("x.", 1, 1))).rcode == 2
        ok(serving.await_true(failed, WAIT), "its primary gone: SERVFAIL (RFC 1034 section 4.3.5)")
        again = home / "again"
        again.mkdir()
        with peer.primary(again, zone, primary_port, port, KEY):
            ok(reaches(server, 1), "and served again when it is back")


# ---- TLS ----

def certificate(folder, name):
    """A certificate of its own for a name, and its key."""
    program = servers.find("openssl")
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run([program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "3650", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}"], check=True, stderr=subprocess.DEVNULL)
    return cert, key


def tls_out(folder):
    """DNS over TLS, and rootd as a primary by TLS."""
    made = certificate(folder, "root.example")
    other = certificate(folder, "other.example")
    cert, key = made
    image, port, tls_port = folder / "zone.image", servers.free_port(), servers.free_port()
    lines = unsigned(1)
    compile_zone(folder, image, lines)
    config = f"[transfer]\nallow = {servers.ADDRESS} key {KEY[0]} tls\n" \
             f"[tls]\nlisten = {servers.ADDRESS}@{tls_port}\ncertificate = {cert}\nkey = {key}\n"
    with start_rootd(folder, image, port, config) as server:
        asked = lambda *how: subprocess.run(["kdig", f"@{servers.ADDRESS}", "-p", str(tls_port), *how, ".", "SOA"],
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        if servers.find("kdig"):
            ok("TLS1.3" in asked("+tls-ca=" + str(cert), "+tls-hostname=root.example"), "kdig asks by TLS 1.3")
            ok("handshake failed" in asked("+tls-ca=" + str(other[0]), "+tls-hostname=root.example"),
               "and trusts only whom it should")
        tried = lambda *how: subprocess.run(
            ["openssl", "s_client", "-connect", f"{servers.ADDRESS}:{tls_port}", *how], input=b"",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
        ok(b"ALPN protocol: dot" in tried("-alpn", "dot"), 'the protocol is "dot" (RFC 9103 section 7.1)')
        ok(b"no application protocol" in tried("-alpn", "h2"), "and no other")
        ok(b"protocol version" in tried("-tls1_2"), "no TLS 1.2")
        ok(many_by_tls(cert, tls_port), "2,000 queries in one write, answered in their order")
        ok(taken(server, KEY) is None, "no transfer but by TLS")
        server_tls = servers.Server.__new__(servers.Server)
        server_tls.address, server_tls.port = servers.ADDRESS, tls_port
        ok(taken(server_tls, KEY, ["+tls"]) == dnswire.canonical_zone(lines), "a transfer to dig by TLS")
        if servers.find("kdig"):
            got = subprocess.run(["kdig", f"@{servers.ADDRESS}", "-p", str(tls_port), "+tls-ca=" + str(cert),
                                  "+tls-hostname=root.example", "+noidn", "-y", f"{KEY[1]}:{KEY[0]}:{KEY[2]}", ".", "AXFR"],
                                 stdout=subprocess.PIPE, text=True).stdout
            got = [line for line in got.splitlines() if line and not line.startswith(";") and "\tTSIG\t" not in line]
            ok(dnswire.canonical_zone(got) == dnswire.canonical_zone(lines), "and to kdig, which checks who we are")
        for peer in (Bind(), Nsd()):
            if not peer.program:
                continue
            second = servers.free_port()
            with peer.secondary_tls(folder, tls_port, second, KEY, cert) as secondary:
                ok(reaches(secondary, 1) and same(secondary, lines), f"{peer.name} takes the zone by TLS")
        renewal(folder, server, tls_port, made, other)


def renewal(folder, server, port, made, other):
    """The certificate is exchanged while rootd serves, and a wrong one is not taken."""
    def shown():
        try:
            return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((servers.ADDRESS, port)))
        except OSError:
            return None

    der = lambda pair: ssl.PEM_cert_to_DER_cert(pair[0].read_text())
    first, second = der(made), der(other)
    context = ssl.create_default_context(cafile=str(made[0]))
    with socket.create_connection((servers.ADDRESS, port), timeout=30) as plain, \
            context.wrap_socket(plain, server_hostname="root.example") as standing:
        ok(shown() == first, "the first certificate is shown")
        put = lambda source, target: (shutil.copyfile(source, folder / "beside"), os.replace(folder / "beside", target))
        put(other[0], made[0])
        ok(serving.await_true(lambda: "no key of that certificate in its file; the one before stays" in
                              serving.log_of(server), WAIT) and shown() == first, "one without its key is not taken")
        put(other[1], made[1])
        ok(serving.await_true(lambda: shown() == second, WAIT), "with its key it is, without a restart")
        standing.sendall(serving.framed(dnswire.query(".", 6, 77)))
        ok(dnswire.Response(dnswire.recv_message(standing)).ident == 77, "a connection that stood goes on")
    told = serving.log_of(server).count("read again")
    server.process.send_signal(signal.SIGHUP)
    ok(serving.await_true(lambda: serving.log_of(server).count("read again") > told, WAIT) and shown() == second,
       "it is read again at SIGHUP")


def many_by_tls(cert, port):
    context = ssl.create_default_context(cafile=str(cert))
    context.set_alpn_protocols(["dot"])
    with socket.create_connection((servers.ADDRESS, port), timeout=30) as plain, \
            context.wrap_socket(plain, server_hostname="root.example") as s:
        s.sendall(b"".join(serving.framed(dnswire.query(f"x{i}.nowhere", 1, i)) for i in range(2000)))
        return [dnswire.Response(dnswire.recv_message(s)).ident for _ in range(2000)] == list(range(2000))


def tls_in(folder):
    """rootd as a secondary by TLS, of BIND."""
    peer = Bind()
    if not peer.program:
        return
    home = folder / "in"
    home.mkdir()
    cert, key = certificate(home, "primary.example")
    primary_port, port = servers.free_port(), servers.free_port()
    zone = put_text(home, "primary.zone", unsigned(1))
    name = lambda said: f"[tls]\ntrusted = {cert}\n[secondary]\n" \
                        f"primary = {servers.ADDRESS}@{primary_port} key {KEY[0]} tls {said}\n"
    with peer.primary_tls(home, zone, primary_port, KEY, cert, key):
        for said, what in (("primary.example", "the zone by TLS from named, which shows who it is"),
                           ("*", "and from one that need not")):
            image = home / ("any" if said == "*" else "strict")
            with start_rootd(home, image, port, name(said), probe=False) as server:
                ok(reaches(server, 1), what)
        with start_rootd(home, home / "none", port, name("other.example"), probe=False) as server:
            ok(serving.await_true(lambda: "who it should be" in serving.log_of(server), WAIT) and
               not (home / "none").exists(), "not from one that is not who it should be")


def main():
    missing = [peer.name for peer in PEERS if not peer.program]
    if len(missing) == len(PEERS) or not servers.find("dig"):
        servers.skip("neither NSD, Knot nor BIND is installed, or no dig")
    for name in missing:
        print(f"# {name} is not installed")
    with servers.scratch() as scratch:
        if sys.argv[1] == "out":
            transfers_out(scratch.folder)
        elif sys.argv[1] == "tls":
            if not servers.find("openssl"):
                servers.skip("openssl is not installed")
            tls_out(scratch.folder)
            tls_in(scratch.folder)
        else:
            for peer, key in zip(PEERS, (KEY, OTHER, KEY)):
                if peer.program:
                    transfer_in(scratch.folder, peer, key)
            wrong_zones(scratch.folder)
            unexpected(scratch.folder, "AXFR")
            unexpected(scratch.folder, "IXFR")
            expiry(scratch.folder)
    print(f"1..{serving.test_count}")
    sys.exit(serving.failures != 0)


if __name__ == "__main__":
    main()
