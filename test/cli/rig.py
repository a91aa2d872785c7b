# SPDX-License-Identifier: Apache-2.0
"""A small federation of real processes, its command line, and what every answer of it must be like. TAP."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
ORIGIN = "root.comity.example"
PROGRAMS = {"comity": "comity/comity", "comity-import-helper": "comity/comity-import-helper", "comityd": "comityd/comityd",
            "comity-signerd": "signerd/comity-signerd"}
SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
HAN = re.compile("[\u4e00-\u9fff]")
PATIENCE = 300  # seconds; nothing that holds takes so long


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, held, what, *told):
        self.count += 1
        self.failed += not held
        what = re.sub(r"\S*/comity-cli-[^/ ]*/", "", what)
        print("ok" if held else "not ok", self.count, "-", what, flush=True)
        for line in [] if held else "\n".join(str(t) for t in told).split("\n"):
            print("#", line, flush=True)
        return held

    def skip(self, what, why):
        self.count += 1
        print("ok", self.count, "-", what, "# SKIP", why, flush=True)

    def end(self):
        print(f"1..{self.count}")
        return self.failed > 0


class Told:
    """What a command said."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def __str__(self):
        return f"$ {' '.join(self.words)} -> {self.code}\n{self.out}{self.err}"

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads((self.err or self.out).splitlines()[0])


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def columns(line):
    """Where the cells of a row of a table begin, as a terminal shows it."""
    return [width(line[:m.start()]) for m in re.finditer(r"(?:(?<=\s\s)|^)\S", line)]


def prose(told):
    """What is ours to translate: not the charter, nor words that parties wrote."""
    return "\n".join(line for line in (told.out + told.err).splitlines() if not re.match(r"\s*([|>]|zh |[-+] zh |title )", line))


def find(program):
    return shutil.which(program, path=SBIN)


class Federation:
    """Homes and processes below one folder."""

    def __init__(self, build, folder, tap):
        self.at, self.tap, self.build = pathlib.Path(folder), tap, build
        self.bin = self.at / "bin"
        self.socket = self.at / "aurelia/node/run/comity.sock"
        self.public = self.at / "aurelia/node/public"
        self.running = {}
        self.ran = {}  # command: exit codes seen
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.at)}
        self.environment.update({n: v for n, v in os.environ.items() if n.startswith(("ASAN", "UBSAN", "LSAN"))})
        self.bin.mkdir()
        for program, path in PROGRAMS.items():
            (self.bin / program).symlink_to(pathlib.Path(build).resolve() / "src/prog" / path)
        table = subprocess.run([self.bin / "comity", "--json", "help"], capture_output=True, text=True, check=True)
        self.table = {row["command"]: row for row in map(json.loads, table.stdout.splitlines())}

    # -- the command line

    def words(self, home, words, lang, as_json):
        words = [str(w) for w in words]
        noun = " ".join(words[:2])
        self.last = noun if noun in self.table else words[0] if words and words[0] in self.table else None
        return [str(self.bin / "comity"), *(["--home", str(self.at / home)] if home else []),
                *(["--node", str(self.socket)] if self.socket else []), "--lang", lang,
                *(["--json"] if as_json else []), *words]

    def comity(self, home, *words, code=0, lang="en", as_json=False, stdin=None):
        """Runs a command to its end. Whatever it is, some things hold for what it says."""
        words = self.words(home, words, lang, as_json)
        done = subprocess.run(words, input=stdin, capture_output=True, text=True, env=self.environment,
                              stdin=None if stdin is not None else subprocess.DEVNULL, cwd=self.at)
        return self.judge(Told(words, done.returncode, done.stdout, done.stderr), code, as_json)

    def judge(self, told, code, as_json):
        if self.last:
            self.ran.setdefault(self.last, set()).add(told.code)
        if code is not None and told.code != code:
            self.tap.ok(False, f"exit {code}: {' '.join(told.words[1:])}", told)
        if re.search(r"\bin 0 s\b|(?<!\d)0 秒后", told.out + told.err):
            self.tap.ok(False, f"no distance: now: {' '.join(told.words[1:])}", told)
        if as_json:
            try:
                told.lines
                for line in told.err.splitlines():
                    if line.startswith("{"):
                        json.loads(line)
            except ValueError as why:
                self.tap.ok(False, f"every line is JSON: {' '.join(told.words[1:])}", why, told)
        return told

    def json(self, home, *words, **options):
        return self.comity(home, *words, as_json=True, **options)

    def in_all(self, home, *words, code=0, table=False):
        """A command that only reads, for people in both languages, and for programs."""
        en, zh = (self.comity(home, *words, code=code, lang=lang) for lang in ("en", "zh"))
        told = self.json(home, *words, code=code)
        what = " ".join(str(w) for w in words)
        self.tap.ok(bool(HAN.search(prose(zh))) and not HAN.search(prose(en)), f"{what}: in English and in Chinese", en, zh)
        if table:
            self.aligned(what, en)
            self.aligned(what, zh)
        return en, zh, told

    def aligned(self, what, told):
        rows = told.out.splitlines()[1:]
        starts = [columns(row)[1] for row in rows if len(columns(row)) > 1]
        self.tap.ok(len(starts) > 1 and len(set(starts)) == 1, f"{what}: columns stand below each other", told)

    def at_terminal(self, home, *words, answers="", code=0, lang="en", environment=None):
        """The same with a person before it, who types."""
        words = self.words(home, words, lang, False)
        ours, theirs = pty.openpty()
        process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=self.at, start_new_session=True,
                                   env={**self.environment, "TERM": "xterm", **(environment or {})})
        os.close(theirs)
        os.write(ours, answers.encode())
        out = b""
        while True:
            if not select.select([ours], [], [], PATIENCE)[0]:
                process.kill()
                break
            try:
                got = os.read(ours, 65536)
            except OSError:  # EIO: nobody holds the other end
                break
            if not got:
                break
            out += got
        os.close(ours)
        return self.judge(Told(words, process.wait(), out.decode().replace("\r\n", "\n"), ""), code, False)

    # -- processes

    def spawn(self, name, *words, **options):
        log = open(self.at / f"{name}.log", "a")
        self.running[name] = subprocess.Popen([str(w) for w in words], stdout=options.get("stdout", log), stderr=log,
                                              stdin=subprocess.DEVNULL, text=True, env=self.environment, cwd=self.at)
        return self.running[name]

    def start_signer(self, party):
        self.spawn(party, self.bin / "comity-signerd", "--home", self.at / party, "--socket", self.socket)

    def stop(self, name):
        process = self.running.pop(name)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait()

    def clear(self):
        for name in list(self.running):
            self.stop(name)

    def wait(self, what, ready):
        end = time.monotonic() + PATIENCE
        while not (got := ready()):
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: {self.json(None, 'status', code=None)}")
            time.sleep(0.05)
        return got

    # -- what the parties know

    def record(self, key):
        told = self.json(None, "why", key, code=None)
        return told.json["record"] if told.code == 0 else None

    def status(self):
        return self.json(None, "status", code=None).json

    def settle(self):
        """Until all is well: everything is final and published, and nothing is being signed."""
        def settled():
            s = self.status()
            return s["well"] and s["job"] is None and s["final"] >= s["sealed"] and not s["changes_wait"] and s
        return self.wait("settled", settled)

    def final(self):
        """Until what has entered is final, and in the public log."""
        def is_final():
            s = self.status()
            return s["final"] is not None and s["final"] >= s["sealed"]
        self.wait("final", is_final)

    def acts(self, *words):
        """What people did, by the public log."""
        return [a for a in self.json(None, "act", "list", *words).lines if a["kind"] != "release"]
