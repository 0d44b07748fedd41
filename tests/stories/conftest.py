"""`pytest tests/stories --renew` writes into the pages what the commands really print."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write what the commands of README, docs and stories print")
