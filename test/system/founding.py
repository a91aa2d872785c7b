#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""founding.py BUILD SOURCE: what docs/founding.md tells people to type works as it stands.

The commands of the page run in one shell, in a folder where `build` and `examples` are those of the sources; in a network
namespace where we may have one. node.example, to which a signer's socket is carried, is an sshd of our own on loopback."""
import contextlib
import getpass
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

PORT, SSH_PORT = 5300, 5322  # the page names the first
PATIENCE = 900  # seconds; nothing that holds takes so long
SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
tests, failed = 0, 0


def ok(held, what, *told):
    global tests, failed
    tests += 1
    failed += not held
    print(f"{'ok' if held else 'not ok'} {tests} - {what}", flush=True)
    for line in [] if held else "\n".join(map(str, told)).splitlines():
        print("#", line)


def skip(what, why):
    global tests
    tests += 1
    print(f"ok {tests} - {what} # SKIP {why}", flush=True)


def find(program):
    return shutil.which(program, path=SBIN)


def blocks(page):
    """(heading, commands) of every block that is to be typed."""
    found, heading = [], ""
    for part in re.finditer(r"^## ([^\n]+)$|^```sh\n(.*?)^```$", page.read_text(), re.M | re.S):
        heading = part[1] or heading
        if part[2]:
            found.append((heading, part[2]))
    return found


@contextlib.contextmanager
def ground():
    """Words before a command, so that its ports are ours alone; None when they are somebody else's."""
    name = f"comity-f{os.getpid()}"
    if os.geteuid() == 0 and find("ip") and subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0:
        try:
            subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
            yield ["ip", "netns", "exec", name]
        finally:
            subprocess.run(["ip", "netns", "del", name], check=True)
        return
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        for port in (PORT, SSH_PORT):
            with socket.socket(socket.AF_INET, kind) as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    s.bind(("127.0.0.1", port))
                except OSError:
                    yield None
                    return
    yield []


@contextlib.contextmanager
def node_example(at, prefix):
    """An sshd that lets one key carry sockets and nothing else, and an `ssh` that knows it. Why not, or None."""
    sshd, ssh = find("sshd"), find("ssh")
    if not sshd or not ssh:
        yield "openssh-server is not installed"
        return
    if os.geteuid() == 0:  # as the package's service does; it stays, for whoever runs sshd at the same time
        os.makedirs("/run/sshd", 0o755, exist_ok=True)
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", at / key], check=True)
    (at / "authorized").write_text("restrict,port-forwarding " + (at / "user.pub").read_text())
    (at / "known").write_text(f"[127.0.0.1]:{SSH_PORT} " + (at / "host.pub").read_text())
    (at / "sshd.conf").write_text(f"ListenAddress 127.0.0.1:{SSH_PORT}\nHostKey {at}/host\nAuthorizedKeysFile {at}/authorized\n"
                                  "PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\n")
    (at / "ssh.conf").write_text(f"Host node.example\nHostName 127.0.0.1\nPort {SSH_PORT}\nUser {getpass.getuser()}\n"
                                 f"IdentityFile {at}/user\nIdentitiesOnly yes\nBatchMode yes\nUserKnownHostsFile {at}/known\n")
    (at / "bin/ssh").write_text(f'#!/bin/sh\nexec {ssh} -F {at}/ssh.conf "$@"\n')
    (at / "bin/ssh").chmod(0o755)
    server = subprocess.Popen([*prefix, sshd, "-D", "-f", at / "sshd.conf", "-E", at / "sshd.log"], stdin=subprocess.DEVNULL)
    try:
        try_it = [*prefix, at / "bin/ssh", "-o", "ConnectionAttempts=30", "node.example", "true"]
        done = subprocess.run(try_it, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        yield None if done.returncode == 0 else f"sshd lets {'root' if os.geteuid() == 0 else 'who is not root'} not in: {done.stderr.strip()[-200:]}"
    finally:
        server.terminate()
        server.wait()


def script(page):
    """The page as one script, that says behind each block that it got there."""
    told = ["set -eu -o pipefail"]
    for number, (_, commands) in enumerate(page):
        told += [commands, f"echo 'held {number}'"]
    return "\n".join(told) + "\n"


def run(at, prefix, page):
    """What it said, in the end or when patience did."""
    (at / "script").write_text(script(page))
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{at}/bin:{SBIN}"}
    for name in ("COMITY_HOME", "COMITY_NODE"):
        environment.pop(name, None)
    with open(at / "said", "w") as said:
        shell = subprocess.Popen([*prefix, "bash", at / "script"], stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=at,
                                 env=environment, start_new_session=True)
        try:
            shell.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
        shell.wait()
    return (at / "said").read_text(errors="replace")


def judge(page, said):
    where = 0
    for number, (heading, commands) in enumerate(page):
        end = said.find(f"held {number}\n", where)
        ok(end >= 0, f"{heading}: {commands.strip().splitlines()[0]}", said[where:][-4000:])
        if end < 0:
            return
        where = end
    for what, pattern in (("each signature is answered by who is missing", r"1 of 4 founders have signed; missing: borealia cascadia delmare"),
                          ("the last one by where the file goes", r"all 4 founders have signed\n.*node/genesis\.note"),
                          ("dig is answered, with signatures", r"\nfr\.\s+\d+\s+IN\s+RRSIG\s+DS 15 "),
                          ("delv validates", r"; fully validated"),
                          ("the auditor arrives at the same", r"countersigners|cosigned|cosignatures"),
                          ("all is well", r"borealia \(state, signer\).*\n.*4 of 4 countersigners are here, 3 are needed"),
                          *([("a signer is attached through ssh", r"delmare \(state, signer\).*\n.*4 of 4 countersigners are here")]
                            if any("ssh -N" in commands for _, commands in page) else [])):
        ok(re.search(pattern, said), what, said[-6000:])


def main(build, source):
    source = pathlib.Path(source)
    page = blocks(source / "docs/founding.md")
    ok(len(page) > 7 and page[0][1].startswith("PATH="), f"{len(page)} blocks of commands")
    ok([c for _, c in page] == [c for _, c in blocks(source / "docs/founding.zh.md")], "the same commands in Chinese")
    missing = [p for p in ("bash", "dig", "delv", "ssh-keygen") if not find(p)]
    if missing:
        skip("the commands", f"{', '.join(missing)} not installed")
        return
    with tempfile.TemporaryDirectory(prefix="comity-f-") as folder, ground() as prefix:
        at = pathlib.Path(folder)
        if prefix is None:
            skip("the commands", f"no network namespace can be made, and ports {PORT} and {SSH_PORT} of 127.0.0.1 are in use")
            return
        (at / "bin").mkdir()
        (at / "build").symlink_to(pathlib.Path(build).resolve())
        (at / "examples").symlink_to(source.resolve() / "examples")
        with node_example(at, prefix) as why_not:
            if why_not:
                skip("a socket carried by ssh", why_not)
                page = [(heading, commands) for heading, commands in page if "ssh -N" not in commands]
            judge(page, run(at, prefix, page))


if __name__ == "__main__":
    main(*sys.argv[1:])
    print(f"1..{tests}")
    sys.exit(failed > 0)
