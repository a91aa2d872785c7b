# SPDX-License-Identifier: Apache-2.0
"""A dnstap collector for the tests: an independent reader of Frame Streams and of dnstap.proto.

Standard library only. Nothing here is shared with the product."""
import os
import socket
import struct
import threading

CONTENT_TYPE = b"protobuf:dnstap.Dnstap"
ACCEPT, START, STOP, READY, FINISH = 1, 2, 3, 4, 5


def varint(octets, at):
    value = shift = 0
    while True:
        value |= (octets[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not octets[at - 1] & 0x80:
            return value, at


def fields(octets):
    """A protocol buffer as a dictionary of its fields; strings and messages as octets."""
    found, at = {}, 0
    while at < len(octets):
        tag, at = varint(octets, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(octets, at)
        elif kind == 2:
            size, at = varint(octets, at)
            value, at = octets[at:at + size], at + size
            if len(value) != size:
                raise ValueError("a field that runs out")
        elif kind == 5:
            value, at = struct.unpack_from("<I", octets, at)[0], at + 4
        elif kind == 1:
            value, at = struct.unpack_from("<Q", octets, at)[0], at + 8
        else:
            raise ValueError(f"a field of kind {kind}")
        found[tag >> 3] = value
    return found


class Collector(threading.Thread):
    """Listens at a path; keeps the frames that come as dictionaries."""

    def __init__(self, path, accepts=CONTENT_TYPE):
        super().__init__(daemon=True)
        self.path, self.accepts = path, accepts
        self.frames, self.controls, self.fault = [], [], None
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if os.path.exists(path):
            os.unlink(path)
        self.listener.bind(str(path))
        self.listener.listen(1)
        self.connection = None

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _control(self):
        size = struct.unpack(">I", self._exactly(4))[0]
        body = self._exactly(size)
        kind, types, at = struct.unpack_from(">I", body)[0], [], 4
        while at < size:
            _, length = struct.unpack_from(">II", body, at)
            types.append(body[at + 8:at + 8 + length])
            at += 8 + length
        self.controls.append((kind, types))
        return kind

    def run(self):
        try:
            self.connection, _ = self.listener.accept()
            assert self._exactly(4) == bytes(4) and self._control() == READY
            body = struct.pack(">III", ACCEPT, 1, len(self.accepts)) + self.accepts
            self.connection.sendall(struct.pack(">II", 0, len(body)) + body)
            while True:
                size = struct.unpack(">I", self._exactly(4))[0]
                if size == 0:
                    self._control()
                    continue
                outer = fields(self._exactly(size))
                outer["message"] = fields(outer[14])
                self.frames.append(outer)
        except EOFError:
            pass
        except Exception as fault:  # told by the test
            self.fault = repr(fault)

    def end(self):
        for s in (self.connection, self.listener):
            if s is not None:
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                s.close()
