"""Heavy libraries are imported without opening a socket."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_sockets() -> Iterator[None]:
    """Import what brings urllib3 along: spaCy does, for downloads that are never asked for here.

    urllib3 binds a socket to ``::1`` when it is imported, to see whether IPv6 works, unless the machine is said to
    have none. It is told the truth afterwards: whoever uses it in the same process asks both families again.
    """
    had, known = socket.has_ipv6, "urllib3.util.connection" in sys.modules
    socket.has_ipv6 = False
    try:
        yield
    finally:
        socket.has_ipv6 = had
        made = sys.modules.get("urllib3.util.connection")
        if made is not None and not known:
            made.HAS_IPV6 = had  # type: ignore[attr-defined]
