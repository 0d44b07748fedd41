"""The words by which transcripts label an interviewer or a respondent, in the languages tools and teams use.

Readers ask whether a label is such a word at all; `speakers` asks which role it means. Bare letters (I, Q, R …)
mean something only in company, so they are judged there.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from qualcode.model import Role

_ASKING = """
interviewer interviewers interviewerin interviewerinnen researcher researchers investigator inv moderator moderators
moderatorin facilitator facilitators host cohost presenter int intv iv interv mod fac question questioner
forscher forscherin intervieweur intervieweuse enquêteur enquêteuse enquêtrice chercheur chercheuse
modérateur modératrice animateur animatrice entrevistador entrevistadora investigador investigadora
moderador moderadora pesquisador pesquisadora facilitador facilitadora intervistatore intervistatrice ricercatore
ricercatrice moderatore moderatrice onderzoeker interviewster gespreksleider intervjuer intervjuare forskare forsker
ordstyrer haastattelija badacz badaczka moderatorka ankieter интервьюер модератор исследователь
访谈者 采访者 访谈员 主持人 研究者 訪談者 主持 聞き手 インタビュアー 司会 面接者 采访人 提问者
问 問 调查者 調査者 質問者 المحاور المحاورة الباحث
الباحثة ερευνητής ερευνήτρια συνεντευκτής συνεντεύκτρια συντονιστής συντονίστρια
מראיין מראיינת חוקר חוקרת מנחה 면담자 연구자 질문자 진행자 görüşmeci araştırmacı moderatör tazatel tazatelka výzkumník
výzkumnice moderátor moderátorka kérdező kutató intervievator cercetător дослідник дослідниця интервьюерка
"""
_ANSWERING = """
interviewee interviewees respondent respondents participant participants informant informants answer
coordinator coordinators guest resp ppt
befragter befragte befragten teilnehmer teilnehmerin interviewte interviewter interviewpartner interviewpartnerin
répondant répondante participante enquêté enquêtée interviewé interviewée entrevistado entrevistada respondente
entrevistados participantes informante intervistato intervistata partecipante rispondente geïnterviewde deelnemer
deltaker deltager deltagare informanten haastateltava badany badana respondentka uczestnik uczestniczka
респондент респондентка информант участник участница 受访者 受訪者 被访者 参与者 回答者 参加者 対象者
答 被采访者 語り手 協力者 المشارك المشاركة المستجيب المستجيبة
συμμετέχων συμμετέχουσα ερωτώμενος ερωτώμενη συνεντευξιαζόμενος
מרואיין מרואיינת משתתף משתתפת 참여자 응답자 면담대상자 katılımcı görüşülen účastník účastnice informátor
válaszadó interjúalany intervievat intervievată респондента учасник учасниця опитуваний
"""
_INTERVIEWER = frozenset(_ASKING.split())
_RESPONDENT = frozenset(_ANSWERING.split())
_SPELT: dict[Role, list[str]] = {
    "interviewer": [word for word in _INTERVIEWER if len(word) > 7],
    "respondent": [word for word in _RESPONDENT if len(word) > 7],
}
_WORD = re.compile(r"[^\W\d_]+")


_LONG = 8
_ALIKE = 0.88


def misspelt(label: str) -> Role | None:
    """The role whose word a label of one long word is nearly ("Interveiwer"); None where it is near to none or both."""
    word = label.casefold().strip(". ")
    if len(word) < _LONG or not word.isalpha():
        return None
    near = {
        role: max((_ratio(word, known) for known in words if abs(len(known) - len(word)) <= 2), default=0.0)
        for role, words in _SPELT.items()
    }
    best = max(near, key=lambda role: near[role])
    return best if near[best] >= _ALIKE and len(set(near.values())) > 1 else None


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=8192)
def role_of(label: str) -> Role | None:
    """The role that a word of the label names ("Researcher 1", "Co-ordinator (primary)"), or None.

    A label that names both is nobody's.
    """
    words = {word.casefold() for word in _WORD.findall(label.replace("-", ""))}
    asks, answers = bool(words & _INTERVIEWER), bool(words & _RESPONDENT)
    if asks == answers:
        return None
    return "interviewer" if asks else "respondent"
