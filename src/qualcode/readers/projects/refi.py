"""REFI-QDA projects (.qdpx), as ATLAS.ti, MAXQDA, NVivo, QualCoder, Quirkos, Dedoose and others exchange them.

The standard is read leniently: any namespace, any case of file names, and what the offsets count is found out (see
`offsets`). Texts of PDF sources and transcripts of recordings are sources; what is coded on pages, pictures or
recordings themselves is counted and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle, Value
from qualcode.readers.options import ReadOptions
from qualcode.readers.projects.assembly import bundle_of
from qualcode.readers.projects.offsets import RawText, Selection, cleaned
from qualcode.readers.projects.refi_codes import below, codes_of, described, named, tag
from qualcode.readers.projects.terms import (
    Foreign,
    ForeignCase,
    ForeignLink,
    ForeignMemo,
    ForeignSet,
    ForeignSource,
    Passage,
    line,
    moment,
)
from qualcode.readers.sources import stem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MEDIA = {
    "PDFSource": "a PDF file",
    "PictureSource": "a picture",
    "AudioSource": "a sound recording",
    "VideoSource": "a video",
}
_TEXTS = ("Representation", "Transcript", "TextDescription")
_UNREAD = {
    "PDFSelection": "passages marked on pages of",
    "PictureSelection": "areas marked in",
    "AudioSelection": "stretches marked in",
    "VideoSelection": "stretches marked in",
}
_LEFT = {"Link": "links that are not between codes", "Set": "sets that hold no codes", "Graph": "graphs"}


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """Sources, codebook, codings, memos and cases. Raises InputError for what is no sound project."""
    archive = guards.Archive(raw, name)
    home = next((one for one in archive.names() if one.casefold().endswith("project.qde")), None)
    home = home or next((one for one in archive.names() if one.casefold().endswith(".qde")), None)
    if home is None:
        raise InputError(f"{name} holds no project.qde", "export the REFI-QDA project again")
    root = guards.parse_xml(archive.read(home), name)
    if tag(root) != "Project":
        raise InputError(f"{name} holds no REFI-QDA project", "export it again; a codebook alone ends in .qdc")
    return bundle_of([_Project(root, archive, name, options).read()], name)


class _Project:
    """One project.qde while it is read."""

    def __init__(self, root: Element, archive: guards.Archive, name: str, options: ReadOptions) -> None:
        self.root = root
        self.archive = archive
        self.options = options
        origin = line(root.get("origin", ""))
        self.project = Foreign(name, origin or "REFI-QDA", line(root.get("name", "")) or stem(name))
        self.project.own_books = origin.casefold().startswith("qualcode")
        self.members = {_plain(member): member for member in archive.names()}
        self.users = {
            _id(user, "guid"): named(user) or user.get("id", "") for user in root.iter() if tag(user) == "User"
        }
        self.notes: dict[str, Element] = {}
        self.used: set[str] = set()
        self.variables: dict[str, str] = {}
        self.values: dict[str, dict[str, Value]] = {}

    def read(self) -> Foreign:
        """The whole project."""
        project = self.project
        project.coders = list(self.users.values())
        self.notes = {_id(note, "guid"): note for note in self._all("Notes", "Note")}
        self.variables = {_id(one, "guid"): named(one) for one in self._all("Variables", "Variable")}
        found, elements = codes_of(self.root)
        project.codes = found
        for code in elements:
            self._memos_of(code, "code", _id(code, "guid"))
        for source in below(self.root, "Sources"):
            self._source(source)
        self._cases()
        self._sets_and_links()
        self._memos_of(self.root, "project", "")
        if text := described(self.root):
            project.memos.append(ForeignMemo(text, coder=self._user(self.root)))
        for key, note in self.notes.items():
            if key not in self.used:
                self._note(note, "project", "")
        self._say_what_is_left()
        return project

    def _all(self, group: str, kind: str) -> Iterator[Element]:
        """The elements of a kind inside a group directly below the project."""
        for one in below(self.root, group):
            if tag(one) == kind:
                yield one

    def _user(self, element: Element) -> str:
        for attribute in ("creatingUser", "creatingUserGUID"):
            if _id(element, attribute):
                return self.users.get(_id(element, attribute), "")
        return ""

    def _coder(self, *elements: Element) -> str:
        """Who made something: the innermost user that is named, else the project's only one."""
        for element in elements:
            if found := self._user(element):
                return found
        return self._user(self.root) or (next(iter(self.users.values())) if len(self.users) == 1 else "")

    # -- sources --------------------------------------------------------------------------------------------------

    def _source(self, element: Element) -> None:
        kind = tag(element)
        if kind == "TextSource":
            self._text(element, named(element))
            return
        if kind not in _MEDIA:
            return
        texts = [child for child in element if tag(child) in _TEXTS]
        for n, child in enumerate(texts):
            own = named(child) if len(texts) > 1 else ""
            self._text(child, own or named(element) or f"{kind} {n + 1}", element)
        where = line(named(element)) or kind
        if not texts:
            self.project.miss(where, f"{_MEDIA[kind]}, which has no text in the project and is not taken over")
        else:
            self.project.say(f"of {_MEDIA[kind]} ({where}) the text was taken over, not the file itself")
        self._say_unread(element, where)

    def _say_unread(self, element: Element, where: str) -> None:
        marked = Counter(tag(one) for one in element if tag(one) in _UNREAD)
        for kind, n in marked.items():
            codings = sum(1 for one in element if tag(one) == kind for inner in one if tag(inner) == "Coding")
            what = _MEDIA.get(tag(element), "it")
            self.project.miss(where, f"{n} {_UNREAD[kind]} {what} ({codings} codings), which are not taken over")

    def _text(self, element: Element, name: str, outer: Element | None = None) -> None:
        key = _id(element, "guid") or f"text {len(self.project.sources) + 1}"
        path = element.get("plainTextPath", "")
        name = line(name) or stem(_base(path)) or f"text {len(self.project.sources) + 1}"
        found = self._content(element, name)
        if found is None:
            marked = sum(1 for one in element.iter() if tag(one) == "Coding")
            if marked:
                self.project.miss(name, f"{marked} codings of a text that is not there")
            return
        raw, digest = found
        self.project.sources.append(ForeignSource(key, name, raw, digest))
        self.values[key] = {**self._attributes(element), **(self._attributes(outer) if outer is not None else {})}
        for holder in (element, outer):
            if holder is not None:
                self._memos_of(holder, "source", key)
                if text := described(holder):
                    self.project.memos.append(ForeignMemo(text, "source", key, self._coder(holder)))
        points = {_id(one, "guid"): one.get("position", "") for one in element if tag(one) == "SyncPoint"}
        for child in element:
            if tag(child) == "PlainTextSelection":
                self._selection(element, child, key, child.get("startPosition", ""), child.get("endPosition", ""))
            elif tag(child) == "TranscriptSelection":
                start, end = points.get(_id(child, "fromSyncPoint"), ""), points.get(_id(child, "toSyncPoint"), "")
                self._selection(element, child, key, start, end)
        self._say_whole([element] if outer is None else [element, outer], name)

    def _content(self, element: Element, name: str) -> tuple[RawText, str] | None:
        """The text of a source, and the digest of its file; None, and said, when there is none."""
        for child in element:
            if tag(child) == "PlainTextContent":
                return cleaned("".join(child.itertext())), ""
        path = element.get("plainTextPath", "")
        if not path:
            rich = " (only a formatted one)" if element.get("richTextPath") else ""
            self.project.miss(name, f"it has no plain text in the project{rich}, so it is no source here")
            return None
        member = self._member(path)
        if member is None:
            self.project.miss(name, "its text lies outside the exported file, so it is no source here")
            return None
        return self._decoded(self.archive.read(member), name)

    def _decoded(self, raw: bytes, name: str) -> tuple[RawText, str] | None:
        import hashlib

        try:
            found = decode(raw, name, self.options.encoding)
        except LimitExceeded:
            raise
        except InputError as error:
            self.project.miss(name, f"it cannot be read ({error.what.removeprefix(name).strip()})")
            return None
        self.project.notices += found.notices
        return cleaned(raw.decode(found.encoding, "replace")), hashlib.sha256(raw).hexdigest()

    def _member(self, path: str) -> str | None:
        """The member of the archive that a path means: ``internal://`` or none before its name, in any case."""
        inner = _plain(path.removeprefix("internal://").removeprefix("relative:///").removeprefix("file:///"))
        for wanted in (f"sources/{inner}", inner, f"sources/{_base(inner)}"):
            if wanted in self.members:
                return self.members[wanted]
        return None

    def _selection(self, source: Element, element: Element, key: str, start: str, end: str) -> None:
        where = f"selection {element.get('guid', '')[:8]}"
        try:
            selection = Selection(key, int(start[:20]), int(end[:20]))
        except ValueError:
            self.project.miss(where, "its offsets are no numbers")
            return
        codings = [child for child in element if tag(child) == "Coding"]
        notes = self._texts_of(element)
        if described(element):
            notes.append((described(element), self._coder(element, source), None))
        for coding in codings:
            self._coding(where, coding, element, source, selection, notes if len(codings) == 1 else [])
        if len(codings) != 1:
            for text, coder, at in notes:
                self.project.memos.append(ForeignMemo(text, "segment", "", coder, at, selection))
            if not codings and not notes:
                self.project.passages.append(Passage(where, selection, ()))

    def _coding(
        self,
        where: str,
        coding: Element,
        element: Element,
        source: Element,
        selection: Selection,
        notes: list[tuple[str, str, str | None]],
    ) -> None:
        """One coding; notes on it, and on a passage with this one coding, are its memo."""
        codes = tuple(_id(ref, "targetGUID") for ref in coding if tag(ref) == "CodeRef")
        memo = "\n\n".join(text for text, _, _ in [*self._texts_of(coding), *notes])
        at = moment(coding.get("creationDateTime", "") or element.get("creationDateTime", ""))
        coder = self._coder(coding, element, source)
        self.project.passages.append(Passage(where, selection, codes, coder, at, memo or None))

    def _say_whole(self, holders: list[Element], where: str) -> None:
        """Codings of a document as such: there is no such thing here, so they are said."""
        codings = sum(tag(child) == "Coding" for holder in holders for child in holder)
        if codings:
            self.project.miss(where, f"{codings} codings of the whole document, not of words in it")

    # -- cases, notes ---------------------------------------------------------------------------------------------

    def _attributes(self, element: Element) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for one in element:
            if tag(one) != "VariableValue":
                continue
            name = next(
                (self.variables.get(_id(ref, "targetGUID"), "") for ref in one if tag(ref) == "VariableRef"), ""
            )
            value = next((_value(child) for child in one if tag(child).endswith("Value")), None)
            if name and value not in (None, ""):
                found[name] = value
        return found

    def _cases(self) -> None:
        """Cases; variables of a source go to its case, else to a case of its name."""
        linked: set[str] = set()
        parts = 0
        for element in self._all("Cases", "Case"):
            key, name = _id(element, "guid"), named(element)
            texts = tuple(_id(ref, "targetGUID") for ref in element if tag(ref) == "SourceRef")
            parts += sum(tag(ref) in ("SelectionRef", "CodeRef") for ref in element)
            attributes = self._attributes(element)
            for text in texts:
                attributes = {**self.values.get(text, {}), **attributes}
            linked.update(texts)
            self.project.cases.append(ForeignCase(key, name, attributes, texts))
            if said := described(element):
                self.project.memos.append(ForeignMemo(said, "case", key, self._coder(element)))
        if parts:
            self.project.say(f"{parts} passages or codes belong to cases; only whole texts do, here", "warning")
        for source in self.project.sources:
            if self.values.get(source.key) and source.key not in linked:
                name = stem(source.name) if "." in source.name else source.name
                self.project.cases.append(ForeignCase(source.key, name, self.values[source.key], (source.key,)))

    def _texts_of(self, element: Element) -> list[tuple[str, str, str | None]]:
        """Text, author and time of the notes an element refers to."""
        found = []
        for ref in element:
            key = _id(ref, "targetGUID")
            if tag(ref) == "NoteRef" and key in self.notes:
                self.used.add(key)
                note = self.notes[key]
                if text := self._note_text(note):
                    found.append((text, self._coder(note), moment(note.get("creationDateTime", ""))))
        return found

    def _memos_of(self, element: Element, kind: str, key: str) -> None:
        for text, coder, at in self._texts_of(element):
            self.project.memos.append(ForeignMemo(text, kind, key, coder, at))  # type: ignore[arg-type]

    def _note(self, note: Element, kind: str, key: str) -> None:
        if text := self._note_text(note):
            memo = ForeignMemo(text, kind, key, self._coder(note), moment(note.get("creationDateTime", "")))  # type: ignore[arg-type]
            self.project.memos.append(memo)

    def _note_text(self, note: Element) -> str:
        """A note's title and text; a title that only begins the text is left out."""
        body = described(note)
        if any(tag(child) == "PlainTextContent" for child in note) or note.get("plainTextPath"):
            found = self._content(note, named(note) or "note")
            body = "\n\n".join(filter(None, [found[0].text.strip() if found else "", body]))
        title = named(note)
        if not title or body.startswith(title.rstrip("….")):
            return body
        return f"{title}\n\n{body}".strip()

    def _sets_and_links(self) -> None:
        """Sets of codes and links between codes; of a set that holds texts too, the codes."""
        codes = {code.key for code in self.project.codes}
        for one in self._all("Sets", "Set"):
            members = tuple(key for ref in one if tag(ref) == "MemberCode" and (key := _id(ref, "targetGUID")) in codes)
            if members:
                self.project.sets.append(ForeignSet(named(one), members))
        for one in self._all("Links", "Link"):
            ends = _id(one, "originGUID"), _id(one, "targetGUID")
            if codes.issuperset(ends):
                self.project.links.append(ForeignLink(ends[0], named(one), ends[1]))

    def _say_what_is_left(self) -> None:
        counted = Counter(tag(one) for one in self.root.iter() if tag(one) in _LEFT)
        counted -= Counter({"Set": len(self.project.sets), "Link": len(self.project.links)})
        if counted:
            said = ", ".join(f"{n} {_LEFT[kind]}" for kind, n in counted.items())
            self.project.miss("project", f"{said}: there is no such thing here, so they are not taken over")


def _id(element: Element, attribute: str) -> str:
    """A GUID in one spelling; programs differ in case and braces."""
    return element.get(attribute, "").strip("{} ").casefold()


def _plain(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").casefold()


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _value(element: Element) -> Value:
    """A variable's value by the type the standard gives it; what is not of it stays text."""
    said = line("".join(element.itertext()))
    try:
        if tag(element) == "IntegerValue":
            return int(said[:18])
        if tag(element) == "FloatValue" and said:
            value = float(said)
            return value if abs(value) < 1e300 else said
    except ValueError:
        return said
    if tag(element) == "BooleanValue":
        return {"true": True, "1": True, "false": False, "0": False}.get(said.casefold(), said)
    return said
