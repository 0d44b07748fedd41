"""The Python door: the same verbs on the example study."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode
from qualcode.errors import NoCoder, NoProject, UnknownCode, UsageError
from qualcode.workflow import projects


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api") / "study"
    projects.start(folder, example=True)
    return folder


@pytest.fixture
def study(example: Path, tmp_path: Path) -> Iterator[qualcode.Study]:
    shutil.copytree(example, tmp_path / "study")
    with qualcode.open(tmp_path / "study" / "exports", coder="cleo") as opened:
        yield opened


def test_codings_are_retrieved_by_code_attribute_and_query(study: qualcode.Study) -> None:
    every = study.retrieve()
    pastoral = study.retrieve("role/pastoral", where={"phase": "secondary"})
    assert 0 < len(pastoral) < len(study.retrieve("pastoral")) < len(every)
    rows = pastoral.rows()
    assert {row["code"] for row in rows} == {"role/pastoral"}
    assert {row["phase"] for row in rows} == {"secondary"}
    assert all(row["quote"] == study.source(row["source"]).text[row["start"] : row["end"]] for row in rows)
    assert {c.coder for c in study.retrieve(where="coder:ann")} == {"ann"}
    assert len(study.retrieve(coders=["ann"], sources=["interview-1"])) > 10


def test_coding_accepting_and_undoing_need_a_coder(study: qualcode.Study, example: Path) -> None:
    coding = study.code("interview-6", "pastoral", turn=4, memo="m")
    assert (coding.coder, coding.memo) == ("cleo", "m")
    waiting = study.suggest()
    assert len(waiting) > 20
    assert study.accept(waiting[0])[0].origin == f"suggestion:{waiting[0].id}"
    study.reject(waiting[1])
    assert {s.id for s in study.suggest()} & {waiting[0].id, waiting[1].id} == set()
    assert study.undo() == ("suggestions reject",)
    with qualcode.open(example) as nobodys, pytest.raises(NoCoder):
        nobodys.code("interview-6", "pastoral", turn=4)


def test_agreement_and_reports(study: qualcode.Study) -> None:
    found = study.agreement("ann", "ben", codes=["role"])
    assert any(m.measure == "alpha_set" and m.value is not None for m in found.measures)
    assert study.report("frequencies", layer="ann").tables[0].rows
    with pytest.raises(UsageError, match="layr"):
        study.report("frequencies", layr="ann")


def test_codes_are_put_into_sets_and_linked(study: qualcode.Study) -> None:
    study.put_in_set("core", "pastoral", "time")
    link = study.link("time", "leads to", "pastoral")
    assert study.links == (link,)
    assert [each.name for each in study.sets] == ["core"]
    both = {*study.retrieve("pastoral"), *study.retrieve("time")}
    assert both
    assert set(study.retrieve("set:core")) == set(study.retrieve(where="set:core")) == both
    study.undo()
    assert study.links == ()


def test_the_past_and_what_is_not_there(study: qualcode.Study, tmp_path: Path) -> None:
    with qualcode.open(study.folder, as_of="2020-01-01") as past:
        assert past.sources == ()
    with pytest.raises(UnknownCode):
        study.retrieve("pastorl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoProject):
        qualcode.open(tmp_path / "empty")


def test_rows_become_a_data_frame_where_pandas_is(study: qualcode.Study) -> None:
    pandas = pytest.importorskip("pandas")
    frame = study.retrieve("role/pastoral").to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == len(study.retrieve("role/pastoral"))
