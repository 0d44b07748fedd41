"""The only mouth, and how a run ends: in pipes, on a terminal, in an ASCII locale, and when something breaks."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from qualcode.cli import terminal
from qualcode.cli.endings import carried_out
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, UnknownCode
from qualcode.model import Notice
from qualcode.report import Heading, Margin, Note, Paragraph, Quotation, Report, Table

NASTY = "[laughs] [/] :smile: \x1b[31mred\x9b1m \u202eevil\x00 é — 😀"
REPORT = Report(
    "Codes by case",
    (
        Heading("All"),
        Table(("code", "n", "share"), (("role/pastoral", 12, 0.5), (NASTY, None, 1.25)), decimals=(0, 0, 2)),
        Note("12 of 20 cases"),
    ),
)


def _child(body: str, *, env: dict[str, str] | None = None, stdout: int | None = subprocess.PIPE) -> list[str]:
    prelude = """
    import sys
    from qualcode.cli import terminal
    from qualcode.cli.endings import carried_out
    from qualcode.cli.request import Request
    from qualcode.report import *
    """
    code = textwrap.dedent(prelude) + textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | (env or {}), stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    return [str(done.returncode), (done.stdout or b"").decode("utf-8"), done.stderr.decode("utf-8")]


def test_off_a_terminal_a_table_is_tab_separated_and_the_rest_is_commented(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say(REPORT)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == ["# Codes by case", "# All", "code\tn\tshare", "role/pastoral\t12\t0.50"]
    assert lines[4].startswith("[laughs] [/] :smile: ␛[31mred⟨U+009B⟩1m ⟨U+202E⟩evil␀ é — 😀\tn/a\t1.25")
    assert lines[5] == "# Note: 12 of 20 cases"
    assert all(len(line.split("\t")) == 3 for line in lines if not line.startswith("#"))


def test_every_line_of_a_paragraph_beside_a_table_is_commented(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say(Report("", (Paragraph("one\ntwo"), Table(("a",), (("x\ny\tz",),)))))
    assert capsys.readouterr().out == "# one\n# two\na\nx y z\n"


def test_without_a_table_a_report_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = (Quotation("I felt [inaudible] lost", "[Secondary coordinator]", "int-2, turn 4", ("role/pastoral",)),)
    terminal.say(Report("Quotations", (*blocks, Margin("3", "P1", "So yes.", ("role/pastoral (ann)",)))))
    said = capsys.readouterr().out
    assert said.startswith("Quotations\nI felt [inaudible] lost\n")
    assert "[Secondary coordinator] (int-2, turn 4)  role/pastoral\n" in said
    assert said.endswith("3\tP1\tSo yes.\trole/pastoral (ann)\n")


def test_json_is_one_exact_document_without_raw_controls(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"quote": NASTY + "\ud800\U000e0041\u2028", "n": 1}
    terminal.say_json(value)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert json.loads(said) == value
    assert not set(said) & {"\x1b", "\x9b", "\u202e", "\x00", "\ud800", "\U000e0041", "\u2028"}
    assert "é — 😀" in said


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_encoding_of_stdout_breaks_the_output(encoding: str) -> None:
    text = "é — 😀 [laughs]"
    body = f"""
    def work():
        terminal.say(Report({text!r}))
        terminal.say_json([{text!r}])
        terminal.tell(Request(), {text!r})
    sys.exit(carried_out(work, {{}}))
    """
    env = {"PYTHONIOENCODING": encoding}
    code = textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", "import sys\nfrom qualcode.cli import terminal\nfrom qualcode.report import *\n"
         "from qualcode.cli.endings import carried_out\nfrom qualcode.cli.request import Request\n" + code],
        env=os.environ | env, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    first, second = done.stdout.decode(encoding).splitlines()
    assert first.endswith("[laughs]")
    assert json.loads(second) == [text]


def test_json_keeps_stdout_pure_and_messages_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    request = Request(json=True)
    terminal.tell(request, "3 sources taken in")
    terminal.answer(request, lambda: [1], lambda: pytest.fail("the report was built although JSON was asked for"))
    said = capsys.readouterr()
    assert json.loads(said.out) == [1]
    assert said.err == "3 sources taken in\n"


def test_quiet_drops_messages_and_keeps_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    request = Request(quiet=True)
    terminal.tell(request, "3 sources taken in")
    terminal.tell(request, Notice("a.txt:3", "info", "no label"))
    assert capsys.readouterr().err == ""
    terminal.tell(request, Notice("a.txt:3", "warning", "no\nlabel"))
    assert capsys.readouterr().err == "a.txt:3: no label\n"


def test_off_a_terminal_there_is_no_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress(Request(), "reading", 3) as advance:
        advance(3)
    assert capsys.readouterr() == ("", "")


def _on_a_terminal(body: str, env: dict[str, str] | None = None) -> str:
    """What a child whose stdout and stderr are a terminal of 80 columns writes."""
    leader, follower = pty.openpty()
    prelude = "import sys\nfrom qualcode.cli import terminal\nfrom qualcode.cli.request import Request\n"
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **(env or {})}
    child = subprocess.Popen(
        [sys.executable, "-c", prelude + textwrap.dedent(body)], stdout=follower, stderr=follower, env=surroundings
    )
    os.close(follower)
    said = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        said += piece
    os.close(leader)
    assert child.wait() == 0
    return said.decode("utf-8").replace("\r\n", "\n")


SHOW = f"""
from qualcode.report import *
terminal.say(Report("A [title]", (
    Heading("[b]Part[/b]"),
    Table(("code", "n"), (("role/pastoral", 12), ({NASTY!r}, None)), "Counts"),
    Quotation("I said [laughs] no[/]", "[P1]", "int-1, turn 2", ("role/pastoral",), "a memo", "before ", " after"),
    Margin("12", "P1", "It was hard.", ("role/pastoral (ann)",), coded=((3, 6),)),
    Figure("bars", "Bars", {{"labels": ["a", "b"], "values": [1, 2]}}),
    Note("n = 12 " + "very long " * 30),
)))
"""


def test_on_a_terminal_every_bracket_prints_and_no_escape_of_the_text_gets_through() -> None:
    said = _on_a_terminal(SHOW, {"NO_COLOR": "1"})
    for expected in (
        "[title]",
        "[b]Part[/b]",
        "[laughs] [/] :smile:",
        "I said [laughs] no[/]",
        "[P1]",
        "n/a",
        "a memo",
    ):
        assert expected in said
    assert "\x1b[31mred" not in said
    assert "\u202e" not in said
    assert "\x9b" not in said


def test_on_a_terminal_lines_fit_80_columns() -> None:
    said = _on_a_terminal(SHOW, {"TERM": "dumb"})
    lines = said.splitlines()
    assert len(lines) > 15
    assert "\x1b" not in said
    assert max(map(len, lines)) <= 80


def test_no_color_means_no_colour() -> None:
    import re

    colour = re.compile(r"\x1b\[(?:\d+;)*3[0-7]m")
    assert colour.search(_on_a_terminal(SHOW, {"NO_COLOR": ""})), "the text is coloured where nothing forbids it"
    assert not colour.search(_on_a_terminal(SHOW, {"NO_COLOR": "1"}))


def test_on_a_terminal_progress_is_shown_and_leaves_nothing_behind() -> None:
    body = """
    with terminal.progress(Request(), "reading [a]", 2) as advance:
        advance(1); advance(1)
    sys.stdout.write("after\\n")
    """
    said = _on_a_terminal(body)
    assert "reading [a]" in said
    assert said.endswith("after\n")
    assert "reading" not in _on_a_terminal(body.replace("Request()", "Request(quiet=True)"))


def test_a_reader_that_leaves_ends_the_run_quietly() -> None:
    body = """
    def work():
        for _ in range(100_000):
            terminal.say_lines(["x" * 100])
    sys.exit(carried_out(work, {}))
    """
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert _child(body, stdout=writer) == ["0", "", ""]
    finally:
        os.close(writer)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_said_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        status, _, said = _child("sys.exit(carried_out(lambda: terminal.say_json([1]), {}))", stdout=full.fileno())
    assert status == str(ExitStatus.PROJECT.value)
    assert said == "qualcode: cannot write the results: No space left on device — free some space, or write elsewhere\n"


def _failing(error: BaseException) -> object:
    raise error


def _end(error: BaseException, *, debug: bool = False) -> int:
    return carried_out(lambda: _failing(error), {"debug": debug})


def test_our_own_error_is_one_line_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert _end(UnknownCode("pastorl\n\x1b[2J", near="pastoral")) == ExitStatus.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == 'qualcode: no code "pastorl ␛[2J" in this project — did you mean "pastoral"?\n'


@pytest.mark.parametrize("debug", [False, True])
def test_an_internal_error_names_type_and_place_and_quotes_nobody(
    capsys: pytest.CaptureFixture[str], debug: bool
) -> None:
    secret = "we never told the headteacher"
    try:
        raise KeyError(secret)
    except KeyError as cause:
        error = ValueError(f"bad turn: {secret}")
        error.__cause__ = cause
    assert _end(error, debug=debug) == ExitStatus.BUG
    said = capsys.readouterr().err
    assert "headteacher" not in said
    assert "qualcode: internal error (ValueError in qualcode.cli.endings:" in said
    assert said.splitlines()[-1].endswith("run again with --debug and report it")
    assert ("KeyError" in said) == debug
    assert (said.count("\n") == 1) != debug


def test_an_unforeseen_file_error_names_the_file_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert _end(PermissionError(13, "Permission denied", "/somewhere/private/list.csv")) == ExitStatus.INPUT
    assert capsys.readouterr().err == (
        "qualcode: cannot use list.csv: Permission denied — check the name and the permissions\n"
    )


def test_an_interrupt_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert _end(KeyboardInterrupt()) == ExitStatus.INTERRUPT
    assert capsys.readouterr().err.startswith("qualcode: interrupted — ")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_were_closed_are_no_mistake_of_ours(tmp_path: Path, closed: str) -> None:
    """A database that got the number of a closed stdout would have the results written into it."""
    qualcode = f'"{sys.executable}" -m qualcode --project study'
    for command, status in (("init study", 0), ("sources", 0), ("show nothing", 2), ("--coder ann coding batch", 0)):
        said = command if command.startswith("init") else f"--project study {command}"
        run = f'"{sys.executable}" -m qualcode {said} {closed}'
        assert subprocess.run(["sh", "-c", run], cwd=tmp_path, check=False, timeout=60).returncode == status, command
    checked = subprocess.run(
        ["sh", "-c", f"{qualcode} doctor"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
