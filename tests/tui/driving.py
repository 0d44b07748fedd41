"""Driving the application with keys, without a terminal, and reading its screen back as text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual import events
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot

from qualcode.session.sitting import Sitting
from qualcode.session.tour import Tour
from qualcode.tui.app import CodingApp
from qualcode.tui.colours import Depth
from qualcode.tui.widgets.bars import Bar

Journey = Callable[["Driver"], Awaitable[None]]


class Driver:
    """The application under a pilot's keys."""

    def __init__(self, app: CodingApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other; a word that is no key's name is typed."""
        for key in keys:
            await self.pilot.press(key)
        await self.settled()

    async def burst(self, keys: str) -> None:
        """Characters that arrive all at once, as from a fast hand or in one packet; a line feed is Enter."""
        await self.rush(*("enter" if char == "\n" else _character_to_key(char) for char in keys))

    async def rush(self, *keys: str) -> None:
        """Keys by name, all at once."""
        for key in keys:
            said = key if len(key) == 1 else {"enter": "\r", "space": " "}.get(key)
            self.app.post_message(events.Key(key, said if said else key_to_character(key)))
        await self.settled()

    async def settled(self) -> None:
        """Wait until all keys have been taken and been through."""
        taken = asyncio.Event()
        self.app.call_later(taken.set)
        while self.app.is_running and not (taken.is_set() and self.app.settled):
            await asyncio.sleep(0.001)
        await self.pilot.pause()

    async def type(self, words: str) -> None:
        """Type words."""
        for char in words:
            await self.pilot.press("space" if char == " " else char)
        await self.settled()

    @property
    def screen(self) -> str:
        """What is on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def status(self) -> str:
        """What the status line says."""
        return self.app.screen.query_one("#status", Bar).text.strip()


def drive(
    sitting: Sitting,
    journey: Journey,
    size: tuple[int, int] = (80, 24),
    depth: Depth = "full",
    tour: Tour | None = None,
) -> CodingApp:
    """Run a journey in the application; whatever goes wrong inside is raised."""
    app = CodingApp(sitting, depth=depth, dark=True, tour=tour)

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await journey(Driver(app, pilot))

    asyncio.run(go())
    if app.broken is not None:
        raise app.broken
    return app
