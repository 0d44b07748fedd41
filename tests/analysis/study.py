"""A small invented study: three interviews, a questionnaire answer and a document, two coders, three codes."""

from __future__ import annotations

from dataclasses import replace

from qualcode.model import Bundle, Case, Code, Codebook, Coding, Segment, Source, Span, Status, Turn

ROLE = Codebook(
    "role",
    "1.0",
    (
        Code("role/managerial", "Managerial", "Running the provision.", ("rotas",), ("teaching",), ("I do the rota.",)),
        Code("role/pedagogical", "Pedagogical", "A direct part in learning."),
        Code("role/pedagogical/mentoring-the-mentors", "Mentoring the mentors", "Developing mentors' own skill."),
        Code("role/evaluative", "Evaluative", "Judging against the standards."),
    ),
    "The school coordinator's role",
    "literature",
)

LINES = {
    "interview-1": [
        ("I", "Has the role changed?"),
        ("Ada", "I do the rota [laughs], mostly the rota."),
        ("Ada", "And I sit in on lessons with new mentors."),
    ],
    "interview-2": [
        ("I", "What teaching do you do?"),
        ("Bo", "I take the Wednesday session, every week."),
        ("Bo", "The rota goes up in June."),
    ],
    "interview-3": [("I", "And assessment?"), ("Cy", "We all sign the forms."), ("Cy", "Nothing else, really.")],
}
CASES = (
    Case("Ada", {"phase": "primary", "years": 4}, "quote"),
    Case("Bo", {"phase": "secondary", "years": 11}, "archive"),
    Case("Cy", {"phase": "secondary", "years": None}, None),
)


def interview(name: str, case: str | None) -> Source:
    """A transcript of ``Label: text`` lines; the turn's span leaves the label out."""
    text, turns = "", []
    for n, (speaker, said) in enumerate(LINES[name], 1):
        start = len(text) + len(speaker) + 2
        turns.append(
            Turn(n, Span(start, start + len(said)), speaker, "interviewer" if speaker == "I" else "respondent")
        )
        text += f"{speaker}: {said}\n"
    return Source(f"id-{name}", name, "interview", text, tuple(turns), case)


def document() -> Source:
    text = "The coordinator keeps the rota."
    return Source("id-handbook", "handbook", "document", text, (Turn(1, Span(0, len(text))),))


SOURCES = (
    interview("interview-1", "Ada"),
    interview("interview-2", "Bo"),
    interview("interview-3", "Cy"),
    document(),
)


def coding(source: str, quote: str, code: str, coder: str = "ann", **more: object) -> Coding:
    """A coding of the first place in which the quotation stands."""
    found = next(each for each in SOURCES if each.name == source)
    at = found.text.index(quote)
    made = Coding(Segment(found, Span(at, at + len(quote))), f"role/{code}", coder)
    return replace(made, **more)  # type: ignore[arg-type]


ANN = (
    coding("interview-1", "I do the rota [laughs], mostly the rota.", "managerial"),
    coding("interview-1", "I sit in on lessons with new mentors", "pedagogical"),
    coding("interview-1", "I sit in on lessons with new mentors", "pedagogical/mentoring-the-mentors"),
    coding("interview-2", "I take the Wednesday session", "pedagogical"),
    coding("interview-2", "The rota goes up in June.", "managerial"),
    coding("handbook", "keeps the rota", "managerial"),
)
BEN = (coding("interview-1", "I do the rota", "managerial", "ben"),)


def study(*codings: Coding, **more: object) -> Bundle:
    """The study with these codings, or ann's."""
    bundle = Bundle(sources=SOURCES, cases=CASES, codebooks=(ROLE,), codings=codings or ANN)
    return replace(bundle, **more)  # type: ignore[arg-type]


def done(source: str, coder: str = "ann", at: str | None = None) -> Status:
    return Status(f"id-{source}", coder, "role", "done", at)
