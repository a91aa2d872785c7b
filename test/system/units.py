#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The units in init/ are ones that systemd takes, and rootd takes the options in them."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ["COMITY_SOURCE"])
ROOTD = os.environ["COMITY_ROOTD"]


def main():
    if shutil.which("systemd-analyze") is None:
        print("1..0 # SKIP systemd-analyze is not installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="comity-") as scratch:
        folder = pathlib.Path(scratch)
        for unit in (TOP / "init").glob("comity-rootd.s*"):
            if unit.suffix in (".service", ".socket"):
                text = unit.read_text().replace("/usr/sbin/comity-rootd", ROOTD)
                (folder / unit.name).write_text(text)
        observer = (TOP / "init/comity-observerd.service").read_text().replace("/usr/sbin/comity-observerd", ROOTD)
        (folder / "comity-observerd.service").write_text(observer)
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(folder / "comity-rootd.socket"),
                               str(folder / "comity-rootd.service"), str(folder / "comity-observerd.service")], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        # What is wrong with the units of the machine itself is not ours.
        faults = [line for line in said.stdout.splitlines() if "comity" in line]
        print(f"{'not ' if faults else ''}ok 1 - systemd takes the units")
        for line in faults:
            print("# " + line)
    text = (TOP / "init/comity-rootd.service").read_text().replace("\\\n", " ")
    options = re.search(r"^ExecStart=\S+ (.*)$", text, re.M).group(1).replace("$ROOTD_OPTIONS", "").split()
    image = str(pathlib.Path(scratch) / "none")
    options[options.index("--image") + 1] = image
    ran = subprocess.run([ROOTD, *options, "--listen", "127.0.0.1@0"], stderr=subprocess.PIPE, text=True, timeout=60)
    known = ran.returncode == 3 and image in ran.stderr
    print(f"{'' if known else 'not '}ok 2 - and rootd the options in them")
    print("1..2")
    return bool(faults) or not known


if __name__ == "__main__":
    sys.exit(main())
