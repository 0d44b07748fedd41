"""ELAN (.eaf): the annotations of the tiers that hold speech, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.model import Bundle, Notice
from qualcode.readers import labels
from qualcode.readers.markup import root_of
from qualcode.readers.options import ReadOptions
from qualcode.readers.sources import Speech, composed, source_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(slots=True)
class _Tier:
    """One tier: who speaks in it, the tier above, and its annotations as (id, start in seconds or None, words)."""

    name: str
    participant: str
    parent: str | None
    entries: list[tuple[str, float | None, str]] = field(default_factory=list)

    @property
    def words(self) -> int:
        """How many annotations are words; numbers and ids of phrases ("ref.012") are not."""
        return sum(not any(map(str.isdecimal, said)) or " " in said for _, _, said in self.entries)


def read(raw: bytes, name: str, options: ReadOptions) -> Bundle:
    """One source of ``Speaker: text`` paragraphs, a turn an annotation; speakers are tiers or participants.

    Tiers beneath another (glosses, translations) are left out and noticed. Raises InputError for what is no ELAN file.
    """
    root = root_of(raw, name, options, "ANNOTATION_DOCUMENT", "an ELAN file")
    tiers = list(_tiers(root))
    spoken = _speaking(tiers)
    if not spoken:
        raise InputError(f"{name} holds no annotation with words", "check that it was saved whole")
    text, talk = composed(list(_speeches(spoken)))
    return source_of(raw, name, text, talk, list(_notices(name, tiers, spoken)))


def _tiers(root: Element) -> Iterator[_Tier]:
    times: dict[str, float] = {}
    for slot in root.iter("TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        if value.isdecimal() and len(value) < 13:
            times[slot.get("TIME_SLOT_ID", "")] = int(value) / 1000
    begins: dict[str, float | None] = {}
    for element in root.iter("TIER"):
        name = element.get("TIER_ID", "")
        tier = _Tier(name, labels.tidy(element.get("PARTICIPANT", "")), element.get("PARENT_REF"))
        for one in element.iter():
            if one.tag not in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
                continue
            above = begins.get(one.get("ANNOTATION_REF", ""))
            start = times.get(one.get("TIME_SLOT_REF1", ""), above)
            begins[one.get("ANNOTATION_ID", "")] = start
            said = " ".join("".join(one.itertext()).split())
            if said:
                tier.entries.append((one.get("ANNOTATION_ID", ""), start, said))
        yield tier


def _speaking(tiers: Sequence[_Tier]) -> list[_Tier]:
    """The top tiers with annotations; in place of one that only numbers phrases, the one beneath it with most words."""
    beneath: dict[str, list[_Tier]] = defaultdict(list)
    for tier in tiers:
        if tier.parent:
            beneath[tier.parent].append(tier)
    known = {tier.name for tier in tiers}
    chosen = []
    for tier in tiers:
        if tier.parent in known:
            continue
        richer = max(beneath[tier.name], key=lambda one: one.words, default=tier)
        chosen.append(richer if tier.entries and not tier.words and richer.words else tier)
    return [tier for tier in chosen if tier.entries]


def _labels(tiers: Sequence[_Tier]) -> dict[str, str | None]:
    """Tier → its speaker: the participant, or the tier's own name where two tiers share one or none is given."""
    people = [tier.participant for tier in tiers]
    names: dict[str, str | None] = {}
    for tier in tiers:
        own = "" if tier.name.casefold() == "default" else labels.tidy(tier.name)  # the tier of an empty new file
        names[tier.name] = (tier.participant if people.count(tier.participant) == 1 else "") or own or None
    return names


def _speeches(tiers: Sequence[_Tier]) -> Iterator[Speech]:
    names = _labels(tiers)
    said = [Speech(names[tier.name], start, words) for tier in tiers for _, start, words in tier.entries]
    last = max((one.time for one in said if one.time is not None), default=0.0)
    yield from sorted(said, key=lambda one: last if one.time is None else one.time)


def _notices(name: str, tiers: Sequence[_Tier], spoken: Sequence[_Tier]) -> Iterator[Notice]:
    yield Notice(name, "info", f"read as ELAN; tiers that are speech: {', '.join(tier.name for tier in spoken)}")
    left = [f"{tier.name} ({len(tier.entries)})" for tier in tiers if tier not in spoken and tier.entries]
    if left:
        yield Notice(name, "warning", f"tiers left out, with their annotations: {', '.join(left)}")
