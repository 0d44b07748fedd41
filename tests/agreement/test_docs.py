from __future__ import annotations

import doctest
from pathlib import Path

from qualcode.agreement.measures import NAMES

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"


def test_every_example_of_the_page_is_true() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0


def test_every_figure_is_defined_on_the_page() -> None:
    text = PAGE.read_text("utf-8").partition("## Definitions")[2]
    families = {"alpha_ordinal": "_ordinal", "alpha_interval": "_interval", "alpha_ratio": "_ratio"}
    families |= {"cohen_kappa_linear": "_linear", "cohen_kappa_quadratic": "_quadratic"}
    assert [name for name in NAMES if f"`{families.get(name, name)}`" not in text] == []
