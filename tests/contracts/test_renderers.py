"""Every registered renderer keeps the contract, and the check notices one that does not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from qualcode.renderers import RENDERERS
from qualcode.report import Report
from qualcode.testing import check_renderer, sample_report
from tests.renderers.undone import UNDO, as_markdown_shows


@pytest.mark.parametrize("name", RENDERERS.names())
def test_a_registered_renderer_keeps_the_contract(name: str) -> None:
    check_renderer(RENDERERS.load(name), UNDO.get(name))


def test_the_formats_of_the_write_up_are_all_read_back() -> None:
    assert {"csv", "docx", "html", "markdown"} == set(UNDO)
    assert set(UNDO) <= set(RENDERERS.names())


def test_reading_back_markdown_forgives_blanks_only() -> None:
    assert as_markdown_shows("a*b [c]  \nd") == "a*b [c]\nd"


def plain(report: Report) -> bytes:
    return "\x1e".join(getattr(block, "text", "") for block in report.blocks).encode()


BROKEN: dict[str, Callable[[Report], object]] = {
    "not verbatim": lambda report: plain(report).replace(b"[laughs]", b""),
    "same bytes": lambda report: plain(report) + random.randbytes(4),
    "quotations must be in the file": lambda _: b"nothing",
    "returns bytes": lambda report: plain(report).decode(),
}


@pytest.mark.parametrize("promise", BROKEN)
def test_a_broken_promise_is_noticed(promise: str) -> None:
    def read_back(data: bytes) -> list[str]:
        return data.decode().split("\x1e")[2:-4]

    with pytest.raises(AssertionError, match=promise):
        check_renderer(BROKEN[promise], read_back)  # type: ignore[arg-type]


def test_a_raw_control_is_noticed() -> None:
    def read_back(data: bytes) -> list[str]:
        return data.decode().split("\x1e")[2:-4]

    with pytest.raises(AssertionError, match="shown as a symbol"):
        check_renderer(plain, read_back)


def test_the_sample_has_every_kind_of_block() -> None:
    from typing import get_args

    from qualcode import report

    assert {type(block) for block in sample_report().blocks} == set(get_args(report.Block))
