#!/usr/bin/env python3
"""Draws icon.png, 128 x 128: the graph of a unit that feeds itself. Standard library only.

    python3 engine/Package/make_icon.py
"""
import math
import os
import struct
import zlib

SIZE, SUB = 128, 4
BACK, INK = (28, 63, 110), (255, 255, 255)


def is_ink(x, y):
    """Whether a point is on the drawing: a unit, its loop, its input and its output."""
    unit = math.hypot(x - 64, y - 78)
    loop = math.hypot(x - 64, y - 46)
    if unit < 24:
        return unit > 17
    if 18 < loop < 25 and unit > 24:
        return True
    arrow = abs(y - 78) < 3.5 and (8 < x < 32 or 96 < x < 112)
    head = 104 < x < 121 and abs(y - 78) < (121 - x) * 0.7
    return arrow or head


def is_inside(x, y):
    """Whether a point is on the rounded square."""
    dx, dy = max(20 - x, x - 108, 0), max(20 - y, y - 108, 0)
    return math.hypot(dx, dy) < 20


def pixel(px, py):
    """The mean of SUB x SUB points, RGBA."""
    points = [((px + (i + 0.5) / SUB), (py + (j + 0.5) / SUB))
              for i in range(SUB) for j in range(SUB)]
    inside = [p for p in points if is_inside(*p)]
    if not inside:
        return bytes(4)
    share = sum(is_ink(*p) for p in inside) / len(inside)
    colour = [round(b + (i - b) * share) for b, i in zip(BACK, INK)]
    return bytes(colour + [round(255 * len(inside) / len(points))])


def chunk(kind, data):
    """A chunk of a PNG file."""
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
with open(os.path.join(os.path.dirname(__file__), "icon.png"), "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n"
               + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
