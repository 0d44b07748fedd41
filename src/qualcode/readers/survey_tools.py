"""What survey tools call the columns that are theirs: who answered, when, with what, and codes for no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Columns that say whose row one is; the first that fits is taken, in this order.
CASE = (
    "case|case ?id|case (?:number|no)",
    "respondent ?id|response ?id|participant ?id|record ?id|study ?id|subject ?id|user ?id|person ?id|id response id|"
    "unique response (?:number|no)|antwort ?id|id de (?:la )?réponse|id de (?:la )?respuesta|id da resposta|"
    "id risposta|antwoord ?id|lfdn",
    "participant|respondent|subject|interviewee|pseudonym|participant (?:number|no|code)|respondent (?:number|no|code)|"
    "response (?:number|no)|teilnehmer(?:in)?|teilnehmer(?:in)? ?(?:id|nr|nummer|code)|befragte[rn]?|pseudonyme?|"
    "répondante?|participante|encuestado|informante|código|codigo|identifiant",
    "id|uid|uuid|token|nr|respondent #|response #|#",
)
_OWN = (
    r"start ?date|end ?date|recorded ?date|date (?:submitted|created|modified|started|last action)|time ?started|"
    r"submit ?date|stage ?date|date ?stamp|time ?stamp|start ?time|end ?time|completion ?time|last ?modified(?: time)?|"
    r"finished|duration(?: in seconds| seconds)?|total ?time|interview ?time|distribution ?channel|user ?language|"
    r"external ?(?:data ?)?reference|location ?(?:latitude|longitude)|latitude|longitude|collector ?id|custom data.*|"
    r"last ?page|start ?language|seed|referr?er(?: url)?|ref ?url|extended referr?er|user ?agent|session ?id|progress|"
    r"contact ?id|link ?(?:id|name)|legacy comments|response ?type|data ?quality.*|network ?id|submission ?id|"
    r"q (?:recaptcha ?score|relevant id.*|total ?duration|ballot ?box ?stuffing)|redcap survey identifier",
    # LimeSurvey, Google Forms and Microsoft Forms in other languages
    r"datum abgeschickt|letzte seite|start sprache|zufallsstartwert|zeitstempel|startzeit|fertigstellungszeit|"
    r"zeitpunkt der letzten änderung|date de soumission|dernière page|langue de départ|tête de série|horodateur|"
    r"heure de (?:début|fin)|heure de la dernière modification|fecha de envío|última página|lenguaje inicial|"
    r"idioma inicial|semilla|marca temporal|hora de (?:inicio|finalización|início|conclusão)|"
    r"hora de la última modificación|data de envio|semente|carimbo de data hora|data invio|ultima pagina|"
    r"lingua iniziale|informazioni cronologiche|ora di (?:inizio|completamento)|datum inzending|laatste pagina|"
    r"begintaal|tijdstempel|begintijd|tijd van voltooien|tidsst[eä]mpel|starttidspunkt|sygnatura czasowa|"
    r"отметка времени",
)
_METADATA = re.compile("(?:" + "|".join(_OWN) + ")(?: utc)?")
_OCCASION = re.compile(r"redcap (?:event name|repeat instrument|repeat instance)")
_OCCASION_LABEL = re.compile(r"event name|repeat instrument|repeat instance")
_COMPLETE = re.compile(r"complete(?: \d+)?|survey (?:timestamp|identifier)(?: \d+)?")
_KOBO = re.compile(
    r"_(?:uuid|submission_time|validation_status|notes|status|submitted_by|tags|index|attachments|geolocation|"
    r"xform_id_string|bamboo_dataset_id|version_?)|__version__|start|end|today|audit|deviceid|subscriberid|simid|"
    r"devicephonenum|phonenumber|username|formhub/uuid|meta/(?:instance(?:ID|Name)|rootUuid|deprecatedID)|instanceID|"
    r"SubmissionDate|KEY|SubmitterID|SubmitterName|AttachmentsPresent|AttachmentsExpected|DeviceID|Edits|FormVersion"
)
_UNIPARK = re.compile(
    r"external_lfdn|tester|dispcode|lastpage|quality|duration|browser|referer|device_type|quota(?:_\w+)?|page_history|"
    r"[hv]flip|output_mode|javascript|flash|session_id|language|cleaned|ats|datetime|date_of_(?:last_access|first_mail)|"
    r"participant_browser(?:_version)?|participant_os|user_agent|rts\d+|(?:follow_up|last_seen)\w*"
)
_SOSCI = re.compile(
    r"SERIAL|REF|QUESTNNR|MODE|LANGUAGE|STARTED|TIME\d+|TIME_(?:SUM|RSI)|MAILSENT|LASTDATA|FINISHED|Q_VIEWER|LASTPAGE|"
    r"MAXPAGE|MISSING|MISSREL|DEG_TIME"
)
# Unipark's and SoSci's codes for a question that was not seen, seen and passed over, or left out.
_UNIPARK_MISSING = frozenset({"-66", "-77", "-99"})
_SOSCI_MISSING = frozenset({"-9"})


@dataclass(frozen=True, slots=True)
class Own:
    """Indexes of the columns that are the tool's and that say which visit a row is, and cells that stand for nothing.

    `tool` is its name where only its columns tell what is so.
    """

    columns: frozenset[int] = frozenset()
    occasions: frozenset[int] = frozenset()
    missing: frozenset[str] = frozenset()
    tool: str = ""


def plain(name: str) -> str:
    """A header for comparing: camel case parted, signs as spaces, casefolded; of "id. Response ID" the words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[^\w#]+|_", " ", parted).split()).casefold()


def is_own(name: str) -> bool:
    """Whether a header, as any tool writes it, names its own column; of "submitdate. Date submitted" both parts."""
    code, dot, words = name.partition(". ")
    both = dot and bool(_METADATA.fullmatch(plain(code))) and bool(_METADATA.fullmatch(plain(words)))
    return bool(_METADATA.fullmatch(plain(name))) or bool(both)


def is_occasion(name: str) -> bool:
    """Whether a header names REDCap's events and repeats."""
    return bool(_OCCASION.fullmatch(plain(name)))


def own(header: Sequence[str]) -> Own:
    """What is the tool's in a table, told by columns that only one tool has."""
    names = set(header)
    if len({"_uuid", "_id", "_index", "_submission_time", "meta/instanceID", "formhub/uuid", "KEY"} & names) > 1:
        return Own(_fitting(header, _KOBO))
    if {"lfdn", "dispcode"} <= names:
        return Own(_fitting(header, _UNIPARK), missing=_UNIPARK_MISSING, tool="Unipark")
    if {"CASE", "QUESTNNR"} <= names:
        return Own(_fitting(header, _SOSCI), missing=_SOSCI_MISSING, tool="SoSci Survey")
    if "Record ID" in names and any("(choice=" in name or plain(name) == "complete" for name in header):
        return Own(_plainly(header, _COMPLETE), _plainly(header, _OCCASION_LABEL))
    return Own()


def _fitting(header: Iterable[str], pattern: re.Pattern[str]) -> frozenset[int]:
    return frozenset(at for at, name in enumerate(header) if pattern.fullmatch(name))


def _plainly(header: Iterable[str], pattern: re.Pattern[str]) -> frozenset[int]:
    return frozenset(at for at, name in enumerate(header) if pattern.fullmatch(plain(name)))
