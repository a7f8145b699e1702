"""A page of ours held open as a browser holds it, without drawing anything: the document, its socket, its answers."""

from __future__ import annotations

import asyncio
import json
import re
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

CLIENT = re.compile(r"""["']client_id["']: ["']([^"']+)["']""")
NEXT = re.compile(r"""["']next_message_id["']: (\d+)""")
# As often as the browser's half tells how much has arrived.
ACKNOWLEDGED_EVERY = 100


class OpenPage:
    """One page: what came over its socket is counted and thrown away."""

    def __init__(self, url: str, path: str, cookies: dict[str, str]) -> None:
        self._url, self._path = url, path
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.messages = 0
        self.characters = 0

    async def stay(self, ready: asyncio.Event) -> None:
        """Open the page and answer its socket until cancelled."""
        async with httpx.AsyncClient(base_url=self._url, headers={"Cookie": self._cookie}, timeout=120) as client:
            page = await client.get(self._path)
        page.raise_for_status()
        client_id, following = CLIENT.search(page.text), NEXT.search(page.text)
        assert client_id is not None, "the page says whose its socket is"
        assert following is not None, "the page says which message comes next"
        known = {"client_id": client_id[1], "next_message_id": following[1], "implicit_handshake": "true"}
        known |= {"document_id": str(uuid4()), "tab_id": str(uuid4()), "EIO": "4", "transport": "websocket"}
        address = f"ws://{urlsplit(self._url).netloc}/_nicegui_ws/socket.io/?{urlencode(known)}"
        headers = {"Cookie": self._cookie, "Origin": self._url}
        async with connect(address, additional_headers=headers, max_size=None) as socket:
            await self._listen(socket, client_id[1], int(following[1]), ready)

    async def _listen(self, socket: ClientConnection, client: str, next_message: int, ready: asyncio.Event) -> None:
        async for message in socket:
            text = message if isinstance(message, str) else message.decode()
            if text.startswith("0"):
                await socket.send("40")
            elif text == "2":
                await socket.send("3")
            elif text.startswith("40"):
                ready.set()
            elif text.startswith("42"):
                self.messages += 1
                self.characters += len(text)
                next_message += 1
                if next_message % ACKNOWLEDGED_EVERY == 0:
                    told = json.dumps(["ack", {"client_id": client, "next_message_id": next_message}])
                    await socket.send(f"42{told}")
