"""``docs/commands.md``: every command with its help, drawn from the commands themselves.

``python -m tests.commands_page`` writes it anew; `test_documentation` fails while it is stale.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.cli import COMMANDS, PANELS
from qualcode.cli.tree import EVERYWHERE, grown

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Generated from the commands themselves. Every command also takes `--project DIR`, `--coder NAME`, `--json`, `--debug`,
`--quiet` and `--help`; what they return is in [exit-statuses.md](exit-statuses.md).
"""


def page() -> str:
    """The whole page, panel by panel in the order of the help."""
    parts = [HEAD]
    for panel in PANELS:
        parts.append(f"\n## {panel}\n")
        for name, entry in COMMANDS.items():
            if COMMANDS[name.split()[0]].panel == panel and entry.target:
                parts.append(f"\n### qualcode {name}\n\n```text\n{_help(name)}\n```\n")
    return "".join(parts)


def _help(name: str) -> str:
    """The help of one command at 80 columns, without the options that all share."""
    command = grown(name)
    context = command.make_context(
        f"qualcode {name}", [], resilient_parsing=True, max_content_width=80, terminal_width=80
    )
    return command.get_help(context).partition(f"\n{EVERYWHERE}:")[0].rstrip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
