"""Web pages: lines without glued words, tables, marked speakers, what is left out, encodings, refusals."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle
from qualcode.readers import ReadOptions, read_bytes
from qualcode.readers.html import read
from tests.readers.samples import TALK, html

Said = list[tuple[str | None, float | None, str]]


def bundle(page: str | bytes) -> Bundle:
    return read(page if isinstance(page, bytes) else page.encode(), "talk.html", ReadOptions())


def text(page: str | bytes) -> str:
    return bundle(page).sources[0].text


def said(page: str) -> Said:
    source = bundle(page).sources[0]
    return [(turn.speaker, turn.time, source.quote(turn.span)) for turn in source.turns]


def notices(page: str | bytes) -> str:
    return "\n".join(map(str, bundle(page).notices))


def test_paragraphs_are_lines_and_labels_are_found() -> None:
    assert said(html()) == [(speaker, None, words) for speaker, words in TALK]


def test_no_words_are_glued() -> None:
    page = "<div>one<div>two</div>three<br>four<p>five<p>six</p>seven<ul><li>a<li>b</ul>in<i>side</i><hr>end</div>"
    assert text(page) == "one\ntwo\nthree\nfour\nfive\nsix\nseven\na\nb\ninside\nend"


def test_blanks_are_collapsed_outside_preformatted_text() -> None:
    assert text("<p>  one\n  two&nbsp;&amp; </p><pre>a  b\n c</pre>") == "one two\xa0&\na  b\n c"


def test_tables_keep_rows_and_cells() -> None:
    page = "<table><tr><th>Term<th>What<tr><td>Autumn<td><p>one<p>two<tr><td><table><tr><td>x<td>y</table><td>z</table>"
    assert text(page) == "Term\tWhat\nAutumn\tone\ntwo\nx\ty\tz"


@pytest.mark.parametrize(
    "row", ["<tr><td>{}</td><td>{}</td></tr>", "<dt>{}</dt><dd>{}</dd>"], ids=["table", "list of terms"]
)
def test_speakers_beside_their_words_are_a_talk(row: str) -> None:
    around = "<table>{}</table>" if "<tr>" in row else "<dl>{}</dl>"
    page = around.format("".join(row.format(*one) for one in TALK))
    assert said(page) == [(speaker, None, words) for speaker, words in TALK]


def test_marked_speakers_of_players_are_labels() -> None:
    page = "".join(
        f'<div class="row"><span class="speaker-name">{who}</span><span class="timestamp">0:1{n}</span>'
        f'<span class="text">{words}</span></div>'
        for n, (who, words) in enumerate(TALK[:3])
    )
    assert said(page) == [(who, 10.0 + n, words) for n, (who, words) in enumerate(TALK[:3])]
    assert text(page).startswith("Interviewer 0:10 So how")


def test_marked_speakers_on_lines_of_their_own_are_labels() -> None:
    page = "".join(f'<h4 class="speaker">{who}</h4><p>{words}</p>' for who, words in TALK)
    assert said(page) == [(who, None, words) for who, words in TALK]


def test_transcripts_of_podcasts_are_read() -> None:
    page = "".join(f"<cite>{who}:</cite><time>0:0{n}</time><p>{words}</p>" for n, (who, words) in enumerate(TALK))
    assert said(page) == [(who, float(n), words) for n, (who, words) in enumerate(TALK)]


def test_one_marked_author_is_no_talk() -> None:
    page = '<p class="author">Maya Klein</p><p>What I have to say is this.</p>'
    assert said(page) == [(None, None, "Maya Klein"), (None, None, "What I have to say is this.")]


def test_what_is_no_text_of_the_page_is_told() -> None:
    page = (
        "<head><title>My page</title><style>p {}</style></head><nav>Home About</nav><header><a>Sign in</a></header>"
        "<header><h1>Interview</h1></header><p>Words.<script>var x = 1</script><button>Play</button>"
        "<p hidden>secret<p style='display: none'>too</p><footer>By Maya</footer>"
    )
    assert text(page) == "Interview\nWords.\nBy Maya"
    for expected in (
        "title of the page, not in the text: My page",
        "navigation, not in the text: Home About · Sign in",
        "buttons and menus, not in the text: Play",
        "hidden words, not in the text: secret · too",
    ):
        assert expected in notices(page)
    assert "var x" not in notices(page)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "utf-16", "cp1250"])
def test_a_page_says_its_encoding(charset: str) -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><p>café</p>'
    assert text(page.encode("cp1252" if charset.startswith("iso") else charset)) == "café"


def test_a_page_that_says_a_wrong_encoding_is_read_as_what_it_is() -> None:
    page = '<meta charset="utf-8"><p>so it was, in the café of the school'.encode("cp1252")
    assert text(page).endswith("café of the school")
    assert "the page is not utf-8" in notices(page)


def test_entities_of_a_doctype_are_not_expanded() -> None:
    assert "laugh" not in text('<!DOCTYPE d [<!ENTITY a "laugh">]><p>So &a; it was.</p>')


def test_a_page_is_known_by_its_content() -> None:
    assert read_bytes(html().encode(), "talk").sources[0].turns == bundle(html()).sources[0].turns


def test_a_page_that_nests_too_deeply_is_refused_and_not_cut_off() -> None:
    assert text("<b>" * 1000 + "deep words").strip() == "deep words"
    with pytest.raises(LimitExceeded, match="nests too deeply"):
        bundle("<b>" * 5000 + "deep words")


def test_more_tags_than_a_page_has_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="tags"):
        bundle("<b>" * 1_000_001)


@pytest.mark.parametrize("raw", [b"", b" ", b"<html></html>", b"<script>x</script>", b"\0\0\0"])
def test_bytes_without_text_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        bundle(raw)
