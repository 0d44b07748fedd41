"""The key tables of ``docs/coding.md``, made from the table that makes the bindings.

``python -m tests.keys_page`` writes them anew; `test_documentation` fails while they are stale.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.tui import keys

PAGE = Path(__file__).parents[1] / "docs" / "coding.md"
BEGIN, END = "<!-- keys: generated -->", "<!-- end of keys -->"


def tables() -> str:
    """Every key by screen and heading."""
    parts = []
    for scope, title in keys.SCOPES.items():
        parts.append(f"\n### {title}\n\n| key | does |\n|---|---|\n")
        for group, pairs in keys.listing(scope):
            if len(list(keys.listing(scope))) > 1:
                parts.append(f"| **{group}** | |\n")
            parts += [f"| {_code(name)} | {does} |\n" for name, does in pairs]
    return "".join(parts)


def _code(name: str) -> str:
    shown = [f"`` {key} ``" if "`" in key else f"`{key}`" for key in name.replace("|", "\\|").split(" ")]
    return " ".join(shown).replace("`…`", "…")


def page() -> str:
    """The whole page with the tables as they are now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
