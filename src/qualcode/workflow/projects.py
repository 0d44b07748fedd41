"""Start a project, find it, open it, fill it with the example study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qualcode import settings
from qualcode.errors import NoProject, ProjectError, UsageError
from qualcode.model import Codebook, MemoTarget
from qualcode.settings import APPROACHES, DATABASE
from qualcode.store import Project, files
from qualcode.workflow import codebooks, importing

IGNORED = "# a project's data stays out of version control\nqualcode.db*\ntranscripts/\nexports/\nbackups/\n"


@dataclass(frozen=True, slots=True)
class Started:
    """A new project and what is in it."""

    folder: Path
    sources: int = 0
    cases: int = 0
    codings: int = 0
    memos: int = 0


def find(start: Path) -> Path:
    """The project folder at or above `start`. Raises NoProject."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / DATABASE).is_file():
            return folder
    raise NoProject(str(start))


def open_project(folder: Path, *, as_of: str | None = None) -> Project:
    """Open the project in `folder`, which must be its top; with `as_of` as it was at a time or milestone."""
    project = Project.open(folder)
    return project if as_of is None else project.as_of(as_of)


def start(folder: Path, *, approach: str = "undecided", example: bool = False) -> Started:
    """Make a project in `folder` with an empty `open` codebook; with `example`, the invented study in it.

    Raises UsageError for an unknown approach and ProjectError when there is a project already.
    """
    if approach not in APPROACHES:
        raise UsageError(f'no approach "{approach}"', f"choose from {', '.join(APPROACHES)}")
    with Project.start(folder) as project:
        try:
            _write_once(folder / settings.FILE, settings.default_text(approach))
            _write_once(folder / ".gitignore", IGNORED)
            with project.act("init", None) as act:
                act.put_codebook(Codebook("open", title="Codes made while reading"), {})
            return _fill(project) if example else Started(folder)
        except BaseException:
            project.path.unlink()  # a project is there whole or not at all
            raise


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        files.write_whole(path, text.encode())


def _fill(project: Project) -> Started:
    """The example study: its sources, cases, codebooks (one with its earlier version), two coders' layers, memos."""
    from qualcode.codebook import study_folder

    bundled = study_folder()
    _import_example(project, bundled / "transcripts")
    _apply_example(project, bundled / "codebooks")
    _code_example(project, bundled / "transcripts" / "coding")
    with project.reading():
        memos = project.memos()
        codings = [coding.memo for coding in project.codings()]
        said = len(memos) + sum(memo is not None for memo in codings)
        return Started(project.folder, len(project.source_names()), len(project.cases()), len(codings), said)


def _import_example(project: Project, study: Path) -> None:
    found = sorted(p for p in study.iterdir() if p.stem.startswith(("interview-", "questionnaire")) and p.is_file())
    if not found:
        raise ProjectError("the example study is not in this installation", "reinstall qualcode")
    request = importing.Request(paths=(*found, study / "documents"))
    importing.import_paths(project, request, coder=None)
    from qualcode.workflow import cases

    cases.import_sheet(project, study / "cases.csv", coder=None)
    cases.link(project, "Q14", "interview-3", coder=None)


def _apply_example(project: Project, home: Path) -> None:
    codebooks.apply(project, str(home / "earlier" / "partnerships-0.1.yaml"), coder="ann")
    renames, retired = _earlier_names(home / "earlier" / "partnerships-0.1-to-1.0.md")
    codebooks.apply(project, "partnerships", coder="ann", renames=renames, retire=retired)
    for name in ("role", "conditions"):
        codebooks.apply(project, name, coder="ann")
    files.write_whole(
        project.folder / "codebooks" / "earlier" / "partnerships-0.1.yaml",
        (home / "earlier" / "partnerships-0.1.yaml").read_bytes(),
    )


def _earlier_names(notes: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The renames and retirements in the two tables of the notes, told apart by their headers."""
    renames: dict[str, str] = {}
    retired: list[str] = []
    table = ""
    for line in notes.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if cells[0] in ("old path", "retired path"):
            table = cells[0]
        elif len(cells) == 3 and cells[0].startswith("partnerships/"):
            if table == "old path":
                renames[cells[0]] = cells[1]
            else:
                retired.append(cells[0])
    return renames, tuple(retired)


def _code_example(project: Project, layers: Path) -> None:
    import json

    from qualcode.session import Session

    for coder in ("ann", "ben"):
        session = Session(project, coder)
        lines = [
            line
            for name in (f"{coder}.jsonl", f"{coder}.survey.jsonl")
            for line in (layers / name).read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        wrong = [answer for answer in session.batch(lines, origin="example study") if "error" in answer]
        if wrong:
            raise ProjectError(f"the example study has {len(wrong)} codings that do not fit: {wrong[0]['error']}")
        coded = {coding.source.name for coding in project.codings(coders={coder})}
        for name in sorted({book.name for book in project.codebooks()} - {"open"}):
            if name == "role":
                session.set_done(sorted(c for c in coded if not c.startswith("questionnaire")), name, "done")
            else:
                session.set_done(sorted(coded), name, "done")
    for line in (layers / "memos.jsonl").read_text(encoding="utf-8").splitlines():
        if line.strip():
            said = json.loads(line)
            about = MemoTarget(said["about"]["kind"], said["about"].get("name", ""))
            Session(project, said["coder"]).add_memo(about, said["text"])
