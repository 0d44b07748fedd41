"""What people agree on beside codings, at random: whose words a speaker's are, sets and links, draws, units, decisions.

They are deeds like those of `deeds`. `LASTING` are those that `undo` passes over.
"""

from __future__ import annotations

from itertools import count
from random import Random

from qualcode.errors import UsageError
from qualcode.model import CONSENSUS, Code, CodeLink, Segment, Span, stable_id
from qualcode.store import Project
from qualcode.workflow import frozen_units, sampling_desk

SETS = ("pressure", "Pressure", "beginnings")
KINDS = ("leads to", "contrasts with")


def _names(dice: Random) -> str:
    return f"{dice.getrandbits(48):x}"


def give_case(project: Project, coder: str, dice: Random) -> None:
    """A speaker's words are a case's, or nobody's; two people may say it in two ways."""
    sources, cases = [source for source in project.sources() if source.speakers], project.cases()
    if sources and cases:
        source, case = dice.choice(sources), dice.choice((*cases, None))
        speaker = dice.choice(source.speakers)
        with project.act("speakers case", coder) as act:
            act.give_cases(source, {speaker: case.id if case else None})
        turns = [turn for turn in project.source(source.id).turns if turn.speaker == speaker]
        wanted = case.name if case else source.case
        assert {turn.case for turn in turns if turn.role != "interviewer"} <= {wanted, None, ""}


def put_in_set(project: Project, coder: str, dice: Random) -> None:
    """A code into a set, or out of it, by a name whose letters others write otherwise."""
    codes = project.codes()
    if codes:
        code, name, out = dice.choice(codes), dice.choice(SETS), dice.random() < 0.3
        with project.act("codebook set", coder) as act:
            act.put_in_set(name, code, out=out)
        held = {path for each in project.code_sets() if each.name.casefold() == name.casefold() for path in each.codes}
        assert (code.path in held) != out


def link_codes(project: Project, coder: str, dice: Random) -> None:
    """A link between two codes, or none any more."""
    codes = project.codes()
    if len({code.path for code in codes}) > 1:
        one, other = _unlike(codes, dice)
        kind, remove = dice.choice(KINDS), dice.random() < 0.3
        with project.act("codebook link", coder) as act:
            act.link_codes(one, kind, other, remove=remove)
        assert remove or CodeLink(one.path, kind, other.path) in project.code_links()


def _unlike(codes: tuple[Code, ...], dice: Random) -> list[Code]:
    return dice.sample(list({code.path: code for code in codes}.values()), k=2)


def freeze_units(project: Project, coder: str, dice: Random) -> None:
    """The units of a comparison are fixed: turns or sentences, or the passages that somebody coded."""
    how = dice.choice(({"unit": "turn"}, {"unit": "sentence"}, {"coded_by": coder}))
    try:
        made = frozen_units.freeze(project, _names(dice), coder=coder, **how)
    except UsageError:
        return  # there is nothing to fix, or passages overlap
    assert made.count > 0
    assert made.key in {each.key for each in frozen_units.all_frozen(project)}


def draw(project: Project, coder: str, dice: Random) -> None:
    """What two people code apart is drawn."""
    by = dice.choice(("source", "turn"))
    asked = (turn for source in project.sources() for turn in source.turns if turn.role != "interviewer")
    if next(asked, None) is not None:
        coders = tuple(dict.fromkeys((coder, "ann", "ben")))[:2]
        kept = sampling_desk.sample(project, by=by, count=1, coders=coders, seed=dice.randrange(9), coder=coder)
        assert kept in sampling_desk.samples(project)


def adjudicate(project: Project, coder: str, dice: Random) -> None:
    """A place is settled: what holds there stands in the consensus; a later decision replaces an earlier one."""
    sources, codes = project.sources(), project.codes()
    if not (sources and codes):
        return
    source, code = dice.choice(sources), dice.choice(codes)
    segment = Segment(source, Span(0, min(len(source.text), dice.choice((6, 12)))))
    place = stable_id("disagreement", source.id, dice.randrange(3))
    with project.act("adjudicate", coder) as act:
        held = [act.add_coding(segment, code, origin=f"adjudication:{place}", consensus=True)]
        body = {"source": source.id, "codebook": code.codebook, "choice": coder, "codings": held, "rule": ""}
        act.record("adjudication", place, body, f"because {dice.random()}")
    shown = {(coding.source.id, coding.segment.span, coding.code) for coding in project.codings(coders={CONSENSUS})}
    assert (source.id, segment.span, code.path) in shown  # by place: of twins with a code merged into it one shows
    assert [record.body["codings"] for record in project.records("adjudication") if record.key == place] == [held]


def freeze_figures(project: Project, coder: str, dice: Random) -> None:
    """The figures of now are kept with a milestone."""
    taken = project.milestones()
    name = next(free for n in count(1) if (free := f"figures {_names(dice)} {n}") not in taken)
    alpha = round(dice.random(), 3)
    row = {"measure": "alpha_set", "distance": "masi", "codebook": "role", "code": None, "value": alpha}
    figures = {"figures": {"role": alpha}, "asked": {"unit": "sentence"}, "measures": [row]}
    project.milestone(name, coder, figures)
    assert [record.body["figures"] for record in project.records("freeze") if record.key == name] == [{"role": alpha}]


def see(project: Project, coder: str, dice: Random) -> None:
    """Somebody was shown another's layer."""
    sources = project.sources()
    if sources:
        with project.act("seen", coder) as act:
            act.see(dice.choice(("ann", "ben", "suggestions")), dice.choice(sources).id, _names(dice))


WORK = (give_case, give_case, put_in_set, put_in_set, link_codes, freeze_units, draw, adjudicate)
LASTING = (freeze_figures, see)
