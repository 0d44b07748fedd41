"""`safe_text` at every sink, and the escapes of each format. Offsets always stay on the original text."""

from __future__ import annotations

import re

# C0 except tab and LF, DEL, C1, bidi controls, line/paragraph separators, zero-width no-break, lone surrogates,
# deprecated tag characters and interlinear annotations: all can move a cursor, hide text or reorder it.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# A spreadsheet runs a cell as a formula when its first visible character is one of these,
# full-width forms included, after spaces and tabs too.
_FORMULA = re.compile(r"^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_FORMULA_START = re.compile(r"^['\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
# Marks that right-to-left text needs to be read. A page sets every quotation apart from its neighbours, so they can
# reorder nothing outside it; in a terminal they are shown like the rest.
_DIRECTIONAL = frozenset("\u061c\u200e\u200f")
# What changes a CommonMark text wherever it stands: a backslash before punctuation or a line end, a tag, an entity,
# a code span, the hinge of an inline link.
_MD_ANYWHERE = re.compile(r"\\(?=[!-/:-@\[-`{-~\n]|\Z)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|`|\](?=\()")
# What begins a block: heading, quotation, list, fence, underline of a heading, rule, second row of a table.
_MD_LINE_START = re.compile(
    r"^[ \t]*(?:\d{1,9}(?P<item>[.)])(?=\s|$)"
    r"|(?P<mark>>|\#(?=\#{0,5}(?:\s|$))|[-+*](?=\s|$)|~{3,}|=(?==*[ \t]*$)|[-|:](?=[-|: \t]*$))"
    r"|(?P<rule>([*_])\4*)(?=(?:[ \t]*\4)*[ \t]*$))",
    re.MULTILINE,
)
# A link definition, a footnote or GitHub's alert can only begin a paragraph; elsewhere brackets are plain text.
_MD_DEFINITION = re.compile(r"(?:\A|(?:\A|\n)[ \t]*\n)[ \t]*(?P<mark>\[)(?=!|(?:[^\]\\]|\\.)*\]:)", re.DOTALL)
_MD_INDENT = re.compile(r"(?:\A|(?:\A|\n)[ \t]*\n)(?P<blank>\t| (?= {0,2}\t| {3}))(?=[ \t]*[^ \t\n])")
# GitHub makes a link of a bare address and shows the backslashes in it; a backslash in its hinge makes it plain text.
_MD_ADDRESS = re.compile(r"(?i:(?:https?|ftp)(?=://(?P<rest>\S+))|www(?=\.(?P<path>\S+)))")
_MD_FORMULA = re.compile(r"\$(?!\s)[^$]*(?<!\s)\$(?!\d)")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
}
_TEX_PAIR = re.compile(r"([-<>,'])(?=\1)")


def typed(word: str) -> str:
    """A word as it is typed in a shell, for a command that a message shows: quoted where it must be."""
    import shlex

    return shlex.quote(word)


def _visible(match: re.Match[str]) -> str:
    point = ord(match.group())
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    return f"\u27e8U+{point:04X}\u27e9"


def safe_text(text: str) -> str:
    """`text` with every control, bidi override and lone surrogate shown as a visible symbol; tab and LF stay."""
    return _UNSAFE.sub(_visible, text)


def page_text(text: str) -> str:
    """`safe_text` for a file that people open: the marks that order right-to-left text stay as well."""
    return _UNSAFE.sub(lambda match: match.group() if match.group() in _DIRECTIONAL else _visible(match), text)


def one_line(text: str) -> str:
    """`safe_text` with line ends and tabs shown as single spaces, for table cells and messages."""
    return re.sub(r"\s*[\n\t]\s*", " ", safe_text(text))


def csv_cell(text: str) -> str:
    """`text` with a leading ``'`` when a spreadsheet would run it as a formula; see `from_csv_cell`.

    A text that already begins with apostrophes before a formula character gets one more, so that reading back
    is exact.
    """
    if _FORMULA.match(text) or (text.startswith("'") and _FORMULA_START.match(text)):
        return "'" + text
    return text


def from_csv_cell(text: str) -> str:
    """The inverse of `csv_cell`."""
    return text[1:] if text.startswith("'") and _FORMULA_START.match(text) else text


def markdown(text: str) -> str:
    """`text` for a Markdown paragraph, with as few backslashes as give the same text back from CommonMark and GFM.

    ``[laughs]`` stays as it is, because brackets mean something only with a link or a definition. Line ends stay;
    the caller makes them hard breaks. What Markdown ignores is not kept by it: blanks at the ends of a line, the
    second of two empty lines.
    """
    safe = page_text(text)
    stops = {match.start() for match in _MD_ANYWHERE.finditer(safe)}
    starts = [match.span(match.lastgroup or 0) for match in _MD_LINE_START.finditer(safe)]
    stops.update(at for span in starts for at in range(*span))
    stops.update(match.start("mark") for match in _MD_DEFINITION.finditer(safe))
    stops.update(at for match in _MD_FORMULA.finditer(safe) for at in (match.start(), match.end() - 1))
    stops.update(at for mark in "*_~" for at in _paired(safe, mark))
    stops.update([match.end() for match in _MD_ADDRESS.finditer(safe) if stops & _reach(match)])
    blanks = {match.start("blank") for match in _MD_INDENT.finditer(safe)}
    return "".join(
        f"&#{ord(char)};" if at in blanks else f"\\{char}" if at in stops else char for at, char in enumerate(safe)
    )


def _reach(address: re.Match[str]) -> set[int]:
    """Where the characters of a bare address stand, up to the next blank."""
    return set(range(address.end(), max(address.span("rest")[1], address.span("path")[1])))


def _paired(text: str, mark: str) -> list[int]:
    """Where runs of an emphasis mark stand that could open before another closes, or close after another opens.

    A run may open unless a blank follows and close unless a blank precedes; underscores inside a word do neither.
    That is a little wider than CommonMark's flanking rule, and does not depend on what counts as punctuation.
    """
    runs = [(match.start(), match.end()) for match in re.finditer(re.escape(mark) + "+", text)]
    around = [(text[start - 1 : start], text[end : end + 1]) for start, end in runs]
    inside = [mark == "_" and before.isalnum() and after.isalnum() for before, after in around]
    opens = [k for k, (_, after) in enumerate(around) if after.strip() and not inside[k]]
    closes = [k for k, (before, _) in enumerate(around) if before.strip() and not inside[k]]
    if not opens or not closes:
        return []
    kept = {k for k in opens if k < closes[-1]} | {k for k in closes if k > opens[0]}
    return [at for k in kept for at in range(*runs[k])]


def html(text: str) -> str:
    """`text` for HTML content and double-quoted attributes."""
    from html import escape

    return escape(page_text(text), quote=True)


def html_text(text: str) -> str:
    """`text` for HTML content only: quotation marks stay, so the page's own source reads like the transcript."""
    from html import escape

    return escape(page_text(text), quote=False)


def latex(text: str) -> str:
    """`text` for LaTeX prose; braces part the pairs that TeX would join (two hyphens, two quotation marks)."""
    return _TEX_PAIR.sub(r"\1{}", "".join(_TEX.get(char, char) for char in page_text(text)))


def xml(text: str) -> str:
    """`text` with the characters XML 1.0 cannot hold shown as symbols (docx, qdpx); markup is the library's."""
    return re.sub("[\ufffe\uffff]", _visible, page_text(text))


def file_slug(name: str, limit: int = 60) -> str:
    """A piece of a file name made of a-z, 0-9 and hyphens, at most `limit` long; may be empty."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-")


def json_text(dumped: str) -> str:
    r"""A JSON document with each character that `safe_text` replaces written as ``\uXXXX``: the same value, unseen."""

    def escaped(match: re.Match[str]) -> str:
        raw = match.group().encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{raw[at]:02x}{raw[at + 1]:02x}" for at in range(0, len(raw), 2))

    # None of what is replaced is printable, and asking takes half the time of looking for it.
    return dumped if dumped.isprintable() else _UNSAFE.sub(escaped, dumped)
