#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rootd by AF_XDP, on a veth pair between two network namespaces made for it: what comes by it, what is left to the
kernel, checksums, VLANs, images swapped under load, and going on by sockets where an interface refuses.

The server's own counts tell which way a query came."""
import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import dnstap
import dnswire
import frames
import servers
import swap
import zones
from dnswire import TYPES

ROOTD = os.environ["COMITY_ROOTD"]
SOA = TYPES["SOA"]
PORT = 53
V4, V6, VLAN_V4, VLAN = "10.79.0.1", "fd79::1", "10.80.0.1", 100
CLIENT_V4, CLIENT_V6 = "10.79.0.2", "fd79::2"
MARK = "COMITY_XDP_TEST"
SECONDS = 4  # of load
PATIENCE = 20  # seconds; nothing of what is waited for may be lost
test_count = failures = 0


def ok(held, what):
    global test_count, failures
    test_count += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {test_count} - {what}", flush=True)


def skip(what, why):
    global test_count
    test_count += 1
    print(f"ok {test_count} - {what} # SKIP {why}", flush=True)


def await_true(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


# ---- two namespaces ----

def inside():
    """In a network namespace of our own, the client's; re-runs itself there."""
    if os.environ.get(MARK):
        return
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        servers.skip("a network namespace takes root, unshare, nsenter and ip")
    probe = subprocess.run(["unshare", "-n", "ip", "link", "add", "p0", "type", "veth", "peer", "name", "p1"],
                           stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        servers.skip("no network namespace can be made here, or no veth in it")
    if not pathlib.Path(ROOTD).with_name("comity-xdp.so").exists():
        servers.skip("built without AF_XDP: libxdp, libbpf or clang is not installed")
    os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv], {**os.environ, MARK: "1"})


def ip(*words, at=None):
    prefix = ["nsenter", "-t", str(at), "-n"] if at else []
    return subprocess.run([*prefix, "ip", *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def tags_in_frames(interface, at=None):
    """Has the interface leave VLAN tags where they are: ethtool -K ... txvlan off rxvlan off."""
    code = f"""
import fcntl, socket, struct, array
s = socket.socket()
def call(command, value):
    octets = array.array("B", struct.pack("II", command, value))
    request = struct.pack("16sP16x", {interface!r}.encode(), octets.buffer_info()[0])
    fcntl.ioctl(s, 0x8946, request)  # SIOCETHTOOL
    return struct.unpack("II", octets.tobytes())[1]
flags = call(0x25, 0)  # ETHTOOL_GFLAGS
call(0x26, flags & ~(1 << 7) & ~(1 << 8))  # ETHTOOL_SFLAGS
"""
    prefix = ["nsenter", "-t", str(at), "-n"] if at else []
    subprocess.run([*prefix, sys.executable, "-c", code], check=True)


class Scene:
    """The server's namespace, as long as a process in it lives; and a zone."""

    def __init__(self, folder, stack):
        self.folder = folder
        holder = subprocess.Popen(["unshare", "-n", "cat"], stdin=subprocess.PIPE)
        stack.callback(holder.communicate)
        self.pid = holder.pid
        if not await_true(lambda: os.readlink(f"/proc/{self.pid}/ns/net") != os.readlink("/proc/self/ns/net")):
            raise RuntimeError("unshare does not come up")
        ip("link", "set", "lo", "up")
        ip("link", "set", "lo", "up", at=self.pid)
        self.pair("c0", "s0", V4, CLIENT_V4, V6, CLIENT_V6)
        self.zone = servers.write_zone(folder, dnswire.canonical_zone(zones.made(".", 40)))

    def pair(self, client, server, *addresses, queues=1):
        """A veth pair; two addresses of IPv4, then of IPv6, the server's first."""
        more = [] if queues == 1 else ["numrxqueues", str(queues), "numtxqueues", str(queues)]
        ip("link", "add", client, *more, "type", "veth", "peer", "name", server, *more)
        ip("link", "set", server, "netns", str(self.pid))
        for name, at, own in ((server, self.pid, addresses[0::2]), (client, None, addresses[1::2])):
            ip("link", "set", name, "up", at=at)
            for address in own:
                ip("addr", "add", address + ("/64" if ":" in address else "/24"), "dev", name,
                   *(["nodad"] if ":" in address else []), at=at)

    def rootd(self, *extra, listen=(V4, V6), interface="s0", image=None, user=(), program=ROOTD):
        if image is None:
            image = self.folder / "zone.image"
            subprocess.run([ROOTD, "--compile", str(self.zone), str(image)], check=True)
        command = ["nsenter", "-t", str(self.pid), "-n", *user, str(program), "--image", str(image), "--xdp", interface,
                   "--metrics", str(self.folder / "metrics"), *map(str, extra)]
        for address in listen:
            command += ["--listen", f"{address}@{PORT}"]
        return servers.Server("rootd", command, PORT, self.folder, address=V4 if listen[0] == "0.0.0.0" else listen[0])

    def counts(self):
        """What the server has counted: by UDP in all, of it by AF_XDP, refused frames, by TCP."""
        class Unix(http.client.HTTPConnection):
            def connect(unix):
                unix.sock = socket.socket(socket.AF_UNIX)
                unix.sock.connect(str(self.folder / "metrics"))
        connection = Unix("localhost")
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()

        def total(pattern):
            return sum(int(n) for n in re.findall(rf"^comity_rootd_{pattern} (\d+)$", text, re.M))
        return (total(r'queries_total\{transport="udp",family="ipv\d"\}'), total("xdp_received_total"),
                total("xdp_refused_total"), total(r'queries_total\{transport="tcp",family="ipv\d"\}'))

    def counted(self, act, *want):
        """What `act` gives, where it adds these to the counts, and nothing else; None otherwise."""
        before, given = self.counts(), act()
        await_true(lambda: tuple(b - a for a, b in zip(before, self.counts())) == want, 2)
        added = tuple(b - a for a, b in zip(before, self.counts()))
        if added != want:
            print(f"# counted {added}, not {want}")
        return given if added == want else None


def log_of(server):
    return pathlib.Path(server.log.name).read_text(errors="replace")


def attached(scene, interface="s0"):
    return " prog/xdp" in ip("-d", "link", "show", "dev", interface, at=scene.pid)


BY_XDP, BY_KERNEL, BY_TCP, REFUSED, NOTHING = (1, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0), (0, 0, 0, 0)
QUERIES = [dnswire.query(".", SOA, 1), dnswire.query(".", TYPES["NS"], 2, edns=1232, dnssec_ok=True),
           dnswire.query("www.xn--p1ai", 1, 3, edns=1232, dnssec_ok=True), dnswire.query("Nowhere", 1, 4, edns=512),
           dnswire.query(".", TYPES["ANY"], 5), b"\0\7\1\0" + bytes(8), dnswire.query(".", 252, 8)]


# ---- both ways ----

def answers_alike(scene):
    """Every kind of query gets the same octets from AF_XDP and from the sockets, which its IP options lead to."""
    good = {V4: 0, V6: 0}
    for address, level, option, value in ((V4, socket.IPPROTO_IP, socket.IP_OPTIONS, b"\1\1\1\0"),
                                          (V6, socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, b"\0\0\1\4\0\0\0\0")):
        for message in QUERIES:
            by_xdp = scene.counted(lambda: dnswire.ask_udp(address, PORT, message, PATIENCE), *BY_XDP)
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.setsockopt(level, option, value)
                s.connect((address, PORT))
                s.settimeout(PATIENCE)

                def ask():
                    s.send(message)
                    return s.recv(4096)
                by_socket = scene.counted(ask, *BY_KERNEL)
            good[address] += by_xdp is not None and by_xdp == by_socket
    ok(good[V4] == len(QUERIES), f"{good[V4]} kinds of query by IPv4: AF_XDP answers as sockets do, which IP options lead to")
    ok(good[V6] == len(QUERIES), f"{good[V6]} by IPv6, where destination options do")


def left_to_the_kernel(scene):
    long = dnswire.query(".", SOA, 9, edns=1232, options=struct.pack(">HH", 12, 1800) + bytes(1800))
    for address in (V4, V6):
        name = "IPv6" if ":" in address else "IPv4"
        got = scene.counted(lambda: dnswire.ask_udp(address, PORT, long, PATIENCE), *BY_KERNEL)
        ok(got is not None and dnswire.Response(got).ident == 9, f"a query in fragments, {name}, goes the kernel's way")
        got = scene.counted(lambda: dnswire.ask_tcp(address, PORT, QUERIES[0]), *BY_TCP)
        ok(got is not None and dnswire.Response(got).rcode == 0, f"so does TCP, {name}")
        ip("neigh", "flush", "all")
        ip("neigh", "flush", "all", at=scene.pid)
        got = scene.counted(lambda: dnswire.ask_udp(address, PORT, QUERIES[0], PATIENCE), *BY_XDP)
        ok(got is not None, f"{'neighbour discovery' if ':' in address else 'ARP'} does too: who has forgotten us finds us")
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(PATIENCE)
            s.connect((address, PORT + 1))
            s.send(QUERIES[0])
            try:
                refused = s.recv(512) is None
            except ConnectionRefusedError:
                refused = True
            ok(refused, f"and another port, {name}: nobody is there")


# ---- frames ----

def raw(scene):
    wire = frames.Wire("c0")
    text = ip("-o", "link", "show", "dev", "s0", at=scene.pid)
    mac = bytes.fromhex(re.search(r"link/ether (\S+)", text).group(1).replace(":", ""))
    message = QUERIES[1]

    def frame(source, target, tags=b"", to=mac, **wrong):
        return to + wire.mac + tags + frames.packet(source, target, (4242, PORT), message, **wrong)

    try:
        for source, target, family in ((CLIENT_V4, V4, "IPv4"), (CLIENT_V6, V6, "IPv6")):
            good = []
            for tags in (b"", frames.tags(7), frames.tags(7, 4000)):
                got = scene.counted(lambda: wire.ask(frame(source, target, tags), 4242), *BY_XDP)
                good.append(got is not None and not got.faults and (got.source, got.target) == (mac, wire.mac) and
                            got.tags == tags and got.hops == 64 and got.ports == (PORT, 4242) and
                            got.addresses == b"".join(socket.inet_pton(socket.AF_INET6 if ":" in a else socket.AF_INET, a)
                                                      for a in (target, source)) and
                            dnswire.Response(got.message).ident == 2)
            ok(all(good), f"{family}, with no tag, one and two: goes back where it came from, checksums right {good}")
            got = scene.counted(lambda: wire.ask(frame(source, target, wrong_udp=True), 4242, 0.3) or "none", *REFUSED)
            ok(got == "none", f"{family} with a wrong UDP checksum: no answer")
            got = scene.counted(lambda: wire.ask(frame(source, target, to=b"\2\0\0\0\0\x77"), 4242, 0.3) or "none", *NOTHING)
            ok(got == "none", f"{family} for another machine: nothing")
        got = scene.counted(lambda: wire.ask(frame(CLIENT_V4, V4, wrong_ip=True), 4242, 0.3) or "none", *NOTHING)
        ok(got == "none", "a wrong IPv4 checksum is for the kernel, which drops it")
        got = scene.counted(lambda: wire.ask(frame("127.0.0.5", V4), 4242, 0.3) or "none", *NOTHING)
        ok(got == "none", "so is a sender nobody can be")
    finally:
        wire.close()


# ---- VLANs ----

def vlans(scene):
    made = subprocess.run(["nsenter", "-t", str(scene.pid), "-n", "ip", "link", "add", "link", "s0", "name", "s0.100",
                           "type", "vlan", "id", str(VLAN)], stderr=subprocess.DEVNULL)
    if made.returncode != 0:
        skip("VLANs of the kernel, beside AF_XDP", "this kernel has no VLAN devices")
        return
    ip("link", "add", "link", "c0", "name", "c0.100", "type", "vlan", "id", str(VLAN))
    for name, address, at in (("s0.100", VLAN_V4, scene.pid), ("c0.100", "10.80.0.2", None)):
        ip("link", "set", name, "up", at=at)
        ip("addr", "add", address + "/24", "dev", name, at=at)
    with scene.rootd(listen=(V4, VLAN_V4)) as server:
        got = scene.counted(lambda: dnswire.ask_udp(VLAN_V4, PORT, QUERIES[1], PATIENCE), *BY_KERNEL)
        ok("rxvlan off" in log_of(server) and got is not None,
           "an interface that takes the tags of its VLANs off is left to the kernel, and why is told")
    tags_in_frames("c0")
    tags_in_frames("s0", scene.pid)
    with scene.rootd(listen=(V4, VLAN_V4)):
        got = scene.counted(lambda: dnswire.ask_udp(VLAN_V4, PORT, QUERIES[1], PATIENCE), *BY_XDP)
        ok(got is not None, "one that leaves them answers in a VLAN by AF_XDP")
        got = scene.counted(lambda: dnswire.ask_tcp(VLAN_V4, PORT, QUERIES[1]), *BY_TCP)
        ok(got is not None, "where TCP goes the kernel's way, too")
    ip("link", "del", "s0.100", at=scene.pid)
    ip("link", "del", "c0.100")


# ---- limits, load ----

def limited(scene):
    with scene.rootd("--rate-limit", 50):
        got = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.SOL_SOCKET, 33, 4 << 20)  # SO_RCVBUFFORCE
            s.connect((V4, PORT))
            for _ in range(400):
                s.send(QUERIES[0])
            s.settimeout(0.7)
            with contextlib.suppress(OSError):
                while True:
                    got.append(s.recv(4096)[2] & 2 != 0)
        cut, whole = sum(got), len(got) - sum(got)
        by_xdp = scene.counts()[1]
        ok(by_xdp >= 400 and 40 <= whole <= 300 and abs(2 * cut - (400 - whole)) <= 20,
           f"limits hold: of 400 answers at once {whole} whole, {cut} told to come by TCP")


@contextlib.contextmanager
def both_ways(address):
    """A socket whose messages go to AF_XDP, and one whose IP options lead them to the sockets, of one address."""
    v6 = ":" in address
    with contextlib.ExitStack() as stack:
        pair = [stack.enter_context(socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM))
                for _ in range(2)]
        pair[1].setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, b"\0\0\1\4\0\0\0\0") if v6 else
                             (socket.IPPROTO_IP, socket.IP_OPTIONS, b"\1\1\1\0")))
        for s in pair:
            s.connect((address, PORT))
            s.settimeout(PATIENCE)
        yield pair


def exchanged(s, message):
    s.send(message)
    return s.recv(4096)


def with_cookie(cookie, ident=1):
    return dnswire.query(".", SOA, ident, edns=1232, options=struct.pack(">HH", 10, len(cookie)) + cookie)


def known_cookies(scene):
    connection = socket.socket(socket.AF_UNIX)
    with connection:
        connection.connect(str(scene.folder / "metrics"))
        connection.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return [int(re.search(rf"^comity_rootd_cookies_{kind}_total (\d+)$", text, re.M).group(1)) for kind in ("known", "other")]


def cookies(scene):
    """Cookies (RFC 7873, RFC 9018): what AF_XDP gives the sockets take, and the other way; and they lift limits."""
    secrets = scene.folder / "cookies"
    secrets.write_text("0123456789abcdef0123456789abcdef\n")
    client = b"clientCC"
    with scene.rootd("--cookie-secrets", secrets, "--rate-limit", 50) as server:
        ok("AF_XDP on 1" in log_of(server), "AF_XDP with cookies")
        for address in (V4, V6):
            name = "IPv6" if ":" in address else "IPv4"
            with both_ways(address) as (by_xdp, by_socket):
                given = {}
                for way, s, counts in (("xdp", by_xdp, BY_XDP), ("socket", by_socket, BY_KERNEL)):
                    fresh = scene.counted(lambda: exchanged(s, with_cookie(client)), *counts)
                    given[way] = dnswire.Response(fresh).options[10] if fresh else b""
                ok(all(len(c) == 24 and c[:12] == client + b"\1\0\0\0" for c in given.values()), f"{name}: a cookie, either way")
                before = known_cookies(scene)
                taken = [dnswire.Response(exchanged(s, with_cookie(c))).options[10] == c
                         for s, c in ((by_socket, given["xdp"]), (by_xdp, given["socket"]), (by_xdp, given["xdp"]))]
                ok(all(taken) and known_cookies(scene) == [before[0] + 3, before[1]], "which the other way knows as ours")
                forged = given["xdp"][:-1] + bytes([given["xdp"][-1] ^ 1])
                other = dnswire.Response(exchanged(by_xdp, with_cookie(forged)))
                ok(other.rcode == 0 and other.options[10] != forged and known_cookies(scene)[1] == before[1] + 1,
                   "a forged one gets another, by AF_XDP")
                ok(dnswire.Response(exchanged(by_xdp, with_cookie(client + b"short"))).rcode == 1, "one of no length: FORMERR")
                whole = 0
                for i in range(150):
                    response = exchanged(by_xdp, with_cookie(given["xdp"], i))
                    whole += not response[2] & 2 and dnswire.Response(response).rcode == 0
                ok(whole == 150, f"whoever has one has no limit: {whole} of 150 whole")
                for i in range(400):
                    by_xdp.send(with_cookie(client, i))
                by_xdp.settimeout(0.7)
                cut = 0
                with contextlib.suppress(OSError):
                    while True:
                        cut += dnswire.Response(by_xdp.recv(4096)).rcode == 23
                ok(cut > 0, f"who has none meets it, and is given one with BADCOOKIE ({cut} times)")


def taps(scene):
    """dnstap tells what went by AF_XDP as what went by sockets."""
    path = scene.folder / "dnstap.socket"
    collector = dnstap.Collector(path)
    collector.start()
    with scene.rootd("--dnstap", path, "--tell-id", "site-9") as server:
        ok(await_true(lambda: len(collector.controls) >= 2) and "AF_XDP on 1" in log_of(server), "AF_XDP with dnstap")

        def told_at_all():
            dnswire.ask_udp(V4, PORT, QUERIES[0], PATIENCE)
            return len(collector.frames) > 0
        await_true(told_at_all)
        time.sleep(0.3)
        for address, own, family in ((V4, CLIENT_V4, 1), (V6, CLIENT_V6, 2)):
            with both_ways(address) as pair:
                for way, s, counts in (("AF_XDP", pair[0], BY_XDP), ("sockets", pair[1], BY_KERNEL)):
                    collector.frames.clear()
                    good = 0
                    for message in QUERIES[:5]:
                        response = scene.counted(lambda: exchanged(s, message), *counts)
                        if not await_true(lambda: len(collector.frames) == 1, 5):
                            break
                        m = collector.frames.pop()["message"]
                        want = {1: 2, 2: family, 3: 1, 4: socket.inet_pton(s.family, own), 6: s.getsockname()[1], 14: response}
                        good += all(m.get(field) == value for field, value in want.items()) and abs(m[12] - time.time()) < 60
                    ok(good == 5, f"by {way}, {'IPv6' if family == 2 else 'IPv4'}: to whom, how, when and what ({good} of 5)")
        collector.frames.clear()
        with both_ways(V4) as (s, _):
            for i in range(2000):
                exchanged(s, dnswire.query(f"x{i}", 1, i))
        ok(await_true(lambda: len(collector.frames) == 2000) and collector.fault is None and
           [f["message"][14][:2] for f in collector.frames] == [struct.pack(">H", i) for i in range(2000)],
           f"two thousand in their order, all ({len(collector.frames)})")
        collector.end()
        ok(dnswire.ask_udp(V4, PORT, QUERIES[0], PATIENCE) is not None, "a collector that goes away disturbs nobody")


def swapped(scene):
    releases = list(swap.images(scene.folder, 7))
    served = scene.folder / "served.image"
    swap.put(served, releases[0])
    here = str(pathlib.Path(__file__).resolve().parent)
    with scene.rootd(image=served):
        generator = subprocess.Popen([sys.executable, "-c", swap.GENERATOR, V4, str(PORT), here, str(swap.RATE),
                                      str(SECONDS), str(swap.WINDOW)], stdout=subprocess.PIPE, text=True)
        for release in releases[1:]:
            time.sleep((SECONDS - 1) / len(releases))
            swap.put(served, release)
        words = generator.communicate()[0].split()
        sent, got, late, rate = map(int, words[:4])
        order = [int(word.split(":")[0]) for word in words[4:]]
        udp, by_xdp, refused, _ = scene.counts()
        ok(sent == got and late == 0, f"images swapped at {rate} queries a second: of {sent} {sent - got} lost")
        ok(len(order) >= 5 and order == sorted(order), f"{len(order)} releases were served, none after a newer one")
        ok(by_xdp >= sent and refused == 0, f"and {by_xdp} of {udp} came by AF_XDP")


# ---- interfaces ----

def queues(scene):
    scene.pair("c1", "s1", "10.81.0.1", "10.81.0.2", queues=2)
    with scene.rootd("--workers", 2, "--pin", interface="s1", listen=("10.81.0.1",)) as server:
        told = re.search(r"AF_XDP on (\d) of its queues", log_of(server))
        for i in range(200):
            dnswire.ask_udp("10.81.0.1", PORT, QUERIES[i % 2], PATIENCE)
        by_xdp = scene.counts()[1]
        ok(told is not None and by_xdp >= 200, f"two workers on an interface with {told and told.group(1)} queues")


def generic(scene):
    """A veth whose other end has frames larger than a page is one whose driver does not take a program."""
    scene.pair("c2", "s2", "10.82.0.1", "10.82.0.2")
    ip("link", "set", "c2", "mtu", "9000")
    with scene.rootd(interface="s2", listen=("10.82.0.1",)):
        got = scene.counted(lambda: dnswire.ask_udp("10.82.0.1", PORT, QUERIES[1], PATIENCE), *BY_XDP)
        ok(got is not None and "xdpgeneric" in ip("link", "show", "dev", "s2", at=scene.pid),
           "where a driver takes no program the kernel runs it")


def everywhere(scene):
    with scene.rootd(listen=("0.0.0.0", "::")) as server:
        for address in (V4, V6):
            got = scene.counted(lambda: dnswire.ask_udp(address, PORT, QUERIES[0], PATIENCE), *BY_XDP)
            ok(got is not None, f"on every address of the machine: {address}")
        server.process.send_signal(signal.SIGTERM)
        ok(server.process.wait(20) == 0 and not attached(scene), "it ends when told to, and its program is gone")


def falls_back(scene):
    cases = [("none0", (), "no such interface"), ("lo", (), "not an Ethernet interface")]
    if shutil.which("setpriv"):
        drop = ("setpriv", "--bounding-set", "-net_admin,-net_raw,-bpf,-sys_admin,-perfmon", "--inh-caps",
                "-net_admin,-net_raw,-bpf,-sys_admin,-perfmon")
        cases.append(("s0", drop, "not permitted"))
    for interface, user, why in cases:
        with scene.rootd(interface=interface, user=user) as server:
            got = scene.counted(lambda: dnswire.ask_udp(V4, PORT, QUERIES[0], PATIENCE), *BY_KERNEL)
            log = log_of(server)
            ok(got is not None and "no AF_XDP" in log and why in log, f"{interface}: {why}: sockets answer")


def few_rights(scene):
    """What docs/operators/af-xdp.md gives, and the right to bind port 53, which there the service manager does."""
    if not shutil.which("setpriv"):
        skip("few rights", "no setpriv: util-linux is not whole")
        return
    rights = ",".join("+" + name for name in ("net_admin", "net_raw", "bpf", "ipc_lock", "net_bind_service"))
    user = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set", "-all," + rights,
            "--inh-caps", "-all," + rights, "--ambient-caps", "-all," + rights)
    scene.folder.chmod(0o777)
    for name in (ROOTD, str(pathlib.Path(ROOTD).with_name("comity-xdp.so"))):
        shutil.copy(name, scene.folder)  # where any user may look
    with scene.rootd(user=user, program=scene.folder / pathlib.Path(ROOTD).name) as server:
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        got = scene.counted(lambda: dnswire.ask_udp(V4, PORT, QUERIES[0], PATIENCE), *BY_XDP)
        ok(got is not None and re.search(r"CapPrm:\s+0+$", status, re.M) and re.search(r"Uid:\s+65534", status),
           "four rights are enough for a user without any other, and are gone when it serves")
    (scene.folder / "metrics").unlink(missing_ok=True)


def killed(scene):
    with scene.rootd() as server:
        ok(attached(scene), "the interface has a program")
        with scene.rootd(listen=("10.82.0.1",)) as second:
            ok("no AF_XDP" in log_of(second) and "busy" in log_of(second), "and takes no second one")
        server.process.kill()
        server.process.wait()
        ok(await_true(lambda: not attached(scene)), "whose owner's end, however sudden, is its own")


def main():
    inside()
    with servers.scratch() as scratch, contextlib.ExitStack() as stack:
        scene = Scene(scratch.folder, stack)
        with scene.rootd() as server:
            if "AF_XDP on 1 of its queues" not in log_of(server):
                why = re.search(r"no AF_XDP.*", log_of(server))
                if "permitted" in log_of(server) or "not supported" in log_of(server):
                    servers.skip(f"no AF_XDP can be had here: {why and why.group(0)}")
            ok("AF_XDP on 1 of its queues" in log_of(server), "AF_XDP, with its sandbox on")
            answers_alike(scene)
            left_to_the_kernel(scene)
            raw(scene)
        limited(scene)
        cookies(scene)
        taps(scene)
        swapped(scene)
        queues(scene)
        generic(scene)
        everywhere(scene)
        falls_back(scene)
        few_rights(scene)
        killed(scene)
        vlans(scene)
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
