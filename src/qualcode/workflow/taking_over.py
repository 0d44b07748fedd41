"""Another program's project → this one: its codebook, codings and memos beside the sources, in one command.

Everything comes in or nothing, one `undo` takes it back, and what is here already is never doubled: a passage is known
by source, words, code and coder, also after somebody recoded it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from qualcode.errors import NoCoder
from qualcode.model import (
    CONSENSUS,
    Bundle,
    Code,
    Codebook,
    CodeLink,
    Coding,
    Memo,
    MemoTarget,
    Notice,
    Receipt,
    Segment,
    Source,
    stable_id,
)
from qualcode.store import Project
from qualcode.store.naming import case_key
from qualcode.workflow import codebook_files

COMMAND = codebook_files.IMPORT


@dataclass
class Taken:
    """What was taken over so far."""

    codebooks: list[Codebook] = field(default_factory=list)
    plans: list[codebook_files.Plan] = field(default_factory=list)
    codings: int = 0
    memos: int = 0
    known: int = 0
    notices: list[Notice] = field(default_factory=list)
    missed: list[Notice] = field(default_factory=list)


def is_project(bundle: Bundle) -> bool:
    """Whether there is more in the bundle than sources and cases."""
    return bool(bundle.codebooks or bundle.codings or bundle.memos or bundle.missed)


def take_over(
    project: Project,
    bundle: Bundle,
    where: str,
    *,
    coder: str | None,
    originals: Mapping[str, bytes] | None = None,
    dry_run: bool = False,
) -> Receipt:
    """Add the whole bundle of the file `where`. Codings and memos of nobody are those of `coder`; raises NoCoder.

    A dry run, whose transaction is taken back, leaves the codebooks' files alone.
    """
    bundle = _signed(bundle, coder)
    taken = Taken(missed=list(bundle.missed))

    def then() -> None:
        paths = _put_codebooks(project, bundle, coder, where, taken)
        _put_codings(project, bundle.codings, paths, where, taken)
        _put_memos(project, bundle.memos, paths, taken)
        _put_sets_and_links(project, bundle, paths, coder)
        project.lead(COMMAND, coder)

    with project.run():
        receipt = project.add(bundle, coder=coder, command=COMMAND, originals=originals, then=then)
    for plan in taken.plans if not dry_run else ():
        _, told = codebook_files.write(project, plan)
        taken.notices += told
    if any(coding.coder == CONSENSUS for coding in bundle.codings):
        layer = f'codings by "{CONSENSUS}" are the adjudicated layer here, and count before those of coders'
        taken.notices.append(Notice(where, "warning", layer))
    if taken.known:
        said = f"{taken.known} codings and memos of it are here already and were passed over"
        taken.notices.append(Notice(where, "info", said))
    return _receipt(receipt, taken)


def _receipt(receipt: Receipt, taken: Taken) -> Receipt:
    return replace(
        receipt,
        notices=(*receipt.notices, *taken.notices),
        codebooks=tuple(taken.codebooks),
        codings=taken.codings,
        memos=taken.memos,
        missed=tuple(taken.missed),
    )


def _signed(bundle: Bundle, coder: str | None) -> Bundle:
    """The bundle with a coder on every coding and memo."""
    if coder is None and not all([one.coder for one in bundle.codings] + [one.coder for one in bundle.memos]):
        raise NoCoder
    codings = tuple(one if one.coder else replace(one, coder=coder or "") for one in bundle.codings)
    memos = tuple(one if one.coder else replace(one, coder=coder or "") for one in bundle.memos)
    return replace(bundle, codings=codings, memos=memos)


# -- codebooks ----------------------------------------------------------------------------------------------------


def _put_codebooks(project: Project, bundle: Bundle, coder: str | None, where: str, taken: Taken) -> Mapping[str, Code]:
    """Add the codebooks; the codes by the paths that the bundle calls them by.

    A bundle without codebooks, as of a table of coded segments, means the codes that are here.
    """
    renamed: dict[str, str] = {}
    for book in bundle.codebooks:
        held = {known.name: known for known in project.codebooks()}
        name, joined, told = _joined(held, book, where)
        renamed[book.name] = name
        taken.notices += told
        if joined != held.get(name):
            old = held.get(name, Codebook(name))
            plan = codebook_files.planned(project, old, joined, lambda text: text)
            with project.act(COMMAND, coder) as act:
                act.put_codebook(plan.book, {})
            taken.plans.append(plan)
        taken.codebooks.append(joined)
    live = {code.path: code for code in project.codes()}
    if not bundle.codebooks:
        return live
    wanted = [code.path for code in bundle.codes()]
    return {path: live[_moved(path, renamed)] for path in wanted if _moved(path, renamed) in live}


def _joined(held: Mapping[str, Codebook], book: Codebook, where: str) -> tuple[str, Codebook, list[Notice]]:
    """Under which name a codebook comes in, and how it is then.

    One of the same name and title is an earlier state of it and gets what is new; nothing in it is changed or retired.
    Any other of that name is somebody else's, so this one gets the next free name.
    """
    name, n = book.name, 1
    while name in held and held[name].title != book.title:
        n += 1
        name = f"{book.name}-{n}"
    told = []
    if n > 1:
        told.append(Notice(where, "warning", f'there is another codebook "{book.name}" here, so this one is "{name}"'))
    moved = tuple(replace(code, path=_moved(code.path, {book.name: name})) for code in book.codes)
    if name not in held:
        return name, replace(book, name=name, codes=moved), told
    old = held[name]
    known = {code.path: code for code in old.codes}
    new = [code for code in moved if code.path not in known]
    changed = [code.path for code in moved if code.path in known and _differs(known[code.path], code)]
    if changed:
        said = f"{len(changed)} codes of {name} are written otherwise here than in the file; they were left as they are"
        told.append(Notice(where, "warning", said))
    return name, replace(old, codes=tuple(_in_order([*old.codes, *new]))) if new else old, told


def _differs(one: Code, other: Code) -> bool:
    return (one.label, one.definition, one.colour) != (other.label, other.definition, other.colour)


def _in_order(codes: list[Code]) -> Iterator[Code]:
    """Codes with each new one after those of its parent."""
    below: dict[str | None, list[Code]] = {}
    paths = {code.path for code in codes}
    for code in codes:
        below.setdefault(code.parent if code.parent in paths else None, []).append(code)
    stack = list(reversed(below.get(None, [])))
    while stack:
        code = stack.pop()
        yield code
        stack += reversed(below.get(code.path, []))


def _moved(path: str, renamed: Mapping[str, str]) -> str:
    head, slash, rest = path.partition("/")
    return renamed.get(head, head) + slash + rest


# -- codings and memos --------------------------------------------------------------------------------------------


def _put_codings(
    project: Project, codings: tuple[Coding, ...], codes: Mapping[str, Code], where: str, taken: Taken
) -> None:
    """Each coder's codings as an act of theirs; on a text that was corrected here since, none can be placed."""
    here: dict[str, Source | None] = {}
    moved: dict[str, int] = {}
    for coder, theirs in groupby(sorted(codings, key=lambda one: one.coder), key=lambda one: one.coder):
        with project.act(COMMAND, coder) as act:
            for one in theirs:
                if one.source.id not in here:
                    here[one.source.id] = _same_text(project, one.source)
                source, code = here[one.source.id], codes.get(one.code)
                if source is None or code is None:
                    moved[one.source.name] = moved.get(one.source.name, 0) + 1
                    continue
                segment = Segment(source, one.span)
                if act.knows_coding(segment, code, one.round):
                    taken.known += 1
                    continue
                act.add_coding(
                    segment, code, round=one.round, origin="import", memo=one.memo, certainty=one.certainty, at=one.at
                )
                taken.codings += 1
    for name, n in moved.items():
        said = f"{n} codings of {name}: its text was corrected here since it was taken in, so they have no place"
        taken.missed.append(Notice(where, "warning", said))


def _same_text(project: Project, source: Source) -> Source | None:
    held = project.source(source.id)
    return held if held.text == source.text else None


def _put_memos(project: Project, memos: tuple[Memo, ...], codes: Mapping[str, Code], taken: Taken) -> None:
    """Memos by their content's id, so that one that was changed or is here already is left alone."""
    known = {memo.id for memo in project.memos()}
    for coder, theirs in groupby(sorted(memos, key=lambda one: one.coder), key=lambda one: one.coder):
        with project.act(COMMAND, coder) as act:
            for memo in theirs:
                key = _memo_key(memo)
                if key in known:
                    taken.known += 1
                    continue
                known.add(key)
                act.put_memo(_target(memo.about, codes), memo.text, key, at=memo.at)
                taken.memos += 1


def _put_sets_and_links(project: Project, bundle: Bundle, codes: Mapping[str, Code], coder: str | None) -> None:
    """What is not here yet of them: a set of the same name gets what it lacks."""
    held = {each.name: each.codes for each in project.code_sets()}
    drawn = set(project.code_links())
    with project.act(COMMAND, coder) as act:
        for each in bundle.sets:
            for code in (codes[path] for path in each.codes if path in codes):
                if code.path not in held.get(each.name, ()):
                    act.put_in_set(each.name, code)
        for link in bundle.links:
            one, other = codes.get(link.origin), codes.get(link.target)
            if one and other and CodeLink(one.path, link.kind, other.path) not in drawn:
                act.link_codes(one, link.kind, other)


def _memo_key(memo: Memo) -> str:
    """A memo's id, made of what it is about and says, so that it is the same at the next import."""
    about = memo.about
    span = (about.span.start, about.span.end) if about.span else ()
    return stable_id("memo", about.kind, about.name, about.code, *span, memo.coder, memo.at or "", memo.text)


def _target(about: MemoTarget, codes: Mapping[str, Code]) -> MemoTarget:
    """The target with ids in place of a code's path and a case's name."""
    if about.code:
        return replace(about, code=codes[about.code].id) if about.code in codes else MemoTarget("project")
    return replace(about, name=case_key(about.name)) if about.kind == "case" else about
