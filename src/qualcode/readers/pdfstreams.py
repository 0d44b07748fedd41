"""What the streams of a PDF would unpack to: pdfium says nothing before it has unpacked and drawn them all."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator

from qualcode import guards
from qualcode.errors import LimitExceeded

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DRAWN = re.compile(rb"\bDo\b")
_DICTIONARY, _PIECE = 2_000, 64 * 1024
# pdfium needs about 80 bytes a character: so many bytes of content stay under 350 MB.
_HARMLESS = 4 * guards.MEGABYTE


def is_harmless(raw: bytes, name: str) -> bool:
    """Whether a PDF is too small to exhaust memory or time, however its parts draw each other.

    n drawings of a part within a part multiply the content at most e^(n/e) times. A stream that calls itself an image
    is not looked into, so any makes a file of more than 64 kB doubtful. Raises LimitExceeded for a stream over the
    cap of an archive's member.
    """
    guards.check_size(len(raw), name, guards.ARCHIVE_BYTES)
    size, drawn = len(raw), len(_DRAWN.findall(raw))
    images = False
    for found in _STREAM.finditer(raw):
        before = raw[max(0, found.start() - _DICTIONARY) : found.start()].rpartition(b"obj")[2]
        if b"/Image" in before:
            images = True
            continue
        more, further = _inflated(raw, found.end(), before.count(b"FlateDecode"))
        size, drawn = size + more, drawn + further
        if more > guards.MEMBER_BYTES or size > guards.INFLATED_BYTES:
            raise LimitExceeded(f"{name} unpacks to more than its cap", "print it as PDF again")
    if images and len(raw) > _PIECE:
        return False
    return drawn < 50 and size * max(1.0, math.exp(drawn / math.e) / math.e) < _HARMLESS


def _inflated(raw: bytes, at: int, filters: int) -> tuple[int, int]:
    """How many bytes a stream unpacks to, counted up to one over the cap, and how many parts are drawn in them.

    (0, 0) for one that is damaged or encrypted.
    """
    size = drawn = 0
    pieces = (raw[start : start + _PIECE] for start in range(at, len(raw), _PIECE))
    for piece in _unpacked(pieces, min(max(1, filters), 3)):
        size += len(piece)
        drawn += len(_DRAWN.findall(piece))
        if size > guards.MEMBER_BYTES:
            break
    return size, drawn


def _unpacked(packed: Iterator[bytes], filters: int) -> Iterator[bytes]:
    for _ in range(filters):
        packed = _once_unpacked(packed)
    return packed


def _once_unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    try:
        for piece in packed:
            rest = piece
            while rest and not unpack.eof:
                yield unpack.decompress(rest, guards.MEGABYTE)
                rest = unpack.unconsumed_tail
            if unpack.eof:
                return
    except zlib.error:
        return
