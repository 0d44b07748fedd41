"""A codebook tested on its own examples: do its cues find what they should, and do its rules agree?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qualcode.codebook.cues import SlowPattern, expand, hits
from qualcode.codebook.findings import shown
from qualcode.model import Code, Codebook, Cue, Notice, Severity


def check_examples(codebook: Codebook) -> tuple[Notice, ...]:
    """What a reviewer of the codebook should look at; `where` is the path of the code.

    Examples are named by their number (from 1), never quoted: they may be passages of real interviews.
    """
    slow: dict[str, str] = {}
    found = [
        *_definitions(codebook.codes),
        *_contradictions(codebook.codes),
        *_hit_rates(codebook.codes, slow),
        *_shared_examples(codebook.codes),
        *_shared_cues(codebook.codes),
        *_shared_keys(codebook.codes),
        *_slow_notices(slow),
    ]
    order = {code.path: number for number, code in enumerate(codebook.codes)}
    return tuple(sorted(found, key=lambda notice: order[notice.where]))


def _notice(code: Code, severity: Severity, what: str, way_out: str) -> Notice:
    return Notice(code.path, severity, f"{what} — {way_out}")


def _definitions(codes: Sequence[Code]) -> Iterator[Notice]:
    for code in codes:
        if not code.definition.strip():
            yield _notice(code, "warning", "no definition", "say what the code means")


def _contradictions(codes: Sequence[Code]) -> Iterator[Notice]:
    for code in codes:
        excluded = {_plain(text) for text in code.exclude}
        for number, text in enumerate(code.include, 1):
            if _plain(text) in excluded:
                yield _notice(code, "warning", f"include {number} is also in exclude", "keep one of them")
        refused = {_plain(text) for text in code.counterexamples}
        for number, text in enumerate(code.examples, 1):
            if _plain(text) in refused:
                yield _notice(code, "warning", f"example {number} is also a counterexample", "keep one of them")


def _hit_rates(codes: Sequence[Code], slow: dict[str, str]) -> Iterator[Notice]:
    """Examples without a cue of their code, or with more of a sibling's; counterexamples with one."""
    for code in (code for code in codes if code.cues):
        siblings = [other for other in codes if other is not code and other.parent == code.parent and other.cues]
        for number, text in enumerate(code.examples, 1):
            own = len(_hitting(code, text, slow))
            if not own:
                yield _notice(code, "info", f"no cue is in example {number}", "add a cue, if a word there is typical")
            rival = max(siblings, key=lambda other: len(_hitting(other, text, slow)), default=None)
            theirs = len(_hitting(rival, text, slow)) if rival else 0
            if rival and theirs > own:
                what = f"example {number} has {own} cue{_s(own)} of its own and {theirs} of {rival.path}"
                yield _notice(code, "warning", what, "sharpen the cues, or move the example")
        for number, text in enumerate(code.counterexamples, 1):
            hit = _hitting(code, text, slow)
            if hit:
                what = f"the cue{_s(len(hit))} {', '.join(shown(cue.text) for cue in hit[:3])}"
                what += f" {'is' if len(hit) == 1 else 'are'} in counterexample {number}"
                yield _notice(code, "warning", what, "narrow it, if it misleads more often than it helps")


def _hitting(code: Code, text: str, slow: dict[str, str]) -> list[Cue]:
    found = []
    for cue in code.cues:
        try:
            if cue.text not in slow and hits(cue, text):
                found.append(cue)
        except SlowPattern:
            slow[cue.text] = code.path
    return found


def _shared_examples(codes: Sequence[Code]) -> Iterator[Notice]:
    first: dict[str, tuple[Code, int]] = {}
    for code in codes:
        for number, text in enumerate(code.examples, 1):
            other, at = first.setdefault(_plain(text), (code, number))
            if other is not code:
                what = f"example {number} is also example {at} of {other.path}"
                yield _notice(code, "warning", what, "keep it where it shows the code best, unless both codes apply")
            elif at != number:
                yield _notice(code, "warning", f"example {number} is example {at} again", "delete one")


def _shared_cues(codes: Sequence[Code]) -> Iterator[Notice]:
    """Cues that two codes share in any form; a code and one above it may."""
    first: dict[str, list[Code]] = {}
    for code in codes:
        said: set[str] = set()
        for cue in code.cues:
            for form in _forms(cue):
                for other in first.get(form, ()):
                    if not _related(code, other) and other.path not in said:
                        said.add(other.path)
                        what = f"the cue {shown(cue.text)} also points to {other.path}"
                        yield _notice(code, "warning", what, "keep it for one code, or make it more specific")
        for form in dict.fromkeys(form for cue in code.cues for form in _forms(cue)):
            first.setdefault(form, []).append(code)


def _forms(cue: Cue) -> Iterable[str]:
    return [f"/{cue.text}/"] if cue.kind == "regex" else [_plain(form) for form in expand(cue)]


def _related(one: Code, other: Code) -> bool:
    return one.path.startswith(other.path + "/") or other.path.startswith(one.path + "/")


def _shared_keys(codes: Sequence[Code]) -> Iterator[Notice]:
    first: dict[str, Code] = {}
    for code in codes:
        if code.key and first.setdefault(code.key, code) is not code:
            what = f"the key {shown(code.key)} also belongs to {first[code.key].path}"
            yield _notice(code, "warning", what, "choose another character")


def _slow_notices(slow: dict[str, str]) -> Iterator[Notice]:
    for pattern, path in slow.items():
        yield Notice(path, "warning", f"the pattern {shown(pattern)} takes too long — write it with fewer repeats")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split())


def _s(number: int) -> str:
    return "" if number == 1 else "s"
