#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cli.py BUILD - every command of comity, for real, in a small federation. TAP."""
import pathlib
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import changing  # noqa: E402
import consenting  # noqa: E402
import disputing  # noqa: E402
import falling  # noqa: E402
import following  # noqa: E402
import founding  # noqa: E402
import joining  # noqa: E402
import large  # noqa: E402
import misusing  # noqa: E402
import norming  # noqa: E402
import operating  # noqa: E402
import outside  # noqa: E402
import reading  # noqa: E402
import shells  # noqa: E402
import stopping  # noqa: E402
import stumbling  # noqa: E402
import succeeding  # noqa: E402
from rig import Federation, Tap  # noqa: E402

PARTS = [shells, founding, reading, falling, changing, operating, stumbling, consenting, succeeding, disputing, norming, joining, outside, misusing, following, large, stopping]


ELSEWHERE = {"check"}  # does its work in test/system/checking.py, before name servers


def all_ran(f, ok):
    """The table is the list of what there is: all of it has done its work above."""
    for command in f.table.keys() - ELSEWHERE:
        ok(0 in f.ran.get(command, ()), f"{command} has done its work", f.ran.get(command))
    seen = set().union(*f.ran.values())
    ok(seen == {0, 1, 2, 3, 4}, "exit codes are 0 to 4, and all of them were seen", seen)


def main(build):
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="comity-cli-") as folder:
        f = Federation(build, folder, tap)
        try:
            for part in PARTS:
                begun = time.monotonic()
                part.run(f, tap.ok)
                print(f"# {part.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
            all_ran(f, tap.ok)
        except Exception:  # told as a failure; the processes end all the same
            tap.ok(False, "it went on to the end", traceback.format_exc(),
                   *(log.read_text()[-500:] for log in pathlib.Path(folder).glob("*.log")))
        finally:
            f.clear()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
