# SPDX-License-Identifier: Apache-2.0
"""What a test says: TAP."""
run = failed = 0


def ok(held, what, *why):
    """`why` are lines for whoever looks into it."""
    global run, failed
    run += 1
    failed += not held
    print(f"{'ok' if held else 'not ok'} {run} - {what}", flush=True)
    for line in why if not held else []:
        print(f"# {line}")


def ended():
    """Whether one failed: the exit status."""
    print(f"1..{run}")
    return failed > 0
