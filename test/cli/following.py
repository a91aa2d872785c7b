# SPDX-License-Identifier: Apache-2.0
"""One that follows and reads slowly, and one that has a part already: every block once, in order (comity-ipc(7))."""
import socket

HELLO, GENESIS, MANIFEST, BLOCK, SYNCED = 1, 33, 34, 35, 36


class Follower:
    def __init__(self, path, height):
        self.buffer = b""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(300)
        self.socket.connect(str(path))
        body = f"comity-ipc/1\nrole: signer\nparty: nobody\nheight: {height}\n".encode()
        self.socket.sendall((len(body) + 1).to_bytes(4, "big") + bytes([HELLO]) + body)

    def hear(self):
        while len(self.buffer) < 4 or len(self.buffer) < 4 + int.from_bytes(self.buffer[:4], "big"):
            got = self.socket.recv(4096)
            if not got:
                raise ConnectionError("the node hung up")
            self.buffer += got
        end = 4 + int.from_bytes(self.buffer[:4], "big")
        message, self.buffer = self.buffer[4:end], self.buffer[end:]
        return message[0], message[1:]

    def until(self, done):
        """What is told, up to the message that is waited for."""
        told = [self.hear()]
        while not done(*told[-1]):
            told.append(self.hear())
        return told


def heights(told):
    return [int.from_bytes(body[:8], "big") for kind, body in told if kind == BLOCK]


def run(f, ok):
    f.settle()
    slow = Follower(f.socket, 0)
    act = f.json("borealia", "server", "set", "y.root-servers", "127.0.0.8").json
    f.settle()
    told = slow.until(lambda kind, _: kind == SYNCED)
    first = heights(told)
    ok([kind for kind, _ in told[:2]] == [GENESIS, MANIFEST] and first == list(range(first[0], first[-1] + 1)) and first[0] <= 1,
       f"a follower that reads slowly is told every block once and in order ({len(first)})", first)
    ok(first[-1] >= act["height"], "with those that came while it did not read", first[-1], act)
    act = f.json("borealia", "server", "set", "y.root-servers", "127.0.0.7").json
    more = heights(slow.until(lambda kind, body: kind == BLOCK and int.from_bytes(body[:8], "big") >= act["height"]))
    ok(more == list(range(first[-1] + 1, act["height"] + 1)), "and then what happens, with no gap", more, first[-1], act)
    late = Follower(f.socket, act["height"])
    told = late.until(lambda kind, _: kind == SYNCED)
    ok(heights(told)[0] == act["height"] and not {GENESIS, MANIFEST} & {kind for kind, _ in told},
       "one that has a part is told the rest", heights(told))
