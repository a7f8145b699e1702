"""What is sent over the sockets of pages, without looking at each number of a chart for whether it is a file."""

from __future__ import annotations

from typing import Any

from socketio.packet import Packet

UPDATE = "update"


class PagePacket(Packet):
    """A message to a page. The elements of an update are JSON, never bytes; whatever else is sent may hold some.

    The library looks through all that is sent, value by value, which for pages with charts took ten times as long as
    writing it down.
    """

    @classmethod
    def data_is_binary(cls, data: Any) -> bool:
        """Whether there are bytes in it."""
        if isinstance(data, list) and data and data[0] == UPDATE:
            return False
        return bool(super().data_is_binary(data))
