# SPDX-License-Identifier: Apache-2.0
"""What is wanted, and the table that says what was found: medians of ratios of the same round, with their least and most."""
import statistics

PEERS = ("nsd", "knot", "bind")


class Goal:
    """`of` a figure of ours in `measure`, against that of `others` (the best of them in each round; none: against nothing),
    `limit` is what it may be at most, or with `least` at least."""

    def __init__(self, what, measure, of, others, limit, least=False, unit="", other_measure=None, ours="rootd", digits=2,
                 better=min, inverse=False):
        self.what, self.measure, self.of, self.others, self.limit = what, measure, of, others, limit
        self.least, self.unit, self.other_measure = least, unit, other_measure or measure
        self.ours, self.digits, self.better, self.inverse = ours, digits, better, inverse

    def figures(self, rows, contender, measure):
        """Of each round the median of what it yielded."""
        found = {}
        for row in rows:
            if row["contender"] == contender and row["measure"] == measure and row.get(self.of) is not None:
                found.setdefault(row["round"], []).append(row[self.of])
        return {k: statistics.median(v) for k, v in found.items()}

    def judge(self, rows):
        ours = self.figures(rows, self.ours, self.measure)
        if not self.others:
            return ours, list(ours.values())
        theirs = [self.figures(rows, other, self.other_measure) for other in self.others]
        results = []
        for k, value in ours.items():
            there = [figures[k] for figures in theirs if k in figures]
            if there and self.better(there) and value:
                ratio = value / self.better(there)
                results.append(1 / ratio if self.inverse else ratio)
        return ours, results


GOALS = [
    Goal("user-space instructions a UDP query, everything on", "instructions", "instructions", (), 1000, digits=0,
         ours="rootd, everything"),
    Goal("UDP over sockets, queries a second, of echo", "udp", "qps", ("echo",), 0.96, True, better=max, digits=3),
    Goal("UDP over sockets, queries a second, of the best of NSD, Knot, BIND", "udp", "qps", PEERS, 1.40, True, better=max),
    Goal("AF_XDP on veth, queries a second, of echo", "xdp", "qps", ("echo-xdp",), 0.96, True, ours="rootd-xdp", better=max,
         digits=3),
    Goal("AF_XDP on veth, queries a second, of Knot", "xdp", "qps", ("knot-xdp",), 1.7, True, ours="rootd-xdp", better=max),
    Goal("TCP pipelined on 32 connections, queries a second, of Knot", "tcp-pipelined", "qps", ("knot",), 20, True, better=max,
         digits=1),
    Goal("TCP, dnsperf at 16,000 a second: Knot's CPU a query, of ours", "tcp-16k", "cpu_ns", ("knot",), 2.5, True, inverse=True),
    Goal("TCP, dnsperf 32 connections of 16: Knot's CPU a query, of ours", "tcp-32x16", "cpu_ns", ("knot",), 2.5, True,
         inverse=True),
    Goal("TCP, one query a connection, queries a second, of the best", "tcp-one", "qps", PEERS, 1.0, True, better=max),
    Goal("AXFR of the root, time, of NSD's", "axfr", "ms", ("nsd",), 0.4),
    Goal("memory after load, sockets, of Knot's", "udp", "mib", ("knot",), 0.7),
    Goal("memory after load, AF_XDP, of Knot's", "xdp", "mib", ("knot-xdp",), 0.9, ours="rootd-xdp"),
    Goal("exec to first answer from text, of Knot's", "start-text", "ms", ("knot",), 0.6),
    Goal("exec to first answer from an image, of Knot's from text", "start-image", "ms", ("knot",), 0.15,
         other_measure="start-text", digits=3),
    Goal("delta in hand to first new answer", "delta", "ms", (), 1.0, unit=" ms"),
    Goal("NOTIFY, IXFR, served", "notify", "ms", (), 2.2, unit=" ms"),
    Goal("NOTIFY, IXFR, served, of the best", "notify", "ms", PEERS, 1.0),
    Goal("queries lost in a swap at 20,000 a second", "swap", "lost", (), 0, digits=0),
    Goal("share answered in closed loop", "udp", "share", (), 0.9999, True, digits=6),
    Goal("signing the zone with one full key, of kzonesign's", "sign", "ms", ("knot",), 1.0),
    Goal("verifying it, of kzonecheck's", "verify", "ms", ("knot",), 1.0),
    Goal("ZONEMD", "zonemd", "ms", (), 3, unit=" ms"),
    Goal("flooded: TCP answered, of calm", "flood", "tcp_qps", ("rootd",), 0.1, True, other_measure="calm"),
    Goal("flooded: TCP answered, of the best", "flood", "tcp_qps", PEERS, 1.0, True, better=max),
    Goal("flooded: AXFR, of the best", "flood", "axfr_ms", PEERS, 1.0),
    Goal("flooded: NOTIFY, IXFR, served, of the best", "flood", "notify_ms", PEERS, 1.0),
]


def spread(values, digits, unit=""):
    if not values:
        return "-"
    low, middle, high = min(values), statistics.median(values), max(values)
    text = f"{middle:,.{digits}f}{unit}"
    return text if len(values) == 1 or low == high else f"{text} [{low:,.{digits}f}..{high:,.{digits}f}]"


def held(goal, values):
    middle = statistics.median(values)
    return middle >= goal.limit if goal.least else middle <= goal.limit


def goal_lines(rows):
    yield "| measure | goal | found: median [least..most] | rounds | |"
    yield "|---|---|---|---|---|"
    for goal in GOALS:
        _, values = goal.judge(rows)
        sign = "at least" if goal.least else "at most"
        verdict = "not measured" if not values else "holds" if held(goal, values) else "**short**"
        yield f"| {goal.what} | {sign} {goal.limit:,g}{goal.unit} | {spread(values, goal.digits, goal.unit)} | {len(values)} | {verdict} |"


FIGURES = {  # of a row, with what it is called and its digits
    "qps": ("queries/s", 0), "share": ("share answered", 6), "cpu_ns": ("CPU ns a query", 0), "user_ns": ("of it user", 0),
    "mib": ("memory MiB", 1), "ms": ("ms", 2), "cpu_ms": ("CPU ms", 0), "octets": ("octets", 0), "lost": ("lost", 0), "errors": ("errors", 0),
    "p50_us": ("half within us", 0), "p99_us": ("99 % within us", 0), "instructions": ("instructions a query", 0),
    "tcp_qps": ("TCP queries/s", 0), "tcp_errors": ("TCP errors", 0), "tcp_p99_us": ("TCP 99 % within us", 0),
    "axfr_ms": ("AXFR ms", 2), "notify_ms": ("NOTIFY to served ms", 2), "others": ("cores others took", 2),
}


def figure_lines(rows):
    """What everyone had: a table for each measure."""
    for measure in dict.fromkeys(row["measure"] for row in rows):
        mine = [row for row in rows if row["measure"] == measure]
        names = [name for name in FIGURES if any(row.get(name) is not None for row in mine)]
        yield f"\n## {measure} (`--only {mine[0]['only']}`)\n"
        yield "| | " + " | ".join(FIGURES[name][0] for name in names) + " |"
        yield "|---" * (len(names) + 1) + "|"
        for contender in dict.fromkeys(row["contender"] for row in mine):
            cells = [spread([row[name] for row in mine if row["contender"] == contender and row.get(name) is not None],
                            FIGURES[name][1]) for name in names]
            yield f"| {contender} | " + " | ".join(cells) + " |"
