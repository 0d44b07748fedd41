"""A bundle in which every field of every type is used."""

from __future__ import annotations

from qualcode.model import (
    Bundle,
    Case,
    Code,
    Codebook,
    CodeLink,
    Coder,
    CodeSet,
    Coding,
    Cue,
    Excerpt,
    Memo,
    MemoTarget,
    Notice,
    Reason,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
    Turn,
)

TEXT = 'I: Why?\nBo: =1+1 [laughs],\n"so" it\'s\u2028 \x1b[31m \u202eodd\u202c é 👩\u200d👧.\n'
SOURCE = Source(
    "id-1",
    "interview, 1",
    "interview",
    TEXT,
    (Turn(1, Span(3, 7), "I", "interviewer", None, 0.5), Turn(2, Span(12, len(TEXT) - 1), "Bo", "respondent", "Why?")),
    "Bo",
    "ab12",
    2,
    "one.docx",
)
UNLISTED = Source("id-2", "elsewhere", "document", "Not among the sources.")
CODE = Code(
    "role/managerial",
    "Managerial",
    "Running it.",
    ("in",),
    ("out",),
    ("an example",),
    ("a counterexample",),
    (Cue("lemma", "organise"), Cue("regex", r"\brota\b")),
    ("respondent",),
    "#4477aa",
    "m",
    "c1",
    "2024-05-01T00:00:00Z",
)
CODING = Coding(
    Segment(SOURCE, Span(12, 25)),
    CODE.path,
    "ann",
    2,
    "2024-05-02T10:00:00Z",
    "suggestion:s1",
    "-why",
    0.75,
    "edited",
    "k1",
)

BUNDLE = Bundle(
    sources=(SOURCE,),
    cases=(
        Case(
            "Bo",
            {"phase": "secondary", "years": 4, "share": 0.5, "gtp": True, "none": None},
            "quote",
            True,
            "b",
            ("id-1",),
        ),
    ),
    codebooks=(Codebook("role", "1.0", (CODE,), "The role", "literature", "ff"),),
    codings=(CODING, Coding(Segment(UNLISTED, Span(0, 3)), CODE.path, "ben")),
    memos=(
        Memo(
            MemoTarget("segment", "id-1", "role/managerial", Span(12, 15)), "A memo\nof two lines", "ann", "2024", "m1"
        ),
        Memo(MemoTarget("project"), "short", "ben"),
    ),
    sets=(CodeSet("core", ("role/managerial",)),),
    links=(CodeLink("role/managerial", "leads to", "role/pastoral"),),
    suggestions=(
        Suggestion(
            Segment(SOURCE, Span(12, 20)),
            CODE.path,
            0.91,
            "cues",
            "1",
            Reason("cue", "organise", ((12, 16), (17, 20))),
            True,
            "accepted",
            "ann",
            "s1",
        ),
    ),
    coders=(Coder("ann", {"discipline": "education"}), Coder("ben")),
    statuses=(Status("id-1", "ann", "role", "done", "2024-05-02T10:00:00Z"),),
    notices=(Notice("one.docx:3", "warning", "no label"),),
    excerpts=(Excerpt("t.csv:2", "some words", ("Care", "Rules"), "one", "ann", "why", "2024"),),
    missed=(Notice("one.qdpx: selection 3", "warning", "outside the text"),),
)
