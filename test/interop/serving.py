#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rootd as its operator and its clients see it: files, sockets, rights, exchange under load."""
import hashlib
import os
import pathlib
import pwd
import socket
import struct
import subprocess
import sys
import threading
import time

import dnswire
import servers
import zones
from dnswire import TYPES

ROOTD = os.environ["COMITY_ROOTD"]
SOA = TYPES["SOA"]
test_count = failures = 0


def ok(held, what):
    global test_count, failures
    test_count += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {test_count} - {what}", flush=True)


def made_zone(serial):
    lines = zones.made(".", 40)
    lines = [line.replace("2026112401", str(serial)) for line in lines]
    return dnswire.canonical_zone(lines)


def compile_zone(folder, name, serial):
    """An image of the made zone under that serial."""
    text = folder / f"{name}.zone"
    text.write_text("".join(line + "\n" for line in made_zone(serial)), encoding="latin1")
    image = folder / f"{name}.image"
    subprocess.run([ROOTD, "--compile", str(text), str(image)], check=True)
    return image


def zone_digest(image):
    return image.read_bytes()[56:104]


def status_page(height, release=None):
    """What comityd writes (comity-image(5)); `release` is a serial and a zone digest."""
    serial, digest = release or (0, bytes(48))
    page = b"COMITYST" + struct.pack(">IIQQ", 1, release is not None, height, 1000 + height)
    page += bytes(range(32)) + struct.pack(">QI", 1764000000, serial) + digest + bytes(4)
    return page + hashlib.sha256(page).digest()


def put(path, octets):
    beside = path.with_suffix(".new")
    beside.write_bytes(octets)
    os.rename(beside, path)


def await_true(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def serial_of(server):
    response = dnswire.Response(dnswire.ask_udp(server.address, server.port, dnswire.query(".", SOA, 1)))
    return struct.unpack(">I", response.sections[0][0][4][2][:4])[0]


def chaos(server, name):
    response = dnswire.Response(
        dnswire.ask_udp(server.address, server.port, dnswire.query(name, 16, 1, qclass=3)))
    return response.sections[0][0][4][1:].decode() if response.rcode == 0 else None


def log_of(server):
    return pathlib.Path(server.log.name).read_text(errors="replace")


def run(*arguments):
    return subprocess.run([ROOTD, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60)


def started(folder, image, *extra, listen=servers.ADDRESS):
    port = servers.free_port()
    address = "127.0.0.1" if listen == "0.0.0.0" else "::1" if listen == "::" else listen
    command = [ROOTD, "--image", str(image), "--listen", f"{listen}@{port}", *map(str, extra)]
    return servers.Server("rootd", command, port, folder, ".", address=address)


# ---- files and exit codes ----

def files(folder):
    image = compile_zone(folder, "a", 7)
    good = run("--check", image)
    ok(good.returncode == 0 and "serial 7 " in good.stderr and zone_digest(image).hex() in good.stderr,
       "--check tells serial and zone digest of a good image")
    octets = image.read_bytes()
    magic, form, order, content, size = struct.unpack_from("=8sII32sQ", octets)
    ok(magic == b"COMITYZI" and form == 1 and order == 0x01020304 and size == len(octets) and
       content == hashlib.sha256(octets[48:]).digest() and struct.unpack_from("=I", octets, 104) == (7,),
       "the header is as comity-image(5) has it")
    ok(run().returncode == 2 and run("--image").returncode == 2 and
       run("--image", image, "--udp-size", "511").returncode == 2 and
       run("--compile", image).returncode == 2 and run("--nonsense").returncode == 2, "misuse is exit code 2")
    ok(run("--image", folder / "none", "--listen", "127.0.0.1@0").returncode == 3, "no image is a mishap, 3")
    torn = folder / "torn.image"
    torn.write_bytes(image.read_bytes()[:-100])
    refused = run("--image", torn, "--listen", "127.0.0.1@0")
    ok(refused.returncode == 1 and "not of the size" in refused.stderr, "a torn image is refused, 1")
    bad = folder / "bad.zone"
    bad.write_text(". 60 IN SOA a. b. 1 1 1 1 1\ncn. 60 IN NS A.cn. 1\n")
    refused = run("--compile", bad, folder / "bad.image")
    ok(refused.returncode == 1 and ":2:20: more data than the type has" in refused.stderr and not (folder / "bad.image").exists(),
       "text that is not well-formed is refused with line and column, and makes no image")
    ok(run("--compile", folder / "none.zone", folder / "x").returncode == 3, "no zone is a mishap, 3")
    refused = run("--from-text", bad, "--image", folder / "bad.image", "--listen", "127.0.0.1@0")
    ok(refused.returncode == 1 and ":2:20:" in refused.stderr, "nor does one begin with such a text")
    made = folder / "from" / "text.image"
    made.parent.mkdir()
    with started(folder, made, "--from-text", folder / "a.zone") as server:
        ok(serial_of(server) == 7, "one begins with the text of a zone")
        ok(await_true(lambda: made.with_name("text.image.xfr").exists()), "and the transfer file follows")
    ok(run("--check", made).returncode == 0, "its image stays")
    with started(folder, made, "--from-text", bad) as server:
        ok(serial_of(server) == 7 and "the image that is there stays" in log_of(server),
           "which is served when the text is broken")
    return image


# ---- sockets ----

def ask_from(address, port, family=socket.AF_INET):
    """Asks a server at an address; a connected socket hears only what comes from there."""
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(2)
        s.connect((address, port))
        s.send(dnswire.query(".", SOA, 5))
        try:
            return dnswire.Response(s.recv(4096)).ident == 5
        except OSError:
            return False


def sockets(folder, image):
    port = servers.free_port()
    with servers.Server("rootd", [ROOTD, "--image", str(image), "--listen", f"0.0.0.0@{port}", "--listen",
                                  f"::@{port}", "--workers", "2"], port, folder) as server:
        ok(ask_from("127.0.0.1", port) and ask_from("127.0.0.77", port),
           "a wildcard socket answers from the address that was asked, by IPv4")
        ok(ask_from("::1", port, socket.AF_INET6), "and by IPv6")
        tcp = [dnswire.ask_tcp(a, port, dnswire.query(".", SOA, 6)) for a in ("127.0.0.5", "::1")]
        ok(all(dnswire.Response(m).ident == 6 for m in tcp), "TCP by both")
        long_name = ".".join(["x" * 60] * 3 + ["cn"])
        many = [dnswire.Response(dnswire.ask_udp("127.0.0.1", port, dnswire.query(long_name, 1, i))).ident
                for i in range(200)]
        ok(many == list(range(200)), "two hundred queries, two hundred answers")
        before = [server.process.poll()]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for size in (0, 1, 11, 12, 4095, 4096, 9000):
                s.sendto(os.urandom(size)[:2] + b"\0" * max(0, size - 2), ("127.0.0.1", port))
        ok(ask_from("127.0.0.1", port) and before == [None], "packets of all sizes do no harm")


# ---- TCP ----

def connect(server):
    return socket.create_connection((server.address, server.port), timeout=10)


def framed(message):
    return struct.pack(">H", len(message)) + message


def closed(s, seconds=15.0):
    s.settimeout(seconds)
    try:
        return s.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def tcp(folder, image):
    with started(folder, image, "--tcp-idle", 2, "--tcp-connections", 4) as server:
        with connect(server) as s:
            s.sendall(b"".join(framed(dnswire.query(f"x{i}.nowhere", 1, i)) for i in range(2000)))
            idents = [dnswire.Response(dnswire.recv_message(s)).ident for _ in range(2000)]
        ok(idents == list(range(2000)), "2,000 queries in one write, answered in their order")
        with connect(server) as s:
            for octet in framed(dnswire.query(".", SOA, 9)):
                s.send(bytes([octet]))
            ok(dnswire.Response(dnswire.recv_message(s)).ident == 9, "a query octet by octet")
            s.sendall(framed(dnswire.query(".", SOA, 10)))
            s.shutdown(socket.SHUT_WR)
            ok(dnswire.Response(dnswire.recv_message(s)).ident == 10 and closed(s),
               "a query and the end of the other side: the answer, and the end")
        with connect(server) as s:
            s.sendall(struct.pack(">H", 5000) + bytes(5000))
            ok(closed(s), "a query longer than we take ends the connection")
        with connect(server) as s:
            s.sendall(b"\0")
            ok(closed(s), "half a prefix and silence ends it too")
        pool = [connect(server) for _ in range(4)]
        for i, s in enumerate(pool):
            s.sendall(framed(dnswire.query(".", SOA, i)))
            dnswire.recv_message(s)
        with connect(server) as fifth:
            fifth.sendall(framed(dnswire.query(".", SOA, 99)))
            ok(dnswire.Response(dnswire.recv_message(fifth)).ident == 99 and closed(pool[0]),
               "a fifth connection of four: the one idle for longest makes room")
        for s in pool:
            s.close()
        with connect(server) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.settimeout(0.3)
            message = framed(dnswire.query(".", TYPES["NS"], 1, edns=1232, dnssec_ok=True)) * 200
            sent = 0
            try:
                while sent < 40_000_000:
                    sent += deaf.send(message)
            except TimeoutError:
                pass
            ok(sent < 40_000_000, "who does not read is not read")
            ok(dnswire.Response(dnswire.ask_tcp(server.address, server.port, dnswire.query(".", SOA, 3))).ident == 3,
               "and holds up nobody")


# ---- exchange ----

class Load(threading.Thread):
    """Asks for the SOA again and again; notes the serials seen and what was lost."""

    def __init__(self, server):
        super().__init__()
        self.server, self.ended = server, False
        self.asked = self.lost = 0
        self.serials = []

    def run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect((self.server.address, self.server.port))
            s.settimeout(5)
            while not self.ended:
                self.asked += 1
                batch = 20  # several in flight, so that an exchange meets some
                for i in range(batch):
                    s.send(dnswire.query(".", SOA, i))
                for _ in range(batch):
                    try:
                        m = s.recv(4096)
                    except OSError:
                        self.lost += 1
                        continue
                    serial = struct.unpack(">I", dnswire.Response(m).sections[0][0][4][2][:4])[0]
                    if not self.serials or self.serials[-1] != serial:
                        self.serials.append(serial)


def exchange(folder):
    images = [compile_zone(folder, f"n{serial}", serial).read_bytes() for serial in range(100, 120)]
    served = folder / "served.image"
    put(served, images[0])
    with started(folder, served, "--workers", 2) as server:
        loads = [Load(server) for _ in range(2)]
        for load in loads:
            load.start()
        arrived = True
        for serial, image in list(enumerate(images, 100))[1:]:
            put(served, image)
            arrived = arrived and await_true(lambda: serial_of(server) == serial)
        for load in loads:
            load.ended = True
            load.join()
        ok(arrived, "nineteen new images, each served")
        ok(sum(load.lost for load in loads) == 0 and all(load.asked > 10 for load in loads),
           f"no query lost of {sum(load.asked for load in loads) * 20}")
        ok(all(load.serials == sorted(load.serials) for load in loads), "and none went back in time")
        put(served, images[5])
        ok(await_true(lambda: "older than what is served serial 105" in log_of(server)) and
           serial_of(server) == 119, "an older image is refused")
        put(served, images[19][:-8] + b"damaged!")
        ok(await_true(lambda: "does not have its digest" in log_of(server)) and serial_of(server) == 119,
           "a damaged one too")
        os.unlink(served)
        time.sleep(0.2)
        ok(serial_of(server) == 119, "and a file that goes away changes nothing")
    put(served, images[1])
    with started(folder, served, "--allow-older") as server:
        put(served, images[0])
        ok(await_true(lambda: serial_of(server) == 100), "--allow-older")


def status(folder):
    old, new = compile_zone(folder, "old", 200), compile_zone(folder, "new", 201)
    served, page = folder / "expected.image", folder / "status"
    put(served, old.read_bytes())
    put(page, status_page(1, (201, zone_digest(new))))
    refused = run("--image", served, "--status", page, "--listen", "127.0.0.1@0")
    ok(refused.returncode == 1 and "not the serial that is expected" in refused.stderr,
       "an image that is not the expected release is refused")
    put(page, status_page(1, (200, bytes(48))))
    refused = run("--image", served, "--status", page, "--listen", "127.0.0.1@0")
    ok(refused.returncode == 1 and "not the zone that is expected" in refused.stderr,
       "so is one of the same serial and another zone")
    ok(run("--image", served, "--status", folder / "none", "--listen", "127.0.0.1@0").returncode == 3,
       "no status page where one should be is a mishap")
    put(page, status_page(7, (200, zone_digest(old))))
    with started(folder, served, "--status", page) as server:
        ok(chaos(server, "height.ledger.comity") == "7" and chaos(server, "size.ledger.comity") == "1007",
           "height and size of the ledger, in class CH")
        put(served, new.read_bytes())
        ok(await_true(lambda: "not the serial that is expected" in log_of(server)) and
           serial_of(server) == 200, "a new image waits until it is expected")
        put(page, status_page(8, (201, zone_digest(new))))
        ok(await_true(lambda: serial_of(server) == 201) and chaos(server, "height.ledger.comity") == "8",
           "and is served when it is")
        page.write_bytes(b"COMITYST" + bytes(152))
        time.sleep(1.2)
        ok(chaos(server, "height.ledger.comity") == "8", "a torn page changes nothing")


# ---- rights ----

def rights(folder, image):
    user = "nobody"
    extra = ["--user", user] if os.geteuid() == 0 else []
    with started(folder, image, *extra, "--tell-id", "one", "--nsid", "0xc0ffee") as server:
        lines = {}
        for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                lines.setdefault(line.split(":")[0], set()).add(line.split(":")[1].strip())
        ok(lines["NoNewPrivs"] == {"1"} and lines["Seccomp"] == {"2"}, "every thread is under seccomp")
        if extra:
            uid = pwd.getpwnam(user).pw_uid
            ok({u.split()[0] for u in lines["Uid"]} == {str(uid)} and lines["CapEff"] == {"0" * 16},
               "and another user without any capability")
        else:
            print(f"ok {test_count + 1} - # SKIP not root: another user cannot be tried")
        response = dnswire.Response(dnswire.ask_udp(server.address, server.port, dnswire.query(
            ".", SOA, 1, edns=1232, options=struct.pack(">HH", 3, 0))))
        ok(response.options.get(3) == b"\xc0\xff\xee" and chaos(server, "id.server") == "one",
           "NSID and identity")
        server.process.terminate()
        ok(server.process.wait(10) == 0, "SIGTERM ends it with 0")


def capabilities(folder, image):
    with started(folder, image) as server:
        held = set()
        for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb")) or (
                        line.startswith("CapBnd") and os.geteuid() == 0):
                    held.add(line.split()[1])
        ok(held == {"0" * 16}, "without another user, too, every thread is without any capability")


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        image = files(folder)
        sockets(folder, image)
        tcp(folder, image)
        exchange(folder)
        status(folder)
        rights(folder, image)
        capabilities(folder, image)
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
