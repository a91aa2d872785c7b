# SPDX-License-Identifier: Apache-2.0
"""The whole zone under one full Ed25519 key: signed, and verified, each by a process of its own that reads and writes text.

Ours is bench/zone_sign.c over our own functions of zones: no program of the product has a full key. It makes and checks the same
things as the other: keys, NSEC chain and signatures; ZONEMD besides, which is told apart."""
import json
import resource
import subprocess
import time

import machine
import servers


def run(words, folder):
    """A process on the server's processor: what it wrote, milliseconds, and those of CPU."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.run(machine.pinned(words, machine.SERVER_CPU), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, check=False)
    past, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        raise RuntimeError(f"{words[0]}: {process.stdout[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return process.stdout, past * 1e3, cpu * 1e3


def knot_config(folder, zone):
    path = folder / "sign.conf"
    path.write_text(f"""
server:
    rundir: {folder}
database:
    storage: {folder}
policy:
  - id: one
    algorithm: ed25519
    single-type-signing: on
    signing-threads: 1
    rrsig-lifetime: 60d
    rrsig-refresh: 20d
zone:
  - domain: .
    file: {zone}
    dnssec-signing: on
    dnssec-policy: one
""")
    return path


def sign(setting):
    folder = setting.folder / "signing"
    first = not folder.exists()
    folder.mkdir(exist_ok=True)
    seed, signed = folder / "seed", folder / "signed.zone"
    if first:
        seed.write_bytes(bytes(range(32)))
    ours = setting.program("zone_sign")
    told, ms, cpu = run([ours, "sign", seed, setting.material.unsigned, signed], folder)
    yield {"measure": "sign", "contender": "rootd", "ms": ms, "cpu_ms": cpu}
    yield {"measure": "zonemd", "contender": "rootd", "ms": json.loads(told)["zonemd_ms"]}
    _, ms, cpu = run([ours, "verify", signed], folder)
    yield {"measure": "verify", "contender": "rootd", "ms": ms, "cpu_ms": cpu}
    if servers.find("kzonesign") and "knot" in setting.contenders:
        command = [servers.find("kzonesign"), "-c", knot_config(folder, setting.material.unsigned), "-o", folder, "."]
        if first:
            run(command, folder)  # makes its key
        _, ms, cpu = run(command, folder)
        yield {"measure": "sign", "contender": "knot", "ms": ms, "cpu_ms": cpu}
    if servers.find("kzonecheck") and "knot" in setting.contenders:
        _, ms, cpu = run([servers.find("kzonecheck"), "-d", "on", "-o", ".", signed], folder)
        yield {"measure": "verify", "contender": "knot", "ms": ms, "cpu_ms": cpu}
