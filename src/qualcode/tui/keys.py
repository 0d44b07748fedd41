"""Every key, once: bindings, footer, help screen and the documentation's key table are made from `ACTIONS`.

`scope` is the screen a key works on; `all` works on every one of them. An action ``name`` is a screen's method
``action_name``; where one key does the same on two screens, it is two rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Action(NamedTuple):
    """A row: the method, its keys (Textual's names, the first one is shown), where, under which heading, what it does.

    `foot` is the word in the footer, empty for none.
    """

    name: str
    keys: tuple[str, ...]
    scope: str
    group: str
    does: str
    foot: str = ""


MOVE, SELECT, CODE, GO, LOOK, WORK, EDIT = (
    "Move",
    "Select",
    "Code",
    "Go to",
    "What is shown",
    "Screens",
    "Take back and write",
)
REVIEW, SETTLE, COMPARE, CHART, ANSWERS = "Review queue", "Disagreements", "Read by code", "Chart", "Answers"
SCOPES = {
    "read": "Reading and coding",
    "review": "Review queues",
    "settle": "Disagreements, the last of the queues",
    "codes": "Reading by code",
    "chart": "Charting, case by code",
    "answers": "Answers to one question",
    "all": "Everywhere",
}

ACTIONS: tuple[Action, ...] = (
    Action("move('sentence', 1)", ("down", "j"), "read", MOVE, "next sentence: it is selected"),
    Action("move('sentence', -1)", ("up", "k"), "read", MOVE, "previous sentence"),
    Action("move('word', 1)", ("right",), "read", MOVE, "next word"),
    Action("move('word', -1)", ("left",), "read", MOVE, "previous word"),
    Action("move('turn', 1)", ("right_curly_bracket",), "read", MOVE, "next turn"),
    Action("move('turn', -1)", ("left_curly_bracket",), "read", MOVE, "this turn's beginning, then the previous turn"),
    Action("page(1)", ("pagedown", "space"), "read", MOVE, "a screen down"),
    Action("page(-1)", ("pageup", "b"), "read", MOVE, "a screen up"),
    Action("edge(-1)", ("home",), "read", MOVE, "the beginning of the source"),
    Action("edge(1)", ("end",), "read", MOVE, "the end of the source"),
    Action("go_on", ("enter",), "read", MOVE, "go on: the sentence after the selection"),
    Action("extend('word')", ("l", "shift+right"), "read", SELECT, "extend by a word", "extend"),
    Action("shrink('word')", ("h", "shift+left"), "read", SELECT, "shrink by a word"),
    Action("extend('sentence')", ("L", "shift+down"), "read", SELECT, "extend by a sentence"),
    Action("shrink('sentence')", ("H", "shift+up"), "read", SELECT, "shrink by a sentence"),
    Action("extend('turn')", ("v",), "read", SELECT, "extend to the end of the turn, then by a turn"),
    Action("shrink('turn')", ("V",), "read", SELECT, "shrink by a turn"),
    Action("turn_round", ("o",), "read", SELECT, "let the other edge move: the beginning instead of the end"),
    Action("back", ("escape",), "read", SELECT, "only the sentence under the cursor; leave what is going on"),
    Action("code", ("c",), "read", CODE, "code the selection: then a code's own key, or Enter to pick by name", "code"),
    Action("pick", ("a",), "read", CODE, "pick a code by a few letters, or make one", "pick"),
    Action("in_vivo", ("i",), "read", CODE, "make a code of the selected words (in vivo)"),
    *(Action(f"recent({n})", (str(n),), "read", CODE, f"code with the recent code number {n}") for n in range(1, 10)),
    Action("mark", ("asterisk",), "read", CODE, "mark the passage without a code, or take the mark away"),
    Action("choose", ("tab",), "read", CODE, "choose among the codings at the selection"),
    Action("recode", ("r",), "read", CODE, "give the chosen coding another code"),
    Action(
        "resize", ("z",), "read", CODE, "resize the chosen coding: extend or shrink, o for the other edge, then Enter"
    ),
    Action("delete", ("d", "delete"), "read", CODE, "take the chosen coding away", "delete"),
    Action("certainty", ("percent_sign",), "read", CODE, "how sure you are of the chosen coding, by steps of 25 %"),
    Action("sets", ("s",), "read", CODE, "put the code here into a set, or take it out"),
    Action("link", ("ampersand",), "read", CODE, "link the code here with another: leads to, contrasts with …"),
    Action("memo", ("m",), "read", EDIT, "memo on the chosen coding, else on the passage", "memo"),
    Action("journal", ("J",), "all", EDIT, "the project's journal: today's entry"),
    Action("undo", ("u",), "all", EDIT, "undo your last act, whatever it was", "undo"),
    Action("redo", ("U", "ctrl+r"), "all", EDIT, "redo"),
    Action("copy", ("y",), "read", EDIT, "copy the selected words with who said them, also into exports/copied.md"),
    Action("correct", ("T",), "read", EDIT, "correct a slip in this turn's transcript; codings follow"),
    Action("done", ("D",), "read", EDIT, "say that you are done with this source, or not"),
    Action("seek('coding', 1)", ("right_square_bracket",), "read", GO, "next coding"),
    Action("seek('coding', -1)", ("left_square_bracket",), "read", GO, "previous coding"),
    Action("seek('mark', 1)", ("apostrophe",), "read", GO, "next mark or memo"),
    Action("seek('mark', -1)", ("quotation_mark",), "read", GO, "previous mark or memo"),
    Action("seek('suggestion', 1)", ("greater_than_sign",), "read", GO, "next suggestion (S shows them)"),
    Action("seek('suggestion', -1)", ("less_than_sign",), "read", GO, "previous suggestion"),
    Action("search", ("slash",), "read", GO, "search", "search"),
    Action("seek('hit', 1)", ("n",), "read", GO, "next hit"),
    Action("seek('hit', -1)", ("N",), "read", GO, "previous hit"),
    Action("go_to", ("g",), "read", GO, "go to a turn, or turn and sentence: 14.3"),
    Action(
        "uncoded",
        ("t",),
        "read",
        GO,
        "next turn you have not coded; of what was drawn for you, the next left",
        "uncoded",
    ),
    Action("seek('place', 1)", ("right_parenthesis",), "read", GO, "next place that was drawn, or fixed as a unit"),
    Action("seek('place', -1)", ("left_parenthesis",), "read", GO, "previous place that was drawn or fixed"),
    Action("neighbour(1)", ("full_stop",), "read", GO, "next source"),
    Action("neighbour(-1)", ("comma",), "read", GO, "previous source"),
    Action("sources", ("O",), "read", GO, "choose a source"),
    Action("hide", ("x",), "read", LOOK, "hide all codings for a fresh reading, or show them again"),
    Action("panel", ("p",), "read", LOOK, "the code panel: tree, counts, keys, definition"),
    Action("filter", ("f",), "read", LOOK, "show by coder, round, code, set, speaker", "filter"),
    Action("others", ("w",), "read", LOOK, "show the next coder alone, then everybody"),
    Action("compare", ("equals_sign",), "read", LOOK, "two coders side by side, or one column again"),
    Action("suggestions", ("S",), "read", LOOK, "show suggestions in the text, or hide them"),
    Action("theme", ("ctrl+t",), "all", LOOK, "dark or light"),
    Action(
        "review",
        ("Q",),
        "read",
        WORK,
        "review queues: suggestions, anchors, changed definitions, disagreements",
        "review",
    ),
    Action("by_code", ("R",), "read", WORK, "read by code: every passage of one code or set", "by code"),
    Action("chart", ("G",), "read", WORK, "the chart, case by code, with your own summaries"),
    Action("answers", ("A",), "read", WORK, "all answers to one question, one a row"),
    Action("suspend", ("ctrl+z",), "all", WORK, "to the shell for a while; fg comes back"),
    Action("help", ("question_mark", "f1"), "all", WORK, "this list", "help"),
    Action("leave", ("q",), "all", WORK, "leave, or back to the screen before; everything is saved already", "quit"),
    Action("step(1)", ("down", "j"), "review", REVIEW, "next row"),
    Action("step(-1)", ("up", "k"), "review", REVIEW, "previous row"),
    Action("accept", ("y",), "review", REVIEW, "accept: it becomes your coding; or: this place is right", "accept"),
    Action("reject", ("n",), "review", REVIEW, "reject; or: take this coding away", "reject"),
    Action("correct", ("c",), "review", REVIEW, "correct: the place is right, the code is another", "correct"),
    Action("skip", ("s",), "review", REVIEW, "skip: leave it undecided", "skip"),
    Action("queue", ("tab",), "review", REVIEW, "the next queue", "queue"),
    Action(
        "visit",
        ("enter",),
        "review",
        REVIEW,
        "open the transcript there, to give an orphan a place with z; Esc comes back",
        "open",
    ),
    Action("step(1)", ("down", "j"), "settle", SETTLE, "next place"),
    Action("step(-1)", ("up", "k"), "settle", SETTLE, "previous place"),
    *(
        Action(
            f"side({n})", (str(n),), "settle", SETTLE, f"what coder {n} has there holds", "coder 1" if n == 1 else ""
        )
        for n in range(1, 10)
    ),
    Action("both", ("b",), "settle", SETTLE, "both: everyone's codes hold", "both"),
    Action("neither", ("n",), "settle", SETTLE, "neither: no code holds there", "neither"),
    Action("correct", ("c",), "settle", SETTLE, "another code holds there", "code"),
    Action("skip", ("s",), "settle", SETTLE, "defer: it stays open and comes last", "later"),
    Action("reason", ("w",), "settle", SETTLE, "write why, to be stored with what you decide next here", "why"),
    Action("queue", ("tab",), "settle", SETTLE, "the first queue"),
    Action("visit", ("enter",), "settle", SETTLE, "open the transcript there; Esc comes back to this place", "open"),
    Action("step(1)", ("down", "j"), "codes", COMPARE, "next passage"),
    Action("step(-1)", ("up", "k"), "codes", COMPARE, "previous passage"),
    Action("pick", ("a", "c"), "codes", COMPARE, "read another code, or a set of codes", "other code"),
    Action("recode", ("r",), "codes", COMPARE, "give this passage another code", "recode"),
    Action("split", ("n",), "codes", COMPARE, "split: a new code beside this one, and this passage into it", "split"),
    Action("delete", ("d", "delete"), "codes", COMPARE, "take this coding away", "delete"),
    Action("memo", ("m",), "codes", COMPARE, "memo on this coding", "memo"),
    Action("star", ("asterisk",), "codes", COMPARE, "star it: worth quoting", "star"),
    Action("sets", ("s",), "codes", COMPARE, "put this code into a set, or take it out", "set"),
    Action("link", ("ampersand",), "codes", COMPARE, "link this code with another: leads to, contrasts with …", "link"),
    Action("context", ("x",), "codes", COMPARE, "more or less of what stands around"),
    Action("visit", ("enter",), "codes", COMPARE, "open the transcript there; Esc comes back", "open"),
    Action("step(1)", ("down", "j"), "chart", CHART, "next case"),
    Action("step(-1)", ("up", "k"), "chart", CHART, "previous case"),
    Action("sidestep(1)", ("right", "l"), "chart", CHART, "next code"),
    Action("sidestep(-1)", ("left", "h"), "chart", CHART, "previous code"),
    Action("memo", ("enter", "m"), "chart", CHART, "write this cell's summary", "summary"),
    Action("filter", ("f",), "chart", CHART, "only the codes of a set or a codebook, or all", "codes"),
    Action("visit", ("v",), "chart", CHART, "open the first quotation in its transcript", "open"),
    Action("step(1)", ("down", "j"), "answers", ANSWERS, "next answer", "next"),
    Action("step(-1)", ("up", "k"), "answers", ANSWERS, "previous answer"),
    Action(
        "code",
        ("c",),
        "answers",
        ANSWERS,
        "code the answer, and all identical ones: then a code's key, or Enter",
        "code",
    ),
    Action("pick", ("a",), "answers", ANSWERS, "pick a code by a few letters, or make one", "pick"),
    *(
        Action(f"recent({n})", (str(n),), "answers", ANSWERS, f"code with the recent code number {n}")
        for n in range(1, 10)
    ),
    Action("delete", ("d", "delete"), "answers", ANSWERS, "take your last code of this answer away"),
    Action("question", ("tab",), "answers", ANSWERS, "the next question", "question"),
    Action(
        "sort",
        ("s",),
        "answers",
        ANSWERS,
        "sort: as it came, length, identical, like the last coded, a closed column",
        "sort",
    ),
    Action("filter", ("f",), "answers", ANSWERS, "only uncoded ones, only those of one code or set, or all", "filter"),
    Action("visit", ("enter",), "answers", ANSWERS, "open the answer as a source", "open"),
    Action("leave", ("escape",), "review", WORK, "back", "back"),
    Action("leave", ("escape",), "settle", WORK, "back", "back"),
    Action("leave", ("escape",), "codes", WORK, "back", "back"),
    Action("leave", ("escape",), "chart", WORK, "back", "back"),
    Action("leave", ("escape",), "answers", WORK, "back", "back"),
)

_SHOWN = {
    "right_curly_bracket": "}", "left_curly_bracket": "{", "right_square_bracket": "]", "left_square_bracket": "[",
    "apostrophe": "'", "quotation_mark": '"', "greater_than_sign": ">", "less_than_sign": "<", "slash": "/",
    "full_stop": ".", "comma": ",", "equals_sign": "=", "question_mark": "?", "asterisk": "*", "percent_sign": "%",
    "right_parenthesis": ")", "left_parenthesis": "(",
    "ampersand": "&",
    "escape": "Esc", "enter": "Enter", "tab": "Tab", "space": "Space", "delete": "Del", "pagedown": "PgDn",
    "pageup": "PgUp", "home": "Home", "end": "End", "up": "↑", "down": "↓", "left": "←", "right": "→", "f1": "F1",
}  # fmt: skip


_NUMBERED = {"recent": "code with a recent code", "side": "what this coder has there holds"}


def shown(key: str) -> str:
    """A key as a person reads it: ``shift+right`` is ``Shift-→``."""
    *modifiers, last = key.split("+")
    names = {"shift": "Shift", "ctrl": "Ctrl"}
    return "-".join([*(names.get(part, part) for part in modifiers), _SHOWN.get(last, last)])


def of(scope: str) -> Iterator[Action]:
    """The actions that work on a screen, its own first."""
    for wanted in (scope, "all"):
        yield from (action for action in ACTIONS if action.scope == wanted)


def footer(scope: str, *, back: bool = False) -> list[tuple[str, str]]:
    """Key and word for a screen's last line, in the order of the table but for undo, which nobody should look for.

    Help and the way out stand last; where Esc (and `q`) only go back, that is said, as with `back` on every screen.
    """
    words = [(shown(action.keys[0]), action.foot) for action in of(scope) if action.foot]
    undo, out, away = ([pair for pair in words if pair[1] == word] for word in ("undo", "quit", "back"))
    rest = [pair for pair in words if pair[1] not in ("undo", "quit", "back")]
    last = away or ([("Esc", "back")] if back else out)
    at = min(3, len(rest) - 1)
    return [*rest[:at], *undo, *rest[at:], *last]


def listing(scope: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Heading, and pairs of keys and what they do, of a screen; nine numbers that do the same are one row."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS:
        name, _, number = action.name.partition("(")
        if action.scope != scope or (name in _NUMBERED and number != "1)"):
            continue
        keys, does = " ".join(shown(key) for key in action.keys), action.does
        if name in _NUMBERED:
            keys, does = "1 … 9", _NUMBERED[name]
        groups.setdefault(action.group, []).append((keys, does))
    yield from groups.items()
