# SPDX-License-Identifier: Apache-2.0
"""curve: whether an Ed25519 signature is valid under rule CES-1 of comity-ledger(5).

From RFC 8032 section 5.1 and that page; integers of Python, slow and small. Public data only."""
import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1


def add(a, b):
    """RFC 8032 section 5.1.4, extended coordinates."""
    p, q = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    r, s = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


IDENTITY = (0, 1, 1, 0)


def multiply(scalar, point):
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(octets):
    """A point, when these are its canonical octets; else None."""
    number = int.from_bytes(octets, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT % P
    if (v * x * x - u) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=None)
def public_key(octets):
    """The point, when it is canonical and of prime order; else None."""
    point = decode(octets) if len(octets) == 32 else None
    if point is None or encode(point) == encode(IDENTITY):
        return None
    return point if encode(multiply(L, point)) == encode(IDENTITY) else None


@functools.lru_cache(maxsize=None)
def verify(key, message, signature):
    point = public_key(key)
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= L:
        return False
    if decode(r) is None or r == encode(IDENTITY):
        return False
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return encode(add(multiply(s, BASE), multiply(h, minus))) == r
