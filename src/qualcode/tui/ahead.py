"""Keys that are typed ahead wait for their turn: each finds the screen that the one before it has made.

Textual hands every key on at once. A key comes back to the application, where its action is carried out, only after it
went through all widgets, so of two that arrive together (a fast hand, a slow machine, one packet of an SSH connection)
the second was judged by the screen of the first: `c m` opened a memo instead of coding, and a name typed after `a` was
lost. Here a key is handed on when the one before it has been through, with the screen it opened or closed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from textual import events
from textual.app import App

REST = 0.02  # seconds after a key in which nothing but its own work is done; a repaint takes 5 ms
ROUNDS = 3  # the key itself; what it posted (a line that was submitted); what that led to (a screen that answered)
SLICE = 0.05  # seconds after which somebody is asked whether they are still there: a widget that is gone never answers
PATIENCE = 100  # slices: an act may wait for another command's lock, and the keys behind it must not overtake it


class TypedAhead(App[int]):
    """An application that takes keys one after the other."""

    def __init__(self, *, ansi_color: bool) -> None:
        super().__init__(ansi_color=ansi_color)
        self._ahead: deque[events.Event] = deque()
        self._settling: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def settled(self) -> bool:
        """Whether every key has been through."""
        return self._settling is None and not self._ahead

    async def on_event(self, event: events.Event) -> None:
        """Hand a key on, or keep it until the one before it is through."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        waiting = bool(self._ahead) or self._settling is not None
        self._ahead.extend(_apart(event))
        if waiting:
            self._hurry.set()
        else:
            await self._next()

    async def _hand_on(self, event: events.Event) -> None:
        self._hurry.clear()
        self._settling = asyncio.create_task(self._settle())
        await super().on_event(event)

    async def _settle(self) -> None:
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), REST)
            for _ in range(ROUNDS):
                await self._round()
        finally:
            self._settling = None
        if self._ahead:
            self.call_later(self._next)

    async def _next(self) -> None:
        """Hand the next key on, in the application's own turn."""
        if self._settling is None and self._ahead:
            await self._hand_on(self._ahead.popleft())
            if self._ahead:
                self._hurry.set()

    async def _round(self) -> None:
        """Wait until everyone from the focused widget up to the application has done what was waiting for them."""
        if not self.screen_stack:
            return
        for pump in [*(self.focused or self.screen).ancestors_with_self]:
            done = asyncio.Event()
            if not pump.call_later(done.set):
                continue
            tries = 0
            while not done.is_set() and pump.is_running and pump.is_attached and tries < PATIENCE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), SLICE)
                tries += 1


def _apart(event: events.Key | events.Paste) -> list[events.Event]:
    """Esc and a letter that came together are read as Alt and the letter, which means nothing here: two keys."""
    if isinstance(event, events.Key) and event.key.startswith("alt+") and event.character:
        return [events.Key("escape", "\x1b"), events.Key(event.character, event.character)]
    return [event]
