"""The invented study, shared with the tests of the session."""

from __future__ import annotations

from tests.session.conftest import sitting, study

__all__ = ["sitting", "study"]
