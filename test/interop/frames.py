# SPDX-License-Identifier: Apache-2.0
"""Ethernet frames for the tests: made and read octet by octet, an independent second reading of what AF_XDP sends."""
import socket
import struct
import time

TAG, OUTER_TAG = 0x8100, 0x88A8
AUXDATA, SOL_PACKET = 8, 263  # linux/if_packet.h
TAG_VALID, TPID_VALID = 1 << 4, 1 << 6


def checksum(octets):
    """RFC 1071."""
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp(addresses, ports, message, wrong=False):
    size = 8 + len(message)
    head = struct.pack(">HHHH", *ports, size, 0)
    value = checksum(addresses + struct.pack(">HH", 17, size) + head + message) or 0xFFFF
    return head[:6] + struct.pack(">H", value ^ (0x0101 if wrong else 0)) + message


def packet(source, target, ports, message, wrong_ip=False, wrong_udp=False):
    """An IPv4 or IPv6 packet with one UDP datagram; its EtherType before it."""
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    addresses = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    datagram = udp(addresses, ports, message, wrong_udp)
    if family == socket.AF_INET6:
        return struct.pack(">HIHBB", 0x86DD, 0x60000000, len(datagram), 17, 57) + addresses + datagram
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), 0x1234, 0, 57, 17, 0) + addresses
    value = checksum(head) ^ (0x0101 if wrong_ip else 0)
    return b"\x08\x00" + head[:10] + struct.pack(">H", value) + head[12:] + datagram


def tags(*ids):
    """VLAN tags, the outer one first."""
    kinds = [OUTER_TAG, TAG] if len(ids) == 2 else [TAG]
    return b"".join(struct.pack(">HH", kind, number) for kind, number in zip(kinds, ids))


class Received:
    """A frame with a UDP datagram in it; `faults` says what is not as it must be."""

    def __init__(self, frame):
        self.target, self.source, at = frame[:6], frame[6:12], 12
        while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
            at += 4
        self.tags, self.faults = frame[12:at], []
        ip = frame[at + 2:]
        if frame[at:at + 2] == b"\x08\x00":
            if ip[0] != 0x45 or checksum(ip[:20]) != 0 or struct.unpack(">H", ip[2:4])[0] > len(ip):
                self.faults.append("IPv4 header")
            self.ident, self.hops, addresses = ip[4:8], ip[8], ip[12:20]
            datagram, protocol = ip[20:struct.unpack(">H", ip[2:4])[0]], ip[9]
        else:
            addresses, datagram, protocol, self.hops = ip[8:40], ip[40:40 + struct.unpack(">H", ip[4:6])[0]], ip[6], ip[7]
            self.ident = None
        self.is_udp = protocol == 17
        self.addresses = addresses
        self.ports = struct.unpack(">HH", datagram[:4])
        size, value = struct.unpack(">HH", datagram[4:8])
        if size != len(datagram):
            self.faults.append("UDP length")
        if value == 0 or checksum(addresses + struct.pack(">HH", 17, size) + datagram) != 0:
            self.faults.append("UDP checksum")
        self.message = datagram[8:]


class Wire:
    """Sends and receives whole frames on an interface."""

    def __init__(self, interface):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(SOL_PACKET, AUXDATA, 1)
        self.socket.bind((interface, 0))
        self.mac = self.socket.getsockname()[4]

    def _receive(self):
        frame, more, _, sender = self.socket.recvmsg(4096, 256)
        for level, kind, data in more:
            if (level, kind) == (SOL_PACKET, AUXDATA):
                status, _, _, _, _, number, kind_of_tag = struct.unpack("IIIHHHH", data[:20])
                if status & TAG_VALID:  # the kernel took it off
                    kind_of_tag = kind_of_tag if status & TPID_VALID else TAG
                    frame = frame[:12] + struct.pack(">HH", kind_of_tag, number) + frame[12:]
        return frame if sender[2] != socket.PACKET_OUTGOING else None

    def ask(self, frame, port, seconds=3.0):
        """Sends a frame; what comes back to that port, or None when nothing does."""
        self.socket.send(frame)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                answer = self._receive()
            except OSError:
                return None
            if answer is None or len(answer) < 42:
                continue
            try:
                read = Received(answer)
            except (IndexError, struct.error):
                continue
            if read.is_udp and read.ports[1] == port:
                return read
        return None

    def close(self):
        self.socket.close()
