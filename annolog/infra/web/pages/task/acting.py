"""What may be done with the task and its answers, for who may, and how it is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.task.comparing import Column
from annolog.infra.web.pages.task.dialogs import ask_for_people, ask_for_verdict, ask_for_words
from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.parts.sending import attempt, button, say
from annolog.infra.web.parts.words import Words, block

Again = Callable[[], Awaitable[None]]
Undo = Callable[[], Awaitable[Any]]


class Acting:
    """Buttons that send commands. What has an inverse can be taken back right after, from a line under the heading."""

    def __init__(self, context: Context, past: bool) -> None:
        self._context, self._past = context, past
        self._door = context.place.viewer.door
        self._path = f"/v1/tasks/{context.task}"
        self._of_project = f"/v1/projects/{context.place.id}"
        self._facts: Facts | None = None
        self.again: Again | None = None
        self._undo_line: ui.element | None = None

    def may(self, permission: str) -> bool:
        """Whether the viewer may, and this is not the past."""
        return not self._past and self._context.may(permission)

    def undo_line(self) -> None:
        """Put here where what was done can be taken back."""
        self._undo_line = block("div", "an-undo", role="status")

    def follow(self, facts: Facts) -> None:
        """Know how the task is now."""
        self._facts = facts

    def on_task(self) -> None:
        """The buttons of the whole task."""
        if self._facts is None or self._past:
            return
        page = self._facts.page
        if page.get("deleted"):
            if self.may("delete_tasks"):
                button("Restore task", self._restore_task, kind="primary")
            return
        if self.may("change_overlap"):
            button("Ask one more person", self._ask_more, icon="person_add", hotkey="m")
        if self.may("assign_annotators") or self.may("assign_reviewers"):
            button("Assign…", self._assign, icon="group_add", hotkey="a")
        if self.may("delete_tasks"):
            button("Delete task…", self._delete_task, kind="quiet", icon="delete")

    def on_answer(self, column: Column, show: Callable[[], None]) -> None:
        """The buttons of one answer."""
        raw, whose = column.raw, column.name
        with block("div", "an-answer-actions"):
            _small("Show in the task", show, f"Show the answer of {whose} in the task")
            if column.model or self._past:
                return
            if raw.get("deleted"):
                if self.may("change_answers"):
                    _small("Restore", lambda: self._restore(column), f"Restore the answer of {whose}")
                return
            own = raw.get("annotator") == self._context.place.viewer.person
            if self.may("review") and not own:
                _small("Accept", lambda: self._accept(column), f"Accept the answer of {whose}")
                _small("Reject…", lambda: self._reject(column), f"Reject the answer of {whose}")
                path = f"/tasks/{self._context.task}/review/{raw['id']}"
                link = ui.link("Review here", path).classes("an-button an-button-quiet an-button-tiny an-work-button")
                link.props["aria-label"] = f"Review the answer of {whose} on the review page"
            if self.may("set_ground_truth"):
                if raw.get("ground_truth"):
                    _small("Not the truth", self._no_truth, f"The answer of {whose} is not the ground truth")
                else:
                    _small("Ground truth", lambda: self._truth(column), f"Make the answer of {whose} the ground truth")
            if self.may("change_answers"):
                _small("Delete…", lambda: self._delete(column), f"Delete the answer of {whose}")

    def on_review(self, column: Column, review: Mapping[str, Any]) -> None:
        """The button that takes a verdict back, on the latest one."""
        given = [one for one in column.raw.get("reviews") or () if not one.get("withdrawn")]
        latest = bool(given) and given[-1].get("id") == review.get("id")
        own = review.get("reviewer") == self._context.place.viewer.person and self.may("review")
        if latest and (own or self.may("change_answers")):
            words = f"Take the review of the answer of {column.name} back"
            _small("Take back", lambda: self._withdraw(int(review["id"])), words)

    async def done(self, words: str, undo: Undo | None = None) -> None:
        """Say it, offer to take it back, and show how the task is now."""
        say(words)
        if self._undo_line is not None:
            self._undo_line.clear()
            if undo is not None:
                with self._undo_line:
                    Words("span", words)
                    button("Undo", lambda: self._undone(undo), kind="plain", hotkey="u")
        if self.again is not None:
            await self.again()

    async def _undone(self, undo: Undo) -> None:
        if await attempt(undo()) is not None:
            await self.done("Taken back.")

    async def _ask_more(self) -> None:
        assert self._facts is not None
        before = asked_for(self._facts.page)
        words = await ask_for_words(
            "Ask one more person",
            "The task gets one more slot, and whoever is next in the queue is given it.",
            "Why (kept in the history)",
            "Ask one more",
        )
        if words is None or await attempt(self._door.post(f"{self._path}/slots", {"reason": words})) is None:
            return
        body = {"tasks": [self._context.task], "slots": before}
        undo = None if before is None else lambda: self._door.post(f"{self._of_project}/overlap", body)
        await self.done("One more person is asked.", undo)

    async def _assign(self) -> None:
        assert self._facts is not None
        chosen = await ask_for_people(self._context, self._facts.page)
        if chosen is None:
            return
        others = whose_it_becomes(self._facts.page, chosen)
        body: dict[str, Any] = {"tasks": [self._context.task], **chosen}
        path = f"{self._of_project}/assignments"
        if await attempt(self._door.post(path, body)) is None:
            return
        names = self._context.speaker.everybody(chosen["people"])
        words = f"Taken from {names}." if chosen["unassign"] else f"Assigned to {names}."
        back = body | {"people": others, "unassign": not chosen["unassign"]}
        await self.done(words, (lambda: self._door.post(path, back)) if others else None)

    async def _delete_task(self) -> None:
        words = await ask_for_words(
            "Delete this task?",
            "It is nobody's work any more and counts in no figure. Its history stays, and it can be restored.",
            "Why (kept in the history)",
            "Delete task",
            danger=True,
        )
        if words is None:
            return
        body = {"tasks": [self._context.task], "reason": words}
        if await attempt(self._door.post(f"{self._of_project}/tasks/delete", body)) is not None:
            await self.done("The task is deleted.", self._restoring)

    async def _restore_task(self) -> None:
        if await attempt(self._restoring()) is not None:
            await self.done("The task is restored.")

    async def _restoring(self) -> Any:
        return await self._door.post(f"{self._of_project}/tasks/restore", {"tasks": [self._context.task]})

    async def _accept(self, column: Column) -> None:
        await self._judge(column, {"verdict": "accepted"}, f"The answer of {column.name} is accepted.")

    async def _reject(self, column: Column) -> None:
        body = await ask_for_verdict(self._context, column)
        if body is not None:
            await self._judge(column, body, f"The answer of {column.name} is rejected.")

    async def _judge(self, column: Column, body: dict[str, Any], words: str) -> None:
        body = {**body, "expected_revision": column.raw.get("revision")}
        path = f"{self._path}/annotations/{column.raw['id']}/reviews"
        found = await attempt(self._door.post(path, body))
        if found is None:
            return
        review = found.get("review")
        await self.done(words, None if review is None else lambda: self._door.delete(f"{self._path}/reviews/{review}"))

    async def _withdraw(self, review: int) -> None:
        if await attempt(self._door.delete(f"{self._path}/reviews/{review}")) is not None:
            await self.done("The review is taken back.")

    async def _truth(self, column: Column) -> None:
        assert self._facts is not None
        before = self._facts.page.get("ground_truth")
        path = f"{self._path}/ground-truth"
        if await attempt(self._door.put(path, {"annotation": column.raw["id"]})) is None:
            return
        undo: Undo = (
            (lambda: self._door.delete(path))
            if before is None
            else (lambda: self._door.put(path, {"annotation": before}))
        )
        await self.done(f"The answer of {column.name} is the ground truth.", undo)

    async def _no_truth(self) -> None:
        assert self._facts is not None
        before, path = self._facts.page.get("ground_truth"), f"{self._path}/ground-truth"
        if await attempt(self._door.delete(path)) is not None:
            undo = None if before is None else lambda: self._door.put(path, {"annotation": before})
            await self.done("The task has no ground truth any more.", undo)

    async def _delete(self, column: Column) -> None:
        words = await ask_for_words(
            f"Delete the answer of {column.name}?",
            "It counts for nothing any more, and its slot is open to somebody else. It can be restored.",
            "Why (kept in the history)",
            "Delete answer",
            danger=True,
        )
        if words is None:
            return
        path = f"{self._path}/annotations/{column.raw['id']}"
        if await attempt(self._door.post(f"{path}/delete", {"reason": words})) is not None:
            await self.done(f"The answer of {column.name} is deleted.", lambda: self._door.post(f"{path}/restore"))

    async def _restore(self, column: Column) -> None:
        path = f"{self._path}/annotations/{column.raw['id']}/restore"
        if await attempt(self._door.post(path)) is not None:
            await self.done(f"The answer of {column.name} is restored.")


def asked_for(page: Mapping[str, Any]) -> int | None:
    """How many people a task asks for as commands take it: those whom a rule added come on top."""
    overlap = page.get("overlap")
    return None if overlap is None else int(overlap) - int(page.get("additional_slots") or 0)


def whose_it_becomes(page: Mapping[str, Any], chosen: Mapping[str, Any]) -> list[int]:
    """For whom an assignment changes anything, so that taking it back changes nothing else."""
    there = page.get("reviewers" if chosen["as_reviewers"] else "assignees") or ()
    return [person for person in chosen["people"] if (person in there) is chosen["unassign"]]


def _small(text: str, action: Callable[[], Any], label: str) -> None:
    button(text, action, kind="quiet", label=label).classes("an-button-tiny")
