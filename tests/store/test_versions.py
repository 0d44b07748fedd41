"""What the log knows of codebooks: versions, hashes, and the wording a coding was made under."""

from __future__ import annotations

from qualcode.model import Code, Codebook, Segment, Span
from qualcode.store import Project


def put(project: Project, version: str, *codes: Code, command: str = "codebook apply") -> None:
    with project.act(command, "ann") as act:
        act.put_codebook(Codebook("role", version, codes, sha256=version * 32), {})


def add(project: Project, path: str, start: int, coder: str = "ann") -> str:
    (source,) = project.sources()
    code = next(code for code in project.codes() if code.path == path)
    with project.act("coding add", coder) as act:
        return act.add_coding(Segment(source, Span(start, 61)), code)


def test_a_version_is_the_codebook_as_its_file_was_last_applied(project: Project) -> None:
    put(project, "2", Code("role/managerial", definition="two"))
    put(project, "3", Code("role/managerial", definition="three"))
    put(project, "2", Code("role/managerial", definition="two again"))
    put(project, "2", Code("role/managerial", definition="by hand"), command="codebook rename")
    assert project.versions.known("role") == ("1.0", "2", "3")
    for version, definition in (("2", "two again"), ("3", "three")):
        found = project.versions.at("role", version)
        assert found is not None
        assert (found[0].version, [code.definition for code in found[0].codes]) == (version, [definition])
    first = project.versions.at("role", "1.0")
    assert first is not None
    assert [code.path for code in first[0].codes] == ["role/managerial", "role/pastoral"]
    assert first[0].codes[0].id == project.codes()[0].id
    assert project.versions.at("role", "9") is None
    assert project.versions.at("rule", "1.0") is None


def test_a_version_of_another_codebook_is_not_taken_for_it(project: Project) -> None:
    with project.act("codebook apply", "ann") as act:
        act.put_codebook(Codebook("roles", "7", (Code("roles/x"),)), {})
    assert project.versions.known("role") == ("1.0",)
    found = project.versions.at("roles", "7")
    assert found is not None
    assert [code.path for code in found[0].codes] == ["roles/x"]


def test_a_version_that_was_undone_never_was_though_its_hash_is_known(project: Project) -> None:
    put(project, "2", Code("role/managerial"))
    project.undo("ann")
    assert project.versions.known("role") == ("1.0",)
    assert project.versions.at("role", "2") is None
    assert "2" * 32 in project.versions.hashes("role")
    project.redo("ann")
    assert project.versions.known("role") == ("1.0", "2")


def test_the_wording_of_a_coding_is_the_one_in_force_when_it_got_its_code(project: Project) -> None:
    early = add(project, "role/managerial", 41)
    put(project, "2", Code("role/managerial", definition="two", include=("a",), exclude=("b",)), Code("role/pastoral"))
    late = add(project, "role/managerial", 43)
    recoded = add(project, "role/pastoral", 44)
    put(project, "3", Code("role/managerial", definition="three"), Code("role/pastoral"))
    with project.act("coding recode", "ann") as act:
        act.set_coding(recoded, {"code": project.codes()[0].id})
    made = project.versions.made({"role/managerial"})
    assert {key: each.wording.definition for key, each in made.items()} == {early: "", late: "two", recoded: "three"}
    assert (made[late].wording.include, made[late].wording.exclude) == (("a",), ("b",))
    assert made[early].place < made[late].place < made[recoded].place
    assert project.versions.made({"role/pastoral"}) == {}


def test_retired_paths_say_how_many_codings_were_made_with_them(project: Project) -> None:
    add(project, "role/managerial", 41)
    assert project.versions.retired() == {}
    put(project, "2")
    assert project.versions.retired() == {"role/managerial": 1, "role/pastoral": 0}
