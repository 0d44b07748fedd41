"""All written forms of an English word: verb and noun endings, irregular words, British and American spelling.

No model and no part of speech: a word gets the endings of a verb and of a noun, because a form that nobody writes
("mentored meetings") costs nothing when it is only searched for. The rules are those of any school grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

# base: the forms that no rule gives; the -s and -ing forms are regular unless listed
_VERBS = """
be: am is are was were been being | have: has had having | do: does did done | go: goes went gone | see: saw seen
know: knew known | take: took taken | give: gave given | get: got gotten | make: made | say: said | tell: told
think: thought | feel: felt | find: found | keep: kept | leave: left | lead: led | meet: met | teach: taught
learn: learned learnt | understand: understood | write: wrote written | speak: spoke spoken | spend: spent | send: sent
build: built | bring: brought | buy: bought | come: came | become: became | begin: began begun | choose: chose chosen
draw: drew drawn | drive: drove driven | eat: ate eaten | fall: fell fallen | fight: fought | forget: forgot forgotten
forgive: forgave forgiven | freeze: froze frozen | grow: grew grown | hang: hung hanged | hear: heard | hide: hid hidden
hold: held | lay: laid | lie: lay lain lied | lose: lost | mean: meant | pay: paid | ride: rode ridden | ring: rang rung
rise: rose risen | run: ran | seek: sought | sell: sold | shake: shook shaken | shine: shone | shoot: shot | show: shown
sing: sang sung | sink: sank sunk | sit: sat | sleep: slept | slide: slid | stand: stood | steal: stole stolen
stick: stuck | strike: struck | swear: swore sworn | swim: swam swum | tear: tore torn | throw: threw thrown
wake: woke woken | wear: wore worn | win: won | bear: bore borne | bend: bent | bind: bound | bite: bit bitten
bleed: bled | blow: blew blown | break: broke broken | breed: bred | burn: burnt | catch: caught | cling: clung
creep: crept | deal: dealt | dig: dug | dream: dreamt | feed: fed | flee: fled | fly: flew flown | lean: leant
leap: leapt | lend: lent | light: lit | sew: sewn | spell: spelt | spill: spilt | spin: spun | spoil: spoilt
spring: sprang sprung | sting: stung | stride: strode | strive: strove striven | sweep: swept | weave: wove woven
weep: wept | arise: arose arisen | show: showed shown | prove: proved proven
put: | read: | set: | let: | cut: | shut: | hit: | hurt: | cost: | quit: | split: | spread: | cast: | bet: | burst:
"""
_NOUNS = """
child: children | person: people persons | man: men | woman: women | foot: feet | tooth: teeth | mouse: mice
life: lives | half: halves | self: selves | wife: wives | leaf: leaves | shelf: shelves | knife: knives | thief: thieves
criterion: criteria | phenomenon: phenomena | curriculum: curricula curriculums | datum: data | medium: media mediums
syllabus: syllabi syllabuses | focus: foci focuses | stimulus: stimuli | radius: radii | index: indices indexes
appendix: appendices appendixes | formula: formulae formulas | alumnus: alumni | memorandum: memoranda memorandums
forum: fora forums | quiz: quizzes | bus: buses
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREFIXES = ("re", "over", "under", "out", "up", "with", "mis", "un", "fore")
_NOT_PREFIXED = frozenset({"relay", "reset", "unlight", "upset", "outset", "respell", "relight", "offset", "uncast"})
_OES = frozenset({"go", "do", "echo", "veto", "hero", "potato", "tomato", "undergo", "redo", "undo", "forgo", "outdo"})
_NOUNS_AND_VERBS = frozenset({"focus", "index", "quiz"})
_ADDS_K = frozenset({"panic", "mimic", "traffic", "picnic"})
# Several syllables with the stress on the last one: the final consonant is doubled.
_DOUBLED = _words(
    """admit allot commit compel concur confer control defer deter excel equip incur infer occur omit patrol permit
    prefer propel rebel recur refer regret repel submit transfer transmit acquit expel begin forget upset
    kidnap worship handicap program unplug reset outrun rerun input
    enrol fulfil distil instil dispel annul"""
)
_EITHER = frozenset({"focus", "bias", "benefit", "target", "combat", "format"})  # focused, focussed
# -ise that is part of the word, so that there is no -ize beside it
_ALWAYS_ISE = _words(
    """advise advertise arise circumcise compromise comprise concise demise despise devise enterprise excise exercise
    expertise franchise improvise incise likewise merchandise otherwise precise premise promise revise rise supervise
    surmise surprise televise wise chastise size prize seize capsize practise"""
)
_SPELLINGS = (
    ("our", "or", "behaviour colour favour flavour harbour honour humour labour neighbour rumour endeavour rigour"),
    ("re", "er", "centre theatre metre litre fibre"),
    ("ce", "se", "licence defence offence practice pretence"),
    ("gue", "g", "catalogue dialogue analogue"),
    ("gement", "gment", "judgement acknowledgement"),
    ("lfil", "lfill", "fulfil"),
    ("rol", "roll", "enrol"),
    ("mme", "m", "programme"),
    ("ellor", "elor", "counsellor"),
    ("lling", "ling", "counselling modelling labelling travelling"),
    ("aed", "ed", "paediatric"),
)
_PARTICLES = _words(
    """about across after along apart around as aside at away back by down for forward from in into of off on onto out
    over round through to together under up upon with"""
)
_ENDS_CVC = re.compile(r"(?:^|[^aeiou]|qu)[aeiouy][^aeiouwxy]$")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.partition(":") for entry in re.split(r"[|\n]", text) if entry.strip())
    return {base.strip(): tuple(forms.split()) for base, _, forms in entries}


@lru_cache(maxsize=1)
def _irregular() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    return _table(_VERBS), _table(_NOUNS)


@lru_cache(maxsize=4096)
def forms(lemma: str) -> tuple[str, ...]:
    """Every form of a word or phrase, itself first, each once.

    Of a phrase that ends in a particle ("carry out") the first word is inflected, of another one ("mentor meeting")
    the first and, separately, the last. A word in capitals ("GTP") gets only the plural.
    """
    words = lemma.split()
    if not words:
        return ()
    if len(words) == 1:
        return tuple(dict.fromkeys(_word_forms(words[0])))
    phrases = [" ".join(words)]
    phrases += [" ".join([form, *words[1:]]) for form in _word_forms(words[0])]
    if words[-1].lower() not in _PARTICLES:
        phrases += [" ".join([*words[:-1], form]) for form in _word_forms(words[-1])]
    return tuple(dict.fromkeys(phrases))


def _word_forms(word: str) -> Iterator[str]:
    if len(word) > 1 and word.isupper():
        yield from (word, f"{word}s")
        return
    word = word.lower()
    yield word
    if not word.isalpha() or len(word) < 2:
        return
    for spelling in _spellings(word):
        yield from _inflected(spelling)


def _spellings(word: str) -> Iterator[str]:
    """The word, and the same word as it is spelt across the Atlantic."""
    yield word
    if re.search(r"[^aeou](is|iz)e$|(ys|yz)e$", word) and word not in _ALWAYS_ISE and len(word) > 4:
        yield f"{word[:-2]}{'z' if word[-2] == 's' else 's'}e"
    if re.search(r"i[sz]ation$", word):
        yield f"{word[:-6]}{'z' if word[-6] == 's' else 's'}ation"
    for british, american, words in _SPELLINGS:
        for known in words.split():
            other = known.removesuffix(british) + american
            if word in (known, other):
                yield other if word == known else known


def _inflected(word: str) -> Iterator[str]:
    verbs, nouns = _irregular()
    past = _irregular_past(word, verbs)
    yield word
    yield from nouns.get(word, ())
    yield from (past or ())
    if word == "be" or (word in nouns and word not in _NOUNS_AND_VERBS):
        return
    yield _with_s(word)
    if re.search(r"[aeiouy].*ing$|sis$|i[sz]ation$", word):
        return
    yield from _with_ing(word)
    if past is None:
        yield from _with_ed(word)


def _irregular_past(word: str, verbs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    if word in verbs:
        return verbs[word]
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and rest in verbs and rest != "be" and word not in _NOT_PREFIXED:
            return tuple(prefix + form for form in verbs[rest])
    return None


def _with_s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if word.endswith("sis"):
        return word[:-2] + "es"
    if re.search(r"[^z]z$", word) and _ENDS_CVC.search(word):
        return word + "zes"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", word) or word in _OES else "s")


def _stems(word: str) -> tuple[str, ...]:
    """What -ed and -ing are put after, when the word ends in a consonant: with it doubled, single, or either."""
    doubled = word + word[-1]
    if word in _ADDS_K:
        return (word + "k",)
    if not _ENDS_CVC.search(word):
        return (word,)
    if len(re.findall(r"(?<!q)[aeiouy]+", word)) == 1 or word in _DOUBLED:
        return (doubled,)
    return (doubled, word) if word.endswith("l") or word in _EITHER else (word,)


def _with_ed(word: str) -> Iterator[str]:
    if word.endswith("e"):
        yield word + "d"
    elif re.search(r"[^aeiou]y$", word):
        yield word[:-1] + "ied"
    else:
        yield from (stem + "ed" for stem in _stems(word))


def _with_ing(word: str) -> Iterator[str]:
    if word.endswith("ie"):
        yield word[:-2] + "ying"
    elif re.search(r"([eoy]e)$", word):
        yield word + "ing"
    elif word.endswith("e"):
        yield word[:-1] + "ing"
        if word == "age":
            yield "ageing"
    else:
        yield from (stem + "ing" for stem in _stems(word))
