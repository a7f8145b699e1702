"""How agreement is measured: the definition in force, another one proposed beside it, and letting it take over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.live import Live
from annolog.infra.web.pages.settings.effects import differences
from annolog.infra.web.pages.settings.place import room
from annolog.infra.web.pages.settings.saving import history
from annolog.infra.web.pages.settings.words_of_quality import AGREEMENT
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, badge, block, counted, score, sentence
from annolog.infra.web.viewer import ProjectPlace

METHODOLOGY = AGREEMENT.sections["Task score"]["methodology"]
USUAL = ""


async def agreement(frame: Frame, place: ProjectPlace) -> None:
    """Definitions side by side, then a form for another."""
    path = f"/v1/projects/{place.id}"
    config = {"label_config": place.shown["label_config"]}
    checked = await place.viewer.door.post("/v1/label-configs/check", config)
    with room(frame, place, "agreement"):
        Words("p", AGREEMENT.note, "an-note")
        with card("Definitions", "What was, is and is proposed to be measured, and what scores by it come to."):
            listed = block("div", "an-definitions")
        asked: dict[str, Any] = {}

        async def show() -> None:
            found = (await place.viewer.door.get(f"{path}/agreement/definitions"))["definitions"]
            if found == asked.get("found"):
                return
            asked["found"] = found
            listed.clear()
            with listed:
                _definitions(place, found)

        await show()
        if any(one["status"] == "proposed" for one in asked["found"]):
            Live(show)
        if place.may("configure"):
            _Proposal(place, checked["controls"])
        history(place, "agreement")


def _definitions(place: ProjectPlace, found: list[dict[str, Any]]) -> None:
    now = next((one for one in found if one["status"] == "active"), None)
    if not found:
        Words("p", "Nothing is measured before there is a labeling config.", "an-note")
    with block("div", "an-grid an-grid-3"):
        for one in reversed(found[-6:]):
            _definition(place, one, now)


def _definition(place: ProjectPlace, one: Mapping[str, Any], now: Mapping[str, Any] | None) -> None:
    kinds = {"active": "good", "proposed": "info", "ready": "info", "withdrawn": "plain", "replaced": "plain"}
    with block("div", "an-definition"):
        with block("div", "an-heading"):
            Words("h3", f"Definition {one['version']}")
            badge(sentence(one["status"]), kinds.get(one["status"], "plain"))
        Words("span", score(one["score"]), "an-figure-value")
        Words("span", f"over {counted(one['tasks'], 'task')}", "an-note")
        settings = one["settings"]
        Words("p", METHODOLOGY.options[settings["methodology"]], "an-note")
        if now is not None and one is not now:
            for label, is_now, would_be in differences("agreement", now["settings"], settings):
                if label != METHODOLOGY.label:
                    Words("p", f"{label}: {is_now} → {would_be}", "an-note an-wrap")
        if one["status"] not in ("active", "withdrawn", "replaced") and place.may("configure"):
            _deciding(place, one)


def _deciding(place: ProjectPlace, one: Mapping[str, Any]) -> None:
    path = f"/v1/projects/{place.id}/agreement"
    reassigns = place.shown["settings"]["reassignment"]["enabled"]
    threshold = None
    if reassigns:
        words = "Agreement threshold that goes with it"
        threshold = ui.number(words, value=one.get("threshold"), min=0, max=1, step=0.05).props("outlined dense")

    async def activate() -> None:
        words = "Scores, thresholds and everything that rests on agreement go by it from then on."
        if not await confirm(f"Let definition {one['version']} take over?", words, "Activate", kind="primary"):
            return
        body = {"version": one["version"], "threshold": None if threshold is None else threshold.value}
        fields: dict[str, Any] = {} if threshold is None else {"threshold": threshold}
        if await attempt(place.viewer.door.post(f"{path}/activate", body), "It is in force.", fields) is not None:
            ui.navigate.reload()

    async def withdraw() -> None:
        if await attempt(place.viewer.door.post(f"{path}/withdraw", {"reason": ""}), "Taken back.") is not None:
            ui.navigate.reload()

    with block("div", "an-actions"):
        button("Activate", activate, kind="primary")
        button("Withdraw", withdraw)


class _Proposal:
    """A form for another definition: a metric and a weight for each control, and the methodology."""

    def __init__(self, place: ProjectPlace, controls: list[dict[str, Any]]) -> None:
        self._place, self._controls = place, controls
        old = place.shown["settings"]["agreement"]
        self._metrics: dict[str, ui.select] = {}
        self._weights: dict[str, ui.number] = {}
        self._labels: dict[tuple[str, str], ui.number] = {}
        note = "It is computed beside the one in force; nothing changes before it is activated."
        with card("Propose another definition", note):
            self._methodology = ui.select(
                dict(METHODOLOGY.options), value=old["methodology"], label=METHODOLOGY.label
            ).props("outlined dense")
            for control in controls:
                self._control(control, old)
            with block("div", "an-actions"):
                button("Propose", self._propose, kind="primary")

    def _control(self, control: dict[str, Any], old: Mapping[str, Any]) -> None:
        name = control["name"]
        with block("fieldset", "an-control"):
            Words("legend", f"{name} ({control['tag']})")
            with block("div", "an-control-row"):
                usual = f"{sentence(control['default_metric'])} (usual)"
                options = {USUAL: usual} | {one["metric"]: sentence(one["metric"]) for one in control["metrics"]}
                value = old["metrics"].get(name, {}).get("metric", USUAL)
                self._metrics[name] = ui.select(options, value=value, label="Metric").props("outlined dense")
                weight = old["weights"].get(name, 1.0)
                self._weights[name] = ui.number("Weight", value=weight, min=0, max=1, step=0.1).props("outlined dense")
            if control["labels"]:
                with block("details"):
                    with block("summary", "an-note"):
                        Words("span", "Weights of labels")
                    with block("div", "an-control-row"):
                        for label in control["labels"][:100]:
                            given = old["label_weights"].get(name, {}).get(label, 1.0)
                            field = ui.number(label, value=given, min=0, max=1, step=0.1).props("outlined dense")
                            self._labels[name, label] = field

    def _definition(self) -> dict[str, Any]:
        old = self._place.shown["settings"]["agreement"]["metrics"]
        metrics = {
            name: old[name] if old.get(name, {}).get("metric") == field.value else {"metric": field.value}
            for name, field in self._metrics.items()
            if field.value != USUAL
        }
        weights = {name: field.value for name, field in self._weights.items() if field.value not in (None, 1)}
        labels: dict[str, dict[str, float]] = {}
        for (name, label), field in self._labels.items():
            if field.value not in (None, 1):
                labels.setdefault(name, {})[label] = field.value
        methodology = self._methodology.value
        return {"methodology": methodology, "metrics": metrics, "weights": weights, "label_weights": labels}

    async def _propose(self) -> None:
        body = {"definition": self._definition()}
        path = f"/v1/projects/{self._place.id}/agreement/definitions"
        fields: dict[str, Any] = {"methodology": self._methodology, **self._weights}
        found = await attempt(self._place.viewer.door.post(path, body), "Proposed; it is being computed.", fields)
        if found is not None:
            ui.navigate.reload()
