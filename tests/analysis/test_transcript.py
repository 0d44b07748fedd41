from __future__ import annotations

from dataclasses import replace

from qualcode.analysis.codes import short_names
from qualcode.analysis.transcript import transcript
from qualcode.model import Bundle, Source
from qualcode.report import Margin, Report
from tests.analysis.study import ANN, BEN, SOURCES, coding, study


def lines(report: Report) -> list[Margin]:
    return [block for block in report.blocks if isinstance(block, Margin)]


def test_every_turn_is_a_numbered_line() -> None:
    found = lines(transcript(study(), SOURCES[0]))
    assert [(each.number, each.speaker, each.text) for each in found] == [
        ("1", "I", "Has the role changed?"),
        ("2", "Ada", "I do the rota [laughs], mostly the rota."),
        ("3", "Ada", "And I sit in on lessons with new mentors."),
    ]


def test_the_interviewer_is_dimmed() -> None:
    assert [each.dimmed for each in lines(transcript(study(), SOURCES[0]))] == [True, False, False]


def test_the_margin_names_code_and_coder_and_where_a_part_stands() -> None:
    found = lines(transcript(study(*ANN, *BEN), SOURCES[0]))
    assert found[0].marks == ()
    assert set(found[1].marks) == {"managerial (ann)", "managerial (ben) “I do the rota”"}


def test_coded_ranges_count_from_the_turn_s_own_start() -> None:
    line = lines(transcript(study(), SOURCES[0]))[2]
    assert [line.text[start:end] for start, end in line.coded] == ["I sit in on lessons with new mentors"]


def test_a_coding_over_two_turns_stands_at_both() -> None:
    over = coding("interview-1", "mostly the rota.\nAda: And I sit in", "managerial")
    found = lines(transcript(study(over), SOURCES[0]))
    assert found[1].marks == ("managerial (ann) “mostly the rota.”",)
    assert found[2].marks == ("… managerial (ann) “And I sit in”",)


def test_a_coding_outside_every_turn_is_not_lost() -> None:
    label = coding("interview-1", "Ada", "managerial")
    report = transcript(study(label), SOURCES[0])
    assert not any(each.marks for each in lines(report))
    assert report.notes == (f"Outside every turn: managerial (ann) at {label.span.start}:{label.span.end}.",)


def test_a_long_part_shows_its_ends_only() -> None:
    source = replace(SOURCES[0], text="a b c d e f g h i j k l", turns=())
    part = replace(ANN[0], segment=replace(ANN[0].segment, source=source, span=replace(ANN[0].span, start=0, end=21)))
    report = transcript(Bundle(sources=(source,), codings=(part,)), source)
    assert lines(report)[0].marks == ("managerial (ann) “a b c d … h i j k”",)


def test_a_source_without_turns_is_one_line() -> None:
    source = Source("x", "notes", "document", "All of it.")
    assert [each.text for each in lines(transcript(Bundle(sources=(source,)), source))] == ["All of it."]


def test_short_names_are_as_long_as_needed() -> None:
    assert short_names(["role/a/support", "other/b/support", "role/time"]) == {
        "role/a/support": "a/support",
        "other/b/support": "b/support",
        "role/time": "time",
    }
