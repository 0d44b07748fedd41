"""A paragraph for the methods section, made of the facts of a comparison; a clause that is not true is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qualcode.analysis.agreement_tables import same_comparison
from qualcode.model import FROZEN, Agreement, Measure

RULES = {
    "any": "if at least one whole word of it was coded",
    "half": "if at least half of its characters were coded",
    "majority": "if more than half of its characters were coded",
}
EACH_TWICE = "; each of these was coded by at least two of them"
NUMBERS = ("", "one coder", "two coders", "three coders", "four coders", "five coders", "six coders")


def methods_paragraph(agreement: Agreement) -> str:
    """What was compared, how, and what came out; empty for a table of ratings, or where nothing could be measured."""
    compared = [fact for fact in _facts(agreement, "compared") if fact.get("main")]
    whole = [m for m in agreement.measures if m.measure == "alpha_set" and m.distance == "masi" and m.code is None]
    known = [m for m in whole if m.value is not None]
    if not compared or not known:
        return ""
    return " ".join(
        (
            *_who(agreement, compared),
            *_independently(agreement),
            *_what(agreement, compared),
            *_found(agreement, known, compared),
            *_before(agreement, known),
        )
    )


def _facts(agreement: Agreement, name: str) -> list[Mapping[str, object]]:
    found = agreement.facts.get(name, ())
    return [fact for fact in found if isinstance(fact, Mapping)] if isinstance(found, Sequence) else []


def _who(agreement: Agreement, compared: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Coders, codebooks, and how much they share."""
    n, of, share = (agreement.facts.get(name) for name in ("double_coded", "sources", "share"))
    coders = _number(agreement.facts.get("people")) or len(agreement.coders)
    who = NUMBERS[coders].capitalize() if coders < len(NUMBERS) else f"{coders} coders"
    books = agreement.facts.get("codebooks")
    named = (
        [f"{book} {version}".strip() for book, version in sorted(books.items())] if isinstance(books, Mapping) else []
    )
    with_what = f" with the codebook{'s' * (len(named) != 1)} {_series(named)}" if named else ""
    part = f" ({share:.0%} of the text)" if isinstance(share, float) and n != of else ""
    again = " again in another round" if coders == 1 else ""
    some = "" if coders < 3 else "; at least two of them coded it" if n == 1 else EACH_TWICE
    noun = agreement.facts.get("noun", "source")
    of_all = f"the only {noun}" if of == 1 else f"all {n} {noun}s" if n == of else f"{n} of {of} {noun}s"
    same = "the same " if coders == 2 and n != of else ""
    yield f"{who} coded {same}{of_all}{part}{again}{with_what}{some}."
    others = agreement.facts.get("others")
    if isinstance(others, Sequence) and others:
        yield f"{len(others)} more had coded some of these sources and {_were(len(others))} not compared."
    rounds = sorted({_number(fact.get("round")) for fact in compared} - {0, 1})
    if rounds:
        yield f"Compared were the codings of round {_series([str(n) for n in rounds])}."
    drawn = agreement.facts.get("drawn")
    if isinstance(drawn, Mapping):
        yield f"These had been drawn by lot: {drawn['count']} of {drawn['population']} {drawn['by']}s."
    if agreement.facts.get("assumed"):
        yield "Where a coder had not said so, a source with codings was taken as finished."


def _number(value: object) -> int:
    """A whole number, 0 where there is none."""
    return value if isinstance(value, int) else 0


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def _independently(agreement: Agreement) -> Iterator[str]:
    """In how many sources the log of the screen shows that nobody had seen the others' codings; else nothing."""
    known = agreement.facts.get("independence")
    n, of = (known.get("independent", 0), known.get("sources", 0)) if isinstance(known, Mapping) else (0, 0)
    if n:
        where = "these sources" if n == of else f"{n} of these sources"
        yield (
            f"In {where} every coder worked at the screen, whose log shows nobody being shown another's codings or "
            "suggestions before being done."
        )


def _what(agreement: Agreement, compared: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Units, rule, scope and weights."""
    units = sorted({_unit(str(fact["unit"])) for fact in compared})
    said = f"Agreement was measured by {_series(units)}"
    if units != ["character"]:
        rule = RULES[str(agreement.facts.get("unit_rule", "any"))]
        said += f"; a unit carried a code {rule}"
    if agreement.scope == "respondents" and agreement.facts.get("roles"):
        said += "; interviewers' turns were left out"
    yield f"{said}."
    level = agreement.facts.get("level")
    if level is not None:
        yield f"Codes below level {level} were counted as their parents."
    codes = agreement.facts.get("codes")
    if isinstance(codes, Sequence) and codes:
        named = [str(code) for code in codes if "/" in str(code).removesuffix("/*")]
        if named:
            yield f"Of the codes only {_series(named)} {_were(len(named))} compared."
    if agreement.facts.get("weighed"):
        yield "Sources were weighed by the inverse of their probability of being drawn by lot."


def _unit(name: str) -> str:
    """``sentence``; units that were fixed beforehand by their name."""
    return f'the fixed units "{name.removeprefix(FROZEN)}"' if name.startswith(FROZEN) else name


def _found(agreement: Agreement, known: Sequence[Measure], compared: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """The figures, with their intervals and what these mean."""
    about = {str(fact["codebook"]): fact for fact in compared}
    parts = []
    for m in known:
        where = f" for {m.codebook}" if len(known) > 1 else ""
        interval = f", 95 % interval {_two(m.ci[0])} to {_two(m.ci[1])}" if m.ci else ", no interval"
        fact = about.get(str(m.codebook), {})
        some = "" if fact.get("sources") == agreement.facts.get("double_coded") else f"{_of_kind(fact)}, "
        parts.append(f"{_two(m.value or 0.0)}{where} ({some}{m.n:,} units{interval})")
    yield f"Krippendorff's alpha for sets of codes (MASI distance; Passonneau 2006) was {_series(parts, ';')}."
    methods = {m.ci_method for m in known if m.ci}
    jackknife = [
        m for m in known if m.ci and str(m.ci_method).startswith("jackknife by") and "block" not in str(m.ci_method)
    ]
    if jackknife and len(methods) == 1:
        nouns = sorted({str(about[str(m.codebook)]["noun"]) for m in jackknife if str(m.codebook) in about})
        yield f"Intervals come from leaving out one {_series(nouns, ' or')} at a time (jackknife, t distribution)."
    elif len(methods) == 1:
        yield f"Intervals: {next(iter(methods))}."


def _of_kind(fact: Mapping[str, object]) -> str:
    """``5 transcripts``; ``5 sources`` where kinds are pooled."""
    kind = str(fact.get("kind", ""))
    noun = fact.get("noun", "source")
    return f"{fact.get('sources')} {f'{noun}s' if kind.startswith('all') or not kind else kind}"


def _before(agreement: Agreement, known: Sequence[Measure]) -> Iterator[str]:
    """What alpha was when it was last frozen, where the same was compared then."""
    last = agreement.frozen[-1] if agreement.frozen else {}
    if not same_comparison(last, agreement):
        return
    rows = last.get("measures")
    kept = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    then = {r.get("codebook"): r.get("value") for r in kept if r.get("code") is None and r.get("distance") == "masi"}
    was = [(m, then.get(m.codebook)) for m in known]
    told = [(m, float(value)) for m, value in was if isinstance(value, int | float)]
    if len(told) == len(known):
        several = len(known) > 1
        figures = [f"{_two(value)}{f' for {m.codebook}' if several else ''}" for m, value in told]
        yield f"When it was frozen on {str(last.get('at'))[:10]} ({last.get('name')}), it was {_series(figures, ';')}."


def _two(value: float) -> str:
    """``.69``, ``-.02``, ``1.00``."""
    said = f"{value + 0.0:.2f}".replace("-0.00", "0.00")
    return said.replace("0.", ".", 1) if said.lstrip("-").startswith("0.") else said


def _series(words: Sequence[str], mark: str = " and") -> str:
    """``a``, ``a and b``, ``a, b and c``; parts with commas inside are parted by the mark alone."""
    if mark == ";":
        return "; ".join(words)
    return f"{mark} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
