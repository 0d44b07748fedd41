"""The lesson goes on when its step was done, and names only what there is."""

from __future__ import annotations

from qualcode.session.tour import END, STEPS, Tour


def test_a_step_is_over_when_it_was_done() -> None:
    tour = Tour()
    assert tour.line.startswith("1/10  ↓")
    assert not tour.did("memo")
    for action, _ in STEPS:
        assert tour.did(action)
    assert tour.line == END
    assert not tour.did("move")
