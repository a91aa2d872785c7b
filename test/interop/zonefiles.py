#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our reader of master files beside those of BIND, ldns, NSD and Knot.

Each of them reads a file and prints it in its own style; what we read of that must be what we read
of the file. And BIND must find one zone in the file and in our canonical text of it.
"""
import os
import subprocess
import sys

import servers
import zones

PRINT = os.environ["COMITY_ZONEFILE_PRINT"]
number = failures = 0

# One zone, in as many spellings as there are.
STYLES = r"""
; a comment before anything
$TTL 1h30m ; and one behind
$ORIGIN Example.
@ IN SOA ns1 hostmaster\.of.Example. (
        2026112201 ; serial (with a parenthesis)
        2h 15M     ; refresh, retry
        1w ( 3600 )
)
        NS ns1
        IN NS Ns2.sub
@ 600 IN MX 10 mail
@ IN 600 MX 20 mail.other.test.
        300 TXT "one string" two "a \"quoted\" one; no comment" \; "" "\000\255\\"
        300 IN TXT ( "in"
        "parentheses" )
ns1     A 192.0.2.1 ; first
        A 192.0.2.2
        AAAA 2001:DB8:0:0:0:0:0:1
        AAAA 2001:db8::192.0.2.3
ns1     A 192.0.2.1
mail    A   192.0.2.25
Ns2.SUB IN AAAA ::FFFF:192.0.2.9
_sip._udp 120 SRV 0 5 5060 SIP.Example.
sip 120 A 192.0.2.60
alias CNAME WWW
www 1d A 192.0.2.80
*.wild TXT wild
\@odd\.label\032here A 192.0.2.33
10 PTR host.example.
host HINFO "PC \"x\"" Linux
tree DNAME other.test.
@ CAA 0 issue "ca.example.net; policy=ev"
@ CAA 128 iodef "mailto:security@example.com"
_443._tcp.www TLSA 3 1 1 0123456789abcdef0123456789ABCDEF 0123456789abcdef0123456789abcdef
num NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
who RP admin.people text
key SSHFP 4 2 ( 0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDE f )
svc HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.1,192.0.2.2 port=8443
svc HTTPS 0 www
_dns SVCB 1 dns alpn=dot port=853 ipv6hint=2001:db8::1 key65333=ex2
uri URI 10 1 "https://www.example/path?x=1"
new TYPE65280 \# 4 ( 0102
                     0304 )
empty TYPE65281 \# 0
generic TYPE1 \# 4 C0000250
sub.tld NS ns.sub.tld
ns.sub.tld A 192.0.2.53
sub.tld DS 12345 13 2 ( 0011223344556677889900112233445566778899
                        001122334455667788990011 )
$ORIGIN deep.example.
a.b A 192.0.2.100
@ A 192.0.2.101
$ORIGIN more
c A 192.0.2.102
$TTL 60
d A 192.0.2.103
"""

# Types that are seldom seen, as their RFCs have them.
SELDOM = r"""
$ORIGIN example.
$TTL 300
@ SOA ns1 host 1 1h 1h 1w 1h
@ NS ns1
ns1 A 192.0.2.1
here LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
there LOC 42 21 54 N 71 06 18 W -24m 30m
short LOC 32 7 19 S 116 2 25 E 10m
pole LOC 90 N 180 W 42849672.95 90000000m 90000000.00m 0.09m
deep LOC 0 0 0.001 S 0 0 0.999 W -100000m 1m 2000m 3m
tiny LOC 1 2 3.004 N 5 6 7.089 E 0.01m 0.05m 0.1m 7m
cert CERT PKIX 12345 RSASHA256 ( AQPSKmynfzW4kyBv015MUG2DeIQ3 Cbl+BBZH4b/0PY1kxkmvHjcZc8no kfzj31GajIQKY+5CptLr3buX A10h )
certu CERT 253 0 0 AQID
list APL 1:192.168.32.0/21 !1:192.168.38.0/28
lists APL 1:224.0.0.0/4 2:FF00:0:0:0:0:0:0:0/8 !2:2001:db8::1/128 1:0.0.0.0/0
nolist APL
gate IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
gate IPSECKEY 10 0 2 . AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
gate IPSECKEY 10 3 2 mygateway.example.com. AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
gate IPSECKEY 10 2 2 2001:0DB8:0:8002::2000:1 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==
hip HIP ( 2 200100107B1A74DF365639CC39F1D578
          AwEAAbdxyhNuSutc5EMzxTs9LBPCIkOFH8cIvM4p9+LrV4e19WzK00+CI6zBCQTdtWsuxKbWIy87UOoJTwkUs7lBu+Upr1gsNrut79ryra+bSRGQb1slImA8YVJyuIDsj7kwzG7jnERNqnWxZ48AWkskmdHaVDP4BcelrTI3rMXdXF5D
          rvs1 rvs2.example.com. )
relay AMTRELAY 10 0 1 203.0.113.15
relay AMTRELAY 10 0 2 2001:db8::15
relay AMTRELAY 128 1 3 amtrelays.example.com.
relay AMTRELAY 255 1 0 .
avc AVC "app-name:WOLFGANG|app-class:OAM|business=yes"
hips HIP 2 200100107b1a74df365639cc39f1d578 AwEAAQ==
mac EUI48 00-00-5e-00-53-2a
mac EUI64 00-00-5E-EF-10-00-00-2A
node NID 10 0014:4fff:ff20:ee64
node L32 10 10.1.2.0
node L64 10 2001:0DB8:1140:1000
node LP 10 l64-subnet1.example.com.
kx KX 10 ns1
phone ISDN "150862028003217" "004"
phones ISDN 150862028003217
x25 X25 311061700956
route RT 10 relay
mail MINFO admins errors.mail
"""

UNKNOWN_TO_KNOT = ("AMTRELAY", "AVC", "HIP", "ISDN", "X25")  # 3.2

UNKNOWN_TO_LDNS = ("AMTRELAY", "AVC")  # 1.8

# What only BIND reads as RFC 1035 has it, and what the others take instead.
PLAINER = [
    ("1w ( 3600 )", "1w 3600"),  # parentheses in parentheses
    ("$ORIGIN more\n", "$ORIGIN more.deep.example.\n"),
    ("@ IN 600 MX 20", "@ 600 IN MX 20"),
    ("4 ( 0102\n                     0304 )", "4 01020304"),
]

# Each breaks a zone in one place: the line, and what stands there.
BROKEN = [
    "a A 192.0.2.256", "a AAAA 2001:db8::1::2", "a MX mail", "a NS", "a FOO bar", "a..b A 192.0.2.1",
    "a TXT \"open", "a A ( 192.0.2.1", "a A 192.0.2.1 )", "a DS 1 13 2 00112", "a TYPE65280 \\# 4 0102",
    "a LOC 91 0 0 N 0 0 0 E 0m", "a LOC 1 60 0 N 0 0 0 E 0m", "a LOC 1 0 0 E 0 0 0 N 0m", "a LOC 1 N 1 E", "a LOC 1 N 1 E 1m 1m 1m 1m 1m",
    "a APL 1:192.0.2.0/33", "a APL 2:192.0.2.0/3", "a APL 3:192.0.2.0/24", "a AMTRELAY 10 2 1 192.0.2.1", "a AMTRELAY 10 0 4 .", "a AMTRELAY 10 0 3",
    "a APL 192.0.2.0/24", "a IPSECKEY 10 1 2 gateway AQ==", "a IPSECKEY 10 4 2 . AQ==",
    "a HIP 2 200 AQ==", "a HIP 2 2001 A", "a EUI48 00-00-5e-00-53", "a EUI48 00:00:5e:00:53:2a", "a EUI64 00-00-5e-00-53-2a",
    "a NID 10 0014:4fff:ff20", "a CERT FOO 1 1 AQ==", "a CERT 1 1 1",
    "a SOA a b 1 2 3 4 5 6", "a CAA 256 issue \"x\"", "a SRV 1 2 3", "x" * 64 + " A 192.0.2.1", "a A 192.0.2.1 extra",
]


def ok(held, what):
    global number, failures
    number += 1
    failures += not held
    print(f"{'' if held else 'not '}ok {number} - {what}", flush=True)


def skipped(what, why):
    global number
    number += 1
    print(f"ok {number} - {what} # SKIP {why}")


def ours(text, apex):
    """Our canonical text of a master file, and whether it was taken."""
    done = subprocess.run([PRINT, apex], input=text, stdout=subprocess.PIPE, timeout=300)
    return done.returncode == 0, done.stdout


def bind(folder, apex, path, *more):
    out = folder / "bind.out"
    done = subprocess.run([servers.find("named-compilezone"), "-k", "ignore", "-n", "ignore", "-i", "none", "-m",
                           "ignore", "-S", "ignore", "-r", "ignore", *more, "-o", str(out), apex, str(path)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return (done.returncode == 0, out.read_bytes() if done.returncode == 0 else done.stdout)


def printed(program, *arguments):
    done = subprocess.run([servers.find(program), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300)
    return done.returncode == 0, done.stdout


def peers(folder, apex, path):
    yield "named-compilezone", "as it likes", lambda: bind(folder, apex, path, "-s", "relative")
    yield "named-compilezone", "one record a line", lambda: bind(folder, apex, path, "-s", "full")
    yield "ldns-read-zone", "as it likes", lambda: printed("ldns-read-zone", str(path))
    yield "nsd-checkzone", "as it likes", lambda: printed("nsd-checkzone", "-p", apex, str(path))


def show(got):
    print("# " + got[-800:].decode(errors="replace").replace("\n", "\n# "))


def first_difference(a, b):
    a, b = set(a.splitlines()), set(b.splitlines())
    for sign, lines in (("-", a - b), ("+", b - a)):
        for line in sorted(lines)[:5]:
            print(f"# {sign} {line.decode(errors='replace')}")


def judge(folder, text, apex, what, leave_out=()):
    path = folder / "file.zone"
    path.write_bytes(text)
    taken, canonical = ours(text, apex)
    ok(taken and canonical, f"{what} is read")
    if not taken:
        show(canonical)
        return
    for program, style, run in peers(folder, apex, path):
        about = f"{what}, printed by {program} {style}"
        if program in leave_out:
            continue
        if servers.find(program) is None:
            skipped(about, "not installed")
            continue
        good, got = run()
        if not good:
            show(got)
        again, mine = ours(got, apex) if good else (False, b"")
        if good and not again:
            show(mine)
        elif good and mine != canonical:
            first_difference(canonical, mine)
        ok(good and again and mine == canonical, f"{about}, is the same zone")
    if servers.find("named-compilezone") is None:
        skipped(f"BIND finds {what} in our text of it", "not installed")
        return
    (folder / "ours.zone").write_bytes(canonical)
    good, theirs = bind(folder, apex, path, "-s", "full")
    also, from_ours = bind(folder, apex, folder / "ours.zone", "-s", "full")
    if good and also and theirs.lower() != from_ours.lower():
        first_difference(theirs.lower(), from_ours.lower())
    ok(good and also and theirs.lower() == from_ours.lower(), f"BIND finds {what} in our text of it")


def knot(folder, lines, apex, what):
    """Knot has it from the file, and hands it to kdig, which prints it."""
    if servers.find("knotd") is None or servers.find("kdig") is None:
        skipped(f"{what}, transferred from Knot", "not installed")
        return
    with servers.knotd(folder, servers.write_zone(folder, lines), apex, transfers=True) as server:
        done = subprocess.run([servers.find("kdig"), f"@{server.address}", "-p", str(server.port), apex, "AXFR", "+noidn"],
                              stdout=subprocess.PIPE, timeout=300)
    _, canonical = ours("\n".join(lines).encode() + b"\n", apex)
    taken, mine = ours(done.stdout, apex)
    if taken and mine != canonical:
        first_difference(canonical, mine)
    ok(taken and mine == canonical and mine, f"{what}, transferred from Knot and printed by kdig, is the same zone")


def refusals(folder):
    if servers.find("named-compilezone") is None:
        skipped("what BIND refuses", "not installed")
        return
    wrong = []
    for line in BROKEN:
        text = "$TTL 5\n@ SOA a b 1 2 3 4 5\n@ NS a\na AAAA ::1\n" + line + "\n"
        (folder / "broken.zone").write_text(text)
        taken, said = ours(text.encode(), "example.")
        theirs, _ = bind(folder, "example.", folder / "broken.zone")
        if taken or theirs or not said.startswith(b"5:") and b"not closed" not in said:
            wrong.append((line, taken, theirs, said))
    for one in wrong:
        print(f"# {one}")
    ok(not wrong, f"{len(BROKEN)} broken lines are refused, as BIND does, and their line is named")


def main():
    with servers.scratch() as scratch:
        folder = scratch.folder
        judge(folder, STYLES.encode(), "example.", "a zone of all spellings", ("ldns-read-zone", "nsd-checkzone"))
        plainer = STYLES
        for theirs, instead in PLAINER:
            assert theirs in plainer
            plainer = plainer.replace(theirs, instead)
        judge(folder, plainer.encode(), "example.", "a zone of most spellings")
        judge(folder, SELDOM.encode(), "example.", "a zone of types seldom seen", ("ldns-read-zone", "nsd-checkzone"))
        known = "".join(line for line in SELDOM.splitlines(True) if not any(f" {word} " in line for word in UNKNOWN_TO_LDNS))
        judge(folder, known.encode(), "example.", "most of these types", ("named-compilezone", "nsd-checkzone"))
        _, canonical = ours(SELDOM.encode(), "example.")
        known = [line for line in canonical.decode().splitlines() if line.split()[3] not in UNKNOWN_TO_KNOT]
        knot(folder, known, "example.", "a zone of types seldom seen")
        refusals(folder)
        lines = servers.sign(folder, zones.made("inner.example."), "inner.example.")
        if lines is None:
            skipped("a signed zone", "ldns-signzone is not installed")
        else:
            judge(folder, ("\n".join(lines) + "\n").encode(), "inner.example.", "a signed zone")
        knot(folder, zones.made("."), ".", "a root")
        path = zones.shared("data/root/root-2026010500.zone.xz")
        if path is None:
            skipped("the real root", "no real root zone beside us")
        else:
            judge(folder, ("\n".join(zones.read_lines(path)) + "\n").encode(), ".", "the real root")
    print(f"1..{number}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
