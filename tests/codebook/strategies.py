"""Codebooks and texts for property tests, nasty ones included."""

from __future__ import annotations

from hypothesis import strategies as st

from qualcode.model import Code, Codebook, Cue

NASTY = [
    "no", "yes", "~", "null", "1:30", "2024", "1.0", "0x1F", "- item", "# not a comment", "a # b", "key: value", "a:",
    "'single'", '"double"', "it's", "back\\slash", "\\n", "[laughs]", "{x}", "*star", "&and", "!bang",
    "@at", "%percent",
    "`tick`", "> fold", "| bar", "? q", ", comma", "--- ", "...", "<<", " leading", "trailing ", "  ", "two  blanks",
    "line one\nline two", "line\n\nparagraph", "ends\n", "\nbegins", "\n", "a\n  indented\nb", "a \nb", "tab\tinside",
    "\ttab", "cr\rhere", "crlf\r\nhere", "nel\x85here", "ls\u2028here", "ps\u2029here", "bom\ufeffhere",
    "nbsp\u00a0here",    "nul\x00here", "esc\x1b[31m", "\x7f", "\x80",
    "emoji \U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202egnol",
    "日本語: テスト", "naïve “quotes” – dash…", "e\u0301", "\uffff", "\U0010ffff", "word " * 40 + "end", "x" * 300,
    "=cmd()", "y", "N", "off", "1e3", "+1", ".5", "key: |\n  text", "- a\n- b", "a: 'b", '"', "'", "\\", "a: # b",
]  # fmt: skip
segments = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True) | st.sampled_from(
    ["no", "y", "1-30", "2024", "null"]
)
texts = (
    st.sampled_from(NASTY)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
    | st.lists(st.sampled_from(NASTY), max_size=3).map(" ".join)
    | st.lists(st.sampled_from(["word", "another", "of", "co-ordinator's", "(x)"]), min_size=5, max_size=60).map(
        " ".join
    )
)
items = texts.filter(lambda text: bool(text.strip()))
PATTERNS = [r"\bmentor(s|ed)?\b", "it's", 'say "so"', r"a\d{2,3}", "x: y", "tab\there", "é+", "a # b", "l\u2028s"]
cues = st.one_of(
    items.map(lambda text: Cue("phrase", text)),
    items.map(lambda text: Cue("lemma", text)),
    st.sampled_from(PATTERNS).map(lambda pattern: Cue("regex", pattern)),
)  # fmt: skip


def _tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


@st.composite
def codes_below(draw: st.DrawFn, parent: str, depth: int, most: int = 3) -> tuple[Code, ...]:
    """Codes below a path, depth first, each list without twins."""
    found: list[Code] = []
    for segment in draw(st.lists(segments, unique=True, max_size=most)):
        code = Code(
            path=f"{parent}/{segment}",
            label=draw(texts),
            definition=draw(texts),
            include=draw(_tuples(items)),
            exclude=draw(_tuples(items)),
            examples=draw(_tuples(items)),
            counterexamples=draw(_tuples(items)),
            cues=draw(_tuples(cues)),
            speakers=draw(st.sampled_from([(), ("respondent",), ("interviewer", "respondent")])),
            colour=draw(st.sampled_from([None, "#4477aa", "#ABCDEF"])),
            key=draw(st.sampled_from([None, "m", "1", "#", "'", '"', "é", "-"])),
        )
        found.append(code)
        if depth:
            found += draw(codes_below(code.path, depth - 1, 2))
    return tuple(found)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """A codebook that a file can hold."""
    name = draw(segments)
    return Codebook(
        name=name,
        version=draw(texts),
        title=draw(texts),
        basis=draw(st.sampled_from(["", "literature", "data", "both: of them"])),
        codes=draw(codes_below(name, 2)),
    )
