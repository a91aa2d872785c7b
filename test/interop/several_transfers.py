# SPDX-License-Identifier: Apache-2.0
"""
several_transfers.py - zones beside the main one, from Knot DNS to one rootd and from that to another: AXFR, IXFR and NOTIFY
under TSIG; a zone that we do not serve is refused aloud, one that expires is not served; the root
answers all the time.
"""
import pathlib
import signal
import subprocess
import sys

import dnswire
import serving
import servers
import several
import transfers
from serving import ok
from transfers import KEY, WAIT

APEX = "shape.example."
HASHED = "hashed.example."
REFUSED = "third.example."


def shape(serial, expire=604800):
    lines = [line.replace(" 7 1800 900 604800 300", f" {serial} 1800 2 {expire} 300") for line in several.shape(APEX)]
    return dnswire.canonical_zone(lines + [f"serial-{serial}.{APEX} 60 IN A 192.0.2.99"])


def put(folder, name, lines):
    beside = folder / (name + ".new")
    beside.write_text("".join(line + "\n" for line in lines), encoding="latin1")
    beside.rename(folder / name)


def nsec3(folder, apex, iterations):
    """The same zone under another apex, signed with NSEC3."""
    put(folder, "plain3", dnswire.canonical_zone(several.shape(apex)))
    key = subprocess.run([servers.find("ldns-keygen"), "-a", "ED25519", "-k", apex], cwd=folder, check=True,
                         stdout=subprocess.PIPE, text=True).stdout.strip()
    subprocess.run([servers.find("ldns-signzone"), "-n", "-t", str(iterations), "-o", apex, "-f", str(folder / apex),
                    str(folder / "plain3"), key], cwd=folder, check=True)


def knot(folder, port, ours):
    """A primary of both zones that notifies us of the first."""
    program = servers.find("knotd")
    if program is None or servers.find("ldns-signzone") is None:
        servers.skip("knotd or ldns-signzone is not installed")
    (folder / "db").mkdir()
    config = folder / "knot.conf"
    config.write_text(f"""
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
  - id: {KEY[0]}
    algorithm: {KEY[1]}
    secret: {KEY[2]}
remote:
  - id: ours
    address: {servers.ADDRESS}@{ours}
    key: {KEY[0]}
acl:
  - id: keyed
    key: {KEY[0]}
    action: transfer
template:
  - id: default
    storage: "{folder}"
    semantic-checks: off
    zonefile-load: difference
    zonefile-sync: -1
    journal-content: changes
    notify: ours
    acl: keyed
zone:
  - domain: {APEX}
    file: "{folder}/shape"
  - domain: {HASHED}
    file: "{folder}/{HASHED}"
  - domain: {REFUSED}
    file: "{folder}/{REFUSED}"
""")
    return transfers.Peer("knotd", "knotd").start(folder, [program, "-c", str(config)], port, probe=False)


def answer(server, name, qtype):
    return dnswire.Response(dnswire.ask_udp(server.address, server.port, dnswire.query(name, dnswire.TYPES[qtype], 1)))


def serial(server):
    try:
        found = [r for r in answer(server, APEX, "SOA").sections[0] if r[1] == dnswire.TYPES["SOA"]]
        return int.from_bytes(found[0][4][2][:4], "big") if found else None
    except OSError:
        return None


def reaches(server, wanted):
    return serving.await_true(lambda: serial(server) == wanted, WAIT)


def zone_of(server, apex=APEX):
    """What dig gets by AXFR under the key, in canonical form."""
    shown = subprocess.run(["dig", "-y", f"{KEY[1]}:{KEY[0]}:{KEY[2]}", f"@{server.address}", "-p", str(server.port), apex,
                            "AXFR", "+onesoa", "+noall", "+answer", "+tries=1"], stdout=subprocess.PIPE, text=True)
    return dnswire.canonical_zone([l for l in shown.stdout.splitlines() if l and l[0] != ";"])


def rootd(folder, image, port, primary, notify):
    config = f"""
[zone {APEX}]
file = {folder}/shape
primary = {servers.ADDRESS}@{primary} key {KEY[0]}
allow = {servers.ADDRESS} key {KEY[0]}
""" + (f"notify = {servers.ADDRESS}@{notify} key {KEY[0]}\n" if notify else "") + f"""
[zone {HASHED}]
file = {folder}/third
primary = {servers.ADDRESS}@{primary} key {KEY[0]}

[zone {REFUSED}]
file = {folder}/fourth
primary = {servers.ADDRESS}@{primary} key {KEY[0]}
"""
    return transfers.start_rootd(folder, image, port, config)


# ---- beside BIND, NSD and Knot ----

def compiled(folder, lines):
    """The file of the second zone, with the deltas of the one that was there."""
    text = folder / "second.text"
    text.write_text("".join(line + "\n" for line in lines), encoding="latin1")
    subprocess.run([transfers.ROOTD, "--any-shape", "--compile", str(text), str(folder / "second")], check=True,
                   stderr=subprocess.DEVNULL)


def peers():
    return [peer for peer in (transfers.Nsd(APEX), transfers.Knot(APEX), transfers.Bind(APEX)) if peer.program]


def plainly(server):
    """What dig gets by AXFR without a key: of a secondary."""
    shown = subprocess.run(["dig", f"@{server.address}", "-p", str(server.port), APEX, "AXFR", "+onesoa", "+noall", "+answer",
                            "+tries=1"], stdout=subprocess.PIPE, text=True)
    return dnswire.canonical_zone([l for l in shown.stdout.splitlines() if l and l[0] != ";"])


def out_to_peers(folder, image):
    """The second zone goes to each of them: whole, by changes after NOTIFY, and by TLS to those that take it so."""
    cert, key = transfers.certificate(folder, "root.example")
    present, port, tls_port = peers(), servers.free_port(), servers.free_port()
    ports = {peer.name: servers.free_port() for peer in present}
    config = f"[tls]\nlisten = {servers.ADDRESS}@{tls_port}\ncertificate = {cert}\nkey = {key}\n" \
        f"[zone {APEX}]\nfile = {folder}/second\nallow = {servers.ADDRESS} key {KEY[0]}\n" + \
        "".join(f"notify = {servers.ADDRESS}@{ports[peer.name]} key {KEY[0]}\n" for peer in present)
    compiled(folder, shape(10))
    running = []
    with transfers.start_rootd(folder, image, port, config) as server:
        try:
            for peer in present:
                running.append(peer.secondary(folder, port, ports[peer.name], KEY))
                ok(reaches(running[-1], 10) and plainly(running[-1]) == shape(10), f"{peer.name} takes the second zone")
            compiled(folder, shape(11))
            for peer, secondary in zip(present, running):
                ok(reaches(secondary, 11) and plainly(secondary) == shape(11), f"{peer.name} hears of a change, and has it")
        finally:
            for secondary in running:
                secondary.end()
        for peer in present:
            home = folder / f"{peer.name}-secondary"
            if peer.name == "knotd":
                ok("IXFR, incoming" in transfers.log_text(home), "knotd says it was an IXFR")
            if peer.name == "named":
                ok((home / "zone.jnl").exists(), "named kept a journal: it was an IXFR")
        ok(transfers.ixfr(server, 10, apex=APEX) == ([11, 10, 11, 11], 2), "dig sees one delta")
        for peer in present:
            if peer.name == "knotd":
                continue  # 3.2 takes no zone by TLS
            with peer.secondary_tls(folder, tls_port, servers.free_port(), KEY, cert) as secondary:
                ok(reaches(secondary, 11) and plainly(secondary) == shape(11), f"{peer.name} takes the second zone by TLS")


def in_from_peers(folder, image):
    """The second zone comes from each of them."""
    for peer in peers():
        home = folder / f"of-{peer.name}"
        home.mkdir()
        port, primary_port = servers.free_port(), servers.free_port()
        put(home, "primary.zone", shape(10))
        config = f"[zone {APEX}]\nfile = {home}/second\nprimary = {servers.ADDRESS}@{primary_port} key {KEY[0]}\n" \
            f"allow = {servers.ADDRESS} key {KEY[0]}\n"
        with peer.primary(home, home / "primary.zone", primary_port, port, KEY) as primary, \
                transfers.start_rootd(home, image, port, config) as server:
            ok(reaches(server, 10) and zone_of(server) == shape(10), f"the second zone from {peer.name}")
            put(home, "primary.zone", shape(11))
            peer.reload(primary)
            ok(reaches(server, 11) and serving.await_true(lambda: zone_of(server) == shape(11), WAIT),
               "and its change after NOTIFY")
            ok(transfers.ixfr(server, 10, apex=APEX) == ([11, 10, 11, 11], 2), "which is given on as one delta")


def in_by_tls(folder, image):
    peer = transfers.Bind(APEX)
    if not peer.program:
        return
    cert, key = transfers.certificate(folder, "primary.example")
    primary_port, port = servers.free_port(), servers.free_port()
    put(folder, "primary.zone", shape(10))
    with peer.primary_tls(folder, folder / "primary.zone", primary_port, KEY, cert, key):
        for name, comes in (("primary.example", True), ("other.example", False)):
            config = f"[tls]\ntrusted = {cert}\n[zone {APEX}]\nfile = {folder}/by-{name}\n" \
                f"primary = {servers.ADDRESS}@{primary_port} key {KEY[0]} tls {name}\nallow = {servers.ADDRESS} key {KEY[0]}\n"
            with transfers.start_rootd(folder, image, port, config) as server:
                if comes:
                    ok(reaches(server, 10) and zone_of(server) == shape(10), "the second zone by TLS from named")
                else:
                    ok(serving.await_true(lambda: said(server, "who it should be"), WAIT) and serial(server) is None,
                       "not from one that is not who it should be")


def said(server, what):
    return what in pathlib.Path(server.log.name).read_text(errors="replace")


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        first, second, primary = folder / "first", folder / "second", folder / "primary"
        for made in (first, second, primary):
            made.mkdir()
        nsec3(primary, HASHED, 0)
        nsec3(primary, REFUSED, 51)
        put(primary, "shape", shape(10))
        transfers.compile_zone(folder, folder / "image", dnswire.canonical_zone(several.root()))
        ports = [servers.free_port() for _ in range(3)]
        with knot(primary, ports[0], ports[1]) as peer:
            with rootd(first, folder / "image", ports[1], ports[0], ports[2]) as one, \
                    rootd(second, folder / "image", ports[2], ports[1], None) as two:
                ok(reaches(one, 10), "a zone of every shape comes from Knot")
                ok(reaches(two, 10), "and goes on to another rootd")
                ok(zone_of(two) == shape(10), "record by record the same")
                ok(zone_of(one, ".") == [], "who may take one zone may not take another")
                ok(answer(one, "x.wild." + APEX, "A").sections[0] != [], "its wildcard answers")
                ok(answer(one, REFUSED, "SOA").rcode == 2, "a zone that did not come: SERVFAIL")
                ok(serving.await_true(lambda: said(one, "at most 50 iterations"), WAIT), "NSEC3 of 51 iterations: it is said why")
                ok(serving.await_true(lambda: answer(one, "none." + HASHED, "A").rcode == 3, WAIT),
                   "a zone with NSEC3 of none comes, and answers")
                put(primary, "shape", shape(11))
                peer.process.send_signal(signal.SIGHUP)
                ok(reaches(one, 11) and reaches(two, 11), "a change comes by NOTIFY and IXFR, twice")
                ok(zone_of(two) == shape(11), "and is what it is")
                put(primary, "shape", shape(12, expire=5))
                peer.process.send_signal(signal.SIGHUP)
                ok(reaches(one, 12) and reaches(two, 12), "one that expires soon")
                peer.end()
                ok(serving.await_true(lambda: answer(one, APEX, "SOA").rcode == 2, WAIT), "has no primary any more: SERVFAIL")
                ok(answer(one, ".", "SOA").rcode == 0, "the root answers")
        for part in (out_to_peers, in_from_peers, in_by_tls):
            home = folder / part.__name__
            home.mkdir()
            part(home, folder / "image")
    print(f"1..{serving.test_count}")
    return serving.failures != 0


if __name__ == "__main__":
    sys.exit(main())
