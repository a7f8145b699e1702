"""How alike people answered, what the project takes for true of it, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.pages.task.redrawn import Redrawn
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.words import Words, block, counted, score, sentence, share
from annolog.infra.web.telling.answers import drawn_from, words_of_winner
from annolog.infra.web.telling.evidence import rule_name

OVERALL = ""
MODELS = {
    "dawid_skene": "Dawid–Skene",
    "one_coin": "one coin a person",
    "majority": "majority",
    "weighted": "weighted majority",
    "regions": "merged regions",
}


class Agreeing:
    """Two cards: agreement with its matrix, and the consensus, which stands below the task."""

    def __init__(self, context: Context, below: ui.element) -> None:
        self._context = context
        self._agreement = Redrawn()
        with below:
            self._consensus = Redrawn()
        self._dimension = OVERALL

    def show(self, facts: Facts) -> None:
        """Follow the facts."""
        of = [facts.agreement, facts.kept.get("agreement"), facts.as_of, len(facts.events) if facts.past else 0]
        self._agreement.show(of, lambda: self._draw_agreement(facts))
        self._consensus.show([facts.consensus, facts.kept, facts.as_of], lambda: self._draw_consensus(facts))

    def _draw_agreement(self, facts: Facts) -> None:
        found = facts.agreement
        if found is None:
            reason = facts.kept.get("agreement", "")
            if facts.past or reason:
                with card("Agreement"):
                    if facts.past:
                        self._as_judged(facts)
                    else:
                        Words("p", reason, "an-note")
            return
        settings = self._context.place.shown.get("settings") or {}
        with card("Agreement") as actions:
            if found.get("score") is None and not found.get("matrix"):
                empty("Nothing to compare yet", "Agreement needs two answers.", "balance")
                return
            self._figures(found, settings)
            dimensions = sorted(found.get("dimensions") or {})
            matrix = Redrawn()
            matrix.show(self._dimension, lambda: self._matrix(found))

            def chosen(event: ValueChangeEventArguments) -> None:
                self._dimension = str(event.value)
                matrix.show(self._dimension, lambda: self._matrix(found))

            if len(dimensions) > 1:
                with actions:
                    options = {OVERALL: "Overall"} | {name: name for name in dimensions}
                    value = self._dimension if self._dimension in options else OVERALL
                    choice = ui.select(options, value=value, label="Of").props("outlined dense options-dense")
                    choice.classes("an-task-choice").on_value_change(chosen)

    def _figures(self, found: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        method = str((settings.get("agreement") or {}).get("methodology") or "")
        rule = settings.get("reassignment") or {}
        with block("dl", "an-task-facts"):
            _fact("Score", score(found.get("score")), "an-fact-score")
            if method:
                other = "consensus" if method == "pairwise" else "pairwise"
                _fact("Methodology", sentence(method))
                _fact(f"By {other}", score(found.get(other)))
            if rule.get("enabled") and rule.get("threshold") is not None:
                _fact("Threshold", score(rule["threshold"]))
            _fact("Answers compared", str(found.get("answers", 0)))
            _fact("Definition", f"version {found.get('definition', 0)}")
            dimensions = found.get("dimensions") or {}
            if len(dimensions) > 1:
                for name, value in dimensions.items():
                    _fact(name, score(value))
        if found.get("error"):
            Words("p", f"The project's own metric failed: {found['error']}", "an-wrong")

    def _matrix(self, found: Mapping[str, Any]) -> None:
        pairs = found.get("matrix") or ()
        names = list(dict.fromkeys(name for pair in pairs for name in (pair["one"], pair["other"])))
        if not names:
            return
        values = {}
        for pair in pairs:
            value = (
                pair["agreement"] if self._dimension == OVERALL else (pair.get("dimensions") or {}).get(self._dimension)
            )
            values[pair["one"], pair["other"]] = values[pair["other"], pair["one"]] = value
        shown = {name: self._context.participant(name) for name in names}
        with (
            block("div", "an-scroll an-task-matrix-scroll", tabindex="0", role="region", aria_label="Agreement matrix"),
            block("table", "an-task-matrix"),
        ):
            with block("thead"), block("tr"):
                with block("th", scope="col"):
                    Words("span", "Who", "an-visually-hidden")
                for number, name in enumerate(names, 1):
                    with block("th", scope="col", title=shown[name]):
                        Words("span", str(number)).props("aria-hidden=true")
                        Words("span", shown[name], "an-visually-hidden")
            with block("tbody"):
                for number, one in enumerate(names, 1):
                    with block("tr"):
                        with block("th", "an-task-matrix-who", scope="row", title=shown[one]), block("div"):
                            Words("span", str(number)).props("aria-hidden=true")
                            Words("span", shown[one], "an-task-matrix-name")
                        for other in names:
                            _cell(None if one == other else values.get((one, other)), same=one == other)

    def _as_judged(self, facts: Facts) -> None:
        """What the rule had measured by then; read models know only now."""
        judged = [
            event
            for event in facts.events
            if isinstance((event.get("data") or {}).get("evidence"), Mapping) and "score" in event["data"]["evidence"]
        ]
        if not judged:
            Words("p", "By then no rule had measured it. The matrix is of now only.", "an-note")
            return
        evidence = judged[-1]["data"]["evidence"]
        with block("dl", "an-task-facts"):
            _fact("Score", score(evidence.get("score")), "an-fact-score")
            _fact("Threshold", score(evidence.get("threshold")))
            _fact("Measured by", f"rule {rule_name(evidence)}, at event #{judged[-1]['position']}")
        Words("p", "This is what the rule had measured by then. The matrix is of now only.", "an-note")

    def _draw_consensus(self, facts: Facts) -> None:
        found = facts.consensus
        if found is None:
            if facts.past or "consensus" in facts.kept:
                with card("Consensus"):
                    Words("p", facts.kept.get("consensus") or "The consensus is of now only.", "an-note")
            return
        with card("Consensus", "What the answers come to."):
            if not found.get("dimensions"):
                empty("No consensus yet", "It is made of the answers.", "functions")
            for name, one in (found.get("dimensions") or {}).items():
                self._dimension_of(name, one)

    def _dimension_of(self, name: str, one: Mapping[str, Any]) -> None:
        with block("section", "an-consensus"):
            with block("div", "an-consensus-head"):
                Words("h3", name)
                winners = [words_of_winner(winner) for winner in one.get("winners") or ()]
                if winners:
                    Words("strong", " or ".join(winners), "an-answer")
            if one.get("known"):
                Words("p", "Its truth is known.", "an-note")
            for entry in one.get("posterior") or ():
                probability = float(entry.get("probability") or 0.0)
                with block("div", "an-posterior"):
                    Words("span", words_of_winner(entry.get("label")), "an-posterior-label")
                    with block("span", "an-meter"):
                        block("span").style(f"width: {100 * probability:.2f}%")
                    Words("span", share(probability, 1), "an-posterior-share")
            for place, merged in enumerate(one.get("regions") or ()):
                drawn = drawn_from(merged["region"], str(place))
                people = self._context.speaker.everybody(merged.get("people") or ())
                support = f", {share(merged['support'])} of all" if merged.get("support") is not None else ""
                Words("p", f"{drawn.words}: drawn by {people}{support}")
            Words("p", self._rests_on(one), "an-note")

    def _rests_on(self, one: Mapping[str, Any]) -> str:
        model = str(one.get("model", ""))
        version = f", version {one['version']}" if one.get("version") else ""
        words = f"Model: {MODELS.get(model, sentence(model))}{version}"
        if one.get("quorum") is not None:
            words = f"Regions that at least {share(one['quorum'])} of the people drew, merged"
        people = one.get("people") or ()
        if people:
            words += (
                f". It rests on {counted(len(people), 'person', 'people')}: {self._context.speaker.everybody(people)}"
            )
        return f"{words}."


def _fact(name: str, value: str, classes: str = "") -> None:
    with block("div", f"an-fact {classes}"):
        Words("dt", name)
        Words("dd", value)


def _cell(value: float | None, *, same: bool) -> None:
    if same:
        with block("td", "an-task-matrix-same"):
            Words("span", "–").props("aria-hidden=true")
        return
    band = "none" if value is None else "good" if value >= 0.66 else "middle" if value >= 0.33 else "bad"
    with block("td", f"an-task-matrix-{band}"):
        Words("span", score(value))
