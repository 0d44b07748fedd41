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
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#$])")
_LINE_MARKER = re.compile(r"^(\s*)([-+>=]|\d+[.)])(?=\s|$)", re.MULTILINE)
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
}


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
    """`text` for Markdown prose: specials and line-start markers get a backslash."""
    escaped = _MARKDOWN.sub(r"\\\1", safe_text(text))
    return _LINE_MARKER.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)


def html(text: str) -> str:
    """`text` for HTML content and double-quoted attributes."""
    from html import escape

    return escape(safe_text(text), quote=True)


def latex(text: str) -> str:
    """`text` for LaTeX prose."""
    return "".join(_TEX.get(char, char) for char in safe_text(text))


def xml(text: str) -> str:
    """`text` with the characters XML 1.0 cannot hold shown as symbols (docx, qdpx); markup is the library's."""
    return re.sub("[\ufffe\uffff]", _visible, safe_text(text))


def file_slug(name: str, limit: int = 60) -> str:
    """A piece of a file name made of a-z, 0-9 and hyphens, at most `limit` long; may be empty."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-")
