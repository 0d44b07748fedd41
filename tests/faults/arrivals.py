"""What comes in from outside, at random: waves of a questionnaire, with and without what changed, and foreign projects.

They are deeds like those of `deeds`; each is one act, or one run of acts that `undo` takes back as one.
"""

from __future__ import annotations

from random import Random

from qualcode.model import (
    Bundle,
    Case,
    Code,
    Codebook,
    Coding,
    Memo,
    MemoTarget,
    Segment,
    Source,
    Span,
    Survey,
    SurveyColumn,
    Turn,
    stable_id,
)
from qualcode.store import Project
from qualcode.workflow import taking_over, waves

IDENTITY = "the mentors' questionnaire"
QUESTIONS = ("What is hard?", "What helps?")
ANSWERS = ("The timetable is hard.", "Nobody listens to us, week after week.", "A plan that holds.", "The gate.")
STRANGERS = ("dora", "ann")  # whose codings a foreign project holds: a stranger's, and a coder's of this study


def _answers(name: str, said: tuple[str, ...]) -> Source:
    """What one respondent answered, as `readers.survey` makes it."""
    turns, at = [], 0
    for n, (question, answer) in enumerate(zip(QUESTIONS, said, strict=False), start=1):
        turns.append(Turn(n, Span(at, at + len(answer)), role="respondent", prompt=question))
        at += len(answer) + 2
    key = stable_id("answers", IDENTITY, "case", name)
    return Source(key, f"survey/{name}", "answers", "\n\n".join(said), tuple(turns), case=name, sha256="cd" * 32)


def answer_survey(project: Project, coder: str, dice: Random) -> None:
    """Import a wave: some respondents' answers, old or new ones; sometimes what changed is taken."""
    names = dice.sample(("Q1", "Q2", "Q3"), k=dice.randint(1, 2))
    sources = tuple(_answers(name, tuple(dice.sample(ANSWERS, k=dice.randint(1, 2)))) for name in names)
    cases = tuple(Case(name, {"phase": dice.choice(("a", "b"))}) for name in names)
    columns = (SurveyColumn(0, "id", "id", "case"), SurveyColumn(1, dice.choice(QUESTIONS), QUESTIONS[0], "open"))
    read = Survey(IDENTITY, "survey", (dice.choice(("one", "two")),), True, columns)
    before = waves.wave_before(read, project.surveys())
    kept, update = waves.to_keep(read, before), dice.random() < 0.6
    live = {source.id: source.text for source in project.sources()}
    receipt = project.add(Bundle(sources=sources, cases=cases), coder=coder, update=update, survey=kept)
    taken = {source.id for source in receipt.changed} if update else set()
    for source in sources:
        wanted = source.text if source.id not in live or source.id in taken else live[source.id]
        assert project.source(source.id).text == wanted
    if kept is not None:
        (now,) = [one for one in project.surveys() if one.identity == IDENTITY]
        assert set(read.headers) <= set(now.headers)


def _foreign(dice: Random) -> Bundle:
    """Another program's project: an interview, a codebook that is ours or its own, codings and memos of two people."""
    from tests.faults import histories  # it imports the deeds, which import this

    name = dice.choice(list(histories.TALKS))
    source = histories.talk(name, histories.TALKS[name])
    book = dice.choice((Codebook("role", "1", tuple(map(Code, histories.CODES))), _THEIRS))
    codings, memos = [], []
    for coder in STRANGERS[: dice.randint(1, 2)]:
        for _ in range(dice.randint(1, 3)):
            turn, code = dice.choice(source.turns), dice.choice(book.codes)
            memo = dice.choice((None, "their reason"))
            codings.append(Coding(Segment(source, turn.span), code.path, coder, memo=memo, at="2020-01-01T00:00:00Z"))
        about = dice.choice((MemoTarget("project"), MemoTarget("segment", source.id, span=source.turns[0].span)))
        memos.append(Memo(about, dice.choice(("a thought", "another")), coder, at="2020-01-01T00:00:00Z"))
    unlike = {(c.span, c.code, c.coder): c for c in codings}
    case = Case(name, {"from": "there"})
    return Bundle((source,), (case,), (book,), codings=tuple(unlike.values()), memos=tuple(memos))


_THEIRS = Codebook("theirs", "1", (Code("theirs"), Code("theirs/time"), Code("theirs/place")), title="Theirs")


def take_over(project: Project, coder: str, dice: Random) -> None:
    """Import a foreign project; a second time at once brings nothing."""
    from tests.faults import histories

    paths = [code.path for book in project.codebooks() for code in book.codes]
    if len(set(paths)) != len(paths):
        return  # two codes at one path are settled by hand
    bundle = _foreign(dice)
    taking_over.take_over(project, bundle, "theirs.qdpx", coder=coder, dry_run=True)  # leaves files alone
    before = histories.state(project._conn)
    again = taking_over.take_over(project, bundle, "theirs.qdpx", coder=coder, dry_run=True)
    assert (again.sources, again.codings, again.memos) == ((), 0, 0)
    assert histories.state(project._conn) == before
