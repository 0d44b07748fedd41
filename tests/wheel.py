"""Build the sdist, build the wheel from it, install that into a clean environment, and do the main job far from here.

    python tests/wheel.py [--keep]

Run by ``make test``. Nothing of the checkout is used after the build: another folder, no PYTHONPATH, a home of its own.
Prints what was done and how long it took; ends with status 1 at the first thing that is not as expected.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HELD = ("qualcode/py.typed", "qualcode/bundled/codebooks/role.yaml", "qualcode/bundled/transcripts/README.md")
INTERVIEW = "I: Do you see the trainees?\n\nP1: Every week, in a mentor meeting. [laughs] They tell me their worries.\n"


class Unexpected(Exception):
    """Something is not as it should be; the text says what."""


def build(home: Path) -> Path:
    """The wheel, built from the sdist, so that the sdist is known to be complete."""
    done = subprocess.run([sys.executable, "-m", "build", "--outdir", home, ROOT], capture_output=True, check=False)
    if done.returncode != 0:
        raise Unexpected("it cannot be built; `python -m build` says why")
    wheel = next(home.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    missing = [name for name in HELD if name not in names]
    foreign = [name for name in names if not name.startswith("qualcode")]
    if missing or foreign or not any(name.endswith("licenses/LICENSE") for name in names):
        raise Unexpected(f"the wheel lacks {missing or 'its licence'} or holds what is not ours: {foreign}")
    return wheel


def install(wheel: Path, home: Path) -> Path:
    """A new environment with the wheel and what it depends on; its folder of programs."""
    place = home / "environment"
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, place], check=True)
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", programs / "python", wheel], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [programs / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, wheel], check=True)
    return programs


class Shell:
    """Runs the installed qualcode in a folder of its own and remembers nothing but where."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.program = programs / "qualcode"
        self.folder = home / "desk"
        self.folder.mkdir()
        kept = {name: os.environ[name] for name in ("LANG", "SYSTEMROOT") if name in os.environ}
        self.surroundings = {**kept, "PATH": f"{programs}{os.pathsep}{os.defpath}", "HOME": str(self.folder)}

    def run(self, *words: str, status: int = 0, input: str = "") -> str:
        """What the command prints on stdout; raises Unexpected for another status or a traceback."""
        done = subprocess.run(
            [self.program, *words], cwd=self.folder, env=self.surroundings, input=input, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode != status or "Traceback" in done.stderr:
            raise Unexpected(f"qualcode {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def json(self, *words: str) -> object:
        """What the command answers under ``--json``."""
        return json.loads(self.run(*words, "--json"))


def main_job(shell: Shell) -> list[str]:
    """The main job on the example study and on a new interview; what was seen, one line each."""
    seen = [shell.run("--version").strip(), f"{len(shell.run('--help').splitlines())} lines of help"]
    shell.run("init", "study", "--example")
    study = ("--project", "study")
    (shell.folder / "new.txt").write_text(INTERVIEW, encoding="utf-8")
    shell.run("import", "new.txt", *study)
    seen.append(f"{_count(shell.json('sources', *study))} sources")
    shell.run("coding", "add", "--source", "new", "--quote", "They tell me their worries.", "--code", "pastoral",
              "--coder", "ann", *study)  # fmt: skip
    seen.append(f"{_count(shell.json('coding', 'list', *study))} codings")
    shell.run("suggest", "--with", "cues", *study)
    seen.append(f"{_count(shell.json('suggestions', 'list', *study))} suggestions")
    agreement = shell.json("agreement", *study)
    seen.append(f"{_count(agreement['measures'] if isinstance(agreement, dict) else [])} figures of agreement")
    shell.run("report", "frequencies", "--layer", "ann", *study)
    for format in ("md", "docx", "html", "csv"):
        out = shell.folder / f"quotations.{format}"
        shell.run("export", "quotations", "--layer", "ann", "--format", format, "--out", str(out), *study)
        if not out.exists() or out.stat().st_size < 500:
            raise Unexpected(f"{out.name} is missing or nearly empty")
    if "They tell me their worries." not in (shell.folder / "quotations.md").read_text(encoding="utf-8"):
        raise Unexpected("the coded sentence is not among the exported quotations")
    shell.run("sources", "--project", "nowhere", status=5)
    return [*seen, "quotations as md, docx, html and csv"]


def _count(rows: object) -> int:
    if not isinstance(rows, list) or not rows:
        raise Unexpected(f"expected a list with something in it, not {type(rows).__name__}")
    return len(rows)


def main() -> int:
    """Build, install, do the job, say so."""
    home = Path(tempfile.mkdtemp(prefix="qualcode-wheel-"))
    try:
        started = time.monotonic()
        wheel = build(home)
        print(f"built {wheel.name} ({wheel.stat().st_size // 1024} KB) in {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        programs = install(wheel, home)
        print(f"installed with its dependencies in {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        for line in main_job(Shell(programs, home)):
            print(f"  {line}")
        print(f"the main job from the wheel in {time.monotonic() - started:.0f} s")
    except (Unexpected, subprocess.CalledProcessError) as error:
        print(f"the wheel: {error}", file=sys.stderr)
        return 1
    finally:
        if "--keep" not in sys.argv:
            shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
