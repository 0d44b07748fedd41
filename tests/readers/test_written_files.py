"""Files as transcription tools, chats and typists write them: speakers, roles, times and words, all turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.written import expected, files, shown


def test_every_sample_has_its_page() -> None:
    assert len(files()) > 100
    assert [path.name for path in files()] == sorted(expected())


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_file_is_read_as_a_person_would(path: Path) -> None:
    assert shown(path) == expected()[path.name]
