# SPDX-License-Identifier: Apache-2.0
"""A zone with one bit flipped, served by NSD: delv and Unbound refuse the one set, and believe the one beside it."""
import re

from river import steps
from river.running import Failure, find

SERVER, RESOLVER = "127.0.53.66", "127.0.53.67"
ADDRESSES = [SERVER, RESOLVER]
NO_SIGNATURE = re.compile("no valid signature|RRSIG failed to verify")  # as delv says it, by its version


def serve(r, zone):
    (r.at / "broken.nsd").write_text(f"""server:
  server-count: 1
  ip-address: {SERVER}
  username: ""
  chroot: ""
  zonesdir: "{r.at}"
  database: ""
  pidfile: "{r.at}/broken.pid"
  xfrdfile: "{r.at}/broken.xfrd"
  zonelistfile: "{r.at}/broken.list"
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "{zone}"
""")
    r.spawn("broken-nsd", find("nsd"), "-d", "-c", r.at / "broken.nsd")
    r.wait("NSD", lambda: r.served_serial(SERVER))


def resolve(r):
    """The resolver of step 3, but that it asks this server alone, and no other for a better answer."""
    text = (r.at / "unbound.conf").read_text().replace(steps.RESOLVER, RESOLVER).replace("unbound.pid", "doubting.pid")
    forward = f'forward-zone:\n  name: "."\n  forward-addr: {SERVER}\n'
    (r.at / "doubting.conf").write_text(text + forward)
    r.spawn("doubting", find("unbound"), "-d", "-c", r.at / "doubting.conf")
    r.wait("the resolver", lambda: r.served_serial(RESOLVER))


def delv(r, name, kind):
    return r.out("delv", f"@{SERVER}", "-a", r.at / "anchors.conf", "+root=.", name, kind, code=None, prefix=True, both=True)


def judge(r, name, kind, good):
    """What both say of a set: validated, or that its signature is none."""
    told, answer = delv(r, name, kind), r.dig(RESOLVER, name, kind)
    believed = "fully validated" in told and "status: NOERROR" in answer and re.search(r"flags:[^;]*\bad\b", answer)
    refused = NO_SIGNATURE.search(told) and "fully validated" not in told and "status: SERVFAIL" in answer
    if not (believed if good else refused):
        raise Failure(f"{name} {kind}, {'as signed' if good else 'one bit flipped'}: {told}\n{answer}")


def refused(r, flipped, dice):
    """`flipped` makes of the line of an RRSIG one with another bit."""
    r.step("8", "one bit, served")
    name, _ = steps.some_tlds(r)
    lines = (r.node / "public/zone").read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith(f"{name} ") and " IN RRSIG DS " in line)
    lines[place] = flipped(lines[place], dice)
    (r.at / "served.zone").write_text("\n".join(lines) + "\n")
    serve(r, r.at / "served.zone")
    resolve(r)
    judge(r, name, "DS", False)
    judge(r, ".", "SOA", True)
    for server in ("doubting", "broken-nsd"):
        r.end(server)
    r.held(f"of NSD, {name} DS with one bit of its signature flipped: delv finds no valid signature, Unbound says SERVFAIL; "
           "both believe the SOA beside it")
