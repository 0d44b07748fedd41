"""Backups by name, and restoring one when the database itself may not open."""

from __future__ import annotations

from pathlib import Path

from qualcode.store import backup


def listed(folder: Path) -> tuple[tuple[Path, int], ...]:
    """The backups of a project folder with their sizes in bytes, newest first."""
    return tuple((path, path.stat().st_size) for path in backup.listed(folder))


def restore(folder: Path, word: str) -> tuple[Path, Path | None]:
    """Put a backup in place; returns it, and where what it replaced is. Raises ProjectError."""
    return backup.restore(folder, word)
