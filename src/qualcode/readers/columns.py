"""What each column of a survey export is: whose row, an open answer, a closed answer, or nothing to be kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qualcode.errors import InputError, UsageError
from qualcode.model import AS_BEFORE, ColumnRole, Survey, SurveyColumn
from qualcode.readers import boxes, survey_tools
from qualcode.readers.options import ReadOptions
from qualcode.readers.survey_tools import Own
from qualcode.tables import CellTable

# Judging by the first 2,000 answers keeps 100,000 rows under a second; the role never changed on six real exports.
_SAMPLE = 2_000

_REDCAP = re.compile(r"[a-z0-9_]+_(?:complete|timestamp)")
_STATUS = {
    "complete",
    "completed",
    "partial",
    "disqualified",
    "0",
    "1",
    "2",
    "ip address",
    "survey preview",
    "imported",
}
_PERSONAL = re.compile(
    r"(?:recipient ?)?(?:first|last|full|middle|family|given|your|sur|fore|user|nick)? ?name(?: ?first| ?last)?|"
    r"(?:recipient|your|contact|primary|secondary)? ?e ?mail(?: ?address)?|"
    r"(?:home|work|mobile|cell|your)? ?(?:tele)?phone(?: ?(?:number|no|\d+))?|mobile(?: number)?|"
    r"(?:home|postal|street|mailing|your)? ?address(?: line)? ?\d?|street|"
    r"post ?code|zip(?: ?code)?|ip ?addr(?:ess)?|dob|date of birth|birth ?date|birthday|signature|"
    r"surname|what is your (?:full |first |last )?(?:name|e ?mail(?: address)?|phone(?: number)?)|"
    r"nom|prénom|vorname|nachname|apellidos?|nombre|nome|sobrenome|cognome|naam|voornaam|achternaam|anschrift|adresse|"
    r"adresse (?:e mail|de messagerie|électronique)|e mail adresse|(?:dirección de )?correo(?: electrónico)?|"
    r"(?:endereço de )?e ?mail|indirizzo (?:e ?mail|di posta elettronica)|e mailadres|nom d utilisateur|"
    r"nombre de usuario|nombre y apellidos|telefon(?:nummer)?|téléphone|teléfono|telefone|telefono|geburtsdatum",
)
_OPEN = re.compile(
    r"open[- ]?ended|please (?:specify|explain|describe|elaborate|comment|expand|tell us)|specify|write[- ]?in|"
    r"in your own words|free ?text|(?:any|other|further|additional|general) (?:\w+ )?comments?|^comments?$|"
    r"\bcomments?[:.]?$|explain (?:your|why)|\bwhy(?: not)?\?|_text$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(?:^|[:\-–\[(]\s*)other\b(?!.{30})", re.IGNORECASE)
_TICKS = {"yes", "no", "y", "n", "0", "1", "true", "false", "checked", "unchecked", "x", "selected", "not selected"}
_NUMBER = re.compile(r"[-+]?[£$€]?\d[\d.,' ]*%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PLACE = re.compile(r"[-+]?\d{1,3}\.\d{3,} ?[,;] ?[-+]?\d{1,3}\.\d{3,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(frozen=True, slots=True)
class _Answers:
    """Figures of a column's filled cells, of the first `_SAMPLE` of them."""

    values: tuple[str, ...]
    different: int
    words: float
    long: float
    longest: int

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def ratio(self) -> float:
        return self.different / max(1, self.count)

    def share(self, pattern: re.Pattern[str]) -> float:
        return sum(bool(pattern.fullmatch(value)) for value in self.values) / max(1, self.count)


def columns(table: CellTable, options: ReadOptions, before: Survey | None = None) -> list[SurveyColumn]:
    """Every column with its role: what `options` says, else its file of columns, else the wave `before`, else a guess.

    Raises InputError for an unknown column, naming the nearest header, and for a wave whose respondents would no
    longer be known; UsageError for a column named twice.
    """
    said = _said(table, options)
    settled = _settled(table, options, before)
    if "case" in said.values():
        settled = {at: one for at, one in settled.items() if one.role != "case"}
    own = survey_tools.own(table.header)
    guessed = _harmonised([_guess(table, at, own) for at in range(len(table.header))])
    boxed = boxes.joined(table, [_decided(one, said, {}) for one in guessed])
    result = [_decided(one, said, settled) for one in boxed]
    roles = {**{at: one.role for at, one in settled.items()}, **said}
    if before is not None:
        _check_case(table, before, roles)
    elif "case" not in roles.values() and not any(role == "case" for _, role in options.columns.roles):
        at = _case_column(table, result, roles)
        if at is not None:
            result[at] = replace(result[at], role="case", why="its header, and a value in nearly every row")
    return result


def _decided(one: SurveyColumn, said: Mapping[int, ColumnRole], settled: Mapping[int, SurveyColumn]) -> SurveyColumn:
    if one.at in said:
        return replace(one, role=said[one.at], why="as told")
    earlier = settled.get(one.at)
    if earlier is None:
        return one
    attribute = earlier.attribute or one.attribute
    return replace(one, role=earlier.role, why=earlier.why, attribute=attribute, option=earlier.option)


def _settled(table: CellTable, options: ReadOptions, before: Survey | None) -> dict[int, SurveyColumn]:
    """What was decided about columns earlier, by index: in a file of columns, else in the wave before."""
    at = {_folded(name): at for at, name in enumerate(table.header)}
    found: dict[int, SurveyColumn] = {}
    for one in before.columns if before else ():
        if one.role != "empty" and (place := at.get(_folded(one.name))) is not None:
            found[place] = replace(one, why=AS_BEFORE)
    for name, role in options.columns.roles:
        if (place := at.get(_folded(name))) is not None:
            earlier = found.get(place, SurveyColumn(place, name, name, role))
            found[place] = replace(earlier, role=role, why=f"as in {options.columns.file}")
    return found


def _check_case(table: CellTable, before: Survey, roles: Mapping[int, ColumnRole]) -> None:
    """Refuse a wave whose respondents would be known by something else than before: all would come in twice."""
    earlier = next((one.name for one in before.columns if one.role == "case"), None)
    now = next((table.header[at] for at, role in roles.items() if role == "case"), None)
    if (earlier and _folded(earlier)) == (now and _folded(now)):
        return
    known_by = f'the column "{earlier}"' if earlier else "the content of their rows"
    way_out = "do so again, or give it a --survey-name of its own"
    if now is None:
        way_out = "this file has no such column; name it so, or give it a --survey-name of its own"
    raise InputError(f'{table.name}: the survey "{before.name}" knows its respondents by {known_by}', way_out)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _said(table: CellTable, options: ReadOptions) -> dict[int, ColumnRole]:
    said: dict[int, ColumnRole] = {}
    told: tuple[tuple[ColumnRole, str, Sequence[str]], ...] = (
        ("case", "--case", (options.case,) if options.case else ()),
        ("open", "--open", options.open),
        ("closed", "--closed", options.closed),
        ("left out", "--ignore", options.ignore),
    )
    for role, option, words in told:
        for word in words:
            at = table.column(word, f"column for {option}")
            if said.setdefault(at, role) != role:
                raise UsageError(f'the column "{table.header[at]}" is named for two roles', "name it once")
    return said


def _case_column(table: CellTable, found: Sequence[SurveyColumn], said: Mapping[int, ColumnRole]) -> int | None:
    for pattern in survey_tools.CASE:
        for one in found:
            if one.at in said or one.role == "empty" or not re.fullmatch(pattern, survey_tools.plain(one.name)):
                continue
            enough = _SOME if pattern in survey_tools.CASE[:_SURE_NAMES] else _NEARLY_ALL
            if one.filled >= enough * len(table.rows) and one.why != _WHY_PERSONAL:
                return one.at
    return None


# A column called "Respondent ID" says whose row it is although some have none; one called "id" may be anything's.
_SURE_NAMES = 2
_SOME, _NEARLY_ALL = 0.5, 0.9
_WHY_PERSONAL = "it may name a person"


def _guess(table: CellTable, at: int, own: Own) -> SurveyColumn:
    name, question = table.header[at], table.questions[at]
    answers = _answers(table, at)
    role, why = _role(table, at, answers, own)
    filled = sum(1 for row in table.rows if row[at] and not row[at].isspace())
    return SurveyColumn(at, name, question, role, why, filled, name)


def _answers(table: CellTable, at: int) -> _Answers:
    values = []
    for row in table.rows:
        if value := row[at].strip():
            values.append(value)
            if len(values) == _SAMPLE:
                break
    counts = [len(value.split()) for value in values]
    return _Answers(
        tuple(values),
        len({value.casefold() for value in values}),
        sum(counts) / max(1, len(counts)),
        sum(count >= 5 for count in counts) / max(1, len(counts)),
        max(counts, default=0),
    )


def _role(table: CellTable, at: int, answers: _Answers, own: Own) -> tuple[ColumnRole, str]:
    if not answers.count:
        return "empty", "no answers"
    name = survey_tools.plain(table.header[at])
    if at in own.occasions or survey_tools.is_occasion(table.header[at]):
        return "occasion", "which visit or form of a respondent a row is"
    if (
        at in own.columns
        or survey_tools.is_own(table.header[at])
        or (name == "status" and {value.casefold() for value in answers.values} <= _STATUS)
    ):
        return "left out", "the survey tool's own"
    ticked = {value.casefold() for value in answers.values} == {table.header[at].strip().casefold()}
    if (_PERSONAL.fullmatch(name) and not ticked) or answers.share(_EMAIL) > 0.6 or answers.share(_IP) > 0.6:
        return "left out", _WHY_PERSONAL
    if answers.share(_PLACE) > 0.6:
        return "left out", "it may say where a person is"
    if _REDCAP.fullmatch(table.header[at]) and answers.ratio < 0.5 + 1 / answers.count:
        return "left out", "the survey tool's own"
    if re.fullmatch(r"column \d+", table.header[at]) and _are_row_numbers(answers.values):
        return "left out", "row numbers"
    for pattern, why, enough in ((_NUMBER, "numbers", 0.9), (_DATE, "dates or times", 0.9), (_LINK, "links", 0.6)):
        if answers.share(pattern) >= enough:
            return "closed", why
    if answers.different == 1 and _is_tick(answers.values[0], table.questions[at]):
        return "closed", "a tick"
    if _asks_openly(table, at, answers):
        return "open", "its question asks for words"
    return _by_values(answers)


def _is_tick(value: str, question: str) -> bool:
    """Whether a cell says again the option behind the question, even "Other (please specify)"."""
    before, told = question[: -len(value)], question[-len(value) :]
    return told.casefold() == value.casefold() and before.rstrip().endswith(("-", ":", "–", "/", "["))


def _are_row_numbers(values: Sequence[str]) -> bool:
    """Whole numbers that only grow: an index that a statistics program wrote, with gaps where rows were taken out."""
    numbers = [int(value) for value in values if value.isdecimal() and len(value) < 10]
    return len(numbers) == len(values) and all(one < other for one, other in pairwise(numbers))


def _asks_openly(table: CellTable, at: int, answers: _Answers) -> bool:
    ticked = {value.casefold() for value in answers.values}
    title = f"{table.header[at]} {table.questions[at]}".casefold()
    if ticked <= _TICKS or (len(ticked) == 1 and (next(iter(ticked)) in title or answers.count > 3)):
        return False
    imported = table.layout == "qualtrics" and len(table.header_rows) > 2 and '_TEXT"' in table.header_rows[2][at]
    said = any(_OPEN.search(text) for text in (table.header[at], table.questions[at]))
    second = table.layout == "surveymonkey" and _OPEN.search(table.header_rows[1][at])
    other = _OTHER.search(table.header[at]) and answers.ratio > 0.3
    return bool(imported or second or other or (said and (answers.ratio > 0.5 or answers.words >= 4)))


def _by_values(answers: _Answers) -> tuple[ColumnRole, str]:
    if answers.count >= 5 and answers.different <= max(12, 0.05 * answers.count) and answers.ratio <= 0.5:
        return "closed", f"{answers.different} different answers"
    if _is_choice_list(answers):
        return "closed", "choices from a list"
    if _are_names(answers):
        return "closed", "names"
    if (answers.words >= 3 and answers.ratio >= 0.5) or (answers.long >= 0.2 and answers.ratio >= 0.4):
        return "open", f"varied answers of {answers.words:.0f} words on average"
    if answers.longest >= 15 and answers.ratio >= 0.5:
        return "open", f"varied answers of up to {answers.longest} words"
    return "closed", f"short answers, {answers.different} different"


def _is_choice_list(answers: _Answers) -> bool:
    """Several ticked choices in one cell: pieces between semicolons, commas or line ends that keep coming back."""
    if answers.count < 8:
        return False
    for splitter in (r";", r"\n", r",(?![^()]*\))"):
        pieces = Counter(
            piece.strip().casefold()
            for value in answers.values
            for piece in re.split(splitter, value[:500])
            if piece.strip()
        )
        total = sum(pieces.values())
        back = sum(count for count in pieces.values() if count >= 3)
        if total > 1.3 * answers.count and back >= 0.85 * total:
            return True
    return False


def _are_names(answers: _Answers) -> bool:
    """Titles of courses, schools, people: most words are capitalised, and few answers are long."""
    words = [word for value in answers.values for word in value.split() if word[:1].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return answers.words < 8 and len(words) > answers.count and capitals > 0.6 * len(words)


def _harmonised(found: list[SurveyColumn]) -> list[SurveyColumn]:
    """Numbered columns of one question ("Tool #1", "Tool #2") are open together when one of them is."""
    stems: dict[str, list[SurveyColumn]] = {}
    for one in found:
        stems.setdefault(re.sub(r"\d+", "#", one.name), []).append(one)
    together = {
        one.at
        for group in stems.values()
        if sum(one.role == "open" for one in group) * 2 >= len(group) > 1
        for one in group
        if one.why.startswith("short answers")
    }
    return [replace(one, role="open", why="like its neighbours") if one.at in together else one for one in found]
