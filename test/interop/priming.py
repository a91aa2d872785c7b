#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More than thirteen root servers: what a priming response holds, and which resolvers cope (docs/operators/priming.md).

A signed root with 13 to 50 name servers of its own, all of them one rootd in a network namespace made for this test,
each at an address of its own. What fits into which response is compared with what the sizes say; then every resolver
that is installed starts from hints of three of them, and must find answers secure and use servers it was not told of.
Started with `shape`, it prints the sizes for other names.
"""
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

import dnswire
import servers
from dnswire import TYPES

NS, SOA, A, AAAA, DNSKEY = (TYPES[t] for t in ("NS", "SOA", "A", "AAAA", "DNSKEY"))
HINTED = 3
COUNTS = (13, 20, 26, 35, 50)  # root servers
RESOLVED = (13, 26, 50)        # of these resolvers are tried
NEW_OF_THIRTEEN = {}  # by resolver
MARK = "COMITY_PRIMING_INSIDE"
test_count = failures = 0


def ok(held, what):
    global test_count, failures
    test_count += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {test_count} - {what}", flush=True)


def note(what):
    print("# " + what, flush=True)


# ---- the zone ----

def label(i):
    """a to z, then aa, ab and so on."""
    return chr(97 + i) if i < 26 else chr(96 + i // 26) + chr(97 + i % 26)


def server_name(i):
    return label(i) + ".root-servers."


def v4(i):
    return f"10.53.{i // 200}.{1 + i % 200}"


def v6(i):
    return f"fd53::{i + 1:x}"


def zone_lines(count):
    lines = [f". 86400 IN SOA {server_name(0)} hostmaster.root-servers. 2026112401 1800 900 604800 86400"]
    for i in range(count):
        lines += [f". 518400 IN NS {server_name(i)}", f"{server_name(i)} 518400 IN A {v4(i)}",
                  f"{server_name(i)} 518400 IN AAAA {v6(i)}"]
    for i in range(40):  # delegations to nowhere: a resolver asks for their DS here
        lines += [f"tld{i}. 172800 IN NS ns.tld{i}.", f"ns.tld{i}. 172800 IN A 192.0.2.{1 + i}",
                  f"tld{i}. 86400 IN DS {1000 + i} 13 2 " + f"{i:02x}" * 32]
    return lines


# ---- sizes ----

def expected(count, limit, do):
    """What docs/operators/priming.md says: octets, addresses, and whether it is truncated."""
    first = 1 + 10 + len(dnswire.wire_of(server_name(0)))
    rest = sum(1 + 10 + 1 + len(label(i)) + 2 for i in range(1, count))
    head = 12 + 5 + first + rest + (1 + 10 + 18 + 1 + 64 if do else 0) + 11
    signature = 2 + 10 + 18 + 1 + 64
    order = [16] * count + [28] * count + ([signature] * (2 * count) if do else [])
    size, fit = head, 0
    if head > limit:
        return 12 + 5 + 11, 0, True
    for octets in order:
        if size + octets > limit:
            break
        size, fit = size + octets, fit + 1
    return size, min(fit, 2 * count), fit < count


def addresses(response):
    return [r for r in response.sections[2] if r[1] in (A, AAAA)]


def sizes(server, count):
    for limit, do in ((512, False), (512, True), (1232, False), (1232, True), (65535, True)):
        tcp = limit == 65535
        message = dnswire.query(".", NS, 1, edns=limit if limit != 65535 else 1232, dnssec_ok=do)
        response = dnswire.Response((dnswire.ask_tcp if tcp else dnswire.ask_udp)(server.address, server.port, message))
        size, fit, truncated = expected(count, limit, do)
        names = {r[0] for r in addresses(response)}
        held = response.size == size and len(addresses(response)) == fit and \
            bool(response.flags & 0x200) == truncated and len(response.sections[0]) == (count + do if size > 28 else 0)
        note(f"{count} names, {'TCP' if tcp else limit}{' DO' if do else ''}: {response.size} octets, "
             f"{len(addresses(response))} of {2 * count} addresses of {len(names)} servers"
             f"{', TC' if response.flags & 0x200 else ''}")
        ok(held and (truncated or len(names) == count),
           f"{count} names, {'TCP' if tcp else limit}{' DO' if do else ''}: as worked out; without TC every server "
           "has an address")


# ---- resolvers ----

def write_hints(folder):
    lines = []
    for i in range(HINTED):
        lines += [f". 3600000 NS {server_name(i)}", f"{server_name(i)} 3600000 A {v4(i)}",
                  f"{server_name(i)} 3600000 AAAA {v6(i)}"]
    path = folder / "hints"
    path.write_text("".join(line + "\n" for line in lines))
    return path


def unbound(folder, hints, key):
    program = servers.find("unbound")
    if program is None:
        return None
    port = servers.free_port()
    config = folder / "unbound.conf"
    config.write_text(f"""
server:
    interface: 127.0.0.1@{port}
    port: {port}
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    num-threads: 1
    do-not-query-localhost: no
    root-hints: "{hints}"
    trust-anchor-file: "{key}"
    module-config: "validator iterator"
    aggressive-nsec: no
    val-clean-additional: yes
remote-control:
    control-enable: no
""")
    return servers.Server("unbound", [program, "-d", "-c", str(config)], port, folder)


def bind(folder, hints, key):
    program = servers.find("named")
    if program is None:
        return None
    port = servers.free_port()
    flags, protocol, algorithm, *data = key.read_text().split("DNSKEY")[1].split(";")[0].split()
    config = folder / "named.conf"
    config.write_text(f"""
options {{
    directory "{folder}"; pid-file none; session-keyfile none; listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }}; recursion yes; allow-recursion {{ any; }}; dnssec-validation yes;
    synth-from-dnssec no; empty-zones-enable no; managed-keys-directory "{folder}";
}};
controls {{ }};
trust-anchors {{ . static-key {flags} {protocol} {algorithm} "{''.join(data)}"; }};
zone "." {{ type hint; file "{hints}"; }};
""")
    return servers.Server("named", [program, "-g", "-n", "1", "-c", str(config)], port, folder, wait=40)


def kresd(folder, hints, key):
    program = servers.find("kresd")
    if program is None:
        return None
    port = servers.free_port()
    config = folder / "kresd.conf"
    config.write_text(f"""
net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
modules = {{ 'hints' }}
modules.unload('ta_update')
modules.unload('ta_signal_query')
modules.unload('detect_time_jump')
trust_anchors.remove('.')
hints.root_file('{hints}')
trust_anchors.add_file('{key}', true)
cache.size = 10 * MB
""")
    folder = folder / "kresd"
    folder.mkdir()
    return servers.Server("kresd", [program, "-n", "-c", str(config), str(folder)], port, folder, wait=40)


def recursor(folder, hints, key):
    program = servers.find("pdns_recursor")
    if program is None:
        return None
    port = servers.free_port()
    home = folder / "recursor"
    home.mkdir()
    anchor = [line for line in key.read_text().splitlines() if "DNSKEY" in line][0]
    digest = next(folder.glob("K*.ds")).read_text().split("DS")[1].strip() if list(folder.glob("K*.ds")) else None
    (home / "trust.lua").write_text("clearTA('.')\n" + (f"addTA('.', \"{digest}\")\n" if digest else f"-- {anchor}\n"))
    (home / "recursor.conf").write_text(f"""
local-address=127.0.0.1
local-port={port}
socket-dir={home}
hint-file={hints}
lua-config-file={home}/trust.lua
dnssec=validate
dont-query=
allow-from=127.0.0.0/8
query-local-address=0.0.0.0, ::
threads=1
security-poll-suffix=
serve-rfc1918=no
aggressive-nsec-cache-size=0
""")
    return servers.Server("recursor", [program, f"--config-dir={home}", "--daemon=no", "--write-pid=no"], port, folder,
                          wait=40)


RESOLVERS = {"Unbound": unbound, "BIND": bind, "Knot Resolver": kresd, "PowerDNS Recursor": recursor}


class Watch(threading.Thread):
    """Sees every packet to port 53 on the loopback interface: which addresses were asked, and by which way."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.bind(("lo", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.asked = {"udp": {}, "tcp": {}}
        self.start()

    def run(self):
        while True:
            try:
                frame, where = self.socket.recvfrom(2048)
            except OSError:
                return
            if where[2] == 4:  # outgoing: each packet is seen once
                continue
            self.note(frame[14:])

    def note(self, packet):
        if packet[0] >> 4 == 4:
            size, protocol, target = 4 * (packet[0] & 15), packet[9], socket.inet_ntoa(packet[16:20])
        else:
            size, protocol, target = 40, packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40])
        if protocol not in (6, 17) or struct.unpack_from(">H", packet, size + 2)[0] != 53:
            return
        if protocol == 6 and not packet[size + 13] & 2:  # of TCP, who connects
            return
        way = self.asked["udp" if protocol == 17 else "tcp"]
        way[target] = way.get(target, 0) + 1


def ask(resolver, name, qtype, timeout=15):
    return dnswire.Response(dnswire.ask_udp(resolver.address, resolver.port, dnswire.query(
        name, qtype, 7, 0x100, edns=4096, dnssec_ok=True), timeout))


def ask_roots(resolver):
    """Unbound validates the addresses of fifty servers a few at a time, and drops a reply that gets older than two
    seconds meanwhile: it is asked again."""
    for _ in range(5):
        try:
            response = ask(resolver, ".", NS, 5)
        except OSError:
            continue
        if not response.flags & 0x200:
            return response
        break
    return dnswire.Response(dnswire.ask_tcp(resolver.address, resolver.port, dnswire.query(".", NS, 7, 0x100), 15))


def cope(name, start, folder, hints, key, count):
    watch = Watch()
    resolver = start(folder, hints, key)
    if resolver is None:
        watch.socket.close()
        note(f"{name} is not installed")
        return
    with resolver:
        secure = total = 0
        for i in range(150):
            query = (f"tld{i % 40}.", TYPES["DS"]) if i < 40 else (f"nothing-{i}-{count}.", A)
            try:
                response = ask(resolver, *query)
            except OSError:
                continue
            total += 1
            secure += response.rcode in (0, 3) and bool(response.flags & 0x20)
        roots = ask_roots(resolver)
        known = {r[4] for r in roots.sections[0] if r[1] == NS}
    watch.socket.close()
    where = set(watch.asked["udp"]) | set(watch.asked["tcp"])
    hinted = {v4(i) for i in range(HINTED)} | {v6(i) for i in range(HINTED)}
    note(f"{name}, {count} names: {secure} of {total} secure, knows {len(known)}, asked {len(where)} addresses of which "
         f"{len(where - hinted)} not hinted, {sum(watch.asked['tcp'].values())} times by TCP")
    ok(secure == 150, f"{name} with {count} root servers finds everything secure")
    ok(len(known) == count, "knows them all")
    # The PowerDNS Recursor stays with those it began with, also where there are thirteen.
    new = len(where - hinted)
    first = NEW_OF_THIRTEEN.setdefault(name, new)
    ok(new > 0 or first == 0, f"and asks {new} addresses that it was not told of")


# ---- the namespace ----

def inside():
    """In a network namespace of our own; re-runs itself there."""
    if os.environ.get(MARK):
        return
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        servers.skip("a network namespace takes root, unshare and ip")
    probe = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        servers.skip("no network namespace can be made here")
    os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv], {**os.environ, MARK: "1"})


def addresses_up(count):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for i in range(count):
        subprocess.run(["ip", "addr", "add", v4(i) + "/32", "dev", "lo"], check=True)
        subprocess.run(["ip", "-6", "addr", "add", v6(i) + "/128", "dev", "lo"], check=True)


def main():
    inside()
    addresses_up(max(COUNTS))
    with servers.scratch() as scratch:
        for count in COUNTS:
            folder = scratch.folder / str(count)
            folder.mkdir()
            lines = servers.sign(folder, zone_lines(count), ".")
            if lines is None:
                servers.skip("ldns-signzone is not installed")
            key = next(folder.glob("K*.key"))
            image = folder / "zone.image"
            zone = servers.write_zone(folder, lines)
            subprocess.run([os.environ["COMITY_ROOTD"], "--compile", str(zone), str(image)], check=True)
            command = [os.environ["COMITY_ROOTD"], "--image", str(image), "--listen", "0.0.0.0@53", "--listen", "::@53"]
            with servers.Server("rootd", command, 53, folder, address=v4(0)) as server:
                sizes(server, count)
                if count in RESOLVED:
                    hints = write_hints(folder)
                    for name, start in RESOLVERS.items():
                        cope(name, start, folder, hints, key, count)
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
