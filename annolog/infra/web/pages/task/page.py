"""A task with everything that is known of it: who said what, why it is where it is, and how it came there."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Query
from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.live import Live
from annolog.infra.web.pages.task.acting import Acting
from annolog.infra.web.pages.task.agreeing import Agreeing
from annolog.infra.web.pages.task.facts import Context, Facts, context_of, facts_of
from annolog.infra.web.pages.task.material import Material
from annolog.infra.web.pages.task.past import Past, address
from annolog.infra.web.pages.task.redrawn import Redrawn
from annolog.infra.web.pages.task.short import Short
from annolog.infra.web.pages.task.side_by_side import SideBySide
from annolog.infra.web.pages.task.talking import Talking
from annolog.infra.web.pages.task.timeline import Timeline
from annolog.infra.web.parts.words import Words, badge, block, counted, moment, state_badge
from annolog.infra.web.viewer import ProjectPlace

# After so many looks without news everything is asked for.
LOOKS_FOR_ALL = 10
Order = Annotated[list[str] | None, Query()]


@page("/tasks/{id}", "Task", here="tasks")
async def task(frame: Frame, id: int, as_of: str = "", filters: str = "", order: Order = None) -> None:
    """The page of a task, now or as of a position of the log, within the filter and order of the board it is from."""
    seen = await frame.viewer.door.get(f"/v1/tasks/{id}")
    place = await frame.viewer.enter(int(seen["project"]))
    frame.of_project(place, "tasks")
    ui.page_title(f"Task {id} · {place.title[:60]} · Annolog")
    facts = await facts_of(place, id, as_of[:64])
    shown = TaskPage(await context_of(place, id), facts, filters, order or [])
    await shown.lead(filters, order or [])
    if not facts.past:
        Live(shown.refresh)


class TaskPage:
    """The parts of the page, which follow the task."""

    def __init__(self, context: Context, facts: Facts, filters: str, order: list[str]) -> None:
        self._context = context
        self._filters, self._order = filters, order
        self._acting = Acting(context, facts.past)
        self._acting.again = self.refresh
        self._sees = context.may("see_quality")
        with block("div", "an-heading"):
            self._title = Redrawn("an-heading-words")
            with block("div", "an-actions"):
                self._neighbours = block("div", "an-neighbours")
                self._actions = Redrawn("an-actions")
        self._acting.undo_line()
        self._past = Past(context, filters, order)
        self._short = Short(context)
        with block("div", "an-task-top"):
            with block("div", "an-task-stack") as below:
                self._material = Material(context)
            with block("div", "an-task-stack"):
                self._agreeing = Agreeing(context, below)
        self._answers = SideBySide(context, self._acting, self._material)
        with block("div", "an-task-bottom" if self._sees else "an-task-stack"):
            self._timeline = Timeline(context, filters, order) if self._sees else None
            self._talking = Talking(context, self._acting)
        self._known, self._looks = b"", 0
        self.show(facts)

    def show(self, facts: Facts) -> None:
        """Have every part follow."""
        self._known = _digest(facts.page)
        self._acting.follow(facts)
        page = facts.page
        of = [page.get(name) for name in ("state", "flag", "deleted", "overlap", "additional_slots", "created_at")]
        self._title.show([*of, facts.as_of], lambda: self._heading(facts))
        rights = sorted(self._context.place.rights["permissions"])
        self._actions.show([page.get("deleted"), rights], self._acting.on_task)
        self._past.show(facts)
        self._short.show(facts)
        self._material.show(facts)
        self._agreeing.show(facts)
        self._answers.show(facts)
        if self._timeline is not None:
            self._timeline.show(facts)
        self._talking.show(facts)

    async def refresh(self) -> None:
        """Look whether anything has happened, and only then ask for the rest; now and then all the same, since models
        are fitted anew and people are paused without the task knowing.
        """
        place: ProjectPlace = self._context.place
        await place.refresh_rights()
        found = await place.viewer.door.get(f"/v1/tasks/{self._context.task}")
        self._looks += 1
        if _digest(found) != self._known or self._looks % LOOKS_FOR_ALL == 0:
            self.show(await facts_of(place, self._context.task))

    async def lead(self, filters: str, order: list[str]) -> None:
        """Links to the tasks before and after this one."""
        if not self._sees:
            return
        place, here = self._context.place, self._context.task
        path = f"/v1/projects/{place.id}/tasks/{here}/neighbours"
        try:
            found = await place.viewer.door.get(path, filters=filters or None, order=order or None)
        except Refusal as refusal:
            # An address with a filter that is none leads to the task all the same.
            with self._neighbours:
                Words("span", refusal.detail, "an-note")
            return
        with self._neighbours:
            for name, sign, key in (("previous", "chevron_left", "k"), ("next", "chevron_right", "j")):
                self._step(name, sign, key, found.get(name))

    def _step(self, name: str, sign: str, key: str, target: int | None) -> None:
        if target is None:
            with block("span", "an-icon-button an-task-step-none", aria_hidden="true"):
                ui.icon(sign).props("aria-hidden=true")
            return
        link = ui.link(target=address(target, "", self._filters, self._order)).classes("an-icon-button an-task-step")
        link.props["data-hotkey"] = key
        link.props["aria-label"] = f"{name.capitalize()} task, {target}"
        with link:
            ui.icon(sign).props("aria-hidden=true")

    def _heading(self, facts: Facts) -> None:
        found: Any = facts.page
        with block("div", "an-title"):
            Words("h1", f"Task {self._context.task}")
            if found.get("state"):
                state_badge(str(found["state"]))
            if found.get("deleted"):
                badge("deleted", "bad")
            if found.get("flag") == "exhausted":
                badge("still disputed", "warning")
            if found.get("flag") == "infeasible":
                badge("stuck", "bad")
        zone = self._context.zone
        words = [f"Imported {moment(found.get('created_at'), zone).partition(',')[0]}"]
        if found.get("overlap"):
            extra = f", {found['additional_slots']} because of disagreement" if found.get("additional_slots") else ""
            words.append(f"{counted(int(found['overlap']), 'person', 'people')} asked{extra}")
        Words("p", " · ".join(words), "an-note")


def _digest(page: Any) -> bytes:
    return orjson.dumps(page)
