"""Living with a codebook: rename, move, merge, split, retire and add codes. Codings follow by the code's id.

Every change is read, decided and stored in one transaction, and undone as one; the file follows (`codebook_files`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qualcode import codebook as room
from qualcode.codebook.labels import relabel_code
from qualcode.errors import UsageError
from qualcode.model import Code, Codebook, Notice
from qualcode.store import Project
from qualcode.workflow.codebook_desk import Desk, Done, changing, within

# -- the verbs --------------------------------------------------------------------------------------------------


def add(
    project: Project,
    label: str,
    *,
    coder: str | None,
    under: str | None = None,
    definition: str = "",
    example: str | None = None,
) -> Done:
    """Make a code while reading: in the `open` codebook, or under the code or codebook `under`.

    Raises UsageError when a code of that path is there already, or was and has codings.
    """
    if "/" in label and under is None:
        under, _, label = label.rpartition("/")  # a path was given: its parent must be there
    _refuse_empty(label)
    with changing(project, "codebook add", coder) as desk:
        parent = desk.parent(under or "open")
        code = Code(room.new_path(parent, label), label.strip(), definition, examples=(example,) if example else ())
        desk.refuse_taken(code.path, unless_unused=True)
        old = desk.books[code.codebook]
        new = _with(old, parent, [code])

        def edit(text: str) -> str:
            return room.add_code(text, code.path, label=code.label, definition=definition, example=example or "")

        made = () if code.path in desk.retired else (code,)
        desk.store(old, new, edit, made=made)
    return desk.done([code.path])


def rename(project: Project, old: str, new: str, *, coder: str | None, label: str | None = None) -> Done:
    """Give a code another last part of its path; the codes below follow, and all codings, memos and suggestions.

    `new` is a part of a path, or words: these become the label too. Raises UsageError for a name in use.
    """
    _refuse_empty(new)
    with changing(project, "codebook rename", coder) as desk:
        code = desk.code(old)
        segment = _segment(code, new)
        path = f"{code.path.rpartition('/')[0]}/{room.slug(segment)}"
        said = label if label is not None else segment.strip() if room.slug(segment) != segment else code.label
        if (path, said) == (code.path, code.label):
            raise UsageError(f"{code.path} is called that already", "say what it shall be called")
        book = desk.books[code.codebook]
        pairs = _pairs(book, code.path, path)
        if path != code.path:
            desk.refuse_taken(*pairs.values())

        def edit(text: str) -> str:
            renamed = room.rename_code(text, code.path, room.slug(segment))
            return relabel_code(renamed, path, said) if said != code.label else renamed

        codes = tuple(_at(each, pairs, {code.path: said}) for each in book.codes)
        desk.store(book, replace(book, codes=codes), edit, renames=pairs)
        if said == code.label and room.slug(said) == code.path.rpartition("/")[2]:
            way = f'say it with `qualcode codebook rename {path} "NEW LABEL"`'
            desk.notices.append(Notice(path, "info", f'its label is still "{said}" — {way}'))
    return desk.done([path], pairs)


def move(project: Project, word: str, under: str, *, coder: str | None) -> Done:
    """Move a code, with all below it, to the end of the codes under another code or its codebook.

    Raises UsageError for a move below itself, into another codebook, or onto a path in use.
    """
    with changing(project, "codebook move", coder) as desk:
        code, parent = desk.code(word), desk.parent(under)
        path = f"{parent}/{code.path.rpartition('/')[2]}"
        if parent.partition("/")[0] != code.codebook:
            way = f"make the code there, then `qualcode codebook merge {code.path} NEW`"
            raise UsageError(f"{code.path} cannot move to another codebook", way)
        if f"{parent}/".startswith(f"{code.path}/"):
            raise UsageError(f"{code.path} cannot be moved below itself", "name another parent")
        if path == code.path:
            raise UsageError(f"{code.path} is under {parent} already", "name another parent")
        old = desk.books[code.codebook]
        pairs = _pairs(old, code.path, path)
        desk.refuse_taken(*pairs.values())
        moved = [_at(each, pairs) for each in old.codes if each.path in pairs]
        new = _with(_without(old, code.path), parent, moved)
        desk.store(old, new, lambda text: room.move_code(text, code.path, parent), renames=pairs)
    return desk.done([path], pairs)


def merge(project: Project, word: str, into: str, *, coder: str | None) -> Done:
    """Give a code up in favour of another: its codings show there from now on and keep their ids.

    Examples and cues that are new there go along. Two codes at one path are joined by naming it twice.
    """
    with changing(project, "codebook merge", coder) as desk:
        if twins := desk.twins(word, into):
            with project.act("codebook merge", coder) as act:
                act.merge_code(twins[1], twins[0])
            return Done((twins[0],), desk.counts.get(twins[0].path, 0))
        code, target = desk.code(word), desk.code(into)
        if code.id == target.id:
            raise UsageError(f"{code.path} cannot be merged into itself", "name two codes")
        desk.refuse_children(code)
        richer = _enriched(target, code)
        if code.codebook == target.codebook:
            old = desk.books[code.codebook]
            new = _replaced(_without(old, code.path), richer)
            desk.store(old, new, lambda text: room.merge_code(text, code.path, target.path), merged=(code, target))
        else:
            _merge_across(desk, code, target, richer)
    return desk.done([target.path], codings=desk.counts.get(code.path, 0), gone=[code.path])


def _merge_across(desk: Desk, code: Code, target: Code, richer: Code) -> None:
    """The same between two codebooks, each with its own file."""
    here, there = desk.books[code.codebook], desk.books[target.codebook]

    def add_to(text: str) -> str:
        text = room.add_items(text, target.path, "examples", richer.examples[len(target.examples) :])
        return room.add_items(text, target.path, "cues", richer.cues[len(target.cues) :])

    left = _without(here, code.path)
    desk.store(here, left, lambda text: room.retire_code(text, code.path), merged=(code, target))
    if richer != target:
        desk.store(there, _replaced(there, richer), add_to)


def split(project: Project, word: str, labels: Sequence[str], *, coder: str | None) -> Done:
    """Make new codes beside a code. Its codings stay with it, to be read again and recoded by whoever made them.

    `codings` says how many wait; the new codes stand first in `codes`, then the old one.
    """
    if not labels:
        raise UsageError("into what?", "name the new codes: --into NAME,NAME")
    for label in labels:
        _refuse_empty(label)
    with changing(project, "codebook split", coder) as desk:
        code = desk.code(word)
        parent = code.path.rpartition("/")[0]
        made = [Code(room.new_path(parent, label), label.strip()) for label in labels]
        desk.refuse_taken(*(each.path for each in made))
        if len({each.path for each in made}) < len(made):
            raise UsageError("two of the new codes have one name", "name them differently")
        old = desk.books[code.codebook]

        def edit(text: str) -> str:
            return room.split_code(text, code.path, [each.label for each in made])

        desk.store(old, _with(old, parent, made), edit, made=made)
    return desk.done([*(each.path for each in made), code.path], codings=desk.counts.get(code.path, 0))


def retire(project: Project, word: str, *, coder: str | None, with_children: bool = False) -> Done:
    """Offer a code no longer; its codings stay, and so do those of the codes below it.

    Codes below it are only retired along when asked. Pending suggestions for it are dropped.
    """
    with changing(project, "codebook retire", coder) as desk:
        code = desk.code(word)
        if not with_children:
            desk.refuse_children(code)
        old = desk.books[code.codebook]
        gone = [each for each in old.codes if within(each.path, code.path)]

        def edit(text: str) -> str:
            return room.retire_code(text, code.path, with_children=with_children)

        desk.store(old, _without(old, code.path), edit)
    n = sum(desk.counts.get(each.path, 0) for each in gone)
    done = desk.done([], codings=n, gone=[each.path for each in gone])
    return replace(done, codes=tuple(gone), notices=(*done.notices, *drop_suggestions(project)))


def drop_suggestions(project: Project) -> tuple[Notice, ...]:
    """Drop pending suggestions for codes that are no longer offered; a person could neither take nor refuse them."""
    pending = [s for s in project.suggestions() if s.decision == "pending"]
    live = {code.path for code in project.codes()}
    kept = [s for s in pending if s.code in live]
    dropped = len(pending) - len(kept)
    if not dropped:
        return ()
    project.propose(kept)
    said = f"{dropped} pending suggestion{'s' * (dropped != 1)} for what is no longer offered"
    return (Notice("suggestions", "info", f"{said} {'were' if dropped != 1 else 'was'} dropped"),)


# -- codebooks, changed -----------------------------------------------------------------------------------------


def _refuse_empty(name: str) -> None:
    if not name.strip():
        raise UsageError("a code needs a name", 'write for example `qualcode codebook add "helpful colleagues"`')


def _segment(code: Code, new: str) -> str:
    """The last part of what a code shall be called; a whole path is taken when only that part is new."""
    above, slash, last = new.strip().strip("/").rpartition("/")
    parent = code.path.rpartition("/")[0]
    if slash and not f"/{parent}".endswith(f"/{above}"):
        way = f"rename it, then `qualcode codebook move {code.path} --under PARENT`; words with a / go into --label"
        raise UsageError(f"{code.path} stays under {parent} when it is renamed", way)
    return last


def _pairs(book: Codebook, old: str, new: str) -> dict[str, str]:
    """Path before → path after, of a code and all below it."""
    return {code.path: new + code.path[len(old) :] for code in book.codes if within(code.path, old)}


def _at(code: Code, pairs: Mapping[str, str], labels: Mapping[str, str] | None = None) -> Code:
    label = (labels or {}).get(code.path, code.label)
    return replace(code, path=pairs.get(code.path, code.path), label=label)


def _without(book: Codebook, path: str) -> Codebook:
    return replace(book, codes=tuple(code for code in book.codes if not within(code.path, path)))


def _with(book: Codebook, parent: str, new: Sequence[Code]) -> Codebook:
    """The codebook with codes put after everything below `parent`."""
    below = [at for at, code in enumerate(book.codes) if within(code.path, parent)]
    at = below[-1] + 1 if below else len(book.codes)
    return replace(book, codes=(*book.codes[:at], *new, *book.codes[at:]))


def _replaced(book: Codebook, new: Code) -> Codebook:
    return replace(book, codes=tuple(new if code.path == new.path else code for code in book.codes))


def _enriched(code: Code, by: Code) -> Code:
    """The code with another's examples and cues, where they are new."""
    examples = [text for text in by.examples if text not in code.examples]
    cues = [cue for cue in by.cues if cue not in code.cues]
    return replace(code, examples=(*code.examples, *examples), cues=(*code.cues, *cues))
