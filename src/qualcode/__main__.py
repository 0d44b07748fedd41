"""The console script's door: ``--version`` is answered before the command line is built."""

from __future__ import annotations

import gc
import sys

# A command makes its values and ends. Looking through them for cycles at every 700 new ones, as is the default, took a
# sixth of listing 100,000 codings and of merging as many.
GARBAGE = (50_000, 20, 50)


def main() -> None:
    """Run the command line on ``sys.argv`` and leave with its exit status."""
    gc.set_threshold(*GARBAGE)
    if sys.argv[1:] == ["--version"]:
        from qualcode import __version__

        sys.stdout.write(f"qualcode {__version__}\n")
        return
    from qualcode.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
