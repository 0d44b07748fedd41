"""Contract checks that the author of a plug-in can run on their own class; ours run them too.

Each raises AssertionError with a sentence that says which promise is broken. They need no test framework.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from qualcode.errors import QualcodeError
from qualcode.model import Bundle, Codebook, Coding, Segment, Source, Suggestion
from qualcode.report import Block, Figure, Heading, Margin, Note, Paragraph, Quotation, Report, Table

# ── readers ──────────────────────────────────────────────────────────────────────────────────────────────────────

Read = Callable[[bytes, str, Any], Bundle]

_WORD = re.compile(r"\w+")
_SHINGLE = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to try a reader on. `plain` is its words by another way than the reader's; None skips that check.

    `options` are the `ReadOptions` to read it with; None gives the default ones.
    """

    name: str
    raw: bytes
    plain: str | None = None
    options: Any = None


def check_reader(read: Read, samples: Iterable[Sample], *, mangled_inputs: int = 40, seed: int = 1) -> None:
    """Check the contract of a reader ``read(raw, name, options) -> Bundle`` on `samples`.

    It is deterministic; no word of `plain` is lost; texts hold LF only, no NUL, no lone surrogate, no leading byte
    order mark; turns are sorted, disjoint, inside the text and not blank; bytes that are mangled (`mangled_inputs`
    for each sample, by `seed`) give a bundle that keeps all this or a `QualcodeError` without transcript text.
    """
    tried = 0
    for sample in samples:
        tried += 1
        options = sample.options or _options()
        bundle = read(sample.raw, sample.name, options)
        assert bundle == read(sample.raw, sample.name, options), f"{sample.name}: two readings differ"
        some = bundle.sources or bundle.cases or bundle.codebooks or bundle.excerpts
        assert some, f"{sample.name}: no source, case, code or coded passage was read"
        check_bundle(bundle)
        if sample.plain is not None:
            check_no_word_lost(bundle, sample.plain)
        for raw in mangled(sample.raw, mangled_inputs, seed):
            check_mangled(read, raw, sample)
    assert tried, "no sample was given"


def _options() -> Any:
    from qualcode.readers.options import ReadOptions

    return ReadOptions()


def check_bundle(bundle: Bundle) -> None:
    """Check the texts, turns, ids, codes, codings and notices of a bundle that a reader returned."""
    for source in bundle.sources:
        _check_text(source)
        _check_turns(source)
    ids = [source.id for source in bundle.sources]
    assert len(set(ids)) == len(ids), "two sources have the same id"
    assert all(ids), "a source has no id"
    names = [case.name for case in bundle.cases]
    assert len(set(names)) == len(names), "two cases have the same name"
    _check_codes(bundle)
    for notice in (*bundle.notices, *bundle.missed):
        assert notice.where, f"a notice without a place: {notice.message}"
        assert notice.message, f"a notice at {notice.where} without a message"


def _check_codes(bundle: Bundle) -> None:
    paths = [code.path for code in bundle.codes()]
    assert len(set(paths)) == len(paths), "two codes have the same path"
    for book in bundle.codebooks:
        for n, code in enumerate(book.codes):
            assert code.codebook == book.name, f"{code.path} is not in codebook {book.name}"
            above = {other.path for other in book.codes[:n]}
            assert code.parent is None or code.parent in above, f"{code.path} stands before its parent"
    texts = {source.id: source.text for source in bundle.sources}
    identities = [(one.source.id, one.span, one.code, one.coder) for one in bundle.codings]
    assert len(set(identities)) == len(identities), "two codings are the same"
    for coding in bundle.codings:
        assert texts.get(coding.source.id) == coding.source.text, "a coding of a source that is not in the bundle"
        assert coding.span.end <= len(coding.source.text), f"a coding leaves the text of {coding.source.name}"
        assert coding.segment.quote.strip(), f"a coding of nothing but white space in {coding.source.name}"
        assert coding.code in paths, f"a coding with {coding.code}, which is in no codebook"
    for excerpt in bundle.excerpts:
        assert excerpt.where, "a coded passage without a place in its file"
        assert excerpt.quote.strip(), f"{excerpt.where}: a coded passage without words"
        assert excerpt.codes, f"{excerpt.where}: a coded passage without a code"


def _check_text(source: Source) -> None:
    assert source.text.strip(), f"{source.name}: the text is blank"
    for char, what in (("\r", "CR"), ("\0", "NUL")):
        assert char not in source.text, f"{source.name}: the text holds {what}"
    assert not source.text.startswith("\ufeff"), f"{source.name}: a byte order mark stands in the text"
    assert not re.search("[\ud800-\udfff]", source.text), f"{source.name}: the text holds a lone surrogate"


def _check_turns(source: Source) -> None:
    end = 0
    for n, turn in enumerate(source.turns, 1):
        assert turn.n == n, f"{source.name}: turn {n} is numbered {turn.n}"
        assert end <= turn.span.start, f"{source.name}: turn {n} overlaps the one before"
        assert turn.span.end <= len(source.text), f"{source.name}: turn {n} leaves the text"
        quote = source.quote(turn.span)
        assert quote == quote.strip(), f"{source.name}: turn {n} begins or ends with white space"
        assert quote, f"{source.name}: turn {n} is blank"
        assert turn.time is None or turn.time >= 0, f"{source.name}: turn {n} has a negative time"
        end = turn.span.end


def check_no_word_lost(bundle: Bundle, plain: str) -> None:
    """Check that every word of `plain` occurs at least as often in what the bundle holds."""
    kept = Counter(_words(" ".join(_kept(bundle))))
    lost = {word: count - kept[word] for word, count in Counter(_words(plain)).items() if count > kept[word]}
    assert _words(plain), "the independent text holds no words, so the check would be empty"
    assert not lost, f"{sum(lost.values())} words are lost, among them {sorted(lost)[:5]}"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _kept(bundle: Bundle) -> Iterator[str]:
    for source in bundle.sources:
        yield source.text
        yield from (turn.prompt or "" for turn in source.turns)
    for case in bundle.cases:
        yield case.name
        yield from (f"{key} {value}" for key, value in case.attributes.items())
    for code in bundle.codes():
        yield f"{code.label} {code.definition}"
    yield from (f"{coding.coder} {coding.memo or ''}" for coding in bundle.codings)
    yield from (memo.text for memo in bundle.memos)
    for excerpt in bundle.excerpts:
        yield " ".join([excerpt.quote, *excerpt.codes, excerpt.document, excerpt.coder, excerpt.memo or ""])
    yield from (notice.message for notice in (*bundle.notices, *bundle.missed))


def check_mangled(read: Read, raw: bytes, sample: Sample) -> None:
    """Check that broken bytes give a sound bundle or a clean error that repeats nothing of the sample's words."""
    try:
        bundle = read(raw, sample.name, sample.options or _options())
    except QualcodeError as error:
        check_error(error, sample.plain or "")
    except Exception as error:
        raise AssertionError(f"{sample.name}: mangled bytes raise {type(error).__name__}, not QualcodeError") from error
    else:
        check_bundle(bundle)


def check_error(error: QualcodeError, transcript: str) -> None:
    """Check that an error is one line with a way out, and repeats no five words of the transcript."""
    said = str(error)
    assert "\n" not in said, "an error of several lines"
    assert error.way_out, f"an error without a way out: {said}"
    told = _shingles(transcript) & _shingles(said)
    assert not told, "an error repeats the words of the transcript"


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def mangled(raw: bytes, count: int, seed: int = 1) -> Iterator[bytes]:
    """`count` broken versions of `raw`: cut short, bits flipped, pieces doubled or dropped, overwritten, noise.

    The same for the same arguments on every machine.
    """
    chance = random.Random(f"{seed}:{len(raw)}")
    kinds = (_cut, _flipped, _spliced, _overwritten, _noise)
    for n in range(count):
        broken = bytearray(raw)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            broken = kinds[n % len(kinds)](broken, chance)
        yield bytes(broken)


def _cut(raw: bytearray, chance: random.Random) -> bytearray:
    return raw[: chance.randrange(len(raw) + 1)]


def _flipped(raw: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 3, 20))):
        if raw:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return raw


def _spliced(raw: bytearray, chance: random.Random) -> bytearray:
    start, length = chance.randrange(len(raw) + 1), chance.choice((1, 7, 200))
    piece = raw[start : start + length]
    return raw[:start] + piece * chance.choice((0, 2, 9)) + raw[start + length :]


def _overwritten(raw: bytearray, chance: random.Random) -> bytearray:
    nasty = chance.choice((b"\0" * 8, b"\xff\xfe", b'"', b"<!DOCTYPE a>", b"\r", b"\xed\xa0\x80", b"-->", b"\x1b[2J"))
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + nasty + raw[at + chance.choice((0, len(nasty))) :]


def _noise(raw: bytearray, chance: random.Random) -> bytearray:
    return bytearray(chance.randbytes(chance.choice((1, 40, 600)))) + raw[: chance.choice((0, 0, len(raw)))]


# ── suggesters ───────────────────────────────────────────────────────────────────────────────────────────────────


def check_suggester(
    make: Callable[[], Any],
    codebooks: Sequence[Codebook],
    segments: Sequence[Segment],
    codings: Sequence[Coding] = (),
) -> None:
    """Check the contract of `qualcode.suggesters` on data that it should suggest something for.

    `make` gives a new, unfitted suggester. Parameters are kept under their names; ``fit`` returns self and learns into
    names that end in ``_``; any batch is scored as each segment alone, in order, the same every time and in a second
    fit; scores lie in [0, 1]; evidence lies inside its segment; suggestions are pending, and their ids differ.
    """
    suggester = make()
    _check_parameters(suggester)
    before = set(vars(suggester))
    assert suggester.fit(codebooks, codings, segments) is suggester, "fit must return self"
    learned = set(vars(suggester)) - before
    assert all(name.endswith("_") for name in learned), f"what fit learns must end in _: {sorted(learned)}"
    assert isinstance(suggester.version_, str), "fit must set version_"
    assert suggester.version_, "version_ must not be empty"
    assert isinstance(suggester.notices_, tuple), "notices_ must be a tuple of Notices"
    found = suggester.score(segments)
    assert isinstance(found, tuple), "score must return a tuple"
    assert found, "the data of a contract check must lead to suggestions"
    assert suggester.score(()) == (), "no segments give no suggestions"
    assert suggester.score(segments) == found, "scoring twice must give the same"
    alone = tuple(one for segment in segments for one in suggester.score([segment]))
    assert alone == found, "a batch must give what each segment gives alone, in the order of the segments"
    assert make().fit(codebooks, codings, segments).score(segments) == found, "a second fit must give the same"
    paths = {code.path for book in codebooks for code in book.codes}
    for suggestion in found:
        _check_suggestion(suggestion, suggester, segments, paths)
    keys = {(one.segment.source.id, one.segment.span, one.code) for one in found}
    assert len(keys) == len(found), "at most one suggestion a segment and code"
    assert len({one.id for one in found}) == len(found), "ids must differ"


def _check_parameters(suggester: Any) -> None:
    parameters = signature(type(suggester).__init__).parameters.values()
    for parameter in list(parameters)[1:]:
        assert parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD), (
            "__init__ must name each parameter"
        )
        assert parameter.default is not Parameter.empty, f"{parameter.name} needs a default"
        assert hasattr(suggester, parameter.name), f"__init__ must keep {parameter.name} under its own name"
    assert isinstance(suggester.name, str), "a suggester has a name"
    assert suggester.name, "the name must not be empty"


def _check_suggestion(suggestion: Suggestion, suggester: Any, segments: Sequence[Segment], paths: set[str]) -> None:
    assert suggestion.segment in segments, "a suggestion must be about a segment that was given"
    assert suggestion.code in paths, "a suggestion must name a code of the codebooks by its path"
    assert 0 <= suggestion.score <= 1, "a score must lie in [0, 1]"
    assert suggestion.id, "a suggestion needs an id"
    assert (suggestion.suggester, suggestion.version) == (suggester.name, suggester.version_), (
        "name and version_ are shown"
    )
    assert suggestion.decision == "pending", "only a person decides"
    assert suggestion.reason.text.strip(), "every suggestion says why"
    span = suggestion.segment.span
    for start, end in suggestion.reason.evidence:
        assert span.start <= start < end <= span.end, "evidence must lie inside the segment"


# ── renderers ────────────────────────────────────────────────────────────────────────────────────────────────────

Render = Callable[[Report], bytes]

QUOTATIONS = (
    "Well [laughs] they mostly go to [redacted], don't they?",
    "[/] <script>alert(1)</script> & <b>bold</b> &amp; 50 %",
    "*one* _two_ `three` ~four~ #five | $six$ {seven} \\eight ^",
    "=1+1",
    "two lines\n- of one answer",
    "\u05e2\u05d1\u05e8\u05d9\u05ea \U0001f469\u200d\U0001f467 e\u0301",
)
"""Texts that formats are apt to change, swallow or run."""


def sample_report(quotations: Sequence[str] = QUOTATIONS) -> Report:
    """A report of every kind of block, with these quotations in their order."""
    blocks: list[Block] = [Heading("A <heading> & #"), Paragraph("Two\nlines.")]
    blocks += [
        Quotation(text, "[Who *said* it]", "interview_1, turn 2", ("a/b", "a/c"), code="a/b") for text in quotations
    ]
    blocks += [
        Table(("code | label", "n"), (("a/b", 1), ("=x", None), ("c\nd", -0.5)), "Counts & <shares>", "cases", 2),
        Margin("1", "P*1", "[laughs] *yes*", ("a/b (ann)",), coded=((0, 8),)),
        Figure("bars", "Bars", {"labels": ["a", "b"], "values": [1, 2.5]}),
        Note("Left out: 1 case."),
    ]
    return Report("A <title> & more", tuple(blocks), "segments", len(quotations), "ann", {"Counted": "once"})


def check_renderer(render: Render, read_back: Callable[[bytes], Sequence[str]] | None = None) -> None:
    """Check the contract of a renderer ``render(report) -> bytes``.

    Any report gives bytes, an empty one too; the same report gives the same bytes; a changed quotation changes them.
    `read_back` takes the file apart with another tool and returns the quotations that a reader of it would see: then
    each stands verbatim and in its order, and what drives a terminal or turns the writing direction is visible.
    """
    for report in (Report(""), Report("Nothing"), sample_report()):
        made = render(report)
        assert isinstance(made, bytes), f"a renderer returns bytes, not {type(made).__name__}"
        assert render(report) == made, "the same report must give the same bytes"
    assert render(sample_report(("one",))) != render(sample_report(("two",))), "quotations must be in the file"
    if read_back is None:
        return
    assert tuple(read_back(render(sample_report()))) == QUOTATIONS, "a quotation is not verbatim, or is lost"
    (shown,) = read_back(render(sample_report(("a\x1b[2J\x00\u202eb",))))
    assert not re.search("[\x00\x1b\u202e]", shown), "a control or an override of direction must be shown as a symbol"
    assert shown.startswith("a"), "what stands beside a control is lost"
    assert shown.endswith("b"), "what stands beside a control is lost"


# ── writers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def check_writer(
    write: Callable[[Bundle], bytes],
    bundles: Iterable[Bundle],
    read: Callable[[bytes], Bundle] | None = None,
) -> None:
    """Check the contract of a writer ``write(bundle) -> bytes`` on `bundles`, one of which must hold codings.

    An empty bundle is written too; equal bundles give equal bytes. `read` is the writer's inverse: then
    ``read(write(bundle)) == bundle``, for what the format can hold; give only such bundles.
    """
    given = (Bundle(), *bundles)
    assert any(bundle.codings for bundle in given), "no sample holds a coding, so the check would be empty"
    for bundle in given:
        made = write(bundle)
        assert isinstance(made, bytes), f"a writer returns bytes, not {type(made).__name__}"
        assert write(bundle) == made, "the same bundle must give the same bytes"
        if bundle.codings:
            assert made != write(Bundle()), "the codings are not in the file"
        if read is not None:
            assert read(made) == bundle, "what was written is not what is read back"
