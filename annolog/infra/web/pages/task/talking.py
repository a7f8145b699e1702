"""What is said about the task, its answers and their regions: threads, and a place to say something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.task.acting import Acting
from annolog.infra.web.pages.task.dialogs import ask_for_words
from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.pages.task.redrawn import Redrawn
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, badge, block, counted, moment
from annolog.infra.web.telling.answers import read_answer

TASK = "task"
Comment = Mapping[str, Any]


class Talking:
    """The card with comments. What somebody is writing stays while new ones come."""

    def __init__(self, context: Context, acting: Acting) -> None:
        self._context, self._acting = context, acting
        self._door = context.place.viewer.door
        self._path = f"/v1/tasks/{context.task}/comments"
        self._facts: Facts | None = None
        self._answers: Comment | None = None
        with card("Comments", classes="an-comments"):
            self._threads = Redrawn()
            self._writing = block("div", "an-redrawn")
            if acting.may("comment"):
                with self._writing:
                    self._write()

    def show(self, facts: Facts) -> None:
        """Follow the facts."""
        self._facts = facts
        comments = facts.page.get("comments") or ()
        self._threads.show([comments, facts.as_of], lambda: self._draw(comments))
        if self._acting.may("comment"):
            options = self._about_options(facts)
            if options != self._about.options:
                value = self._about.value if self._about.value in options else TASK
                self._about.set_options(options, value=value)

    def _about_options(self, facts: Facts) -> dict[str, str]:
        found = {TASK: "the task"}
        for one in facts.annotations:
            if one.get("deleted"):
                continue
            whose = self._context.speaker.who(one.get("annotator"))
            found[f"{one['id']}"] = f"the answer of {whose}"
            for drawn in read_answer(self._context.config, one.get("result") or ()).drawn:
                if drawn.id:
                    found[f"{one['id']} {drawn.id}"] = f"{whose}: {drawn.words}"
        return found

    def _draw(self, comments: Sequence[Comment]) -> None:
        roots = [one for one in comments if not one.get("parent")]
        known = {one["id"] for one in roots}
        orphans = [one for one in comments if one.get("parent") and one["parent"] not in known]
        if not comments:
            empty("Nothing was said yet", "", "forum")
        for root in [*roots, *orphans]:
            answers = [one for one in comments if one.get("parent") == root["id"]]
            with block("article", "an-thread" + (" an-thread-resolved" if root.get("resolved") else "")):
                with block("div", "an-thread-head"):
                    Words("span", self._subject(root), "an-note")
                    if root.get("resolved"):
                        badge("✓ resolved", "good")
                    if root.get("classification"):
                        badge(str(root["classification"]))
                for one in [root, *answers]:
                    self._comment(one)
                self._thread_actions(root)

    def _subject(self, comment: Comment) -> str:
        if comment.get("draft"):
            return "On unfinished work"
        if not comment.get("annotation"):
            return "On the task" + (", one region" if comment.get("region") else "")
        whose = self._context.speaker.who(comment.get("annotator"))
        if comment.get("region") and self._facts is not None:
            answer = next((one for one in self._facts.annotations if one.get("id") == comment["annotation"]), None)
            drawn = read_answer(self._context.config, (answer or {}).get("result") or ()).drawn
            region = next((one.words for one in drawn if one.id == comment["region"]), "a region that is there no more")
            return f"On the answer of {whose}: {region}"
        return f"On the answer of {whose}"

    def _comment(self, one: Comment) -> None:
        mine = one.get("author") == self._context.place.viewer.person
        with block("div", "an-comment"):
            with block("div", "an-comment-head"):
                Words("strong", self._context.speaker.who(one.get("author")))
                Words("span", moment(one.get("created_at"), self._context.zone), "an-note")
                if one.get("edited"):
                    Words("span", f"edited {counted(len(one.get('edits') or ()) or 1, 'time')}", "an-note")
            Words("p", str(one.get("text", "")), "an-long")
            if one.get("mentions"):
                Words("span", f"to {self._context.speaker.everybody(one['mentions'])}", "an-note")
            if not self._acting.may("comment"):
                return
            with block("div", "an-comment-actions"):
                if mine:
                    _quiet("Edit", lambda: self._edit(one), f"Edit comment {one['id']}")
                if mine or self._acting.may("moderate_comments"):
                    _quiet("Delete", lambda: self._delete(one), f"Delete comment {one['id']}")

    def _thread_actions(self, root: Comment) -> None:
        if not self._acting.may("comment"):
            return
        person = self._context.place.viewer.person
        with block("div", "an-comment-actions"):
            _quiet("Answer", lambda: self._answer(root), f"Answer comment {root['id']}")
            if self._acting.may("review") or person in (root.get("annotator"), root.get("author")):
                if root.get("resolved"):
                    _quiet("Reopen", lambda: self._resolve(root, "reopen"), f"Reopen comment {root['id']}")
                else:
                    _quiet("Resolve", lambda: self._resolve(root, "resolve"), f"Resolve comment {root['id']}")

    def _write(self) -> None:
        self._answering = block("div", "an-answering")
        self._about = ui.select({TASK: "the task"}, value=TASK, label="About").props("outlined dense options-dense")
        self._text = ui.textarea("Say something").props("outlined dense autogrow maxlength=100000")
        self._text.props["data-own-keys"] = ""
        people = {
            person: name
            for person, name in self._context.speaker.names.items()
            if person != self._context.place.viewer.person
        }
        self._mentions = ui.select(people, multiple=True, with_input=True, label="Mention").props(
            "outlined dense options-dense use-chips"
        )
        self._mentions.set_visibility(bool(people))
        with block("div", "an-actions"):
            button("Comment", self._send, kind="primary")

    async def _send(self) -> None:
        body: dict[str, Any] = {"text": self._text.value or "", "mentions": list(self._mentions.value or ())}
        if self._answers is not None:
            body["parent"] = self._answers["id"]
        elif self._about.value != TASK:
            annotation, _, region = str(self._about.value).partition(" ")
            body["annotation"] = int(annotation)
            if region:
                body["region"] = region
        fields = {"text": self._text, "0": self._mentions}
        found = await attempt(self._door.post(self._path, body), fields=fields)
        if found is None:
            return
        self._text.value = ""
        self._mentions.value = []
        self._answer(None)
        await self._acting.done("Said.")

    def _answer(self, comment: Comment | None) -> None:
        self._answers = comment
        self._answering.clear()
        self._about.set_visibility(comment is None)
        if comment is None:
            return
        with self._answering:
            Words("span", f"In answer to {self._context.speaker.who(comment.get('author'))}", "an-note")
            _quiet("Not an answer", lambda: self._answer(None), "Do not answer, begin a thread")
        _ = self._text.run_method("focus")

    async def _edit(self, one: Comment) -> None:
        words = await ask_for_words("Edit the comment", "What it said before stays in its history.", "Comment", "Save",
                                    before=str(one.get("text", "")))  # fmt: skip
        if words is None:
            return
        path = f"{self._path}/{one['id']}"
        if await attempt(self._door.put(path, {"text": words})) is not None:
            before = {"text": one.get("text", "")}
            await self._acting.done("The comment is changed.", lambda: self._door.put(path, before))

    async def _delete(self, one: Comment) -> None:
        if not await confirm("Delete the comment?", "It is withdrawn; answers to it stay.", "Delete"):
            return
        if await attempt(self._door.delete(f"{self._path}/{one['id']}")) is not None:
            await self._acting.done("The comment is deleted.")

    async def _resolve(self, one: Comment, how: str) -> None:
        path = f"{self._path}/{one['id']}"
        inverse = "reopen" if how == "resolve" else "resolve"
        if await attempt(self._door.post(f"{path}/{how}")) is not None:
            words = "The thread is resolved." if how == "resolve" else "The thread is open again."
            await self._acting.done(words, lambda: self._door.post(f"{path}/{inverse}"))


def _quiet(text: str, action: Any, label: str) -> None:
    button(text, action, kind="quiet", label=label).classes("an-button-tiny")
