#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rootd beside its operator and its peers: cookies with dig and BIND, limits, floods, statistics, dnstap."""
import collections
import http.client
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import time

import dnstap
import dnswire
import servers
import zones
from dnswire import TYPES

ROOTD = os.environ["COMITY_ROOTD"]
SOA = TYPES["SOA"]
SECRET, OLD_SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf", "445536bcd2513298075a5d379663c962"
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


def put(path, text):
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.rename(beside, path)


class Scene:
    """One zone and its image, and servers that serve it."""

    def __init__(self, folder):
        self.folder = folder
        lines = [line.replace("2026112401", "7") for line in zones.made(".", 40)]
        self.zone = servers.write_zone(folder, dnswire.canonical_zone(lines))
        self.image = folder / "zone.image"
        subprocess.run([ROOTD, "--compile", str(self.zone), str(self.image)], check=True)

    def rootd(self, *extra, address="127.0.0.1"):
        port = servers.free_port()
        command = [ROOTD, "--image", str(self.image), "--listen", f"{address}@{port}", *map(str, extra)]
        return servers.Server("rootd", command, port, self.folder, address=address)


def log_of(server):
    return pathlib.Path(server.log.name).read_text(errors="replace")


# ---- cookies ----

def ask_cookie(server, cookie, name=".", qtype=SOA):
    option = struct.pack(">HH", 10, len(cookie)) + cookie
    return dnswire.Response(dnswire.ask_udp(server.address, server.port, dnswire.query(
        name, qtype, 5, edns=1232, options=option)))


def named(folder, secret):
    """BIND with our secret; None when it is not installed."""
    program = servers.find("named")
    if program is None:
        return None
    port = servers.free_port()
    config = folder / "named.conf"
    config.write_text(f"""
options {{
    directory "{folder}"; pid-file none; session-keyfile none; listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }}; recursion no; notify no; dnssec-validation no;
    cookie-algorithm siphash24; cookie-secret "{secret}"; answer-cookie yes; require-server-cookie yes;
}};
controls {{ }};
zone "." {{ type primary; file "{folder}/zone"; check-names ignore; }};
""")
    return servers.Server("named", [program, "-g", "-n", "1", "-c", str(config)], port, folder)


def cookies(scene):
    secrets = scene.folder / "secrets"
    secrets.write_text(f"# the first makes\n{SECRET}\n")
    client = bytes(range(8))
    with scene.rootd("--cookie-secrets", secrets) as server:
        fresh = ask_cookie(server, client)
        cookie = fresh.options.get(10, b"")
        ok(len(cookie) == 24 and cookie[:12] == client + b"\1\0\0\0", "a cookie for a client that has none")
        ok(ask_cookie(server, cookie).options[10] == cookie, "which it gets again")
        ok(ask_cookie(server, client + b"x" * 7).rcode == 1, "a cookie of no length for one: FORMERR")
        dig = servers.find("dig")
        if dig is None:
            skip("dig takes our cookie for good", "dig is not installed")
        else:
            said = subprocess.run([dig, f"@{server.address}", "-p", str(server.port), "+cookie", ".", "SOA"],
                                  stdout=subprocess.PIPE, text=True).stdout
            ok(re.search(r"COOKIE: [0-9a-f]{48} \(good\)", said) is not None, "dig takes our cookie for good")
        bind = named(scene.folder, SECRET)
        if bind is None:
            skip("BIND and we take each other's cookies", "named is not installed")
        else:
            with bind:
                theirs = ask_cookie(bind, client).options[10]
                forged = cookie[:-1] + bytes([cookie[-1] ^ 1])
                ok(ask_cookie(server, theirs).options[10] == theirs, "one that BIND made with that secret is ours")
                ok(ask_cookie(bind, cookie).rcode == 0 and ask_cookie(bind, forged).rcode == 23,
                   "and ours is BIND's, which answers nobody without one")
        put(secrets, f"{OLD_SECRET}\n{SECRET}\n")
        ok(await_true(lambda: "new secrets" in log_of(server)), "a new secret is taken when its file changes")
        ok(ask_cookie(server, cookie).options[10] != cookie, "a cookie of the one before is renewed")
        renewed = ask_cookie(server, cookie).options[10]
        put(secrets, "no secret\n")
        ok(await_true(lambda: "32 hex digits" in log_of(server)) and
           ask_cookie(server, renewed).options[10] == renewed, "and a bad file changes nothing")
    with scene.rootd() as server:
        ok(10 not in ask_cookie(server, client).options, "without a secret there are no cookies")


# ---- rate limiting ----

def burst(server, message, count, source="127.0.0.1"):
    """Sends so many at once; the responses, as (flags, RCODE, size)."""
    got = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        s.bind((source, 0))
        s.connect((server.address, server.port))
        for i in range(count):
            s.send(message)
            if i % 50 == 49:
                time.sleep(0.001)
        s.settimeout(0.7)
        try:
            while True:
                m = s.recv(4096)
                got.append((m[2] & 2 != 0, m[3] & 15, len(m)))
        except OSError:
            return got


def rate(scene):
    secrets = scene.folder / "secrets"
    secrets.write_text(SECRET + "\n")
    referral = dnswire.query("www.xn--p1ai", 1, 1, edns=1232)
    with scene.rootd("--rate-limit", 50, "--cookie-secrets", secrets) as server:
        got = burst(server, dnswire.query(".", TYPES["NS"], 1, edns=1232), 1000)
        whole = [g for g in got if not g[0]]
        slipped = [g for g in got if g[0]]
        # The clock is a coarse one, and a slow machine lets more than one burst pass.
        ok(50 <= len(whole) <= 400, f"of 1,000 at once about the limit is answered ({len(whole)} of 50)")
        ok(abs(2 * len(slipped) - (1000 - len(whole))) <= 20,
           f"and half of the rest told to come by TCP ({len(slipped)})")
        ok(all(size <= 28 for _, _, size in slipped), "in no more octets than the query has")
        ok(dnswire.Response(dnswire.ask_tcp(server.address, server.port, referral)).rcode in (0, 3),
           "by TCP there is no limit")
        other = burst(server, dnswire.query("nonsense", 1, 1), 20)
        ok(len(other) == 20, "another kind of answer has a limit of its own")
        other = burst(server, dnswire.query(".", TYPES["NS"], 1), 20, "127.0.9.1")
        ok(len(other) == 20 and not any(tc for tc, _, _ in other), "so has another network")
        client = b"fromhere"
        cookie = struct.pack(">HH", 10, 8) + client
        got = burst(server, dnswire.query(".", SOA, 1, edns=1232, options=cookie), 1000, "127.0.7.1")
        bad = [g for g in got if g[1] == 7]
        ok(len(bad) > 200 and not any(tc for tc, _, _ in got), "who could have a cookie gets BADCOOKIE, and one")
        cookie = ask_cookie(server, client).options.get(10) or b""
        option = struct.pack(">HH", 10, len(cookie)) + cookie
        got = burst(server, dnswire.query(".", SOA, 1, edns=1232, options=option), 1000)
        ok(len(got) == 1000 and all(rcode == 0 for _, rcode, _ in got), "with a cookie of ours there is no limit")
    with scene.rootd("--rate-limit", 50, "--rate-slip", 0) as server:
        got = burst(server, referral, 1000)
        ok(50 <= len(got) <= 400 and not any(tc for tc, _, _ in got), "no slip: silence")
    with scene.rootd("--rate-limit", 50, "--rate-slip", 1) as server:
        ok(len(burst(server, referral, 500)) == 500, "a slip of one: all the rest by TCP")


FLOODER = """
import os, signal, socket, sys
sys.path.insert(0, sys.argv[3])
import dnswire
messages = [dnswire.query(os.urandom(6).hex(), 1, i, edns=1232, dnssec_ok=True) for i in range(4096)]
pool = []
for i in range(200):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setblocking(False)
    s.bind((f"127.{1 + i}.{i}.1", 0))
    s.connect((sys.argv[1], int(sys.argv[2])))
    pool.append(s)
sent = 0
def end(*_):
    print(sent)
    sys.stdout.flush()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
while True:
    for s in pool:
        try:
            s.send(messages[sent & 4095])
        except OSError:
            pass
        sent += 1
"""


def flood(scene):
    here = str(pathlib.Path(__file__).resolve().parent)
    with scene.rootd("--rate-limit", 200, "--tcp-idle", 30) as server:
        flooders = [subprocess.Popen([sys.executable, "-c", FLOODER, server.address, str(server.port), here],
                                     stdout=subprocess.PIPE, text=True) for _ in range(os.cpu_count() or 1)]
        try:
            time.sleep(1)
            good, begun = 0, time.monotonic()
            with socket.create_connection((server.address, server.port), timeout=30) as s:
                for i in range(300):
                    s.sendall(framed(dnswire.query(".", SOA, i)))
                    good += dnswire.Response(dnswire.recv_message(s)).ident == i
            for i in range(50):
                good += dnswire.Response(dnswire.ask_tcp(server.address, server.port,
                                                         dnswire.query(".", SOA, i), 30)).ident == i
            lasted = time.monotonic() - begun
        finally:
            for flooder in flooders:
                flooder.terminate()
            sent = sum(int(flooder.communicate()[0] or 0) for flooder in flooders)
        ok(good == 350, f"350 queries by TCP are answered in {lasted:.1f} s of a flood of {sent} from 200 networks")


# ---- TCP ----

def framed(message):
    return struct.pack(">H", len(message)) + message


def connect(server, source="127.0.0.1"):
    return socket.create_connection((server.address, server.port), timeout=20, source_address=(source, 0))


def asks(s, ident=1):
    try:
        s.sendall(framed(dnswire.query(".", SOA, ident)))
        return dnswire.Response(dnswire.recv_message(s)).ident == ident
    except (OSError, EOFError):
        return False


def resident(server):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def tcp(scene):
    with scene.rootd("--tcp-per-source", 3, "--tcp-connections", 600, "--tcp-idle", 3) as server:
        pool = [connect(server) for _ in range(3)]
        ok(all(asks(s) for s in pool), "three connections of one source")
        with connect(server) as fourth:
            ok(not asks(fourth), "a fourth is not taken")
        with connect(server, "127.0.0.2") as other:
            ok(asks(other), "but one of another source is")
        pool[0].close()

        def again():
            with connect(server) as s:
                return asks(s)
        ok(await_true(again), "and one more when one of the three ended")
        for s in pool:
            s.close()
        option = struct.pack(">HH", 11, 0)
        with connect(server) as s:
            s.sendall(framed(dnswire.query(".", SOA, 7, edns=1232, options=option)))
            told = dnswire.Response(dnswire.recv_message(s)).options.get(11)
            ok(told == struct.pack(">H", 30), "edns-tcp-keepalive tells three seconds")
            begun = time.monotonic()
            s.settimeout(30)
            ok(s.recv(1) == b"" and time.monotonic() - begun > 1.5, "after which an idle connection ends")
    with scene.rootd("--tcp-per-source", 500, "--tcp-connections", 600, "--tcp-idle", 20) as server:
        before = resident(server)
        message = framed(dnswire.query(".", TYPES["NS"], 1, edns=1232, dnssec_ok=True)) * 100
        deaf, sent = [], 0
        for _ in range(200):
            s = connect(server)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.setblocking(False)
            deaf.append(s)
        for _ in range(60):
            for s in deaf:
                try:
                    sent += s.send(message)
                except OSError:
                    pass
        time.sleep(0.5)
        held = resident(server) - before
        ok(held < 200 * 64, f"200 that ask and do not read hold {held} KiB, less than 64 each")
        with connect(server) as s:
            ok(asks(s), "and hold up nobody")
        # What was kept is sent when they do read, whole and in order.
        s = deaf[0]
        s.settimeout(20)
        got = 0
        try:
            while got < 300:
                response = dnswire.Response(dnswire.recv_message(s))
                if response.rcode != 0 or response.flags & 0x200:
                    break
                got += 1
        except OSError:
            pass
        ok(got == 300, "one that reads after all gets its answers, each whole")
        for s in deaf:
            s.close()
        ok(await_true(lambda: resident(server) - before < 2000), "and when they go the memory comes back")


# ---- telling ----

def scrape_unix(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(10)
        s.connect(str(path))
        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n")
        data = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode(), body.decode()


def samples(text):
    """Prometheus' text as a dictionary; every line must be a comment or a sample."""
    found = {}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        name, _, value = line.rpartition(" ")
        if not re.fullmatch(r'[a-z_][a-z0-9_]*(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})?', name):
            raise ValueError(line)
        found[name] = int(value)
    return found


def metrics(scene):
    path = scene.folder / "metrics.socket"
    user = ["--user", "nobody"] if os.geteuid() == 0 else []
    with scene.rootd("--metrics", path, *user) as server:
        first = samples(scrape_unix(path)[1])
        for i in range(10):
            dnswire.ask_udp(server.address, server.port, dnswire.query("nonsense", 1, i))
        dnswire.ask_tcp(server.address, server.port, dnswire.query(".", SOA, 1))
        await_true(lambda: samples(scrape_unix(path)[1])[
            'comity_rootd_responses_total{transport="tcp",family="ipv4"}'] == 1)
        head, body = scrape_unix(path)
        now = samples(body)
        grown = {name: now[name] - first[name] for name in now if now[name] != first[name]}
        ok("200 OK" in head and "text/plain; version=0.0.4" in head and f"Content-Length: {len(body)}" in head,
           "Prometheus' text at a Unix socket")
        ok(grown.get('comity_rootd_queries_total{transport="udp",family="ipv4"}') == 10 and
           grown.get('comity_rootd_responses_total{transport="tcp",family="ipv4"}') == 1 and
           grown.get('comity_rootd_responses_by_rcode_total{rcode="3"}') == 10 and
           grown.get("comity_rootd_tcp_accepted_total") == 1, "counts what was asked and answered")
        ok(now['comity_rootd_zone_serial{zone="."}'] == 7 and now['comity_rootd_sources_today{kind="ipv4"}'] == 1,
           "and tells the zone, and how many sources there were")
        buckets = [v for k, v in now.items() if "_bucket" in k]
        ok(buckets == sorted(buckets) and buckets[-1] == now["comity_rootd_response_size_octets_count"],
           "the buckets of a histogram add up")
        # One that connects and says nothing must not keep the next away for good.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
            silent.connect(str(path))
            ok("200 OK" in scrape_unix(path)[0], "one that says nothing is left behind")
        promtool = servers.find("promtool")
        if promtool is None:
            skip("promtool reads it", "promtool is not installed")
        else:
            checked = subprocess.run([promtool, "check", "metrics"], input=body, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            ok(checked.returncode == 0, "promtool reads it: " + checked.stdout[:200].replace("\n", " "))
    port = servers.free_port()
    with scene.rootd("--metrics", f"127.0.0.1@{port}"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/metrics")
        ok('comity_rootd_zone_serial{zone="."} 7' in connection.getresponse().read().decode(), "or at the loopback")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        ok(connection.getresponse().status == 404, "where there is nothing else")
    refused = subprocess.run([ROOTD, "--image", str(scene.image), "--listen", "127.0.0.1@0", "--metrics",
                              "192.0.2.1@9100"], stderr=subprocess.PIPE, text=True, timeout=60)
    ok(refused.returncode != 0 and "loopback" in refused.stderr, "and not where others could ask")


def day_file(folder, day, metric):
    return folder / f"b.root.example-{day}-{metric}.yaml"


def faketime():
    for path in pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"):
        return path
    return None


def read_yaml(text):
    """The little of YAML that RSSAC002 has: pairs, and one level below."""
    top, below = {}, None
    lines = text.splitlines()
    if lines.pop(0) != "---":
        raise ValueError("no document")
    for line in lines:
        key, _, value = line.strip().partition(":")
        if line.startswith("  "):
            below[key] = int(value)
        elif value == "":
            below = top[key] = {}
        else:
            top[key] = value.strip()
    return top


def other_zone(scene):
    """A zone beside the main one, with an alias."""
    text, made = scene.folder / "other.text", scene.folder / "other.zone"
    text.write_text("".join(f"other.example. 60 IN {line}\n" for line in ("SOA a. b. 3 1 1 1 1", "NS a.other.example.")) +
                    "alias.other.example. 60 IN CNAME other.example.\n")
    subprocess.run([ROOTD, "--any-shape", "--compile", str(text), str(made)], check=True, stderr=subprocess.DEVNULL)
    return made


def statistics(scene):
    folder = scene.folder / "statistics"
    folder.mkdir()
    arguments = ["--statistics", folder, "--service", "b.root.example", "--zone", other_zone(scene)]
    with scene.rootd(*arguments) as server:
        for i in range(20):
            dnswire.ask_udp(server.address, server.port, dnswire.query("nonsense", 1, i))
        server.process.terminate()
        ok(server.process.wait(20) == 0 and (folder / "today").stat().st_mode & 0o777 == 0o600,
           "what was counted today is kept at the end, for itself only")
    metrics_path = scene.folder / "m.socket"
    with scene.rootd(*arguments, "--metrics", metrics_path) as server:
        told = samples(scrape_unix(metrics_path)[1])
        ok(told['comity_rootd_responses_by_rcode_total{rcode="3"}'] == 0, "counters begin anew")
        for name in ("other.example", "alias.other.example", "none.other.example", "nonsense"):
            dnswire.ask_udp(server.address, server.port, dnswire.query(name, SOA, 1))
        told = samples(scrape_unix(metrics_path)[1])
        ok(told['comity_rootd_zone_responses_total{zone="other.example.",rcode="0"}'] == 2 and
           told['comity_rootd_zone_responses_total{zone="other.example.",rcode="3"}'] == 1 and
           told['comity_rootd_zone_serial{zone="other.example."}'] == 3 and
           told['comity_rootd_zone_records{zone="other.example."}'] == 3, "a zone beside the main one has its own")
        server.process.terminate()
        server.process.wait(20)
    library = faketime()
    if library is None:
        skip("a day's files at midnight", "libfaketime is not installed")
        return
    port = servers.free_port()
    (folder / "today").unlink()

    def at(moment):
        return dict(os.environ, LD_PRELOAD=str(library), FAKETIME=f"@{moment}", TZ="UTC")

    def answers():
        try:
            return dnswire.ask_udp("127.0.0.1", port, dnswire.query("nonsense", 1, 1), 0.3)[3] & 15 == 3
        except OSError:
            return False
    command = [ROOTD, "--image", str(scene.image), "--listen", f"127.0.0.1@{port}", "--listen", f"::1@{port}",
               *map(str, arguments), "--no-sandbox"]
    process = subprocess.Popen(command, env=at("2031-03-03 12:00:00"), stderr=subprocess.DEVNULL)
    await_true(lambda: process.poll() is not None or answers())
    if process.poll() is not None:  # a sanitizer wants to be loaded before anything else
        skip("a day's files at midnight", "this rootd does not start with libfaketime")
        return
    for i in range(12):
        dnswire.ask_udp("127.0.0.1", port, dnswire.query("nonsense", 1, i))
    for i in range(4):
        dnswire.ask_udp("127.0.0.1", port, dnswire.query("none.other.example", 1, i))
    process.terminate()
    process.wait(20)
    # The clock of the next one begins 5 s before midnight of that day.
    process = subprocess.Popen(command, env=at("2031-03-03 23:59:55"), stderr=subprocess.DEVNULL)
    try:
        ok(await_true(answers), "a server at noon, and again five seconds before midnight")
        for i in range(30):
            dnswire.ask_udp("127.0.0.1", port, dnswire.query(".", SOA, i))
            dnswire.ask_udp("::1", port, dnswire.query(".", SOA, i))
        dnswire.ask_tcp("127.0.0.1", port, dnswire.query(".", SOA, 1))
        dnswire.ask_udp("127.0.0.1", port, dnswire.query("other.example", SOA, 1))
        ok(await_true(lambda: day_file(folder, 20310303, "load-time").exists(), 40), "a day's files after midnight")
        time.sleep(0.5)
        day = {m: read_yaml(day_file(folder, 20310303, m).read_text())
               for m in ("traffic-volume", "traffic-sizes", "rcode-volume", "unique-sources", "load-time")}
        ok(all(d["version"] == "rssac002v5" and d["service"] == "b.root.example" and d["metric"] == m and
               d["start-period"] == "2031-03-03T00:00:00Z" for m, d in day.items()), "each with its head")
        volume = day["traffic-volume"]
        ok(volume["dns-udp-queries-received-ipv4"] == volume["dns-udp-responses-sent-ipv4"] and
           int(volume["dns-udp-queries-received-ipv4"]) >= 49 and volume["dns-udp-queries-received-ipv6"] == "30" and
           volume["dns-tcp-queries-received-ipv4"] == "1", "traffic-volume")
        sizes = day["traffic-sizes"]
        ok(sum(sizes["udp-request-sizes"].values()) == int(volume["dns-udp-queries-received-ipv4"]) + 30 and
           sizes["tcp-request-sizes"] == {"16-31": 1}, "traffic-sizes adds up to it")
        other = {m: read_yaml((folder / f"b.root.example-other.example-20310303-{m}.yaml").read_text())
                 for m in ("rcode-volume", "load-time", "zone-size")}
        ok(all(d["service"] == "b.root.example other.example." for d in other.values()) and
           other["rcode-volume"]["0"] == "1" and other["rcode-volume"]["3"] == "4", "the same of a zone beside the main one")
        ok(int(day["rcode-volume"]["0"]) == 62 and int(day["rcode-volume"]["3"]) >= 14,
           "rcode-volume, with what was counted before the restart")
        ok(day["unique-sources"]["num-sources-ipv4"] == "1" and day["unique-sources"]["num-sources-ipv6"] == "1",
           "unique-sources")
        ok(not list(folder.glob("*.new")) and not list(folder.glob("*.tmp*")), "and nothing half written beside")
    finally:
        process.terminate()
        process.wait(20)


def taps(scene):
    path = scene.folder / "dnstap.socket"
    collector = dnstap.Collector(path)
    collector.start()
    user = ["--user", "nobody"] if os.geteuid() == 0 else []
    os.chmod(path, 0o666)
    with scene.rootd("--dnstap", path, "--tell-id", "site-9", "--tell-version", "of tests", *user) as server:
        ok(await_true(lambda: len(collector.controls) >= 2), "a collector is found and takes our content type")
        ok(collector.controls[0] == (dnstap.READY, [dnstap.CONTENT_TYPE]) and
           collector.controls[1][0] == dnstap.START, "READY, then START")

        def told_at_all():
            dnswire.ask_udp(server.address, server.port, dnswire.query(".", SOA, 1))
            return len(collector.frames) > 0
        await_true(told_at_all)
        time.sleep(0.3)
        collector.frames.clear()
        begun = time.time()
        response = dnswire.ask_udp(server.address, server.port, dnswire.query("nonsense", 1, 0x1234))
        ok(await_true(lambda: len(collector.frames) == 1), "a response is told once")
        frame = collector.frames[0]
        m = frame["message"]
        ok(frame[1] == b"site-9" and frame[2] == b"of tests" and frame[15] == 1, "who tells")
        ok(m[1] == 2 and m[2] == 1 and m[3] == 1 and m[4] == b"\x7f\0\0\1" and 1024 <= m[6] < 65536,
           "to whom it went: AUTH_RESPONSE, IPv4, UDP, address and port")
        ok(abs(m[12] + m[13] / 1e9 - begun) < 60 and m[13] < 10 ** 9, "when")
        ok(m[14] == response, "and the response, octet by octet")
        tcp_response = dnswire.ask_tcp(server.address, server.port, dnswire.query(".", TYPES["NS"], 3))
        ok(await_true(lambda: len(collector.frames) == 2) and collector.frames[1]["message"][3] == 2 and
           collector.frames[1]["message"][14] == tcp_response, "by TCP too")
        for i in range(3000):
            dnswire.ask_udp(server.address, server.port, dnswire.query(f"x{i}", 1, i))
        ok(await_true(lambda: len(collector.frames) == 3002) and collector.fault is None,
           f"three thousand more, all ({len(collector.frames)}, {collector.fault})")
        ok([f["message"][14][:2] for f in collector.frames[2:]] ==
           [struct.pack(">H", i) for i in range(3000)], "in their order")
        collector.end()
        collector.join(10)
        ok(dnswire.Response(dnswire.ask_udp(server.address, server.port, dnswire.query(".", SOA, 9))).ident == 9,
           "a collector that goes away disturbs nobody")
        second = dnstap.Collector(path)
        os.chmod(path, 0o666)
        second.start()

        def told_again():
            dnswire.ask_udp(server.address, server.port, dnswire.query(".", SOA, 1))
            return len(second.frames) > 0
        ok(await_true(told_again), "and one that comes back is told again")
        second.end()
    reader = servers.find("dnstap-ldns")
    if reader is None:
        skip("dnstap-ldns reads the frames", "dnstap-ldns is not installed")
        return
    recorded = scene.folder / "recorded.tap"
    body = struct.pack(">III", dnstap.START, 1, len(dnstap.CONTENT_TYPE)) + dnstap.CONTENT_TYPE
    octets = struct.pack(">II", 0, len(body)) + body
    collector = dnstap.Collector(path)
    os.chmod(path, 0o666)
    raw = []
    plain = dnstap.fields

    def keep(message):
        raw.append(message)
        return plain(message)
    dnstap.fields = keep
    collector.start()
    with scene.rootd("--dnstap", path, "--dnstap-every", 2) as server:
        await_true(lambda: len(collector.controls) >= 2)
        time.sleep(0.3)
        raw.clear()
        for i in range(200):
            dnswire.ask_udp(server.address, server.port, dnswire.query("nonsense", 1, i))
        await_true(lambda: len(raw) >= 200)
    collector.end()
    dnstap.fields = plain
    outer = raw[0::2]
    ok(95 <= len(outer) <= 105, f"one of two is told with --dnstap-every 2 ({len(outer)} of 200)")
    for frame in outer:
        octets += struct.pack(">I", len(frame)) + frame
    recorded.write_bytes(octets + struct.pack(">III", 0, 4, dnstap.STOP))
    said = subprocess.run([reader, "-r", str(recorded)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = [line for line in said.stdout.splitlines() if " AR " in line]
    ok(len(lines) == len(outer) and all("UDP" in line and "nonsense" in line for line in lines),
       f"dnstap-ldns reads the frames: {(lines or [said.stderr])[0][:90]}")


# ---- how it is started ----

def activation(scene):
    sockets = []
    port = servers.free_port()
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::")):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            s = socket.socket(family, kind)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            s.bind((address, port))
            if kind == socket.SOCK_STREAM:
                s.listen()
            sockets.append(s)
    # As a service manager does: descriptors from 3 on, and the process id known only in the child.
    script = ("import os,sys\nfds=[int(n) for n in sys.argv[1].split(',')]\n"
              "high=[os.dup2(fd,100+i,True) for i,fd in enumerate(fds)]\n"
              "[os.dup2(fd,3+i,True) for i,fd in enumerate(high)]\n"
              "os.closerange(3+len(fds),200)\n"
              "os.environ.update(LISTEN_PID=str(os.getpid()),LISTEN_FDS=str(len(fds)))\n"
              "os.execv(sys.argv[2],sys.argv[2:])\n")
    numbers = [s.fileno() for s in sockets]
    user = ["--user", "nobody"] if os.geteuid() == 0 else []
    command = [sys.executable, "-c", script, ",".join(map(str, numbers)), ROOTD, "--image", str(scene.image),
               "--workers", "2", "--pin", *user]
    log = open(scene.folder / "activated.log", "wb")
    process = subprocess.Popen(command, pass_fds=numbers, stderr=log)
    for s in sockets:
        s.close()
    try:
        def answers(address):
            try:
                return dnswire.Response(dnswire.ask_udp(address, port, dnswire.query(".", SOA, 3), 0.5)).ident == 3
            except OSError:
                return False
        ok(await_true(lambda: answers("127.0.0.1")) and answers("::1"), "sockets that were bound for it: UDP")
        ok(all(dnswire.Response(dnswire.ask_tcp(a, port, dnswire.query(".", SOA, 4))).ident == 4
               for a in ("127.0.0.1", "::1") for _ in range(20)), "and TCP")
        tasks = list(pathlib.Path(f"/proc/{process.pid}/task").iterdir())
        allowed = collections.Counter()
        for task in tasks:
            for line in (task / "status").read_text().splitlines():
                if line.startswith("Cpus_allowed_list"):
                    allowed[line.split()[1]] += 1
        if len(os.sched_getaffinity(0)) < 2:
            skip("--pin", "one processor only")
        else:
            ok(sum(1 for cpus in allowed if cpus.isdigit()) >= 2, f"--pin: each worker on one processor {dict(allowed)}")
    finally:
        process.terminate()
        process.wait(20)
        log.close()
    refused = subprocess.run([sys.executable, "-c", script, "0", ROOTD, "--image", str(scene.image)],
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60)
    ok(refused.returncode == 3 and "LISTEN_FDS" in refused.stderr, "a descriptor that is no socket is a mishap")


def main():
    with servers.scratch() as scratch:
        scene = Scene(scratch.folder)
        cookies(scene)
        rate(scene)
        flood(scene)
        tcp(scene)
        metrics(scene)
        statistics(scene)
        taps(scene)
        activation(scene)
    print(f"1..{test_count}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
