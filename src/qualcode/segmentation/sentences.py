"""Sentences of transcribed speech, by rule: no model, no capital needed after a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.model import Span
from qualcode.segmentation.paragraphs import trimmed


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP = re.compile(r"(?P<mark>(?:\.(?:[ \u00a0]\.)+|[.!?…‽؟।])+|[。！？]+)(?P<close>[\"'”’»)\]]*)")
_INSERTION = re.compile(r"\[[^\[\]\n]{0,200}\]")
# Sounds and silences belong to what was said before them; [inaudible …] and [crosstalk] stand for words.
_VOICE = re.compile(
    r"\s*[\[(](?:\w+ )?(?:laugh|paus|sigh|cough|chuckl|silen|smil|sniff|cries|nod|shrug|groan|clap)[^\])\n]{0,60}[\])]",
    re.I,
)
_BEFORE = re.compile(r"[\w.&’'-]*\Z")
_AFTER = re.compile(r"\s*[\"'“”‘’«(\[¿¡–—-]*\s*(?P<word>\w+)?")
_TOKEN_BEFORE = re.compile(r"\S+\Z")
_TOKEN_AFTER = re.compile(r"\S+")
_LIST_LABEL = re.compile(r"\d{1,3}|[A-Za-z]")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_TITLES = _words("Mr Mrs Ms Mx Dr Prof St Rev Fr Sr Sgt Capt Col Gen Gov Sen Rep Hon Messrs Mt")
_NEVER_LAST = _words("e.g eg i.e ie cf viz vs approx ca esp incl resp")
_BEFORE_NUMBER = _words("no nos p pp fig figs vol ch sec para yr yrs jan feb apr jun jul aug sep sept oct nov dec")
_MAYBE_LAST = _words("etc al a.m p.m inc ltd co jr dept govt univ hrs mins ext")
# A capital after an initial is a name, unless it is a word that sentences begin with: "School B. They …".
_STARTERS = _words(
    "i we you he she it they the a an this that these those there then so and but or because if when what who which "
    "how why where my our your his her their not no yes yeah in on at for with as well now some most one all"
)


def sentences(text: str, paragraph: Span) -> list[Span]:
    """The sentences of a paragraph; a rest without a letter or digit stays with the sentence before it."""
    found: list[Span] = []
    start = paragraph.start
    for end in (*_sentence_ends(text, paragraph), paragraph.end):
        span = trimmed(text, start, end)
        start = end
        if span is None:
            continue
        if found and not any(char.isalnum() for char in text[span.start : span.end]):
            span = Span(found.pop().start, span.end)
        found.append(span)
    return found


def _sentence_ends(text: str, paragraph: Span) -> Iterator[int]:
    """Offsets inside the paragraph right after a sentence."""
    inside = {at for m in _INSERTION.finditer(text, paragraph.start, paragraph.end) for at in range(m.start(), m.end())}
    start = paragraph.start
    for match in _STOP.finditer(text, paragraph.start, paragraph.end):
        end = match.end()
        if match.start() in inside or end >= paragraph.end or not _is_end(text, match, start):
            continue
        while voice := _VOICE.match(text, end, paragraph.end):
            end = voice.end()
        yield end
        start = end


def _is_end(text: str, match: re.Match[str], start: int) -> bool:
    """Whether the punctuation at `match` ends the sentence that began at `start`."""
    mark, close, end = match["mark"], match["close"], match.end()
    if mark[0] in "。！？":
        return True
    if not (text[end].isspace() or text[end] == "[" or _lacks_space(text, match)):
        return False
    after = _AFTER.match(text, end)
    word = (after and after["word"]) or ""
    if close and word[:1].islower():
        return False
    if mark.strip(". \u00a0…"):
        return not (close and text[match.start() - 1 : match.start()] in ("(", "["))
    if len(mark) > 1 or mark == "…":
        return word[:1].isupper() and word != "I"
    before = _BEFORE.search(text, max(start, match.start() - 30), match.start())
    return _ends_after(before.group() if before else "", word, first=not before or before.start() == start)


def _ends_after(before: str, after: str, *, first: bool) -> bool:
    """Whether a full stop between the two words ends a sentence; `first`: `before` is the sentence's first word."""
    low = before.casefold()
    if before in _TITLES or low in _NEVER_LAST:
        return False
    if low in _BEFORE_NUMBER and after[:1].isdigit():
        return before == "no"
    if low in _MAYBE_LAST:
        return not after[:1].islower()
    if first and _LIST_LABEL.fullmatch(before):
        return False
    if _INITIALS.fullmatch(before) and before != "I" and after:
        return not after[:1].isalpha() or (after[:1].isupper() and after.casefold() in _STARTERS)
    return True


def _lacks_space(text: str, match: re.Match[str]) -> bool:
    """Whether a space was forgotten after the punctuation: ``hard.But``, and no address or file name."""
    before = _TOKEN_BEFORE.search(text, max(0, match.start() - 60), match.start())
    after = _TOKEN_AFTER.match(text, match.end())
    if not before or not after or set("./@:\\") & set(before.group() + after.group().rstrip(".")):
        return False
    return bool(re.search(r"[a-z]{2}\Z", before.group()) and re.match(r"[A-Z][a-z]|I\b", after.group()))
