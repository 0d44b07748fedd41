"""Every registered writer keeps the contract, and the check notices one that does not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from qualcode.model import Bundle
from qualcode.testing import check_writer
from qualcode.writers import WRITERS
from qualcode.writers.jsonl import read_jsonl, write
from tests.analysis.study import study
from tests.writers.full import BUNDLE

INVERSES: dict[str, Callable[[bytes], Bundle]] = {"jsonl": read_jsonl}


@pytest.mark.parametrize("name", WRITERS.names())
def test_a_registered_writer_keeps_the_contract(name: str) -> None:
    check_writer(WRITERS.load(name), [BUNDLE, study()], INVERSES.get(name))


def test_a_writer_that_differs_from_run_to_run_is_noticed() -> None:
    with pytest.raises(AssertionError, match="same bytes"):
        check_writer(lambda _: random.randbytes(8), [BUNDLE])


def test_a_writer_that_loses_codings_is_noticed() -> None:
    with pytest.raises(AssertionError, match="codings are not in the file"):
        check_writer(lambda _: b"nothing", [BUNDLE])


def test_a_writer_that_loses_a_memo_is_noticed() -> None:
    with pytest.raises(AssertionError, match="not what is read back"):
        check_writer(lambda bundle: write(replace(bundle, memos=())), [BUNDLE], read_jsonl)


def test_a_check_without_codings_is_refused() -> None:
    with pytest.raises(AssertionError, match="would be empty"):
        check_writer(write, [Bundle()])
