"""Figures as image files: what stands in them, and that the same figure is the same file."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from qualcode.analysis import agreement_figures
from qualcode.errors import UsageError
from qualcode.model import Agreement, Measure
from qualcode.renderers.drawing import draw
from qualcode.report import Figure

FOREST = {
    "labels": ("role/managerial", "role/$x_1$ <b>"),
    "values": (0.7, None),
    "low": (0.5, None),
    "high": (0.9, None),
    "n": (12, 0),
    "measure": "alpha",
}
HEAT = {"rows": ("a", "b"), "columns": ("a", "b"), "values": ((None, 3), (3, None))}


def words(svg: bytes) -> set[str]:
    return {
        "".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    }


def test_a_forest_holds_labels_and_counts_as_text() -> None:
    found = words(draw(Figure("forest", "Agreement (ann, ben)", FOREST), "svg"))
    assert {"role/managerial", "role/$x_1$ <b>", "12", "Agreement (ann, ben)"} <= found


def test_a_heatmap_holds_its_counts() -> None:
    assert {"a", "b", "3"} <= words(draw(Figure("heatmap", "Confusions", HEAT), "svg"))


@pytest.mark.parametrize("format", ["png", "svg"])
@pytest.mark.parametrize(("kind", "data"), [("forest", FOREST), ("heatmap", HEAT)])
def test_the_same_figure_is_the_same_file(kind: str, data: dict[str, object], format: str) -> None:
    figure = Figure(kind, "c", data)  # type: ignore[arg-type]
    one = draw(figure, format)
    assert one == draw(figure, format)
    assert one.startswith(b"\x89PNG" if format == "png" else b"<?xml")


def test_a_code_without_an_interval_is_an_empty_circle() -> None:
    bare = {**FOREST, "values": (0.7, 0.4)}
    svg = draw(Figure("forest", "c", bare), "svg").decode()
    assert len(re.findall("fill: #ffffff; stroke: #1f3b57", svg)) == 1


def test_other_formats_and_kinds_are_refused() -> None:
    for figure, format in ((Figure("forest", "c", FOREST), "gif"), (Figure("bars", "c", {}), "png")):
        with pytest.raises(UsageError):
            draw(figure, format)


def agreement(**more: object) -> Agreement:
    measures = (
        Measure("alpha_nominal", 0.9, 9, "r/a", "r", ci=(0.8, 1.0), counts={"by ann": 4, "by ben": 2}),
        Measure("alpha_nominal", 0.2, 9, "r/b", "r"),
        Measure("alpha_nominal", None, 9, "r/c", "r", why_null="nobody used it"),
        Measure("gwet_ac1", 0.95, 9, "r/a", "r"),
        Measure("alpha_set", 0.5, 9, None, "r", "masi"),
    )
    pairs = ({"code": "r/a", "with": "r/b", "n": 3}, {"code": "r/a", "with": "r/b", "n": 1, "kind": "answers"})
    return Agreement("turn", "all", {"turn": 9}, ("ann", "ben"), measures, **{"pairs": pairs, **more})  # type: ignore[arg-type]


def test_the_figures_are_those_of_the_report() -> None:
    forest = agreement_figures.forest(agreement())
    assert forest is not None
    assert forest.data["labels"] == ("r/b", "r/a")
    assert forest.data["values"] == (0.2, 0.9)
    assert forest.data["low"] == (None, 0.8)
    assert forest.data["n"] == (0, 3)
    confusions = agreement_figures.confusions(agreement())
    assert confusions is not None
    assert confusions.data["values"] == ((None, 4), (4, None))


def test_nothing_to_draw_is_no_figure() -> None:
    assert agreement_figures.forest(Agreement("turn", "all", {}, (), ())) is None
    assert agreement_figures.confusions(agreement(pairs=())) is None
