"""What a query asks for, what it says when it cannot be read, and that it prints as it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import UnknownCode, UnknownSource, UsageError
from qualcode.model import Bundle, Case, Coding, Segment, Source, Span, Turn
from qualcode.query import (
    Query,
    QueryContext,
    check_attributes,
    check_names,
    parse,
    resolve_codes,
    resolve_sets,
    resolve_sources,
    select,
)
from qualcode.query.nodes import And, Compare, Everything, Near, Node, Not, Or, Term
from qualcode.query.patterns import Pattern

TEXT = (
    "I: So, the timetable?\n"
    "R: I do the timetabling. They come to me, upset, and I don’t mind.\n"
    "R: Mentor meetings too.\n"
)
FIRST = Source(
    "a1b2c3",
    "interview-1",
    "interview",
    TEXT,
    (
        Turn(1, Span(3, 21), "I", "interviewer"),
        Turn(2, Span(25, 84), "R", "respondent"),
        Turn(3, Span(88, len(TEXT) - 1), "R", "respondent"),
    ),
    case="Ms Ash",
    file="interview-1.txt",
)
SECOND = Source("d4e5f6", "interview-10", "focus group", "Nothing much.", (Turn(1, Span(0, 13)),), case="Mr Elm")
LOOSE = Source("ffff00", "handbook", "document", "Aims of the handbook.")


def coded(quote: str, code: str, coder: str = "ann", source: Source = FIRST, **more: object) -> Coding:
    start = source.text.index(quote)
    return Coding(Segment(source, Span(start, start + len(quote))), code, coder, **more)  # type: ignore[arg-type]


TIMETABLE = coded("I do the timetabling.", "role/managerial", certainty=0.5)
UPSET = coded("They come to me, upset", "role/pastoral", "ben", memo="denial?")
MIND = coded("I don’t mind", "role/pastoral/denial", round=2, origin="suggestion:77")
MEETINGS = coded("Mentor meetings", "role/pedagogical/mentoring-the-mentors", anchor="edited")
NOTHING = coded("Nothing much", "conditions/time", "ann", SECOND)
AIMS = coded("Aims", "role/managerial", "ben", LOOSE)
ALL = (TIMETABLE, UPSET, MIND, MEETINGS, NOTHING, AIMS)
BUNDLE = Bundle(
    sources=(FIRST, SECOND, LOOSE),
    cases=(
        Case("Ms Ash", {"phase": "Secondary", "years in post": "7", "GTP": True, "kind": "urban", "note": None}),
        Case("Mr Elm", {"phase": "primary", "years in post": 11, "GTP": False, "started": "2003-09"}),
    ),
    codings=ALL,
)


def sentences(source: Source) -> list[Segment]:
    return [Segment(source, Span(m.start(), m.end())) for m in re.finditer(r"[^.\n]+[.\n]?", source.text)]


CONTEXT = QueryContext.of(BUNDLE, sentences)


def asked(text: str) -> list[Coding]:
    query = parse(text)
    return [coding for coding in ALL if query.matches(coding, CONTEXT)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [*ALL]),
        ("code:role/*", [TIMETABLE, UPSET, MIND, MEETINGS, AIMS]),
        ("code:role/* AND NOT coder:ben AND phase=secondary", [TIMETABLE, MIND, MEETINGS]),
        ("code:role/pastoral", [UPSET, MIND]),
        ("role/pastoral", [UPSET, MIND]),
        ("pastoral", [UPSET, MIND]),
        ("code:pedagogical", [MEETINGS]),
        ("code:mentoring*", [MEETINGS]),
        ("code:*/time", [NOTHING]),
        ("code:past", []),
        ("code:PASTORAL", [UPSET, MIND]),
        ("code:/pastoral", []),
        ("code:/role/pastoral", [UPSET, MIND]),
        ("coder:ben", [UPSET, AIMS]),
        ("coder=ben", [UPSET, AIMS]),
        ("coder!=ben", [TIMETABLE, MIND, MEETINGS, NOTHING]),
        ("coder:ann coder:ben", []),
        ("coder:ann OR coder:ben", [*ALL]),
        ("source:interview-1", [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("source:interview-1*", [TIMETABLE, UPSET, MIND, MEETINGS, NOTHING]),
        ("source:d4e5f6", [NOTHING]),
        ("source:interview-1.txt", [TIMETABLE, UPSET, MIND, MEETINGS]),
        ('case:"ms ash"', [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("NOT case:*", [AIMS]),
        ('kind:"focus group"', [NOTHING]),
        ("speaker:R", [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("round:2", [MIND]),
        ("round>=1 round<2 speaker:r", [TIMETABLE, UPSET, MEETINGS]),
        ("certainty<=0.5", [TIMETABLE]),
        ("origin:suggestion*", [MIND]),
        ("anchor:edited", [MEETINGS]),
        ("memo:denial", [UPSET]),
        ('"timetabling"', [TIMETABLE]),
        ('"timetable"', []),
        ('"timetabl*"', [TIMETABLE]),
        ('"i don\'t"', [MIND]),
        ("text:upset", [UPSET]),
        ("phase!=secondary", [NOTHING]),
        ("phase=sec*", [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("PHASE=PRIMARY", [NOTHING]),
        ('"years in post">=8', [NOTHING]),
        ('"years in post"=7.0', [TIMETABLE, UPSET, MIND, MEETINGS]),
        ('"years in post"<8', [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("gtp=yes", [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("gtp=no", [NOTHING]),
        ("started>2002-12", [NOTHING]),
        ("started>5", []),
        ("note=*", []),
        ("note!=x", []),
        ('"kind"=urban', [TIMETABLE, UPSET, MIND, MEETINGS]),
        ("(pastoral OR code:time) AND NOT round:2", [UPSET, NOTHING]),
        ("pastoral or code:time and not round:2", [UPSET, MIND, NOTHING]),
        ("NOT NOT coder:ben", [UPSET, AIMS]),
    ],
)
def test_what_a_query_asks_for(text: str, expected: list[Coding]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("near(pastoral, managerial)", [TIMETABLE, UPSET, MIND]),
        ("near(pastoral, managerial, turn)", [TIMETABLE, UPSET, MIND]),
        ("pastoral AND near(pastoral, managerial, turn)", [UPSET, MIND]),
        ("near(UPSET, managerial)", []),
        ("near(code:pastoral, code:denial, sentence)", [UPSET, MIND]),
        ("near(managerial, pastoral, sentence)", []),
        ("near(managerial, pastoral, 1)", [TIMETABLE, UPSET]),
        ("near(managerial, pastoral, 0)", []),
        ("near(mentoring*, pastoral, turn)", []),
        ("near(mentoring*, pastoral, 1000)", [UPSET, MIND, MEETINGS]),
        ("near(pastoral, pastoral, overlap)", []),
        ("near(pastoral AND coder:ann, coder:ben, turn)", [UPSET, MIND]),
    ],
)
def test_what_stands_near(text: str, expected: list[Coding]) -> None:
    assert asked(text) == expected


def test_near_needs_another_coding() -> None:
    assert asked("near(managerial, role/managerial)") == []


def test_two_people_on_one_passage_overlap() -> None:
    twin = coded("I do the timetabling.", "role/managerial", "ben")
    context = QueryContext.of(Bundle(codings=(TIMETABLE, twin)))
    query = parse("near(coder:ann, coder:ben, overlap)")
    assert query.matches(TIMETABLE, context)
    assert query.matches(twin, context)


def test_without_turns_the_whole_source_is_one() -> None:
    other = coded("handbook", "role/pastoral", source=LOOSE)
    context = QueryContext.of(Bundle(codings=(AIMS, other)))
    assert parse("near(managerial, pastoral, turn)").matches(AIMS, context)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code:a AND", r"condition before the end \(column 11\)"),
        ("AND a", r'condition before "AND" \(column 1\)'),
        ("NOT", "condition before the end"),
        ("(a OR b", r'the "\(" in column 1 of the query is not closed before the end'),
        ("a)", r'should end before "\)" \(column 2\)'),
        ('"never closed', "column 1 of the query is never closed"),
        ("code:a ! b", r'cannot have "!" alone \(column 8\)'),
        ("cdoe:a", r'no field "cdoe" \(column 1\) — did you mean "code:"\?'),
        ("a AND qqqqq:x", r'no field "qqqqq" \(column 7\) — fields are code, set, coder, .*phase=secondary'),
        ("phase=", r'"phase=" needs a value before the end'),
        ("code:", r'"code:" needs a value'),
        ('text:""', "looks for nothing in column 6"),
        ('" "', "looks for nothing in column 1"),
        ("round:two", r'"round" is a number, not "round:two"'),
        ("coder<ben", r'"coder" \(column 1\) has no order <'),
        ("near(a)", r"near \(column 1\) needs two conditions with a comma before"),
        ("near(a, b, trun)", r'near has no distance "trun" \(column 12\) — did you mean "turn"\?'),
        ("near(a, b, turn", r"in column 5 of the query is not closed"),
        ("(" * 60 + "a" + ")" * 60, "nested more than 50 deep"),
        ("NOT " * 60 + "a", "nested more than 50 deep"),
        ("=3", r'condition before "=" \(column 1\)'),
    ],
)
def test_a_query_that_cannot_be_read_says_where(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse(text)


PATHS = (
    "role/pastoral",
    "role/pastoral/denial",
    "partnerships/benefits/support",
    "conditions/support",
    "conditions/time",
)


def test_codes_are_resolved_to_full_paths() -> None:
    query = resolve_codes(parse("pastoral OR code:Time OR code:role OR benefits OR code:role/*"), PATHS)
    asked_for = [pattern.plain for pattern in query.terms("code")]
    assert asked_for == ["/role/pastoral", "/conditions/time", "/role", "/partnerships/benefits", "role/*"]
    assert parse(str(query)) == query


def test_a_set_stands_for_any_of_its_codes() -> None:
    sets = {"core": ("role/pastoral", "time"), "Core and more": ("role",)}
    assert str(resolve_sets(parse("NOT set:CORE coder:ann"), sets)) == (
        "NOT (code:/role/pastoral OR code:/time) AND coder:ann"
    )
    assert str(resolve_sets(parse('near(set:"core and more", set:core*)'), sets)) == (
        "near(code:/role, code:/role/pastoral OR code:/time OR code:/role, turn)"
    )
    with pytest.raises(UsageError, match='no set "cor" — did you mean "core"'):
        resolve_sets(parse("set:cor"), sets)
    with pytest.raises(UsageError, match="none yet"):
        resolve_sets(parse("set:core"), {})


def test_a_full_path_wins_over_trailing_parts() -> None:
    query = resolve_codes(parse("code:role/pastoral"), [*PATHS, "other/role/pastoral"])
    assert [pattern.plain for pattern in query.terms("code")] == ["/role/pastoral"]


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(UnknownCode, match='did you mean "pastoral"'):
        resolve_codes(parse("near(pastorl, time)"), PATHS)
    with pytest.raises(UnknownCode):
        resolve_codes(parse("code:rolle/*"), PATHS)


def test_trailing_parts_of_two_codes_are_refused() -> None:
    with pytest.raises(UsageError, match='"support" stands for partnerships/benefits/support, conditions/support'):
        resolve_codes(parse("NOT support"), PATHS)


def test_sources_are_resolved_by_prefix() -> None:
    query = resolve_sources(parse("source:hand OR source:interview-1 OR source:interview-10"), BUNDLE.sources)
    assert [pattern.plain for pattern in query.terms("source")] == ["ffff00", "a1b2c3", "d4e5f6"]
    with pytest.raises(UsageError, match='"interview" stands for interview-1, interview-10'):
        resolve_sources(parse("source:interview"), BUNDLE.sources)
    with pytest.raises(UnknownSource, match='did you mean "handbook"'):
        resolve_sources(parse("source:handboko"), BUNDLE.sources)


def test_a_file_of_many_respondents_stays_a_file() -> None:
    rows = [Source(f"id{n}", f"row {n}", "answers", "x", file="survey.csv") for n in (1, 2)]
    query = resolve_sources(parse("source:survey.csv"), rows)
    assert query.matches(Coding(Segment(rows[1], Span(0, 1)), "a/b", "ann"), QueryContext())


def test_unknown_attributes_and_names_are_refused() -> None:
    with pytest.raises(UsageError, match='no case has an attribute "phas" — did you mean "phase"'):
        check_attributes(parse("phas=primary"), ["phase", "years in post"])
    with pytest.raises(UsageError, match='no coder "bem" — did you mean "ben"'):
        check_names(parse("coder:bem"), "coder", ["ann", "ben"])
    check_attributes(parse("Phase=primary"), ["phase"])
    check_names(parse("coder:b*"), "coder", ["ann", "ben"])


def test_options_become_the_same_query_as_their_words() -> None:
    query = select(
        codes=["pastoral", "role/*"], coders=["ann"], sources=["interview-1"], cases=["Ms Ash"], rounds=[1, 2]
    )
    words = '(code:pastoral OR code:role/*) coder:ann source:interview-1 case:"Ms Ash" (round:1 OR round:2)'
    assert query == parse(words)
    assert select() == parse("  ") == Query()
    assert str(select(coders=["a*"])) == r"coder:a\*"


def test_queries_are_joined_by_and() -> None:
    assert parse("a b") & parse("c OR d") == parse("a b (c OR d)")
    assert Query() & parse("a") == parse("a") == parse("a") & Query()


def test_the_examples_of_the_documentation_can_be_read() -> None:
    page = Path(__file__).parents[1] / "docs" / "queries.md"
    examples = re.findall(r"^    (\S.*?)(?: {2,}.*)?$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(examples) >= 20
    for example in examples:
        assert parse(str(parse(example))) == parse(example)


PIECE = st.text(st.sampled_from('ab1/*\\"“” ():=<>!,.-_é\n'), max_size=6)
SOLID = PIECE.filter(str.strip)
PATTERNS = st.lists(PIECE, min_size=1, max_size=3).map(lambda parts: Pattern(tuple(parts)))
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["coder", "source", "case", "kind", "speaker", "origin", "anchor"]), PATTERNS),
    st.builds(
        Term, st.sampled_from(["text", "memo", "code"]), st.lists(SOLID, min_size=1, max_size=2).map(tuple).map(Pattern)
    ),
    st.builds(
        Compare, st.one_of(PIECE, st.sampled_from(["kind", "Round"])), st.sampled_from(["=", "!=", "<", ">="]), PATTERNS
    ),
    st.builds(
        Compare,
        st.sampled_from(["round", "certainty"]),
        st.sampled_from(["=", "!=", "<=", ">"]),
        st.sampled_from(["1", "0.5", "-2"]).map(Pattern.literally),
        st.just(False),
    ),
)
DISTANCES = st.one_of(st.sampled_from(["turn", "sentence", "overlap"]), st.integers(0, 5000))


def wider(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several), st.builds(Or, several), st.builds(Not, nodes), st.builds(Near, nodes, nodes, DISTANCES)
    )


NODES = st.recursive(TERMS, wider, max_leaves=6)


@given(NODES)
def test_a_query_prints_as_it_is_read(node: Node) -> None:
    query = Query(node)
    assert parse(str(query)) == query


@given(st.text(st.sampled_from('ab:"()*\\=<> ,!“”ANDORTnear1é'), max_size=25))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    try:
        query = parse(text)
    except UsageError as error:
        said = str(error)
    else:
        said = "column"
        assert parse(str(query)) == query
    assert "column" in said or "needs a value" in said


KNOWN = st.sampled_from(
    ["pastoral", "coder:ben", "phase=primary", '"upset"', "round:2", "near(pastoral, managerial)", "NOT case:*", ""]
).map(lambda text: parse(text).root)


@given(KNOWN, KNOWN, st.sampled_from(ALL))
def test_de_morgan(one: Node, other: Node, coding: Coding) -> None:
    def holds(node: Node) -> bool:
        return node.matches(coding, CONTEXT)

    assert holds(Not(And((one, other)))) == holds(Or((Not(one), Not(other))))
    assert holds(Not(Or((one, other)))) == holds(And((Not(one), Not(other))))
    assert holds(And((one, Not(one)))) is False
    assert holds(Or((one, Everything())))


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(st.lists(SPANS, min_size=1, max_size=8), st.lists(SPANS, min_size=1, max_size=8), st.integers(0, 30))
def test_near_by_characters_is_the_gap_of_the_closest(ones: list[Span], others: list[Span], gap: int) -> None:
    source = Source("s", "s", "document", "x" * 100)
    mine = [Coding(Segment(source, span), "a/one", "ann") for span in ones]
    theirs = [Coding(Segment(source, span), "a/two", "ann") for span in others]
    context = QueryContext.of(Bundle(codings=(*mine, *theirs)))
    query = parse(f"near(one, two, {gap})")
    for coding in mine:
        gaps = [max(coding.span.start, o.start) - min(coding.span.end, o.end) for o in others]
        assert query.matches(coding, context) == (min(gaps) <= gap)


@given(KNOWN, KNOWN, st.sampled_from(["turn", "overlap", 3, 1000]), st.sampled_from(ALL))
def test_near_does_not_mind_the_order_of_its_sides(one: Node, other: Node, distance: object, coding: Coding) -> None:
    left, right = Near(one, other, distance), Near(other, one, distance)  # type: ignore[arg-type]
    assert left.matches(coding, CONTEXT) == right.matches(coding, CONTEXT)
