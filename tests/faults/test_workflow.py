"""The whole afternoon: read-only folders, private files, no network, no leak, backups in use (O34-O37, O39)."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.store import Project
from tests.faults import deaths, syscalls, workflow
from tests.faults.command import Said, ask, launch, picture, quiet, refuses, tables, works
from tests.faults.test_damage import Writing

WRITES = (
    ("memo", "add", "x"),
    ("coding", "add", "--source", "interview-0", "--span", "5:60", "--code", "managerial"),
    ("codebook", "add", "new", "--under", "role"),
    ("undo",),
    ("milestone", "m"),
    ("backup",),
    ("export", "codings", "--format", "csv"),
    ("suggest",),
)
READS = (("sources",), ("coding", "list"), ("show", "interview-0"), ("history",), ("doctor",))


# -- O34: read-only -------------------------------------------------------------------------------------------


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[Path]:
    """A project on a disk that is mounted read-only; without that right, a folder without the right to write."""
    home = tmp_path / "disk"
    home.mkdir()
    if os.geteuid() != 0:
        deaths.make_project(home / "study")
        for path in (home / "study" / "qualcode.db", *(p for p in (home / "study").rglob("*") if p.is_dir())):
            path.chmod(path.stat().st_mode & ~0o222)
        (home / "study").chmod(0o500)
        yield home / "study"
        for path in (home / "study", *(p for p in (home / "study").rglob("*"))):
            path.chmod(0o700)
        return
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(home)], capture_output=True).returncode:
        pytest.skip("root may write everywhere, and mounting is not allowed here")
    deaths.make_project(home / "study")
    subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
    yield home / "study"
    subprocess.run(["umount", "--lazy", str(home)], check=True)


def test_a_read_only_project_is_read_and_every_write_says_what_to_do(frozen: Path, tmp_path: Path) -> None:
    """O34: an archive on a stick, a colleague's folder."""
    before = picture(frozen)
    for command in READS:
        said = quiet(ask("--project", frozen, *command))
        assert said.status in (0, 1), (command, said)
    for command in WRITES:
        said = quiet(ask("--project", frozen, *command))
        line = refuses(said, 2, 3, 4, 5)
        assert said.status in (3, 5) or command[0] in ("undo", "suggest"), (command, said)
        assert "internal" not in line
    refuses(ask("init", frozen.parent / "new"), 3, 5)
    works(ask("--project", frozen, "export", "codings", "--format", "csv", "--out", tmp_path / "out.csv"))
    assert picture(frozen) == before


def test_a_read_only_project_can_be_merged_from(frozen: Path, tmp_path: Path) -> None:
    """O34: nothing is written beside it."""
    mine = tmp_path / "mine"
    deaths.make_project(mine, sources=1)
    works(quiet(ask("--project", mine, "merge", frozen)))
    assert len(works(ask("--project", mine, "sources", "--json")).json) == 3


# -- O35: modes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_everything_is_private_after_a_whole_study(tmp_path: Path, umask: int) -> None:
    """O35: files 0600, folders 0700, whatever the umask allows; exports and hand-outs, too."""
    before = os.umask(umask)
    try:
        workflow.played(tmp_path / "study", tmp_path / "home")
    finally:
        os.umask(before)
    given = {tmp_path / "home" / name for name in ("talk.txt", "corrected.txt", "survey.csv", "cases.csv", "role.yaml")}
    made = [p for root in ("study", "home") for p in (tmp_path / root).rglob("*") if p not in given]
    assert len(made) > 25
    for path in made:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert stat.S_IMODE((tmp_path / "study").stat().st_mode) == 0o700


def test_git_leaves_the_data_alone(tmp_path: Path) -> None:
    """O35: the `.gitignore` of a new project names all that is personal."""
    workflow.played(tmp_path / "study", tmp_path / "home")
    study = tmp_path / "study"
    if subprocess.run(["git", "init", "--quiet", str(study)], capture_output=True).returncode:
        pytest.skip("git is not here")
    listed = subprocess.run(["git", "-C", str(study), "status", "--porcelain", "-uall"], capture_output=True, text=True)
    names = [line[3:] for line in listed.stdout.splitlines()]
    assert names
    assert [
        name for name in names if not name.startswith(("codebooks/", "surveys/", ".gitignore", "qualcode.yaml"))
    ] == []


# -- O36: network ---------------------------------------------------------------------------------------------


def network_calls(tmp_path: Path, *, suggestions: bool) -> list[str]:
    """The calls of the network family that a whole study makes."""
    code = (
        "import sys; from pathlib import Path; from tests.faults import workflow; "
        f"workflow.played(Path(sys.argv[1]), Path(sys.argv[2]), suggestions={suggestions})"
    )
    trace, study = tmp_path / "trace", tmp_path / "study"
    command = [sys.executable, "-c", code, str(study), str(tmp_path / "home")]
    strace = ["strace", "-f", "--seccomp-bpf", "-o", str(trace), "-e", "trace=network,execve"]
    subprocess.run([*strace, *command], check=True, capture_output=True, cwd=Path(__file__).parents[2])
    assert len(tables(study)["act"]) > 20
    calls = [line.split(maxsplit=1)[1] for line in trace.read_text().splitlines()]
    assert [call for call in calls if call.startswith("execve(")][1:] == []
    return [call for call in calls if not call.startswith(("execve(", "+++", "---"))]


traced = pytest.mark.skipif(not syscalls.can_trace(), reason="strace is not here, or may not trace")


@traced
def test_a_whole_study_opens_no_socket_and_starts_no_program(tmp_path: Path) -> None:
    """O36: not one call of the network family, from the first import of a module to the last commit."""
    assert network_calls(tmp_path, suggestions=False) == []


@traced
def test_suggestions_open_no_socket_either(tmp_path: Path) -> None:
    """O36: not even the one that urllib3, which spaCy imports, would bind to see whether IPv6 is there."""
    assert network_calls(tmp_path, suggestions=True) == []


# -- O37: a mistake of ours -----------------------------------------------------------------------------------

SECRET = "nobody must ever read this sentence"
BREAKS = {
    "adding": "import qualcode.store.acts as m; m.Act.add_coding = boom",
    "projecting": "import qualcode.store.projection as m; m.project = boom",
    "reading": "import qualcode.store.retrieval as m; m.codings = boom",
    "rendering": "import qualcode.cli.shapes as m; m.coding = boom",
    "saying": "import qualcode.cli.terminal as m; m.answer = boom",
}
RAISES = ("RuntimeError(SECRET)", "UnicodeDecodeError('utf-8', SECRET.encode(), 0, 1, SECRET)", "MemoryError(SECRET)",
          "AssertionError(SECRET)", "OSError(5, SECRET)", "KeyError(SECRET)", "RecursionError(SECRET)")  # fmt: skip


@pytest.mark.parametrize("where", BREAKS)
@pytest.mark.parametrize("debug", [False, True])
def test_a_mistake_of_ours_quotes_no_transcript(tmp_path: Path, where: str, debug: bool) -> None:
    """O37: status 70, one line with type and place; with `--debug` the places, never the message."""
    folder, broken = tmp_path / "study", tmp_path / "broken"
    deaths.make_project(folder, sentences=2)
    broken.mkdir()
    before = picture(folder)
    error = RAISES[len(where) % len(RAISES)] if not debug else "RuntimeError(SECRET)"
    (broken / "sitecustomize.py").write_text(
        f"SECRET = {SECRET!r}\n\ndef boom(*_, **__):\n"
        "    try:\n        raise ValueError(SECRET)\n    except ValueError as cause:\n"
        f"        raise {error} from cause\n\n"
        f"{BREAKS[where]}\n"
    )
    command = ["coding", "add", "--source", "interview-0", "--span", "5:60", "--code", "managerial", "--json"]
    said = launch("--project", folder, *command, *(["--debug"] if debug else []), env={"PYTHONPATH": str(broken)})
    assert_silent(said, debug)
    if where in ("adding", "projecting"):
        assert picture(folder) == before
    deaths.sound(folder).close()


def assert_silent(said: Said, debug: bool) -> None:
    """Neither stream holds the sentence, nor a word of the transcript."""
    assert said.status == 70, said
    assert said.out == b""
    assert SECRET.encode() not in said.err
    assert b"mentors" not in said.err
    assert b"Traceback" not in said.err
    assert said.err.rstrip().splitlines()[-1].startswith(b"qualcode: internal error (")
    assert debug or said.err.count(b"\n") == 1


@pytest.mark.parametrize("error", RAISES)
def test_no_kind_of_error_is_quoted(tmp_path: Path, error: str) -> None:
    """O37: in this process, one kind after the other."""
    folder = tmp_path / "study"
    deaths.make_project(folder, sentences=2)

    def boom(*_: object, **__: object) -> None:
        raise eval(error, {"SECRET": SECRET})

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("qualcode.store.retrieval.codings", boom)
        said = ask("--project", folder, "coding", "list")
    assert said.status in (3, 5, 70)
    assert SECRET not in said.line + said.text
    assert said.line.count("\n") == 1


# -- O39: backups ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "times", [pytest.param(100, id="quick"), pytest.param(2000, marks=pytest.mark.soak, id="soak")]
)
def test_a_backup_made_while_somebody_works_is_complete(tmp_path: Path, times: int) -> None:
    """O39: all that was stored when it began is in it; it opens, and the doctor finds nothing."""
    folder = tmp_path / "study"
    deaths.make_project(folder)
    writer = Writing(folder, times)
    writer.start()
    made = 0
    while writer.is_alive():
        known = set(writer.stored)
        kept = Path(works(ask("--project", folder, "backup", "--json")).json["written"])
        elsewhere = tmp_path / f"elsewhere-{made}"
        works(ask("init", elsewhere))
        works(ask("--project", elsewhere, "restore", kept))
        with deaths.sound(elsewhere) as project:
            assert known <= {coding.id for coding in project.codings()}
        made += 1
    assert made > 0
    assert len(writer.stored) == times
    assert not [path for path in (folder / "backups").iterdir() if path.name.startswith(".")]


def test_a_restored_backup_goes_on_elsewhere_and_merges_without_a_fork(tmp_path: Path) -> None:
    """O39: on another machine, or beside the old one; what it replaced is set aside, whole."""
    folder, elsewhere = tmp_path / "study", tmp_path / "elsewhere"
    deaths.make_project(folder)
    add = ("coding", "add", "--source", "interview-0", "--code", "managerial", "--span")
    works(ask("--project", folder, *add, "5:60"))
    kept = Path(works(ask("--project", folder, "backup", "--json")).json["written"])
    works(ask("--project", folder, *add, "6:60"))
    works(ask("init", elsewhere))
    said = works(ask("--project", elsewhere, "restore", kept, "--json")).json
    with Project.open(elsewhere) as project:
        assert len(project.codings()) == 1
    works(ask("--project", elsewhere, *add, "7:60"))
    works(ask("--project", folder, "merge", elsewhere))
    works(ask("--project", elsewhere, "merge", folder))
    for each in (folder, elsewhere):
        with deaths.sound(each) as project:
            assert len(project.codings()) == 3
            assert project.forks() == ()
    assert Path(said["set_aside"]).is_file()
    works(ask("--project", folder, "restore", kept.name))
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 1
    (aside,) = (folder / "backups").glob("*set-aside*.db")
    works(ask("--project", folder, "merge", aside))
    with deaths.sound(folder) as project:
        assert len(project.codings()) == 3


def test_two_backups_at_once_are_both_whole(tmp_path: Path) -> None:
    """O39: by a person and by a merge, say."""
    folder = tmp_path / "study"
    deaths.make_project(folder)
    made: list[Path] = []

    def back_up() -> None:
        with Project.open(folder) as project:
            made.append(project.backup())

    threads = [threading.Thread(target=back_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 3
    assert all(path.stat().st_size == (folder / "qualcode.db").stat().st_size for path in made)
