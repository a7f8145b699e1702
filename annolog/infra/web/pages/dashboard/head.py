"""The choice of a stretch of time: links and a form, so that an address says all of it and browsers go back."""

from __future__ import annotations

from urllib.parse import urlencode

from nicegui import ui

from annolog.infra.web.pages.dashboard.stretch import MOMENT_LENGTH, PIECES, PRESETS, Stretch
from annolog.infra.web.parts.words import Words, block, sentence

QUARTER_SECONDS = "900"


def choices(project: int, stretch: Stretch) -> None:
    """Presets, a form for what is no preset, and what time is cut into."""
    path = f"/projects/{project}"
    with block("div", "an-dashboard-time", role="group", aria_label="Time shown"):
        with block("div", "an-dashboard-segments"):
            for preset, words in PRESETS.items():
                if preset != "custom":
                    _segment(words, path + stretch.address(range=preset, by=""), preset == stretch.preset)
        _custom(path, stretch)
        with block("div", "an-dashboard-segments", role="group", aria_label="Told by"):
            offered = stretch.pieces_offered()
            for piece in PIECES:
                if piece in offered:
                    _segment(sentence(piece), path + stretch.address(by=piece), piece == stretch.by)
        Words("span", stretch.place.key.replace("_", " "), "an-note")


def _segment(words: str, target: str, current: bool) -> None:
    found = ui.link(words, target).classes("an-dashboard-segment")
    if current:
        found.props["aria-current"] = "true"


def _custom(path: str, stretch: Stretch) -> None:
    opened = stretch.preset == "custom"
    with block("details", "an-dashboard-custom"):
        with block("summary", "an-dashboard-segment", **({"aria_current": "true"} if opened else {})):
            Words("span", _words(stretch) if opened else "Custom")
        with block("form", "an-dashboard-form", method="get", action=path):
            block("input", "", type="hidden", name="range", value="custom")
            for name, label, moment in (("from", "From", stretch.since), ("to", "To", stretch.until)):
                with block("label"):
                    Words("span", label)
                    given = {"value": moment[:MOMENT_LENGTH]} if len(moment) >= MOMENT_LENGTH else {}
                    kind = {"type": "datetime-local", "step": QUARTER_SECONDS}
                    block("input", "an-input", name=name, **kind, **given)
            with block("button", "an-dashboard-apply", type="submit"):
                Words("span", "Show")


def _words(stretch: Stretch) -> str:
    ends = [moment.strftime("%-d %b %Y, %H:%M") if moment else "" for moment in (stretch.begin, stretch.end)]
    return f"{ends[0] or 'the beginning'} – {ends[1] or 'now'}"


def file_of_all(project: int, stretch: Stretch) -> str:
    """Where the whole dashboard is as a file: the API itself."""
    asked = {name: value for name, value in stretch.asked.items() if value is not None}
    return f"/v1/projects/{project}/dashboard?{urlencode({**asked, 'by': stretch.by, 'format': 'csv'})}"
