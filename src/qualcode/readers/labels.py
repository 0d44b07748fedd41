"""What a speaker's label may look like, and the words before a colon that are never one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from qualcode.roles import role_of

Shape = Literal["role", "code", "name", "other"]

LONGEST = 40
MOST_WORDS = 5

# A file has a few dozen labels on thousands of lines: remembering them makes 30,000 label lines four times faster.
_REMEMBERED = 8192

# Whole labels (numbers taken off) that head lines of documents, mails, minutes and file headers.
_HEADING_WORDS = """
note notes nb n.b ps p.s from to cc bcc sent received subject re fw fwd reply-to reply date dated time times
timespan timestamp timecode
title author authors version page pages chapter section part figure table box appendix annex step steps volume
location place venue room duration length recording recorded recorder transcript transcription transcribed
transcriber file filename id ref reference references source sources see cf
present attendees attendance apologies absent agenda item items minutes action actions decision decisions agreed
resolved outcome outcomes deadline due owner owners responsible responsibility responsibilities status contact
phone tel telephone mobile fax email e-mail mail address website web url link links media tag tags speakers
keyword keywords topic topics theme themes code codes category summary abstract overview introduction background
context purpose scope aim aims objective objectives goal goals definition definitions example examples include
includes exclude excludes warning tip tips important conclusion conclusions discussion method methods results
result findings recommendation recommendations evidence target targets criteria criterion standard standards
requirement requirements task tasks questions answers option options week weeks day days month year
monday tuesday wednesday thursday friday saturday sunday january february march july september
october november december morning afternoon evening today tomorrow yesterday
age gender sex phase position occupation language languages copyright licence license http https www ftp mailto
however therefore first second third firstly secondly thirdly finally lastly next also thus hence namely meaning
anyway well so but and or because then now like actually basically ok okay yes no yeah right sure
thing problem point reason idea message episode series description
dear hi hello regards thanks sincerely
participants interviewees respondents moderators interviewers researchers copy copies circulation distribution
key legend abbreviations conventions symbols name names surname school role grade subject class district county city
country education employment occupation project study interview
datum uhrzeit ort thema betreff von an anhang anmerkung hinweis objet lieu heure
asunto fecha lugar hora nota assunto data local
"""
_HEADINGS = frozenset(_HEADING_WORDS.split())
_HEADING_PHRASES = re.compile(
    r"(?:(?:interview|session|meeting|recording|focus group|participant|respondent|interviewee|file|case|page|ref|"
    r"start|end|project|study|audio|video|transcription|consent|contact|course|school) (?:date|id|no|number|code|"
    r"time|length|duration|location|place|title|name|guide|schedule|format|type|details|form|start|end|version)|"
    r"date (?:of|and|&) .*|time (?:of|and|&) .*|(?:place|length|number|name|list|type) of .*|"
    r"(?:start|end|finish)(?:ed)? at|"
    r"(?:recorded|transcribed|checked|interviewed|conducted|prepared|written) (?:by|on|at)|"
    r"(?:interviewed|summary|key) (?:by|words|keywords|points)|action points?|next (?:meeting|steps?)|apologies .*|"
    r"thank you|yours sincerely|kind regards|best wishes|in attendance|matters arising|any other business)"
)
_FUNCTION_WORDS = re.compile(
    r"(?:in|on|at|by|for|the|this|that|these|those|there|here|what|which|who|how|why|when|where|if|as|it|we|they|he|she|"
    r"you|my|our|your|his|her|their|a|an|one|two|three|another|some|any|all|and|or|but|so|is|are|was|were|be|do|does|"
    r"did|have|has|had|can|could|would|should|will|of|from|with|about|after|before|not|no|also|then|now)\s"
)
_SOUNDS = re.compile(
    r"\b(?:inaudible|indistinct|unclear|crosstalk|cross talk|overlap\w*|laugh\w*|chuckl\w*|paus\w*|silence|sigh\w*|"
    r"cough\w*|crying|sobs|applause|music|noise|redacted|omitted|anonymi[sz]ed|removed|deleted|sic|break|nods?|"
    r"gestures?|phone rings|background|recording|interruption|foreign|end of|start of|beep|tape)\b",
    re.IGNORECASE,
)
_ARTICLES = re.compile(
    r"(?:the|a|an|on|in|at|my|our|how|why|what|das|der|die|le|la|les|el|los|las|un|una|une|ein|eine)\s", re.IGNORECASE
)
_BACKCHANNEL = re.compile(
    r"(?:yes|yeah|yep|no|nope|ok|okay|right|sure|exactly|absolutely|definitely|well|oh|ah|um|uh|er|erm|mm+|mhm|mm-?hmm?|"
    r"hm+|uh-?huh|thanks|thank you|cool|great|perfect|good|fine|true|really|wow|hello|hi|bye|goodbye|so|and|but|"
    r"i (?:see|know|agree|think so))",
    re.IGNORECASE,
)
_TITLES = "dr mr mrs ms mx prof rev sr sra st hr fr jr sgt det hon"
_JOINERS = "de da do dos das del della di du la le van von der den ter bin ibn al el e of the and und"
_HONORIFICS = frozenset(_TITLES.split())
_PARTICLES = frozenset(_JOINERS.split())
_CODE = re.compile(r"[A-Z]{1,4}[-_ ]?\d{0,5}[a-z]?|[^\W\d_]{1,12}[-_ ]?\d{1,5}[a-z]?|(?:[A-Z]\.){1,4}")
_UNKNOWN = re.compile(r"\?{1,3}")
_TITLE_DOT = re.compile(r"\b(mr|mrs|ms|dr|prof|st)\.(?=\s)")
_NUMBER = re.compile(r"[-_ ]*\d+")
_APART_NUMBER = re.compile(r"[-_ ]+\d+")
_BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_SENTENCE_END = re.compile(r"(\w+)\.\s(?!\d+$)")  # "Int. 1" is an abbreviation


@lru_cache(maxsize=_REMEMBERED)
def tidy(label: str) -> str:
    """The label as shown: no markup, no surrounding punctuation, single spaces."""
    return " ".join(label.replace("\\", "").strip(" \t*_,;–—-|>").split())


@lru_cache(maxsize=_REMEMBERED)
def key(label: str) -> str:
    """The form under which spellings of one label meet: tidy, casefolded, no full stop at the end or after a title."""
    return _TITLE_DOT.sub(r"\1", tidy(label).casefold()).rstrip(".")


@lru_cache(maxsize=_REMEMBERED)
def family(label: str) -> str:
    """The label with its number taken off: "P1", "P2" and "P14" are one family."""
    return _NUMBER.sub("#", key(label))


def is_sound(label: str) -> bool:
    """Whether a bracketed remark names a sound or an omission rather than a speaker."""
    return bool(_SOUNDS.search(label))


def is_backchannel(label: str) -> bool:
    """Whether a short line is a listener's word ("Yeah") rather than a name."""
    return bool(_BACKCHANNEL.fullmatch(label.strip(" .!,…")))


def is_title(label: str) -> bool:
    """Whether words alone on their line are a title rather than a name: "The School", but "THE COURT"."""
    return bool(_ARTICLES.match(label)) and not label.isupper() and role_of(label) is None


@lru_cache(maxsize=_REMEMBERED)
def is_heading(label: str) -> bool:
    """Whether the words head a line of a document, mail or file ("From", "Date of interview", "one thing")."""
    plain = key(label)
    if plain in _HEADINGS or _HEADING_PHRASES.fullmatch(plain):
        return True
    if role_of(label):
        return False
    if _APART_NUMBER.sub("", plain).strip(" .#") in _HEADINGS:
        return True
    capitalised = all(_is_name_word(word) for word in tidy(label).split())
    return not capitalised and bool(_FUNCTION_WORDS.match(plain))


@lru_cache(maxsize=_REMEMBERED)
def shape(label: str) -> Shape | None:
    """What kind of label this could be, or None when it cannot be one.

    At most 40 characters and 5 words (brackets aside), no sentence in it, not a heading; "other" is lower case,
    as user names are, and convinces only by recurring.
    """
    shown = tidy(label)
    if _UNKNOWN.fullmatch(shown):
        return "code"
    words = [word for word in _BRACKETED.sub("", shown).replace(",", " ").split() if any(map(str.isalnum, word))]
    if not shown or len(shown) > LONGEST or "()" in shown or not 1 <= len(words) <= MOST_WORDS or is_heading(shown):
        return None
    if any(word.casefold() not in _HONORIFICS and len(word) > 1 for word in _SENTENCE_END.findall(shown)):
        return None
    if role_of(shown):
        return "role"
    if _CODE.fullmatch(shown):
        return "code"
    if all(_is_name_word(word) for word in words):
        return "name"
    return "other" if len(words) <= 2 else None


def _is_name_word(word: str) -> bool:
    if word.strip(".").casefold() in _PARTICLES | _HONORIFICS:
        return True
    first = next((char for char in word if char.isalnum()), "")
    return bool(first) and not first.islower()
