# SPDX-License-Identifier: Apache-2.0
"""manifests: the first records of a federation, from another root (comity-import(5))."""
import hashlib
import re

from acts import LABEL, Reading, chosen, dname, hexa, in_order, record, time
from notes import Wrong, total


class Manifest:
    """Records of hosts, TLDs and waivers, sorted by key, an empty line before each."""

    @total
    def __init__(self, octets, genesis):
        if genesis.manifest == "none":
            if octets:
                raise Wrong("a manifest that the genesis does not cite")
            self.records = {}
            return
        digest, size = genesis.manifest.split(" ")
        if hashlib.sha256(octets).hexdigest() != digest or len(octets) != int(size):
            raise Wrong("not the manifest that the genesis cites")
        reading = Reading(octets, 32 << 20)
        if reading.take() != "comity-import/1":
            raise Wrong("not a manifest", 1)
        reading.field("apex", chosen(genesis.apex))
        reading.field("source", hexa(64))
        self.founder = chosen(*genesis.parties)
        self.records, self.origin = {}, genesis.apex
        while reading.peek() is not None:
            self.one(reading)
        self.link()

    def one(self, reading):
        if reading.take() != "":
            raise Wrong("records are separated by empty lines", reading.number)
        key = reading.take()
        kind, _, name = key.partition("/")
        if self.records and key.encode() <= max(self.records).encode():
            raise Wrong("records not sorted by key, or one twice", reading.number)
        if kind == "host" and dname(name):
            fields = [("owner", self.founder), ("users", self.labels)]
        elif kind == "tld" and re.fullmatch(LABEL, name):
            fields = [("holder", self.founder)]
        elif kind == "waiver" and re.fullmatch(rf"{LABEL}/(ns-count|ds-sha1|ipv6|referral-size)", name):
            fields = [("expires", time)]
        else:
            raise Wrong("not the key of a host, a TLD or a waiver", reading.number)
        values = {n: reading.field(n, holds) for n, holds in fields + [("act", chosen("genesis"))]}
        lines = reading.run(b"+ ", True, lambda line: kind != "waiver")
        records = [record(line) for line in lines]
        in_order(records, reading.number)
        self.records[key] = (values, records)

    @staticmethod
    def labels(text):
        names = text.split(" ")
        return names == sorted(set(names)) and all(re.fullmatch(LABEL, n) for n in names)

    def link(self):
        """Records belong to their name; hosts and their users agree one by one."""
        uses = {}
        for key, (values, records) in self.records.items():
            kind, _, name = key.partition("/")
            tld = f"{name}." + ("" if self.origin == "." else self.origin)
            if {2, 43} & {code for _, _, code, _ in records} == {43}:
                raise Wrong(f"{key}: a DS without a name server")
            for (_, _, wire), owner, code, _ in records:
                below = owner == tld or owner.endswith("." + tld)
                if kind == "host" and (owner != name or code not in (1, 28)):
                    raise Wrong(f"{key}: addresses at its own name")
                if kind == "tld" and (owner != tld if code in (2, 43) else not below):
                    raise Wrong(f"{key}: a record that does not belong to it")
                if kind == "tld" and code == 2 and f"host/{name_of(wire)}" in self.records:
                    uses.setdefault(name_of(wire), set()).add(name)
        for key, (values, _) in self.records.items():
            if key.startswith("host/") and uses.get(key[5:]) != set(values["users"].split(" ")):
                raise Wrong(f"{key}: users that are not those that use it")


def name_of(wire):
    name = ""
    while wire[0]:
        name, wire = name + wire[1:1 + wire[0]].decode() + ".", wire[1 + wire[0]:]
    return name or "."
