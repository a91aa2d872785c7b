# SPDX-License-Identifier: Apache-2.0
"""What a federation goes through, step by step. Each step ends with what held, or raises Failure."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from river.running import TOP, Failure, find

PARTIES = ["aurelia", "borealia", "cascadia", "delmare", "estoria", "fjordland", "galatia"]
COMMONS = "commons"  # holds what no party holds alone: five of seven persons sign for it, one from each party
ORIGIN = "root.comity.example"
SERVERS = {"aurelia": ("a", "127.0.53.1"), "borealia": ("b", "127.0.53.2"), "cascadia": ("c", "127.0.53.3")}
RESOLVER = "127.0.53.53"
ADDRESSES = [a for _, a in SERVERS.values()] + [RESOLVER]
NEW_DS = "{} 15 2 " + "ab" * 32
SIGNATURES_OF_COMMONS = 5


SEVEN = ["--map", TOP / "examples/seven-states/map"]
WORLD = [*SEVEN, TOP / "examples/world.zone"]


def find_zone():
    """Words for `comity import`, and how the zone is called. $ANCHOR: verify what $ZONE or $UPSTREAM gives."""
    trusted = ["--anchor", os.environ["ANCHOR"]] if os.environ.get("ANCHOR") else []
    verified = ["--anchor", TOP / "examples/root.anchor"]
    if os.environ.get("ZONE"):
        return [*SEVEN, *trusted, *(["--at", "inception"] if trusted else []), os.environ["ZONE"]], os.environ["ZONE"]
    shared = pathlib.Path(os.environ.get("COMITY_SHARED", TOP.parent / "shared")) / "data/root"
    zones = sorted(shared.glob("root-*.zone*"))
    if zones:
        return [*SEVEN, *verified, "--at", "inception", zones[-1]], f"the real root zone {zones[-1].name}"
    if os.environ.get("UPSTREAM"):
        return [*SEVEN, *trusted, "--from", os.environ["UPSTREAM"]], f"the zone of {os.environ['UPSTREAM']} by AXFR"
    return WORLD, "a small world of examples, as no real root zone is at hand"


# ---- 1


def make_homes(r):
    r.step("1", "seven parties make their homes")
    for party in PARTIES:
        r.out("comity", "key", "new", party, "--kind", "state", "--origin", ORIGIN,
              *(["--sequencer"] if party == "aurelia" else []), home=party)
    for number, party in enumerate(PARTIES, 1):
        r.out("comity", "key", "new", COMMONS, "--kind", "trust", "--origin", ORIGIN, "--officer", number,
              "--threshold", SIGNATURES_OF_COMMONS, home=f"{COMMONS}-{party}")
    charter = TOP / "examples/charters/seven-equals.charter"
    text = charter.read_text()
    title = re.search(r"^title en (.*)", text, re.M).group(1)
    r.held(f"keys for acts, countersigning and custody; the charter: \"{title}\", "
           f"{len(re.findall('^article ', text, re.M))} articles, {len(re.findall('^rule ', text, re.M))} rules")
    for rule in re.findall("^rule (.*)", text, re.M):
        print(f"    {rule}")


def import_zone(r, words, name):
    r.step("1", "the zone is imported")
    begun = time.monotonic()
    report = json.loads(r.out("comity", "--json", "import", "--common", COMMONS, "--output", r.at / "import", *words))
    r.figures["import_seconds"] = time.monotonic() - begun
    r.held(f"{name}: {import_summary(report)}")


def import_summary(report):
    waivers = sum(len(w) for rule, w in report["waivers"].items() if rule != "until")
    checked = report["verification"]
    if checked["dnssec"] == "unchecked":
        checked = {**checked, "dnssec": "not verified (ANCHOR=FILE names a trust anchor)"}
    told = f"{report['tlds']['all']} TLDs, {report['records']['kept']} records, {waivers} waivers; " \
           f"signatures {checked['dnssec']}, ZONEMD {checked['zonemd']}"
    return told + (f" at {checked['at']}, when its SOA's signature begins to hold" if checked["inception"] else "")


def sign_genesis(r):
    r.step("1", "all sign the founding text")
    homes = PARTIES + [f"{COMMONS}-{p}" for p in PARTIES]
    genesis = r.at / "genesis.note"
    genesis.write_text(r.out("comity", "federation", "new", "--charter", TOP / "examples/charters/seven-equals.charter",
                             "--import", r.at / "import", *(r.at / h for h in homes)))
    for home in homes[:len(PARTIES) + SIGNATURES_OF_COMMONS]:
        r.out("comity", "federation", "join", genesis, "--out", genesis, home=home)
    r.held(f"{genesis.read_text().count(chr(10) + chr(0x2014))} signatures, one text")


def start(r):
    r.step("1", "the federation starts")
    r.node.mkdir(parents=True)
    shutil.copy(r.at / "genesis.note", r.node / "genesis.note")
    shutil.copy(r.at / "import", r.node / "import")
    with open(r.at / "aurelia/comity.conf", "a") as conf:
        print(f"[node]\nprograms = {r.bin}\n[signer]\nhome = .\n[rootd]\nlisten = {SERVERS['aurelia'][1]}\n"
              "nsid = a.aurelia", file=conf)
    r.spawn("comityd", r.bin / "comityd", "--home", r.at / "aurelia")
    r.wait("the node starts", r.status)
    for party in PARTIES[1:]:
        start_signer(r, party)
    r.held("aurelia sequences, seven sign; each signer replays the ledger in a process without network")


def start_signer(r, party):
    r.spawn(f"signerd-{party}", r.bin / "comity-signerd", "--home", r.at / party, "--socket", r.socket)


# ---- 2


def make_keys(r):
    r.step("2", "a key that nobody holds, three times")
    keys = {"ksk", "ksk-standby", "zsk"}
    r.wait("ceremonies", lambda: r.groups() == keys, progress=lambda: len(r.groups()) / len(keys))
    r.held("KSK, standby KSK and ZSK: seven shares each, five sign; no share ever left its signer")


def sign_all(r):
    r.step("2", "full signing, 5 of 7")
    for party, (letter, address) in SERVERS.items():
        name = f"{letter}.root-servers."
        r.out("comity", "--yes", "server", "set", name, address, home=party)
    begun = time.monotonic()
    r.wait("signing", lambda: r.serial() and (r.node / "public/zone").exists(), seconds=300,
           progress=lambda: signed_part(r))
    r.figures["full_signing_seconds"] = time.monotonic() - begun
    r.figures["first_signed_seconds"] = time.monotonic() - r.started
    r.wait("the servers' own records", lambda: r.quiet() and len(apex_servers(r)) == len(SERVERS))
    lines = (r.node / "public/zone").read_text().splitlines()
    r.held(f"serial {r.serial()}: {len(lines)} records, {sum(' IN RRSIG ' in line for line in lines)} of them signatures; "
           f"{r.figures['first_signed_seconds']:.0f} s after the start")


def signed_part(r):
    job = r.status().get("job")
    return job["signed"] / job["items"] if job else 0


def apex_servers(r):
    zone = r.node / "public/zone"
    if not zone.exists():
        return []
    with open(zone) as lines:
        return [line.split()[4] for line in lines if re.match(r"\. \d+ IN NS ", line)]


# ---- 3


def serve(r):
    r.step("3", "root servers answer")
    for party, (letter, address) in list(SERVERS.items())[1:]:
        r.spawn(f"rootd-{party}", r.bin / "comity-rootd", "--image", r.node / "run/zone.image", "--status",
                r.node / "run/status", "--listen", address, "--nsid", f"{letter}.{party}")
    r.wait("all serve", lambda: all(r.served_serial(a) == r.serial() for _, a in SERVERS.values()))
    found = sorted(r.dig(SERVERS["cascadia"][1], "+short", ".", "NS").split())
    if found != [f"{letter}.root-servers." for letter, _ in sorted(SERVERS.values())]:
        raise Failure(f"the apex set is {found}")
    r.held(f"{', '.join(found)} on port 53, each its party's own")


def resolve(r):
    r.step("3", "a stock resolver validates")
    hints = "".join(f". 518400 IN NS {n}.root-servers.\n{n}.root-servers. 518400 IN A {a}\n" for n, a in SERVERS.values())
    (r.at / "root.hints").write_text(hints)
    (r.at / "trust-anchor").write_text(r.out("comity", "anchor", "--format", "unbound"))
    (r.at / "unbound.conf").write_text(f"""server:
  directory: "{r.at}"
  chroot: ""
  username: ""
  pidfile: "{r.at}/unbound.pid"
  use-syslog: no
  logfile: ""
  interface: {RESOLVER}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  root-hints: "{r.at}/root.hints"
  trust-anchor-file: "{r.at}/trust-anchor"
remote-control:
  control-enable: no
""")
    r.spawn("unbound", find("unbound"), "-d", "-c", r.at / "unbound.conf")
    r.wait("the resolver", lambda: r.served_serial(RESOLVER))
    signed, unsigned = some_tlds(r)
    for words, status in ((f"{signed} DS", "NOERROR"), (f"{unsigned} DS", "NOERROR"), ("no-such-tld-here. A", "NXDOMAIN")):
        answer = r.dig(RESOLVER, *words.split())
        if f"status: {status}" not in answer or not re.search(r"flags:[^;]*\bad\b", answer):
            raise Failure(f"{words}: not {status} with AD:\n{answer}")
    r.held(f"Unbound knows root hints and a trust anchor, and answers with AD: DS of {signed}, "
           f"no DS at {unsigned}, NXDOMAIN")


def some_tlds(r):
    """A TLD with DS, and one without."""
    signed, delegated = set(), {}
    for line in open(r.node / "public/zone"):
        owner, _, _, kind, _ = line.split(" ", 4)
        if owner.count(".") == 1 and owner != ".":
            if kind == "DS":
                signed.add(owner)
            elif kind == "NS":
                delegated[owner] = True
    return next(t for t in delegated if t in signed), next(t for t in delegated if t not in signed)


def verify(r):
    r.step("3", "others' verifiers")
    zone = r.node / "public/zone"
    r.out("ldns-verify-zone", "-ZZ", zone)
    r.out("dnssec-verify", "-z", "-o", ".", zone)
    r.held("ldns-verify-zone -ZZ and dnssec-verify accept the exported zone")


# ---- 4


def own_tld(r, party):
    """A signed TLD that the party holds, with a name server to spare: it must keep two."""
    for line in r.out("comity", "--json", "tld", "list", "--holder", party).splitlines():
        tld = json.loads(line)
        if tld["ds"] > 0 and tld["ns"] > 2:
            return tld["tld"]
    raise Failure(f"{party} holds no signed TLD with three name servers")


def edit(r, tag, *words, home="delmare", **more):
    return r.out("comity", "--yes", "tld", "edit", r.tld, "--ds", NEW_DS.format(tag), *words, home=home, **more)


def await_served(r, before):
    """Until every root server serves a newer zone than `before`."""
    r.wait("served", lambda: all(r.served_serial(a) > before for _, a in SERVERS.values()))


def change(r):
    r.step("4", "a holder changes its TLD")
    r.tld = own_tld(r, "delmare")
    before = r.serial()
    servers = [record.split()[4] for record in r.tld_shown(r.tld)["records"] if " IN NS " in record]
    begun = time.monotonic()
    edit(r, 4711, *(w for s in servers[:-1] for w in ("--ns", s)), "-m", "A new key, and one server less.")
    r.wait("signed", lambda: r.serial() > before)
    signed = time.monotonic() - begun
    await_served(r, before)
    took = r.figures["act_to_served_seconds"] = time.monotonic() - begun
    told = r.dig(SERVERS["borealia"][1], "+norec", f"{r.tld}.", "NS", "+dnssec")
    if "4711 15 2" not in told or servers[-1] in told or servers[0] not in told:
        raise Failure(f"the change is not served:\n{told}")
    r.held(f"delmare sets DS and NS of .{r.tld}: signed after {signed:.1f} s, served by all three after {took:.1f} s")


# ---- 5


def signed_note(r, name, text, home):
    """The act of that text, signed by the home: the path of the note."""
    (r.at / f"{name}.txt").write_text(text)
    (r.at / f"{name}.note").write_text(r.out("comity", "act", "sign", r.at / f"{name}.txt", home=home))
    return r.at / f"{name}.note"


def refused(r, note, reason, article=None):
    """Sends a note, which the node must refuse for that reason, and by that article; what it says."""
    receipt = json.loads(r.out("comity", "--json", "act", "send", note, code=1))
    if (receipt["outcome"], receipt["reason"], receipt["article"]) != ("refused", reason, article):
        raise Failure(f"not refused as {reason} by article {article}: {receipt}")
    by = f"; charter, article {article}" if article else ""
    return f"refused by the node, {reason}: {receipt['text']}{by}"


def refuse(r):
    r.step("5", "a stranger's attempt")
    r.held(refused(r, signed_note(r, "stranger", edit(r, 666, "--write", home="estoria"), "estoria"), "consent", 2))

    text = edit(r, 4714, "--write")
    note = signed_note(r, "act", text, "delmare")

    r.step("5", "a forged act")
    forged = r.at / "forged.note"
    forged.write_text(note.read_text().replace("4714 15 2 ab", "4714 15 2 cd"))
    if forged.read_text() == note.read_text():
        raise Failure("nothing was forged")
    r.held(refused(r, forged, "signature"))

    r.step("5", "a replayed act")
    before = r.serial()
    r.out("comity", "act", "send", note)
    await_served(r, before)
    before = r.serial()
    edit(r, 4715)
    await_served(r, before)
    stands, before = r.tld_shown(r.tld)["records"], r.serial()
    receipt = json.loads(r.out("comity", "--json", "act", "send", note))
    r.wait("nothing", r.quiet)
    if receipt["outcome"] != "already" or r.tld_shown(r.tld)["records"] != stands or r.serial() != before:
        raise Failure(f"it entered again: {receipt}")
    r.held(f"it has entered before, at block {receipt['height']}, and does nothing again: what came later stands")

    r.step("5", "an expired act")
    old = re.sub(r"until: .*", "until: 2026-01-01T00:00:00Z", edit(r, 4716, "--write"))
    r.held(refused(r, signed_note(r, "old", old, "delmare"), "expired"))


# ---- 6


def two_stop(r):
    r.step("6", "two of seven parties stop")
    r.wait("the last change", r.quiet)
    for party in ("fjordland", "galatia"):
        r.end(f"signerd-{party}")
    before = r.serial()
    begun = time.monotonic()
    edit(r, 4712)
    await_served(r, before)
    took = r.figures["act_to_served_two_stopped_seconds"] = time.monotonic() - begun
    r.held(f"the next change is signed all the same, served after {took:.1f} s")


def third_stops(r):
    r.step("6", "a third one stops")
    r.wait("the last change", r.quiet)
    r.end("signerd-estoria")
    before = r.serial()
    edit(r, 4713, code=None)
    r.wait("the node notices", lambda: not r.status()["can_become_final"])
    final = r.status()["final"]
    time.sleep(3)
    stands = r.status()
    away = sorted(c["party"] for c in stands["countersigners"] if not c["attached"])
    if away != ["estoria", "fjordland", "galatia"] or stands["well"] or not stands["release"]["expires"]:
        raise Failure(f"`comity status` does not say it: {stands}")
    if stands["final"] != final:
        raise Failure(f"with four of seven block {stands['final']} became final")
    if r.serial() != before or any(r.served_serial(a) != before for _, a in SERVERS.values()):
        raise Failure("something was signed by four of seven")
    answer = r.dig(RESOLVER, f"{r.tld}.", "DS")
    if "status: NOERROR" not in answer or not re.search(r"flags:[^;]*\bad\b", answer):
        raise Failure(f"the root does not answer:\n{answer}")
    says = r.out("comity", "status", code=4)
    good = re.search(r"stays good for (\d+ d)", says)
    if good is None or not all(party in says for party in away):
        raise Failure(f"`comity status` does not say who is away, and for how long the zone is good:\n{says}")
    r.held(f"nothing new is final or signed, the zone is good for {good.group(1)}, and the root goes on answering; "
           "`comity status` says:")
    for line in says.strip().splitlines():
        print(f"    {line}")
    return before


def one_returns(r, before):
    r.step("6", "one comes back")
    begun = time.monotonic()
    start_signer(r, "estoria")
    await_served(r, before)
    r.held(f"all catches up by itself: the change is served {time.monotonic() - begun:.1f} s later")
    for party in ("fjordland", "galatia"):
        start_signer(r, party)


# ---- 7


def audit(r):
    r.step("7", "an auditor replays the public files")
    r.wait("the last change", lambda: r.quiet() and f"\n. 86400 IN SOA a.root-servers. hostmaster.a.root-servers. {r.serial()} "
           in "\n" + (r.node / "public/zone").read_text())
    report = json.loads(r.out("comity", "--json", "audit", "--zone", r.node / "public/zone", "--out",
                              r.at / "audited.zone", r.node / "public"))
    r.out("cmp", r.at / "audited.zone", r.node / "public/zone")
    r.figures["audit_acts_per_cpu_second"] = 1000 * report["acts"] / report["cpu_milliseconds"]
    r.held(f"{report['acts']} acts, {report['seals']} seals, every state root the same; the zone octet for octet")


def measure(r):
    """What is only known at the end."""
    for name in ("comityd", "comity-signerd", "comity-rootd"):
        r.figures[f"memory_mb_{name}"] = r.memory(name)
    journal = sum(f.stat().st_size for f in (r.node / "journal").glob("*")) if (r.node / "journal").is_dir() else 0
    public = sum(f.stat().st_size for f in (r.node / "public").rglob("*") if f.is_file())
    r.figures.update(journal_octets=journal, public_octets=public)
    (r.at / "figures.json").write_text(json.dumps(r.figures, indent=1) + "\n")


def run_all(r, words, name):
    """Everything, from import words (find_zone()) to the audit."""
    make_homes(r)
    import_zone(r, words, name)
    for step in (sign_genesis, start, make_keys, sign_all, serve, resolve, verify, change, refuse, two_stop):
        step(r)
    one_returns(r, third_stops(r))
    audit(r)
    measure(r)
