"""The task in short: what was answered, who was asked and why, and where it is now."""

from __future__ import annotations

from nicegui import ui

from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.pages.task.redrawn import Redrawn
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.words import Words, block, counted, moment
from annolog.infra.web.telling.summary import considered, summary

ICONS = {
    "answers": "how_to_vote",
    "asked": "person_add",
    "reached": "check_circle",
    "now": "schedule",
    "stuck": "error",
    "review": "rate_review",
    "truth": "star",
}
MOST_NAMED = 40


class Short:
    """The card at the top."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._part = Redrawn()

    def show(self, facts: Facts) -> None:
        """Say how it is."""
        # Until when somebody holds a task changes nothing that is said of why.
        of = [facts.page, [event["position"] for event in facts.events], facts.why, facts.as_of]
        self._part.show(of, lambda: self._draw(facts))

    def _draw(self, facts: Facts) -> None:
        context = self._context
        points = summary(facts.page, facts.events, facts.why, context.speaker)
        with card("Why it is where it is", classes="an-short"):
            if not points:
                Words("p", "Nobody has answered it yet.", "an-note")
            with block("ul", "an-points"):
                for point in points:
                    with block("li", f"an-point an-point-{point.kind}"):
                        ui.icon(ICONS.get(point.kind, "info")).props("aria-hidden=true")
                        Words("span", point.words)
                        if point.position is not None and facts.events:
                            _to_event(point.position)
            if facts.why is not None:
                self._considered(facts)

    def _considered(self, facts: Facts) -> None:
        assert facts.why is not None
        groups = considered(facts.why)
        if not groups:
            return
        total = sum(len(group) for _, _, group in groups)
        with block("details", "an-fold"):
            with block("summary"):
                Words("span", f"Who could be given it, and who could not: {counted(total, 'annotator')}")
            with block("dl", "an-considered"):
                for reason, words, group in groups:
                    Words("dt", f"{len(group):,} {words}", f"an-considered-{reason}")
                    with block("dd"):
                        for one in group[:MOST_NAMED]:
                            name = self._context.speaker.who(one.get("person"))
                            until = f" (until {moment(one['until'], self._context.zone)})" if one.get("until") else ""
                            Words("span", f"{name}: {one.get('words', words)}{until}", "an-considered-one")
                        if len(group) > MOST_NAMED:
                            Words("span", f"and {len(group) - MOST_NAMED:,} more", "an-note")


def _to_event(position: int) -> None:
    link = ui.link(f"#{position}", f"#event-{position}").classes("an-link an-mono an-point-event")
    link.props["aria-label"] = f"Event {position} in the timeline"
