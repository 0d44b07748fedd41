"""Contract checks that the author of a plug-in can run on their own class; ours run them too.

Each raises AssertionError with a sentence that says which promise is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any

from qualcode.model import Codebook, Coding, Segment, Suggestion


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
