"""How fast agreement is measured, and whether its intervals hold what they promise.

    python benchmarks/agreement.py [--quick] [--coverage [--studies 400]]

Every case is timed as the least of three runs (a rival that takes longer than five seconds, of one) and stands beside
those rivals that are installed (krippendorff, nltk, scikit-learn, statsmodels, pygamma-agreement), on the same ratings
in the same process. `memory` is what one further run allocates at its peak; it is left out where a rival takes longer
than twenty seconds, krippendorff excepted. Ratings are numbered already, for us as for them: reading a file is not
measured. Goals at 10^6 units by 5 coders: ten times as quick as the quickest rival, and a tenth of what krippendorff
allocates.

--coverage simulates studies of a known alpha: coders agree by a source's own habit of the code, so that sentences of
one interview are alike. It prints how often the printed 95 % interval holds the alpha of infinitely many sources.
Status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from qualcode.agreement import Request, measure
from qualcode.agreement.alignment import Units
from qualcode.agreement.alpha import alpha_nominal
from qualcode.agreement.gamma import disorders
from qualcode.agreement.intervals import draws, jackknife
from qualcode.agreement.sums import assemble, replicates, tally
from qualcode.model import Bundle, Code, Codebook, Coding, Segment, Source, Span, Turn

Case = tuple[str, Callable[[], object], float | None]
"""What is done, how, and the goal in seconds."""


def timed(work: Callable[[], object], runs: int = 3, patience: float = 20) -> tuple[float, float]:
    """Seconds of the fastest run and megabytes allocated at the peak of another, NaN where that would take too long."""
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
        if best > 5:
            break
    if best > patience:
        return best, float("nan")
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return best, peak / 1e6


def ratings(units: int, coders: int, codes: int, seed: int = 1) -> np.ndarray:
    """(coders, units): three in four ratings are the unit's own code, the others any."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, codes, units)
    own = generator.random((coders, units)) < 0.75
    return np.where(own, truth, generator.integers(0, codes, (coders, units))).astype(np.intp)


def table_cases(table: np.ndarray, goal: float) -> Iterator[Case]:
    """Nominal alpha of a table of numbered ratings, ours and every rival's."""
    yield "qualcode alpha_nominal", lambda: alpha_nominal(tally(table, 20)), goal
    if find_spec("krippendorff"):
        import krippendorff

        data = table.astype(float)
        yield "krippendorff", lambda: krippendorff.alpha(data, level_of_measurement="nominal"), None
    if find_spec("nltk"):
        from nltk.metrics.agreement import AnnotationTask

        rows = [(str(c), str(u), int(v)) for c, row in enumerate(table) for u, v in enumerate(row)]
        yield "nltk", lambda: AnnotationTask(data=rows).alpha(), None
    if find_spec("sklearn") and len(table) == 2:
        from sklearn.metrics import cohen_kappa_score

        yield "scikit-learn (kappa)", lambda: cohen_kappa_score(table[0], table[1]), None
    if find_spec("statsmodels"):
        from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

        yield "statsmodels (kappa)", lambda: fleiss_kappa(aggregate_raters(table.T)[0]), None


def bootstrap_case(units: int) -> Case:
    """1,000 replicates by source from sums that are counted once."""
    table = ratings(units, 2, 20)
    sums = tally(table, 20, np.arange(units) * 30 // units, 30)
    drawn = draws(np.ones(30), 1000, 1)

    def work() -> object:
        return alpha_nominal(sums.each(lambda by_group: np.tensordot(drawn, by_group, axes=1)))

    return "1,000 replicates by source", work, 0.05


def spans(count: int, coders: int, seed: int = 1) -> tuple[Units, float]:
    """Codings of a long text that mostly correspond, `count` a coder."""
    generator = np.random.default_rng(seed)
    length = np.maximum(generator.normal(40, 15, count), 5)
    start = np.cumsum(np.maximum(generator.normal(60, 30, count), 1) + length) - length
    parts = []
    for coder in range(coders):
        shift = generator.normal(0, 8, (2, count))
        lost = generator.random(count) < 0.1
        begin = np.where(lost, generator.uniform(0, start[-1], count), start + shift[0])
        end = np.maximum(begin + length + shift[1], begin + 1)
        code = np.where(generator.random(count) < 0.8, np.arange(count) % 5, generator.integers(0, 5, count))
        parts.append((begin - begin.min(), end - begin.min(), code, np.full(count, coder)))
    joined = [np.concatenate([part[n] for part in parts]) for n in range(4)]
    units = Units(joined[0], joined[1], joined[2].astype(np.intp), joined[3].astype(np.intp), joined[3] * 0)
    return units, float(joined[1].max())


def gamma_case(count: int, coders: int, goal: float) -> Iterator[Case]:
    """Gamma with 30 random continua."""
    units, length = spans(count, coders)
    present = [np.arange(coders)]
    name = f"qualcode gamma, {coders} coders x {count} codings"
    yield name, lambda: disorders(units, present, np.array([length]), 5, 1), goal
    if find_spec("pygamma_agreement"):
        from pyannote.core import Segment as Piece
        from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

        continuum = Continuum()
        for start, end, code, coder in zip(units.start, units.end, units.code, units.coder, strict=True):
            continuum.add(str(coder), Piece(float(start), float(end)), str(code))
        yield "pygamma", lambda: continuum.compute_gamma(CombinedCategoricalDissimilarity()).gamma, None


def study(interviews: int = 30, coders: int = 3, codes: int = 20, codings: int = 15_000) -> tuple[Bundle, Any]:
    """A large made-up study, and how its texts are cut."""
    random = Random(1)
    words = ["".join(random.choices("aeioulnrst", k=random.randint(2, 9))) for _ in range(2000)]
    sources, made, cuts = [], [], {}
    book = tuple(Code(f"b/c{n:02}") for n in range(codes))
    for n in range(interviews):
        text, turns, sentences = "", [], []
        while len(text) < 60_000:
            role = "respondent" if len(turns) % 2 else "interviewer"
            said = [" ".join(random.choices(words, k=random.randint(4, 18))) + "." for _ in range(random.randint(1, 8))]
            at = len(text) + 3
            for sentence in said:
                sentences.append(Span(at, at + len(sentence)))
                at += len(sentence) + 1
            turns.append(Turn(len(turns) + 1, Span(len(text) + 3, at - 1), role[0].upper(), role))  # type: ignore[arg-type]
            text += f"{role[0].upper()}: {' '.join(said)}\n"
        source = Source(f"s{n:02}", f"interview {n}", "interview", text, tuple(turns))
        sources.append(source)
        cuts[source.id] = {
            "sentence": [Segment(source, span) for span in sentences],
            "turn": [Segment(source, turn.span) for turn in turns],
        }
        for _ in range(codings // interviews // coders):
            span = random.choice(sentences)
            end = min(span.end + random.choice((0, 0, 40, 120)), len(text))
            path = random.choice(book).path
            made += [
                Coding(Segment(source, Span(span.start + random.randint(0, 3), end)), path, f"coder {c}")
                for c in range(coders)
                if random.random() < 0.85
            ]
            stray = random.choice(sentences)
            made.append(Coding(Segment(source, stray), random.choice(book).path, f"coder {random.randrange(coders)}"))
    bundle = Bundle(sources=tuple(sources), codebooks=(Codebook("b", "1", book),), codings=tuple(made))
    return bundle, lambda source, unit: cuts[source.id][unit]


def report_case() -> Case:
    """The whole default report of a large study; its sentences are cut beforehand."""
    bundle, cut = study()
    size = sum(len(source.text) for source in bundle.sources)
    name = f"default report: {size / 1e6:.1f} M characters, {len(bundle.codings):,} codings"
    return name, lambda: measure(bundle, cut=cut, request=Request()), 1.0


def coverage(sources: int, share: float, studies: int, seed: int = 7) -> float:
    """How often the jackknife interval holds the true alpha, for a code carried by `share` of the sentences.

    Each source has its own share of the code and its own care in coding it (beta distributed), 80 sentences.
    """
    generator = np.random.default_rng(seed)
    truth = _alpha(_tables(generator, 200_000, share))
    held = 0
    for _ in range(studies):
        tables = _tables(generator, sources, share)
        figures = alpha_nominal(assemble(*_parts(tables)).each(replicates))
        found = jackknife(figures, np.ones(sources, bool))
        held += found is not None and found.low <= truth <= found.high
    return held / studies


def _tables(generator: np.random.Generator, sources: int, share: float, sentences: int = 80) -> np.ndarray:
    """(sources, 2, 2) of two coders who each miss some of what is there and see some of what is not."""
    true = generator.binomial(sentences, generator.beta(share * 8, (1 - share) * 8, sources))
    keen, loose = generator.beta(12, 3, sources), generator.beta(1, 40, sources)
    both, one, other = (generator.binomial(true, keen), None, None)
    first = generator.binomial(both, keen)
    one, other = both - first, generator.binomial(true - both, keen)
    false = sentences - true
    alone = generator.binomial(false, loose), generator.binomial(false, loose)
    cells = np.stack([sentences - first - one - other - alone[0] - alone[1], other + alone[1]], -1)
    return np.stack([cells, np.stack([one + alone[0], first], -1)], -2).astype(float)


def _parts(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    by_coder = np.stack([tables.sum(axis=2), tables.sum(axis=1)], axis=1)
    return tables[:, None], by_coder, tables.sum(axis=(1, 2)), np.full(len(tables), 2.0)


def _alpha(tables: np.ndarray) -> float:
    return float(alpha_nominal(assemble(*_parts(tables)).each(lambda a: a.sum(axis=0))))


def show_coverage(studies: int) -> bool:
    """Print the coverage for several numbers of sources and shares; whether the goal is met."""
    good = True
    print(f"{'sources':>8} {'share':>6} {'coverage':>9}   ({studies} simulated studies each; goal .92 from 5 sources)")
    for sources in (3, 5, 10, 30):
        for share in (0.1, 0.25, 0.5):
            found = coverage(sources, share, studies)
            missed = sources >= 5 and found < 0.92
            good &= not missed
            print(f"{sources:>8} {share:>6} {found:>9.3f}{'   goal missed' if missed else ''}")
    return good


def show_speed(quick: bool) -> bool:
    """Print every case; whether all goals are met."""
    sizes = [(100_000, 2, 0.005), *([] if quick else [(1_000_000, 5, 0.25)])]
    good = True
    for units, coders, goal in sizes:
        print(f"\n{units:,} units x {coders} coders, 20 codes")
        good &= _show(table_cases(ratings(units, coders, 20), goal), 10 if units >= 1_000_000 else None)
    print("\nbootstrap, gamma, report")
    cases = [bootstrap_case(100_000), *gamma_case(500, 2, 0.1), *gamma_case(200, 3, 1.5), report_case()]
    return good & _show(iter(cases))


def _show(cases: Iterator[Case], lead: float | None = None) -> bool:
    """Print each case; whether all goals are met. `lead` is how many times as long the quickest rival must take."""
    good, ours, held = True, 0.0, 0.0
    for name, work, goal in cases:
        seconds, memory = timed(work, patience=100 if name == "krippendorff" else 20)
        if goal is None and lead is not None and (seconds < lead * ours or ("kripp" in name and memory < 10 * held)):
            good = False
            name = f"{name}, LEAD MISSED"
        if goal is not None:
            ours, held = seconds, memory
            note = f"goal {goal:g} s" + ("" if seconds <= goal else "   MISSED")
            good &= seconds <= goal
        else:
            note = f"{seconds / ours:,.0f} times as long"
        print(f"  {name:<58} {seconds:>9.4f} s {memory:>9.1f} MB   {note}")
    return good


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the table of 10^6 units")
    parser.add_argument("--coverage", action="store_true", help="simulate how often intervals hold the truth")
    parser.add_argument("--studies", type=int, default=400)
    arguments = parser.parse_args()
    good = show_coverage(arguments.studies) if arguments.coverage else show_speed(arguments.quick)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
