"""Erasing somebody for good, and what certifies it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import attempt, button
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import Words, block, counted, moment
from annolog.infra.web.viewer import Viewer, name_of


def erase(viewer: Viewer, known: Mapping[str, Any], again: Callable[[], Awaitable[None]]) -> None:
    """The way to erase somebody: it takes their handle, so that nobody is erased by mistake."""
    with card("Erase", "For who asks to be forgotten. It cannot be undone.", "an-danger"):
        words = (
            "Name, e-mail and where they came from can be read by nobody any more, in backups of the log neither. Their"
            " sessions and tokens end, projects lose them. What they did stays, under their handle."
        )
        Words("p", words)

        async def ask_first() -> None:
            handle = str(known["handle"])
            with window(f"Erase {name_of(known)} for good?") as dialog:
                Words("p", words)
                with block("p"):
                    Words("span", "To go on, type their handle: ")
                    Words("code", handle, "an-wrap")
                typed = field("Handle")

                async def ask() -> None:
                    asking = viewer.door.post(f"/v1/people/{known['person']}/erase", {"handle": typed.value})
                    if await attempt(asking, "Erased. The certificate is on the page.", {"handle": typed}) is not None:
                        dialog.close()
                        await again()

                sure = dialog.ending("Erase for good", ask, kind="danger")
                sure.bind_visibility_from(typed, "value", lambda value: (value or "").strip() == handle)

        with block("div", "an-actions"):
            button("Erase…", ask_first, kind="danger")


async def certificate(viewer: Viewer, person: int) -> None:
    """What proves that somebody was erased, drawn up from the log."""
    found = await viewer.door.get(f"/v1/people/{person}/erasure")
    with card("Certificate of the erasure", "Drawn up from the log, at any time anew."), block("dl", "an-known"):
        gone = moment(found["key_destroyed_at"], viewer.zone) if found["key_destroyed_at"] else "within a moment"
        by = found["erased_by"]
        lines = {
            "Certificate": found["certificate"],
            "Pseudonym": found["pseudonym"],
            "Erased": moment(found["erased_at"], viewer.zone),
            "By": "the system" if by == 0 else f"person {by}",
            "Key destroyed": gone,
            "Destroyed": _destroyed(found["destroyed"]),
            "Event": f"{found['event']}, at position {found['event_position']:,}",
            "Digest of the log up to it": found["digest"],
        }
        for name, value in lines.items():
            Words("dt", name)
            Words("dd", str(value), "an-wrap")


def _destroyed(counts: Mapping[str, int]) -> str:
    values = f"{counted(counts['values'], 'sealed value')} in {counted(counts['revisions'], 'revision')}"
    return f"{values}; {counted(counts['tokens'], 'token')} revoked"
