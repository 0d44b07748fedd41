"""What comes with qualcode: the bundled codebooks and the example study."""

from __future__ import annotations

from pathlib import Path

from qualcode.errors import CodebookError, nearest


def study_folder() -> Path:
    """The folder that holds ``codebooks/`` and ``transcripts/`` of the example study.

    In an installed wheel that is ``qualcode/bundled``; an editable install has no such folder, because the build
    only copies it into wheels, so there it is the root of the repository. Raises CodebookError when neither is there.
    """
    import qualcode

    package = Path(qualcode.__file__).parent
    for folder in (package / "bundled", package.parent.parent):
        if (folder / "codebooks").is_dir():
            return folder
    raise CodebookError("the bundled codebooks are missing from this installation", "reinstall qualcode")


def bundled() -> tuple[str, ...]:
    """The names of the bundled codebooks, in alphabetical order."""
    return tuple(sorted(path.stem for path in (study_folder() / "codebooks").glob("*.yaml")))


def bundled_path(name: str) -> Path:
    """The file of a bundled codebook; raises CodebookError with the nearest name, or the list."""
    names = bundled()
    if name in names:
        return study_folder() / "codebooks" / f"{name}.yaml"
    near = nearest(name[:200], names)
    way_out = f'did you mean "{near}"?' if near else f"there are {', '.join(names)}"
    raise CodebookError(f'no bundled codebook "{name[:80]}"', way_out)
