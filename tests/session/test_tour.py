"""The lesson goes on when its step was done, and names only what there is."""

from __future__ import annotations

from qualcode.session.tour import END, STEPS, STORING, Tour


def test_a_step_is_over_when_it_was_done() -> None:
    tour = Tour()
    assert tour.line.startswith("1/10  ↓")
    assert not tour.did("memo")
    assert {action for action, _ in STEPS} > STORING
    for action, _ in STEPS:
        if action in STORING:
            assert not tour.said("saved  something else")
            assert not tour.did(action)
            assert not tour.said("no code")
            assert tour.said("saved  it")
        else:
            assert tour.did(action)
    assert tour.line == END
    assert not tour.did("move")
