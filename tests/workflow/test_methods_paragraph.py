"""The methods paragraph of real comparisons: it must not say more than was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.agreement import Request
from qualcode.analysis.agreement_methods import methods_paragraph
from qualcode.model import Bundle, Code, Codebook, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import agreeing, sampling_desk


def source(name: str, kind: str = "interview") -> Source:
    text, turns = "", []
    for n in range(6):
        said = f"{name} says {n} things."
        turns.append(Turn(n + 1, Span(len(text), len(text) + len(said))))
        text += said + "\n"
    return Source(name.encode().hex() * 4, name, kind, text, tuple(turns), case=name)  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six interviews; ann and ben coded the first four, cat the first; nobody said to be done."""
    found = Project.start(tmp_path / "study")
    with found.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("b", "1.0", (Code("b/x"), Code("b/y"))), {})
    found.add(Bundle(sources=tuple(source(f"s{n}") for n in range(6))), coder="ann")
    for n in range(4):
        code(found, "ann", f"s{n}", (1, 2, n + 3 if n < 4 else 3))
        code(found, "ben", f"s{n}", (1, 2))
    code(found, "cat", "s0", (1,))
    return found


def code(project: Project, coder: str, source: str, turns: tuple[int, ...], round: int = 1) -> None:
    for n in turns:
        Session(project, coder, round).add(source, Place(turn=n), "x")


def said(project: Project, request: Request, sources: tuple[str, ...] = ()) -> str:
    return methods_paragraph(agreeing.agreement(project, request, sources=sources))


PAIR = Request(coders=("ann", "ben"))


def test_chosen_sources_are_not_all_sources(project: Project) -> None:
    assert "coded the same 4 of 6 sources (67% of the text)" in said(project, PAIR)
    paragraph = said(project, PAIR, ("s0", "s1", "s2"))
    assert "coded the same 3 of 6 sources (50% of the text)" in paragraph


def test_one_source_is_not_called_all_sources(project: Project) -> None:
    assert "coded the same 1 of 6 sources" in said(project, PAIR, ("s0",))
    notes = agreeing.agreement(project, PAIR, sources=("s0",)).notes
    assert any("1 of 6 sources" in note for note in notes)


def test_coders_left_out_are_counted(project: Project) -> None:
    assert "1 more had coded some of these sources and was not compared." in said(project, PAIR)
    assert "more had coded" not in said(project, Request())
    assert "Not compared, though they coded some of these sources: cat." in agreeing.agreement(project, PAIR).notes


def test_codes_left_out_are_said(project: Project) -> None:
    assert "Of the codes only b/x was compared." in said(project, Request(coders=("ann", "ben"), codes=("x",)))


def test_work_taken_as_finished_is_said_until_the_coders_say_so(project: Project) -> None:
    clause = "Where a coder had not said so, a source with codings was taken as finished."
    assert clause in said(project, PAIR)
    for coder in ("ann", "ben"):
        Session(project, coder).set_done([f"s{n}" for n in range(4)], "b", "done")
    assert clause not in said(project, PAIR)


def test_one_coder_in_two_rounds_is_not_two_coders(project: Project) -> None:
    for n in range(4):
        code(project, "ann", f"s{n}", (1, 3), round=2)
    paragraph = said(project, Request(coders=("ann",), rounds=(1, 2)))
    assert paragraph.startswith("One coder coded 4 of 6 sources (67% of the text) again in another round with")


def test_a_later_round_is_named(project: Project) -> None:
    for n in range(4):
        for coder in ("ann", "ben"):
            code(project, coder, f"s{n}", (1, n + 2), round=2)
    assert "Compared were the codings of round 2." in said(project, PAIR)
    assert "of round" not in said(project, Request(coders=("ann", "ben"), rounds=(1,)))


def test_drawn_turns_are_no_whole_sources(project: Project) -> None:
    sampling_desk.sample(project, coder="ann", by="turn", count=12, coders=("ann", "ben"), seed=1)
    paragraph = said(project, PAIR)
    assert "(22% of the text)" in paragraph  # 8 of the 36 turns lie in the four sources that both coded
    assert "These had been drawn by lot: 12 of 36 turns." in paragraph


def test_what_was_frozen_is_said_where_the_same_was_compared(project: Project) -> None:
    agreeing.agreement(project, PAIR, freeze="first look", by="ann")
    for n in range(4):
        code(project, "ben", f"s{n}", (n + 3,))
    paragraph = said(project, PAIR)
    assert "(first look), it was ." in paragraph
    assert paragraph.count("MASI") == 1
    assert "first look" not in said(project, Request(coders=("ann", "ben"), unit="turn"))


def test_what_was_frozen_of_all_is_not_set_beside_some_of_the_sources(project: Project) -> None:
    agreeing.agreement(project, PAIR, freeze="all", by="ann")
    assert "(all), it was" in said(project, PAIR)
    assert "(all)" not in said(project, PAIR, ("s0", "s1", "s2"))
    agreeing.agreement(project, PAIR, sources=("s0", "s1", "s2"), freeze="three", by="ann")
    assert "(three), it was" in said(project, PAIR, ("s2", "s1", "s0"))
    assert "(three)" not in said(project, PAIR)


def test_one_coder_alone_has_no_paragraph(project: Project) -> None:
    assert said(project, Request(coders=("ann",))) == ""
