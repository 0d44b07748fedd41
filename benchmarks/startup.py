"""CPU time (user + system) of ``--help``: ours against other command lines of Python tools on this machine.

    python benchmarks/startup.py [runs]

Rivals are taken from this interpreter's folder of scripts, as they are; none is installed for the occasion.
Byte-code is compiled first, as an installed program has it. Prints milliseconds (median and least) a program.
"""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

GOAL = 150  # milliseconds
RIVALS = ("sqlite-utils", "spacy", "weasel", "fonttools", "pytest", "lint-imports", "httpx")


def cpu(command: list[str]) -> float:
    """Milliseconds of user and system time of one run."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(runs: int) -> dict[str, list[float]]:
    """Program → its times, one warm-up run not counted; rivals that are absent or fail are left out."""
    scripts = Path(sys.executable).parent
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "qualcode --version": [str(scripts / "qualcode"), "--version"],
        "qualcode --help": [str(scripts / "qualcode"), "--help"],
    }
    commands |= {f"{name} --help": [str(scripts / name), "--help"] for name in RIVALS if (scripts / name).exists()}
    times: dict[str, list[float]] = {}
    for name, command in commands.items():
        try:
            times[name] = [cpu(command) for _ in range(runs + 1)][1:]
        except subprocess.CalledProcessError:
            continue
    return times


def main() -> int:
    """Print the table; status 1 when our help is over the goal."""
    import qualcode

    compileall.compile_dir(Path(qualcode.__file__).parent, quiet=2)
    times = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    print("program\tmedian ms\tleast ms")
    for name, measured in times.items():
        print(f"{name}\t{statistics.median(measured):.0f}\t{min(measured):.0f}")
    return int(statistics.median(times["qualcode --help"]) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
