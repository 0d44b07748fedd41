from __future__ import annotations

import pytest

from qualcode.analysis.layers import choose_layer, readings
from qualcode.errors import UsageError
from qualcode.model import Code, Status
from tests.analysis.study import ANN, BEN, coding, done

CONSENSUS = coding("interview-1", "mostly the rota", "managerial", "consensus")


def test_one_coder_is_the_layer() -> None:
    layer = choose_layer(ANN)
    assert layer.codings == ANN
    assert layer.name == "ann"


def test_two_coders_of_one_source_have_to_be_chosen_from() -> None:
    with pytest.raises(UsageError) as caught:
        choose_layer([*ANN, *BEN])
    assert "ann and ben coded the same source" in str(caught.value)
    assert "--layer ann or --layer ben" in str(caught.value)


def test_a_coder_who_finished_without_a_coding_counts_as_a_second_reader() -> None:
    assert choose_layer(ANN, None, [done("interview-3", "ben")]).name.startswith("the one coder")
    with pytest.raises(UsageError):
        choose_layer(ANN, None, [done("interview-1", "ben")])


def test_the_named_layer_holds_one_coder_only() -> None:
    assert choose_layer([*ANN, *BEN], "ben").codings == BEN


def test_an_unknown_layer_names_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "ann"'):
        choose_layer(ANN, "anne")


def test_the_consensus_wins_where_it_exists_and_only_there() -> None:
    layer = choose_layer([*ANN, *BEN, CONSENSUS])
    in_first = [each for each in layer.codings if each.source.name == "interview-1"]
    assert in_first == [CONSENSUS]
    assert len(layer.codings) == 1 + len([each for each in ANN if each.source.name != "interview-1"])
    assert layer.name == "consensus where there is one, else ann"


def test_a_consensus_for_one_codebook_leaves_the_other_codebook_to_its_coder() -> None:
    from dataclasses import replace

    other = replace(ANN[0], code="conditions/time")
    layer = choose_layer([other, CONSENSUS])
    assert set(layer.codings) == {other, CONSENSUS}


def test_an_empty_consensus_that_is_done_replaces_what_the_coders_said() -> None:
    layer = choose_layer([*BEN, *ANN[:1]], None, [done("interview-1", "consensus")])
    assert layer.codings == ()
    assert ("id-interview-1", "role") in layer.done


def test_different_coders_of_different_sources_are_named() -> None:
    layer = choose_layer([ANN[3], *BEN])
    assert len(layer.codings) == 2
    assert layer.name == "the one coder of each source (ann, ben)"


def test_of_two_rounds_the_later_counts_and_is_said() -> None:
    again = coding("interview-1", "mostly the rota", "managerial", round=2)
    layer = choose_layer([*ANN, again])
    kept = [each for each in layer.codings if each.source.name == "interview-1"]
    assert kept == [again]
    assert "3 earlier codings" in layer.notes[0]


def test_readings_keep_both_coders_apart() -> None:
    layers = readings([*ANN, *BEN])
    assert [(layer.name, len(layer.codings)) for layer in layers] == [("ann", len(ANN)), ("ben", 1)]


def test_readings_show_the_consensus_instead_of_those_it_settled() -> None:
    layers = readings([*ANN, *BEN, CONSENSUS, coding("interview-2", "every week", "managerial", "ben")])
    assert [layer.name for layer in layers] == ["ann", "ben", "consensus"]
    assert not any(each.source.name == "interview-1" for layer in layers[:2] for each in layer.codings)


def test_nobody_has_coded() -> None:
    assert choose_layer([]).name == "nobody has coded"


def test_a_code_born_after_the_source_was_finished_was_not_looked_for() -> None:
    young = Code("role/evaluative", born="2024-05-01T10:00:00+00:00")
    early = choose_layer(ANN, None, [done("interview-1", at="2024-04-01T10:00:00Z")])
    late = choose_layer(ANN, None, [done("interview-1", at="2024-06-01T10:00:00Z")])
    assert not early.looked_for("id-interview-1", young)
    assert late.looked_for("id-interview-1", young)


def test_a_young_code_that_was_applied_all_the_same_was_looked_for() -> None:
    young = Code("role/managerial", born="2024-05-01T10:00:00+00:00")
    layer = choose_layer(ANN, None, [done("interview-1", at="2024-04-01T10:00:00Z")])
    assert layer.looked_for("id-interview-1", young)


def test_a_source_in_progress_is_unfinished_not_done() -> None:
    layer = choose_layer(ANN, None, [Status("id-interview-1", "ann", "role", "in progress")])
    assert layer.unfinished == {("id-interview-1", "role")}
    assert ("id-interview-1", "role") not in layer.done
    assert ("id-interview-2", "role") in layer.assumed
