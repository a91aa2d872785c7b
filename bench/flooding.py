# SPDX-License-Identifier: Apache-2.0
"""While random names from many addresses come as fast as the machine can send them: TCP, transfers, and a new release."""
import statistics
import time

import changing
import generators
import transferring

SOURCES = 200  # addresses from 127.1.0.1 upwards
NICENESS = 19  # whoever measures goes before the flood on the processor they share
TCP_CONNECTIONS = 8
SECONDS = 60   # at most; it is ended when all is measured


def flood(setting):
    """Each figure without the flood, and with it."""
    for contender in setting.of("rootd", "nsd", "knot", "bind"):
        with changing.secondary(setting, contender) as (primary, server):
            octets = transferring.octets_of(server.place)
            yield {"measure": "calm", "contender": contender.name, **figures(setting, primary, server, octets, 1)}
            time.sleep(setting.settle)
            load = generators.start([setting.program("udp_load"), "-a", server.place.address, "-p", server.place.port, "-f",
                                     setting.material.flood, "-F", "-n", SOURCES, "-s", "127.1.0.1", "-t", SECONDS, "-W", 0.5],
                                    NICENESS)
            try:
                yield {"measure": "flood", "contender": contender.name, **figures(setting, primary, server, octets, 2)}
            finally:
                load.terminate()
                load.communicate()


def figures(setting, primary, server, octets, k):
    place = server.place
    load = generators.start([setting.program("tcp_load"), "-a", place.address, "-p", place.port, "-f", setting.material.std,
                             "-n", TCP_CONNECTIONS, "-w", 1, "-W", 0.2, "-t", setting.seconds])
    tcp = generators.result(load)
    transfers = [transferring.milliseconds(place, octets) for _ in range(transferring.TIMES)]
    served, _ = changing.change(setting, primary, server, k, tcp=True)
    return {"tcp_qps": tcp["qps"], "tcp_errors": tcp["errors"], "tcp_p99_us": tcp["p99_us"],
            "axfr_ms": statistics.median(transfers), "notify_ms": served}
