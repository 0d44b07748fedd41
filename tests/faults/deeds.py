"""What one command does to a project, at random: each deed is one act, or none where there is nothing to do it to.

Each asserts that it took effect at once: whoever does something knows all that is there, so it comes last in the log,
whatever the clocks of the others said.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from random import Random

from qualcode.anchors import align
from qualcode.errors import NotUndoable
from qualcode.model import (
    Bundle,
    Case,
    Code,
    Codebook,
    Coding,
    MemoTarget,
    Reason,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
    Turn,
    stable_id,
)
from qualcode.store import Project
from tests.faults import arrivals, histories, understandings

Deed = Callable[[Project, str, Random], None]
WORDS = ("timetable", "Nobody", "school", "weekly", "plan", "gate", "again", "mentors")


def _segment(project: Project, dice: Random) -> Segment | None:
    sources = project.sources()
    if not sources:
        return None
    source = dice.choice(sources)
    start = dice.randrange(0, max(1, len(source.text) - 12), 6)
    return Segment(source, Span(start, min(len(source.text), start + dice.choice((6, 12, 30)))))


def _own(project: Project, coder: str, dice: Random) -> Coding | None:
    found = project.codings(coders={coder})
    return dice.choice(found) if found else None


def _code(project: Project, dice: Random) -> Code | None:
    codes = project.codes()
    return dice.choice(codes) if codes else None


def _value(project: Project, column: str, table: str, key: str) -> object:
    """A field of a row, None when there is no such row."""
    row = project._conn.execute(f'SELECT {column} FROM "{table}" WHERE id = ?', (key,)).fetchone()
    return None if row is None else row[0]


def add_coding(project: Project, coder: str, dice: Random) -> None:
    """Code a passage, sometimes with a memo; often one that somebody coded before."""
    segment, code = _segment(project, dice), _code(project, dice)
    if segment is None or code is None:
        return
    with project.act("coding add", coder) as act:
        key = act.add_coding(segment, code, round=dice.choice((1, 1, 2)), memo=dice.choice((None, None, "because")))
    assert _value(project, "coder", "coding", key) == coder


def remove_coding(project: Project, coder: str, dice: Random) -> None:
    """Take a coding of one's own back."""
    coding = _own(project, coder, dice)
    if coding is not None:
        with project.act("coding remove", coder) as act:
            act.remove_coding(coding)
        assert _value(project, "id", "coding", coding.id) is None


def recode(project: Project, coder: str, dice: Random) -> None:
    """Give one's own coding another code."""
    coding, code = _own(project, coder, dice), _code(project, dice)
    if coding is not None and code is not None:
        with project.act("coding recode", coder) as act:
            act.set_coding(coding.id, {"code": code.id})
        assert _value(project, "code", "coding", coding.id) == code.id


def resize(project: Project, coder: str, dice: Random) -> None:
    """Give one's own coding another span."""
    coding, segment = _own(project, coder, dice), _segment(project, dice)
    if coding is not None and segment is not None and segment.source.id == coding.source.id:
        with project.act("coding resize", coder) as act:
            act.move_coding(coding, segment)
        assert _value(project, "start", "coding", coding.id) == segment.span.start
        assert _value(project, "anchor", "coding", coding.id) == "exact"


def annotate(project: Project, coder: str, dice: Random) -> None:
    """Write a memo onto one's own coding, or how sure one is."""
    coding = _own(project, coder, dice)
    if coding is not None:
        with project.act("coding set", coder) as act:
            act.set_coding(coding.id, dice.choice(({"memo": f"memo {dice.random()}"}, {"certainty": 0.5})))


def write_memo(project: Project, coder: str, dice: Random) -> None:
    """A memo on the project, a passage or a case × code, or a new text of one that is there."""
    memos, segment = project.memos(), _segment(project, dice)
    old = dice.choice(memos) if memos and dice.random() < 0.5 else None
    about = MemoTarget("project")
    if old is not None:
        about = replace(old.about, code="", span=None, kind="project", name="")
    elif segment is not None and dice.random() < 0.5:
        about = MemoTarget("segment", segment.source.id, span=segment.span)
    text = f"thought {dice.random()}"
    with project.act("memo add", coder) as act:
        key = act.put_memo(about, text, old.id if old else None)
    assert [memo.text for memo in project.memos() if memo.id == key] == [text]


def remove_memo(project: Project, coder: str, dice: Random) -> None:
    """Take a memo back."""
    memos = project.memos()
    if memos:
        memo = dice.choice(memos)
        with project.act("memo remove", coder) as act:
            act.remove_memo(memo.id)
        assert _value(project, "id", "memo", memo.id) is None


def set_case(project: Project, coder: str, dice: Random) -> None:
    """An attribute, a consent, or a withdrawal."""
    cases = project.cases()
    changes = ({"attributes": {"phase": dice.choice(("a", "b", None))}}, {"consent": "quote"}, {"withdrawn": True})
    if cases:
        with project.act("cases set", coder) as act:
            act.set_case(dice.choice(cases).id, dice.choice(changes))


def link_case(project: Project, coder: str, dice: Random) -> None:
    """Two cases are one person; two people may say so in opposite ways."""
    cases = project.cases()
    if len(cases) > 1:
        one, other = dice.sample(cases, k=2)
        with project.act("cases link", coder) as act:
            act.link_case(one.id, other.id)


def apply_codebook(project: Project, coder: str, dice: Random) -> None:
    """The codebook again, with another definition, a code renamed, or one retired."""
    books = [book for book in project.codebooks() if book.name == "role"]
    if not books or len({code.path for code in books[0].codes}) != len(books[0].codes):
        return  # two codes at one path are settled by hand
    codes, renames = list(books[0].codes), {}
    at = dice.randrange(len(codes)) if codes else 0
    way = dice.choice(("define", "rename", "retire", "revive"))
    if way == "revive" or not codes:
        wanted = [Code(path) for path in histories.CODES]
        codes += [code for code in wanted if code.path not in {code.path for code in codes}]
    elif way == "define":
        codes[at] = replace(codes[at], definition=f"meaning {dice.random()}")
    elif way == "rename":
        new = f"role/{dice.choice(WORDS).lower()}"
        if new not in {code.path for code in codes}:
            renames = {codes[at].path: new}
            codes[at] = replace(codes[at], path=new)
    else:
        del codes[at]
    with project.act("codebook apply", coder) as act:
        act.put_codebook(Codebook("role", f"{dice.randint(2, 9)}", tuple(codes)), renames)


def merge_codes(project: Project, coder: str, dice: Random) -> None:
    """One code goes into another; two people may do so in a circle."""
    codes = project.codes()
    if len(codes) > 1:
        one, other = dice.sample(codes, k=2)
        with project.act("codebook merge", coder) as act:
            act.merge_code(one, other)


def add_code(project: Project, coder: str, dice: Random) -> None:
    """A code made while reading; two people may give it one name."""
    books = project.codebooks()
    path = f"role/{dice.choice(WORDS).lower()}"
    if books and path not in {code.path for code in books[0].codes}:
        with project.act("codebook add", coder) as act:
            act.add_code(Code(path, "Label"), books[0])


def say_done(project: Project, coder: str, dice: Random) -> None:
    """How far one is with a source."""
    sources = project.sources()
    if sources:
        status = Status(dice.choice(sources).id, coder, "role", dice.choice(("done", "in progress")))
        with project.act("sources done", coder) as act:
            act.set_status(status)
        assert status in [replace(each, at=None) for each in project.statuses()]


def set_roles(project: Project, coder: str, dice: Random) -> None:
    """Who asks and who answers."""
    sources = project.sources()
    if sources:
        source = dice.choice(sources)
        role = dice.choice(("interviewer", "respondent", None))
        with project.act("speakers", coder) as act:
            act.set_roles(source, dict.fromkeys(source.speakers[:1], role))


def name_speakers(project: Project, coder: str, dice: Random) -> None:
    """Rename a speaker, or join two."""
    sources = [source for source in project.sources() if source.speakers]
    if sources:
        source = dice.choice(sources)
        name = dice.choice((*source.speakers, *WORDS))
        with project.act("speakers rename", coder) as act:
            act.rename_speakers(source, {dice.choice(source.speakers): name})
        assert name in project.source(source.id).speakers or name not in WORDS


def give_cases(project: Project, coder: str, dice: Random) -> None:
    """Say whose words a speaker's are: a case that is here, a new one, or nobody's."""
    sources = [source for source in project.sources() if source.speakers]
    if sources:
        source = dice.choice(sources)
        label, name = dice.choice(source.speakers), dice.choice((*WORDS, None))
        with project.act("speakers case", coder) as act:
            act.give_cases(replace(source, case=None), {label: act.need_case(name) if name else None})
        turns = [turn for turn in project.source(source.id).turns if turn.speaker == label]
        assert all(turn.case is None for turn in turns if turn.role == "interviewer" or name is None)


def find_questions(project: Project, coder: str, dice: Random) -> None:
    """Say which turns answer which question."""
    sources = [source for source in project.sources() if source.turns]
    if sources:
        source = dice.choice(sources)
        turn, question = dice.choice(source.turns).n, dice.choice(WORDS)
        with project.act("prompts", coder) as act:
            act.set_prompts(source, {turn: question})
        assert {each.n: each.prompt for each in project.source(source.id).turns}[turn] == question


def take_in(project: Project, coder: str, dice: Random) -> None:
    """Import an interview, or a folder of two, that others may have imported too, or that is here and was undone."""
    names = dice.sample(list(histories.TALKS), k=dice.choice((1, 1, 2)))
    with project.parts() if len(names) > 1 else nullcontext():
        for name in names:
            source = histories.talk(name, histories.TALKS[name])
            project.add(Bundle(sources=(source,), cases=(Case(name, {"from": coder}),)), coder=coder)


def revise(project: Project, coder: str, dice: Random) -> None:
    """Correct a transcript: a word, a new first line, a line deleted."""
    sources = [source for source in project.sources() if source.kind != "answers"]
    if not sources:
        return
    old = dice.choice(sources)
    lines = old.text.splitlines(keepends=True)
    at, way = dice.randrange(len(lines)), dice.choice(("word", "first", "drop"))
    if way == "word":
        lines[at] = lines[at].replace(" ", f" {dice.choice(WORDS)} ", 1)
    elif way == "first" or len(lines) < 2:
        lines.insert(0, f"I: Recorded on day {dice.randint(1, 9)}.\n")
    else:
        del lines[at]
    new = _read("".join(lines), old)
    if new.text != old.text:
        project.revise(old, new, align(old.text, new.text), coder=coder)
        assert project.source(old.id).text == new.text


def _read(text: str, old: Source) -> Source:
    fresh = histories.talk(old.name, text)
    return replace(old, text=text, turns=tuple(Turn(t.n, t.span, t.speaker) for t in fresh.turns), sha256="ab" * 32)


def decide(project: Project, coder: str, dice: Random) -> None:
    """Accept or reject what was proposed."""
    segment, code = _segment(project, dice), _code(project, dice)
    if segment is None or code is None:
        return
    key = stable_id("suggestion", segment.source.id, segment.span.start, code.path)
    proposed = Suggestion(segment, code.path, 0.5, "cues", "1", Reason("cue", "a word"), id=key)
    with project.act("suggestions", coder) as act:
        act.decide(proposed, code, dice.choice(("accepted", "rejected")))


def settle(project: Project, coder: str, dice: Random) -> None:
    """Settle what two people changed apart."""
    found = [conflict for conflict in project.conflicts() if conflict.kind != "code path"]
    if found:
        conflict = dice.choice(found)
        with project.act("resolve", coder) as act:
            act.settle(conflict, dice.randint(1, len(conflict.sides)))


def undo(project: Project, coder: str, dice: Random) -> None:
    """Take the last command back, or any act that is listed."""
    _turn(project, coder, dice, undone=False)


def redo(project: Project, coder: str, dice: Random) -> None:
    """Bring back what was undone, or any undone act that is listed."""
    _turn(project, coder, dice, undone=True)


def _turn(project: Project, coder: str, dice: Random, *, undone: bool) -> None:
    listed = [entry.id for entry in project.history() if entry.undone == undone]
    word = dice.choice(listed) if listed and dice.random() < 0.5 else None
    try:
        turned = (project.redo if undone else project.undo)(coder, word)
    except NotUndoable:
        return
    now = {entry.id: entry.undone for entry in project.history()}
    assert {now[entry.id] for entry in turned} == {not undone}


WORK: tuple[Deed, ...] = (
    *[add_coding] * 6,
    *(remove_coding, remove_coding, recode, resize, annotate, write_memo, write_memo, remove_memo, set_case, link_case),
    *(
        apply_codebook,
        apply_codebook,
        merge_codes,
        add_code,
        say_done,
        set_roles,
        take_in,
        take_in,
        name_speakers,
        give_cases,
        find_questions,
        revise,
        revise,
    ),
    *(decide, settle, arrivals.answer_survey, arrivals.answer_survey, arrivals.take_over),
    *understandings.WORK,
)
LASTING: tuple[Deed, ...] = understandings.LASTING
DEEDS: tuple[Deed, ...] = (*WORK, *LASTING, undo, undo, undo, redo, redo)


def any_deed(project: Project, coder: str, dice: Random) -> None:
    """One of them."""
    dice.choice(DEEDS)(project, coder, dice)


def any_work(project: Project, coder: str, dice: Random) -> bool:
    """One that undo takes back; whether there was anything to do."""
    before = project._conn.execute("SELECT count(*) FROM act").fetchone()
    dice.choice(WORK)(project, coder, dice)
    return bool(project._conn.execute("SELECT count(*) FROM act").fetchone() != before)
