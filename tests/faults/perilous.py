"""Texts and names that drive a terminal, a spreadsheet, a browser or TeX where somebody forgets to make them safe."""

from __future__ import annotations

from pathlib import Path

from qualcode.model import Bundle, Case, Code, Codebook, MemoTarget, Segment, Source, Span, Turn, stable_id
from qualcode.store import Project

ESCAPES = (
    "\x1b[2J\x1b[31m",  # clear the screen, red
    "\x1b]0;owned\x07",  # the window's title
    "\x1b]8;;http://example.org/\x1b\\link\x1b]8;;\x1b\\",  # a link
    "\x1b]52;c;cm0gLXJmIC8=\x07",  # the clipboard
    "\x9b2J\x85\x90\x9c",  # C1
    "\u202egnol\u2066\u2069\u200f",  # text turned round
    "\x08\x08\x0c\x0b\x7f",
    "\u2028\u2029\ufeff\U000e0041",
)
MARKUP = ("[laughs]", "[/]", "[bold red]", "[link=http://example.org]", ":smile:", "[/laughs]", "{0}", "%s", "{{x}}")
PAGES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "</style><svg onload=alert(1)>",
    "&lt;script&gt;",
    "\\input{/etc/passwd}",
    "\\write18{ls}",
    "$x^2$ 100 % & # _ ~ ^ { } \\",
    "`code` *bold* | a | b |",
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "\u00a0=1", "\u3000@x", "'=1", "''=1")
FORMULAS += ('=HYPERLINK("http://example.org","x")', "=cmd|' /C calc'!A0")
PIECES = (*ESCAPES, *MARKUP, *PAGES, *FORMULAS)
LONG = "What a long answer that was. " * 1_400  # 40,600 characters; a cell of a sheet holds 32,767
CODERS = ("=ann\x1b[31m", "[/]<b>ben")


def text() -> tuple[str, list[Turn]]:
    """A transcript in which every piece is a turn of its own, labelled with a piece; and its turns."""
    said, turns = "", []
    for n, piece in enumerate((*PIECES, LONG), start=1):
        label = f"{piece[:12].strip() or 'R'}"
        said += f"{label}: "
        turns.append(Turn(n, Span(len(said), len(said) + len(piece)), label, "respondent" if n % 2 else "interviewer"))
        said += piece + "\n"
    return said, turns


def fill(project: Project) -> None:
    """A study in which every name and every text is perilous, coded by two people."""
    said, turns = text()
    sources = [
        Source(stable_id("source", n), piece, "interview", said, tuple(turns), piece, f"{n:064x}", 0, f"{piece}.txt")
        for n, piece in enumerate(PIECES[:4] + FORMULAS[:3])
    ]
    cases = tuple(Case(source.case or "", {piece: piece for piece in PIECES}, "quote") for source in sources)
    project.add(Bundle(sources=tuple(sources), cases=cases), coder=CODERS[0])
    codes = tuple(
        Code(f"perils/c{n}", piece, piece, (piece,), (piece,), (piece,), (piece,)) for n, piece in enumerate(PIECES)
    )
    with project.act("codebook apply", CODERS[0]) as act:
        act.put_codebook(Codebook("perils", "=1.0\x1b[2J", codes, "=Title <script>\x1b[2J"), {})
    for coder in CODERS:
        with project.act("coding batch", coder) as act:
            for n, turn in enumerate(turns):
                code = project.codes()[n % len(codes)]
                act.add_coding(Segment(sources[0], turn.span), code, memo=PIECES[n % len(PIECES)])
            for piece in PIECES:
                act.put_memo(MemoTarget("project"), piece)
            act.put_memo(MemoTarget("case", project.cases()[0].id), PIECES[0])
    project.milestone("=state\x1b[2J[/]", CODERS[0])


def make(folder: Path) -> Path:
    """Such a study in `folder`, which is an initialised project."""
    with Project.open(folder) as project:
        fill(project)
    return folder
