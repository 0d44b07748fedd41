"""A codebook's file follows the database while it is the one last applied; what anybody wrote into it is left alone."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from qualcode.model import Notice
from qualcode.store import Project
from qualcode.workflow import codebook_files as files
from qualcode.workflow import codebook_life as life
from qualcode.workflow import codebooks
from tests.workflow.conftest import WRITTEN, code, coded, file


def home(project: Project) -> Path:
    return project.folder / "codebooks"


def stored_hash(project: Project) -> str:
    return next(book.sha256 for book in project.codebooks() if book.name == "staffroom")


def paths(project: Project) -> list[str]:
    return [c.path for book in project.codebooks() if book.name == "staffroom" for c in book.codes]


def told(notices: tuple[Notice, ...]) -> list[str]:
    return [str(notice) for notice in notices if notice.severity == "warning"]


def test_the_file_and_its_hash_are_stored_by_one_change_so_that_the_next_one_works(project: Project) -> None:
    for old, new in (("help", "support"), ("support", "aid"), ("paper", "forms")):
        done = life.rename(project, old, new, coder="ann")
        assert done.files == ("codebooks/room.yaml",)
        assert files.digest(file(project).encode()) == stored_hash(project)
    assert file(project) == WRITTEN.replace("code: help ", "code: aid ").replace("code: paper", "code: forms")


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(project: Project, ends: str, mark: str) -> None:
    written = (mark + WRITTEN.replace("\n", ends)).encode()
    (home(project) / "room.yaml").write_bytes(written)
    codebooks.apply(project, str(home(project) / "room.yaml"), coder=None)
    life.rename(project, "help", "support", coder="ann")
    assert (home(project) / "room.yaml").read_bytes() == written.replace(b"code: help ", b"code: support ")


def test_an_edited_file_is_left_as_it_is_and_said_so_and_the_database_changes(project: Project) -> None:
    (home(project) / "room.yaml").write_text(WRITTEN + "# one word more\n", encoding="utf-8")
    before = stored_hash(project)
    done = life.rename(project, "help", "support", coder="ann")
    assert file(project) == WRITTEN + "# one word more\n"
    assert "staffroom/support" in paths(project)
    assert done.files == ()
    (notice,) = told(done.notices)
    assert notice.startswith("codebooks/room.yaml: was changed since it was applied")
    assert "`qualcode export codebook staffroom`" in notice
    assert stored_hash(project) == before


def test_applying_the_file_makes_it_followed_again(project: Project) -> None:
    edited = WRITTEN.replace("Forms and folders.", "Forms.")
    (home(project) / "room.yaml").write_text(edited, encoding="utf-8")
    life.rename(project, "visitors", "guests", coder="ann")
    done = codebooks.apply(
        project, str(home(project) / "room.yaml"), coder="ann", renames={"guests": "staffroom/visitors"}
    )
    assert done.difference.renamed == (("staffroom/guests", "staffroom/visitors"),)
    assert life.rename(project, "help", "support", coder="ann").files == ("codebooks/room.yaml",)
    assert file(project) == edited.replace("code: help ", "code: support ")


def test_the_databases_version_can_be_exported_applied_and_followed(project: Project) -> None:
    (home(project) / "room.yaml").write_text("something else\n", encoding="utf-8")
    life.rename(project, "help", "support", coder="ann")
    (home(project) / "room.yaml").write_text(codebooks.text(project, "staffroom"), encoding="utf-8")
    assert codebooks.apply(project, str(home(project) / "room.yaml"), coder="ann").difference.same
    assert life.rename(project, "support", "aid", coder="ann").files == ("codebooks/room.yaml",)


@pytest.mark.parametrize("how", ["deleted", "link", "folder", "broken"])
def test_no_usable_file_is_no_obstacle(project: Project, how: str, tmp_path: Path) -> None:
    path = home(project) / "room.yaml"
    path.unlink()
    outside = tmp_path / "outside.yaml"
    outside.write_text(WRITTEN, encoding="utf-8")
    if how == "link":
        path.symlink_to(outside)
    elif how == "folder":
        path.mkdir()
    elif how == "broken":
        path.write_bytes(b"name: staffroom\ncodes: [\xff")
    done = life.rename(project, "help", "support", coder="ann")
    assert "staffroom/support" in paths(project)
    assert len(told(done.notices)) == 1
    assert done.files == ()
    assert outside.read_text(encoding="utf-8") == WRITTEN


def test_a_part_written_in_brackets_is_left_alone_and_the_next_change_of_another_part_says_so_too(
    project: Project,
) -> None:
    text = WRITTEN.replace(
        "  - code: paper\n    definition: Forms and folders.\n", "  - {code: paper, definition: Forms.}\n"
    )
    assert text != WRITTEN
    (home(project) / "room.yaml").write_text(text, encoding="utf-8")
    codebooks.apply(project, str(home(project) / "room.yaml"), coder=None)
    done = life.retire(project, "paper", coder="ann")
    assert file(project) == text
    assert "cannot be changed in place" in told(done.notices)[0]
    assert "staffroom/paper" not in paths(project)
    assert len(told(life.rename(project, "help", "support", coder="ann").notices)) == 1
    assert file(project) == text


def test_a_stop_between_database_and_file_leaves_an_older_file_that_is_told_and_never_mixed_up(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            life.rename(project, "help", "support", coder="ann")
    assert (file(project), "staffroom/support" in paths(project)) == (WRITTEN, True)
    done = life.rename(project, "paper", "forms", coder="ann")
    assert "is not the version that was last applied" in told(done.notices)[0]
    assert file(project) == WRITTEN
    assert coded(project)


def test_a_stop_before_the_change_is_stored_leaves_both_as_they_were(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qualcode.store import Act

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    before = paths(project)
    with monkeypatch.context() as patch:
        patch.setattr(Act, "put_codebook", killed)
        with pytest.raises(KeyboardInterrupt):
            life.rename(project, "help", "support", coder="ann")
    assert (file(project), paths(project)) == (WRITTEN, before)


def test_an_editor_that_saves_at_that_moment_wins(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = files.planned

    def and_then_somebody_saves(*given: object) -> files.Plan:
        made = plan(*given)  # type: ignore[arg-type]
        (home(project) / "room.yaml").write_text("mine\n", encoding="utf-8")
        return made

    monkeypatch.setattr(files, "planned", and_then_somebody_saves)
    done = life.rename(project, "help", "support", coder="ann")
    assert file(project) == "mine\n"
    assert "at this moment" in told(done.notices)[0]


def test_a_folder_that_cannot_be_written_is_told_after_the_change_is_stored(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qualcode.errors import ProjectError
    from qualcode.store import files as store_files

    def full(path: Path, data: bytes) -> None:
        raise ProjectError(f"cannot write {path.name}: no space", "free some")

    monkeypatch.setattr(store_files, "write_whole", full)
    done = life.rename(project, "help", "support", coder="ann")
    assert "staffroom/support" in paths(project)
    assert file(project) == WRITTEN
    assert "no space" in told(done.notices)[0]


# -- undo ---------------------------------------------------------------------------------------------------------


def test_after_undo_and_redo_the_file_of_that_state_is_put_back_byte_for_byte(project: Project) -> None:
    texts = [file(project)]
    life.rename(project, "help", "support", coder="ann")
    texts.append(file(project))
    life.move(project, "paper", "visitors", coder="ann")
    texts.append(file(project))
    assert len(set(texts)) == 3
    for expected in (texts[1], texts[0]):
        project.undo("ann")
        assert files.follow(project) == ("codebooks/room.yaml",)
        assert file(project) == expected
    for expected in (texts[1], texts[2]):
        project.redo("ann")
        assert files.follow(project) == ("codebooks/room.yaml",)
        assert file(project) == expected
    assert files.follow(project) == ()


def test_the_next_change_after_an_undo_finds_the_right_file_by_itself(project: Project) -> None:
    life.merge(project, "visitors", "paper", coder="ann")
    assert file(project) != WRITTEN
    project.undo("ann")
    done = life.rename(project, "help", "support", coder="ann")
    assert told(done.notices) == []
    assert file(project) == WRITTEN.replace("code: help ", "code: support ")


def test_an_edited_file_is_not_put_back(project: Project) -> None:
    life.rename(project, "help", "support", coder="ann")
    (home(project) / "room.yaml").write_text("mine\n", encoding="utf-8")
    project.undo("ann")
    assert files.follow(project) == ()
    assert file(project) == "mine\n"


def test_a_deleted_file_is_not_brought_back(project: Project) -> None:
    life.rename(project, "help", "support", coder="ann")
    (home(project) / "room.yaml").unlink()
    project.undo("ann")
    assert files.follow(project) == ()
    assert not (home(project) / "room.yaml").exists()


def test_what_was_written_over_is_kept_privately_by_its_hash(project: Project) -> None:
    life.rename(project, "help", "support", coder="ann")
    (kept,) = (project.folder / "backups" / "codebooks").iterdir()
    assert kept.read_bytes().decode() == WRITTEN
    assert kept.name == f"{files.digest(WRITTEN.encode())}-room.yaml"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (kept.parent.parent, kept.parent, kept)]
    assert modes == [0o700, 0o700, 0o600]
    assert stat.S_IMODE((home(project) / "room.yaml").stat().st_mode) == 0o600


# -- apply and add ------------------------------------------------------------------------------------------------


def test_a_codebook_from_elsewhere_is_kept_in_the_project_and_followed(project: Project, tmp_path: Path) -> None:
    (home(project) / "room.yaml").unlink()
    path = tmp_path / "mine.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    codebooks.apply(project, str(path), coder="ann")
    assert life.rename(project, "help", "support", coder="ann").files == ("codebooks/mine.yaml",)
    assert path.read_text(encoding="utf-8") == WRITTEN


def test_a_newer_version_from_elsewhere_takes_the_place_of_the_one_last_applied(
    project: Project, tmp_path: Path
) -> None:
    newer = WRITTEN.replace('"1.0"', '"1.1"')
    (tmp_path / "room.yaml").write_text(newer, encoding="utf-8")
    assert codebooks.apply(project, str(tmp_path / "room.yaml"), coder="ann").notices == ()
    assert file(project) == newer
    project.undo("ann")
    assert files.follow(project) == ("codebooks/room.yaml",)
    assert file(project) == WRITTEN


def test_changes_that_were_never_applied_are_not_overwritten_by_an_apply(project: Project, tmp_path: Path) -> None:
    mine = WRITTEN + "# mine\n"
    (home(project) / "room.yaml").write_text(mine, encoding="utf-8")
    (home(project) / "staffroom.yaml").write_text("mine too\n", encoding="utf-8")
    newer = WRITTEN.replace('"1.0"', '"1.1"')
    (tmp_path / "room.yaml").write_text(newer, encoding="utf-8")
    done = codebooks.apply(project, str(tmp_path / "room.yaml"), coder="ann")
    assert (file(project), file(project, "staffroom.yaml")) == (mine, "mine too\n")
    assert told(done.notices)[0].startswith("codebooks/room.yaml: holds changes that were never applied")
    assert next(book.version for book in project.codebooks() if book.name == "staffroom") == "1.1"


def test_two_codebooks_whose_files_have_one_name_do_not_overwrite_each_other(project: Project, tmp_path: Path) -> None:
    other = WRITTEN.replace("name: staffroom", "name: corridor")
    (tmp_path / "room.yaml").write_text(other, encoding="utf-8")
    codebooks.apply(project, str(tmp_path / "room.yaml"), coder="ann")
    assert file(project) == WRITTEN
    assert file(project, "corridor.yaml") == other
    assert life.rename(project, "corridor/help", "aid", coder="ann").files == ("codebooks/corridor.yaml",)


def test_a_dry_run_of_apply_writes_nothing(project: Project, tmp_path: Path) -> None:
    (tmp_path / "room.yaml").write_text(WRITTEN.replace('"1.0"', '"1.1"'), encoding="utf-8")
    before = len(project.history())
    done = codebooks.apply(project, str(tmp_path / "room.yaml"), coder="ann", dry_run=True)
    assert not done.difference.same
    assert (len(project.history()), file(project)) == (before, WRITTEN)


def test_apply_says_when_a_code_that_was_merged_comes_back_with_its_codings(project: Project, tmp_path: Path) -> None:
    before = coded(project)
    shutil.copy(home(project) / "room.yaml", tmp_path / "old.yaml")
    life.merge(project, "paper", "visitors", coder="ann")
    done = codebooks.apply(project, str(tmp_path / "old.yaml"), coder="ann")
    assert "staffroom/paper: was retired or merged; its 1 coding shows" in told(done.notices)[0]
    assert coded(project) == before


def test_apply_says_how_many_codings_stand_under_a_changed_definition_and_how_to_list_them(project: Project) -> None:
    (home(project) / "room.yaml").write_text(WRITTEN.replace("Forms and folders.", "Forms."), encoding="utf-8")
    done = codebooks.apply(project, str(home(project) / "room.yaml"), coder="ann")
    (notice,) = [n for n in done.notices if "list them" in n.message]
    assert notice.message.startswith("1 coding of codes whose definition")
    assert "`qualcode codebook diff staffroom@20" in notice.message


def test_a_code_is_added_to_the_file_of_an_applied_codebook(project: Project) -> None:
    done = life.add(project, "Fridays", under="help", definition="On Fridays.", example="We plan.", coder="ann")
    assert done.files == ("codebooks/room.yaml",)
    added = "      - code: fridays\n        label: Fridays\n        definition: On Fridays.\n"
    added += '        examples:\n          - "We plan."\n'
    assert file(project) == WRITTEN.replace("# two at least\n", "# two at least\n" + added)


def test_the_open_file_is_written_on_the_first_add_and_edited_after(project: Project) -> None:
    assert not (home(project) / "open.yaml").exists()
    life.add(project, "talk", coder="ann")
    commented = file(project, "open.yaml") + "# mine\n"
    (home(project) / "open.yaml").write_text(commented, encoding="utf-8")
    done = life.add(project, "silence", coder="ann")
    assert file(project, "open.yaml") == commented
    assert "was changed since" in told(done.notices)[0]
    codebooks.apply(project, str(home(project) / "open.yaml"), coder="ann", retire=["silence"])
    life.add(project, "noise", coder="ann")
    assert "# mine\n" in file(project, "open.yaml")
    assert "code: noise" in file(project, "open.yaml")


def test_an_open_file_somebody_put_there_is_not_overwritten(project: Project) -> None:
    (home(project) / "open.yaml").write_text("shopping list\n", encoding="utf-8")
    done = life.add(project, "talk", coder="ann")
    assert file(project, "open.yaml") == "shopping list\n"
    assert len(told(done.notices)) == 1
    assert code(project, "ann", "Nobody", "talk")
