#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images swapped under 20,000 queries a second: no query is lost, none is answered from an image that was refused.

The generator is a process of its own and keeps to its rate while the server keeps up; it never has more queries
under way than the sockets can hold, so whatever is lost is lost by the server. The rate is told, not judged."""
import os
import subprocess
import sys
import time

import dnswire
import servers
import zones

ROOTD = os.environ["COMITY_ROOTD"]
RATE, SECONDS, WINDOW = 20000, 8, 1500
test_count = failures = 0

GENERATOR = """
import socket, struct, sys, time
sys.path.insert(0, sys.argv[3])
import dnswire
rate, seconds, window = map(int, sys.argv[4:7])
query = dnswire.query(".", 6, 0, edns=1232)[2:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for name in (socket.SO_RCVBUF, 33):  # 33: SO_RCVBUFFORCE, where we may
    try:
        s.setsockopt(socket.SOL_SOCKET, name, 16 << 20)
    except OSError:
        pass
s.connect((sys.argv[1], int(sys.argv[2])))
s.setblocking(False)
sent = got = late = 0
serials, way = {}, {}
begun = now = time.monotonic()
last = begun
while now - begun < seconds or (way and now - last < 3):
    now = time.monotonic()
    due = int((now - begun) * rate) if now - begun < seconds else sent
    for _ in range(min(due - sent, 64, window - len(way))):
        ident = sent & 0xffff
        if ident in way:
            break
        s.send(struct.pack(">H", ident) + query)
        way[ident] = now
        sent += 1
    for _ in range(256):
        try:
            m = s.recv(2048)
        except BlockingIOError:
            break
        last = now
        if way.pop(struct.unpack_from(">H", m)[0], None) is None:
            late += 1
            continue
        got += 1
        at = m.index(b"\\0\\0\\6\\0\\1", 17) + 11  # the answer's RDATA; its last 20 octets are numbers
        size = struct.unpack_from(">H", m, at - 2)[0]
        serial = struct.unpack_from(">I", m, at + size - 20)[0]
        serials[serial] = serials.get(serial, 0) + 1
print(sent, got, late, round(sent / seconds), " ".join(f"{k}:{v}" for k, v in serials.items()))
"""


def ok(held, what):
    global test_count, failures
    test_count += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {test_count} - {what}", flush=True)


def root_lines():
    """The real root where it lies beside us, a made one of its size otherwise."""
    return zones.real_root() or zones.made(".", 1400)


def images(folder, count):
    """So many releases of one zone; the image of each."""
    lines = dnswire.canonical_zone(root_lines())
    soa = next(i for i, line in enumerate(lines) if line.split()[3] == "SOA")
    words = lines[soa].split()
    for k in range(count):
        words[6] = str(1000 + k)
        lines[soa] = " ".join(words)
        path = folder / f"{k}.zone"
        path.write_text("".join(line + "\n" for line in lines), encoding="latin1")
        image = folder / f"{k}.image"
        subprocess.run([ROOTD, "--compile", str(path), str(image)], check=True)
        path.unlink()
        yield image.read_bytes()


def put(path, octets):
    beside = path.with_suffix(".new")
    beside.write_bytes(octets)
    os.rename(beside, path)


def spoiled(image, k):
    """Images that must not be served: cut, torn at a page, and with a digit changed."""
    return [image[:-4096 * (1 + k)], image[:len(image) // 2] + bytes(len(image) - len(image) // 2),
            image[:5000 + k] + bytes([image[5000 + k] ^ 1]) + image[5001 + k:]][k % 3]


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    with servers.scratch() as scratch:
        folder = scratch.folder
        releases = list(images(folder, 12))
        served = folder / "served.image"
        put(served, releases[0])
        port = servers.free_port()
        command = [ROOTD, "--image", str(served), "--listen", f"127.0.0.1@{port}"]
        with servers.Server("rootd", command, port, folder) as server:
            generator = subprocess.Popen([sys.executable, "-c", GENERATOR, "127.0.0.1", str(port), here, str(RATE),
                                          str(SECONDS), str(WINDOW)], stdout=subprocess.PIPE, text=True)
            newest, put_count, refused = 0, 0, 0
            end = time.monotonic() + SECONDS - 1
            while time.monotonic() < end and generator.poll() is None:
                kind = put_count % 3
                if kind == 0 and newest + 1 < len(releases):
                    newest += 1
                    put(served, releases[newest])
                elif kind == 1:
                    put(served, spoiled(releases[newest], put_count // 3))
                    refused += 1
                else:  # older than what is served
                    put(served, releases[newest // 2 if newest > 1 else 0])
                    refused += newest > 1
                put_count += 1
                time.sleep(0.18)
            put(served, releases[-1])
            words = generator.communicate()[0].split()
            sent, got, late, rate = map(int, words[:4])
            serials = {int(k): int(v) for k, v in (w.split(":") for w in words[4:])}
            log = open(server.log.name).read()
        order = list(serials)
        ok(sent == got and late == 0, f"{put_count} images put in place at {rate} queries a second: of {sent} queries "
           f"{sent - got} lost")
        ok(len(order) >= 5 and order == sorted(order) and set(order) <= set(range(1000, 1012)),
           f"{len(order)} releases were served, none after a newer one")
        ok(log.count("older than what is served") >= 2 and "does not have its digest" in log and
           "not of the size" in log, f"of {refused} images cut, torn, changed or older none was")
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
