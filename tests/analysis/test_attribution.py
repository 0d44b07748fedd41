from __future__ import annotations

import pytest

from qualcode.analysis.attribution import parse, shown
from qualcode.errors import UsageError


def test_fields_and_literals_alternate() -> None:
    template = parse("[{phase} coordinator, {case}]", ["phase"])
    assert template.fields == ("phase", "case")
    assert template.fill({"phase": "secondary", "case": "Bo"}) == "[secondary coordinator, Bo]"


def test_double_braces_are_braces() -> None:
    assert parse("{{x}} {turn}", []).fill({"turn": "3"}) == "{x} 3"


def test_an_attribute_may_have_blanks_and_another_case() -> None:
    assert parse("{years IN post}", ["Years in post"]).fill({"Years in post": "4"}) == "4"


def test_a_missing_value_prints_na() -> None:
    assert parse("[{phase}]", ["phase"]).fill({"phase": None}) == "[n/a]"


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'did you mean "\{phase\}"'):
        parse("[{phse}]", ["phase"])


@pytest.mark.parametrize("text", ["{case.__class__}", "{case!r}", "{case:>10}", "{0}", "{}"])
def test_nothing_inside_a_field_is_evaluated(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text, ["phase"])


@pytest.mark.parametrize("text", ["[{phase]", "phase}", "{a{b}}"])
def test_a_brace_without_its_partner_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text, ["phase", "a", "b"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), ("  ", None), (True, "yes"), (False, "no"), (4.0, "4"), (4.5, "4.5"), (0, "0")],
)
def test_a_value_as_text(value: str | float | None, expected: str | None) -> None:
    assert shown(value) == expected
