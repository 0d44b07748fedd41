from __future__ import annotations

from dataclasses import replace

import pytest

from qualcode.analysis.quotations import quotations
from qualcode.analysis.request import Request
from qualcode.errors import UnknownCode, UsageError
from qualcode.model import Bundle, Codebook
from qualcode.report import Heading, Paragraph, Quotation, Report
from tests.analysis.study import ANN, BEN, CASES, ROLE, SOURCES, coding, done, study


def quoted(report: Report) -> list[Quotation]:
    return [block for block in report.blocks if isinstance(block, Quotation)]


def said(report: Report) -> str:
    return "\n".join([block.text for block in report.blocks if isinstance(block, Paragraph)] + list(report.notes))


def test_every_quotation_is_the_slice_of_its_source() -> None:
    texts = {source.name: source.text for source in SOURCES}
    found = quoted(quotations(study(), Request()))
    assert len(found) == len(ANN)
    for each in found:
        assert each.text == texts[each.source][each.start : each.end]


def test_codes_come_in_codebook_order_with_label_and_definition() -> None:
    report = quotations(study(), Request())
    headings = [(block.level, block.text) for block in report.blocks if isinstance(block, Heading)]
    assert headings == [
        (1, "The school coordinator's role"),
        (2, "Managerial"),
        (2, "Pedagogical"),
        (3, "Mentoring the mentors"),
        (2, "Evaluative"),
        (1, "Notes"),
    ]
    assert "Running the provision." in said(report)


def test_parents_come_before_children_whatever_the_codebook_s_order() -> None:
    reordered = replace(ROLE, codes=ROLE.codes[::-1])
    report = quotations(study(codebooks=(reordered,)), Request())
    labels = [block.text for block in report.blocks if isinstance(block, Heading)]
    assert labels.index("Pedagogical") < labels.index("Mentoring the mentors")


def test_quotations_of_a_code_follow_sources_and_text() -> None:
    codings = (ANN[4], ANN[0], coding("interview-1", "mostly the rota", "managerial"))
    found = quoted(quotations(study(*codings), Request()))
    assert [(each.source, each.start) for each in found] == sorted((each.source, each.start) for each in found)
    assert len(found) == 3


def test_a_segment_under_two_codes_stands_under_both_and_says_so() -> None:
    found = [each for each in quoted(quotations(study(), Request())) if each.text.startswith("I sit in")]
    assert [each.code for each in found] == ["role/pedagogical", "role/pedagogical/mentoring-the-mentors"]
    assert found[0].also == ("role/pedagogical/mentoring-the-mentors",)
    assert found[1].also == ("role/pedagogical",)


def test_a_code_that_was_not_asked_for_is_not_named_beside_the_quotation() -> None:
    asked = Request(codes=("role/pedagogical/mentoring-the-mentors",))
    found = quoted(quotations(study(), asked))
    assert [each.also for each in found] == [()]


def test_an_asked_code_brings_its_children() -> None:
    found = quoted(quotations(study(), Request(codes=("role/pedagogical",))))
    assert {each.code for each in found} == {"role/pedagogical", "role/pedagogical/mentoring-the-mentors"}


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(UnknownCode, match="role/managerial"):
        quotations(study(), Request(codes=("role/managrial",)))


def test_codings_under_a_code_that_no_codebook_lists_are_not_lost() -> None:
    stray = replace(ANN[0], code="open/tea")
    found = quoted(quotations(study(*ANN, stray), Request()))
    assert [each.text for each in found if each.code == "open/tea"] == [stray.segment.quote]


def test_the_attribution_template_is_filled_from_the_case() -> None:
    found = quoted(quotations(study(), Request(attribution="[{phase} coordinator, turn {turn}]")))
    assert found[0].attribution == "[primary coordinator, turn 2]"
    assert found[0].origin == "interview-1, turn 2"


def test_a_missing_value_is_na_and_counted_in_a_note() -> None:
    report = quotations(study(), Request(attribution="[{phase} coordinator]"))
    assert [each.attribution for each in quoted(report) if each.source == "handbook"] == ["[n/a coordinator]"]
    assert "n/a stands for {phase} in 1 attribution" in said(report)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UsageError, match="phase"):
        quotations(study(), Request(attribution="{phas}"))


def test_without_a_template_the_case_is_named_else_the_source() -> None:
    found = quoted(quotations(study(), Request()))
    assert {each.source: each.attribution for each in found} == {
        "interview-1": "[Ada]",
        "interview-2": "[Bo]",
        "handbook": "[handbook]",
    }


def test_counts_name_segments_and_cases_of_those_looked_at() -> None:
    report = quotations(study(statuses=(done("interview-3"),)), Request())
    assert "role/pedagogical: 2 segments in 2 of 3 cases and 0 of 1 source without a case." in said(report)


def test_a_code_without_a_quotation_is_listed() -> None:
    report = quotations(study(), Request())
    assert "No quotation." in said(report)
    assert "Without a quotation: 1 code (role/evaluative)" in said(report)


def test_withdrawn_cases_are_left_out_and_said() -> None:
    cases = (replace(CASES[0], withdrawn=True), *CASES[1:])
    report = quotations(study(cases=cases), Request())
    assert quoted(report)
    assert not [each for each in quoted(report) if each.source == "interview-1"]
    assert "Left out: 1 case that withdrew" in said(report)
    assert "Ada" not in said(report)


def test_a_case_that_agreed_to_analysis_only_is_counted_but_not_quoted() -> None:
    cases = (replace(CASES[0], consent="analyse"), *CASES[1:])
    report = quotations(study(cases=cases), Request())
    assert not [each for each in quoted(report) if each.source == "interview-1"]
    assert "Not quoted: 2 segments of cases that agreed to be analysed but not quoted" in said(report)
    assert "role/managerial: 3 segments in 2 of 2 cases" in said(report)


def test_consent_that_was_never_recorded_is_said_and_documents_need_none() -> None:
    report = quotations(study(*ANN, coding("interview-3", "We all sign", "evaluative")), Request())
    assert "Consent to be quoted is not recorded for 1 case (Cy)" in said(report)
    assert "handbook" not in "\n".join(note for note in report.notes if "Consent" in note)


def test_two_coders_without_a_consensus_are_shown_side_by_side_never_added() -> None:
    report = quotations(study(*ANN, *BEN), Request())
    assert len(quoted(report)) == len(ANN) + len(BEN)
    assert "ann 3 segments in 2 of 2 cases" in said(report)
    assert "ben 1 segment in 1 of 1 case" in said(report)
    assert report.layer == "ann; ben"
    assert quoted(report)[0].origin in ("interview-1, turn 2, coded by ann", "interview-1, turn 2, coded by ben")


def test_two_coders_of_one_passage_give_one_quotation_that_names_both() -> None:
    same = replace(ANN[0], coder="ben")
    found = [each for each in quoted(quotations(study(*ANN, same), Request())) if each.text == same.segment.quote]
    assert [each.coder for each in found] == ["ann, ben"]


def test_a_named_layer_shows_that_coder_alone() -> None:
    report = quotations(study(*ANN, *BEN), Request(layer="ben"))
    assert [each.text for each in quoted(report)] == ["I do the rota"]
    assert report.layer == "ben"


def test_overlapping_codings_of_one_coder_both_stand() -> None:
    inner = coding("interview-1", "mostly the rota", "managerial")
    found = [each.text for each in quoted(quotations(study(*ANN, inner), Request()))]
    assert inner.segment.quote in found
    assert ANN[0].segment.quote in found


def test_context_joins_the_quotation_as_in_the_text() -> None:
    found = quoted(quotations(study(), Request(context=12)))
    each = next(each for each in found if each.text.startswith("I take"))
    assert each.before.endswith("Bo: ")
    assert each.after == ", every week …" or each.after.startswith(", every")
    assert each.before.startswith("… ")


def test_context_of_punctuation_alone_is_dropped() -> None:
    each = next(e for e in quoted(quotations(study(), Request(context=5))) if e.source == "handbook")
    assert each.after == ""


def test_memos_stand_beside_the_quotation_only_when_asked() -> None:
    bundle = study(replace(ANN[0], memo="A denial."))
    assert [each.memo for each in quoted(quotations(bundle, Request()))] == [None]
    assert [each.memo for each in quoted(quotations(bundle, Request(memos=True)))] == ["A denial."]


def test_an_empty_project_gives_an_empty_report() -> None:
    report = quotations(Bundle(codebooks=(Codebook("open"),)), Request())
    assert report.n == 0
    assert quoted(report) == []
