"""The console script's door: ``--version`` is answered before the command line is built."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line on ``sys.argv`` and leave with its exit status."""
    if sys.argv[1:] == ["--version"]:
        from qualcode import __version__

        sys.stdout.write(f"qualcode {__version__}\n")
        return
    from qualcode.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
