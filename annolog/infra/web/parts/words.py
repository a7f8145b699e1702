"""Words on a page, and how numbers, times and states are said everywhere alike."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

NOTHING = "–"
STATES = {
    "created": "Initial",
    "annotation_in_progress": "Annotating",
    "needs_review": "Needs review",
    "review_in_progress": "In review",
    "completed": "Done",
    "setup_in_progress": "Set-up",
    "ready_to_publish": "Ready to publish",
    "published": "Published",
}


class Words(TextElement):
    """Text in an element of a kind of one's own: `h1`, `p`, `span`, … What is in it is shown, never run."""

    def __init__(self, tag: str, text: str, classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        if classes:
            self.classes(classes)


def block(tag: str = "div", classes: str = "", **attributes: str) -> ui.element:
    """An element to put others in. Attributes are written with `_` for `-`; None of them may come from users' data as
    a name.
    """
    found = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        found.props[name.rstrip("_").replace("_", "-")] = value
    return found


def number(value: float | int | None, digits: int = 0) -> str:
    """A count or a figure as people read it: `12,345`."""
    if value is None:
        return NOTHING
    return f"{value:,.{digits}f}"


def share(value: float | None, digits: int = 0) -> str:
    """A share in [0, 1] in percent."""
    return NOTHING if value is None else f"{value * 100:.{digits}f} %"


def score(value: float | None) -> str:
    """A coefficient, to two places: what is the same but for noise in its last bits is written the same."""
    # What rounds to nothing is neither above nor below it.
    return NOTHING if value is None else f"{round(round(value, 12), 2) + 0.0:.2f}".replace("-", "−")


def duration(seconds: float | None) -> str:
    """How long something took, in its two largest units."""
    if seconds is None:
        return NOTHING
    if seconds < 0.95:
        return f"{seconds * 1000:.0f} ms" if seconds else "0 s"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, left = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days:,} d {hours} h" if hours else f"{days:,} d"


def moment(text: str | None, zone: str = "UTC", *, seconds: bool = False) -> str:
    """A time (RFC 3339) in the viewer's zone."""
    if not text:
        return NOTHING
    shown = datetime.fromisoformat(text).astimezone(zone_of(zone))
    return shown.strftime("%-d %b %Y, %H:%M:%S" if seconds else "%-d %b %Y, %H:%M")


def zone_of(name: str) -> ZoneInfo:
    """A time zone by the name that a browser gave; UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def state_badge(state: str) -> Words:
    """The state of a task or project, in the words and the colour that it has everywhere."""
    return Words("span", STATES.get(state, sentence(state)), f"an-state an-state-{state}")


def badge(text: str, kind: str = "plain") -> Words:
    """A short word in a frame; kinds: plain, good, warning, bad, info."""
    return Words("span", text, f"an-badge an-badge-{kind}")


def sentence(name: str) -> str:
    """A name of the API as words: `accepted_share` as `Accepted share`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 task`, `2 tasks`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
