"""Texts that formats would change, swallow or run, and a report that holds them in every kind of block."""

from __future__ import annotations

from qualcode.report import Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

QUOTES = (
    "Well [laughs] they mostly go to [redacted], don't they?",
    "it's [/] or [bold]not[/bold] [inaudible 00:12:31] …",
    "<script>alert(1)</script> & <b>bold</b> &amp; &#65; a<b",
    "*one* _two_ **three** snake_case ~~four~~ `five` ____ (name)",
    "# not a heading",
    "- not a list\n- nor this\n+ nor this",
    "1. not a list\n2) nor this\n1990. It was cold.",
    "> not a quotation",
    "=cmd|' /C calc'!A0",
    "@SUM(A1) and +1 and -1",
    "R&D at 100 % of C:\\new\\_folder\\ {braces} $5 and $x$ ^ ~",
    "[link](https://example.org) ![image](x.png) <https://example.org> [ref][1]",
    "[Name]: yes",
    "[!NOTE]\nnot an alert",
    "title\n===\nmore\n---",
    "a | b\n--- | ---\n1 | 2",
    "***\nrule",
    "two lines\nof one answer\n\nand a second paragraph",
    "    four blanks first",
    "\ttab first, then a\ttab",
    "עברית [צוחקת] and English",
    "👩‍👩‍👧 é ﬁ “quoted” ‘single’ \"straight\" 'straight' — – --- ``",
    "```\nfence\n```",
    "\\begin{document} \\input{/etc/passwd} %comment",
    "ends with a backslash\\",
    "C#",
)


def report() -> Report:
    """Every kind of block, with nasty text in each field that can hold some."""
    quotations = [
        Quotation(
            text,
            attribution="[Secondary *coordinator*]",
            origin="interview_2, turn 14",
            codes=("role/pastoral", "role/managerial"),
            memo="A memo with <tags> & *stars*",
            before="… and before",
            after="after …",
            code="role/pastoral",
            label="Pastoral",
            source="interview_2",
            case="P-04",
            speaker="P*4",
            turn=14,
            start=100,
            end=100 + len(text),
            coder="ann",
        )
        for text in QUOTES
    ]
    table = Table(
        ("code | label", "n", "%"),
        (("role/pastoral", 12, 44.44), ("=1+1 <i>\nsecond line", 3, None), ("*a* | [b](c)", 0, 0.0)),
        "Table with *stars* and $x$",
        "cases",
        27,
    )
    return Report(
        "Quotations & <tags> C#",
        (
            Heading("Role #"),
            Paragraph("A paragraph\nof two lines with *stars* & <tags>."),
            Heading("Pastoral", 2),
            *quotations,
            Heading("Deep", 7),
            table,
            Margin(
                "14", "P*4", "They *mostly* go <there>.\nSecond line.", ("pastoral (ann) *", "<b>"), coded=((0, 4),)
            ),
            Margin("15", "I", "Why?", dimmed=True),
            Figure("bars", "A figure", {"labels": ["a", "b"], "values": [1, 2.5]}),
            Note("Left out: 2 cases *that* <withdrew>."),
        ),
        "segments",
        len(QUOTES),
        "consensus",
        {"Counted": "a case counts once & only once"},
    )
