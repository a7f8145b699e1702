"""The frame of a chart on the dashboard: its buttons stay beside its heading."""

from __future__ import annotations

from contextlib import AbstractContextManager

from nicegui import ui

from annolog.infra.web.parts.cards import card


def chart_card(title: str, note: str = "") -> AbstractContextManager[ui.element]:
    """A card that gives the place for the chart's buttons."""
    return card(title, note, "an-dashboard-card")
