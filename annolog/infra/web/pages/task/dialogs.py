"""What is asked before something is done that others notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.task.comparing import Column
from annolog.infra.web.pages.task.facts import Context
from annolog.infra.web.parts.questions import answer_to, question
from annolog.infra.web.parts.sending import attempt, button
from annolog.infra.web.parts.words import Words, block

KINDS = {
    "remove": "Reject for good",
    "return": "Return to its author",
    "pass_on": "Pass on to somebody else",
}


async def ask_for_words(
    title: str, note: str, label: str, yes: str, *, danger: bool = False, before: str = ""
) -> str | None:
    """What somebody has to say to what is done; None where it is not to be done."""
    with question(title) as dialog:
        Words("p", note)
        words = ui.textarea(label, value=before).props("outlined dense autogrow")
        _buttons(dialog, yes, lambda: words.value or "", danger=danger)
    return await _answer(dialog)


async def ask_for_people(context: Context, page: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whom to assign, or from whom to take it: what the API takes, without the task."""
    door, project = context.place.viewer.door, context.place.id
    found = await attempt(door.get(f"/v1/projects/{project}/people"))
    if found is None:
        return None
    with question("Assign the task") as dialog:
        ways = {
            way: words
            for way, words in (
                ("annotate", "to annotate"),
                ("review", "to review"),
                ("no_annotate", "no longer to annotate"),
                ("no_review", "no longer to review"),
            )
            if context.may("assign_reviewers" if way.endswith("review") else "assign_annotators")
        }
        way = ui.select(ways, value=next(iter(ways)), label="What for").props("outlined dense")
        people = ui.select({}, multiple=True, label="Who", with_input=True).props("outlined dense use-chips")

        def offered() -> None:
            taking = str(way.value).startswith("no_")
            there = page.get("reviewers" if str(way.value).endswith("review") else "assignees") or ()
            options = {
                row["person"]: context.speaker.who(row["person"])
                for row in found["people"]
                if row.get("role") and (not taking or row["person"] in there)
            }
            people.set_options(options, value=[])

        way.on_value_change(offered)
        offered()
        Words(
            "p", "Under automatic distribution annotators are chosen by the queue; assigned ones come first.", "an-note"
        )

        def body() -> dict[str, Any] | None:
            if not people.value:
                people.error = "Choose somebody"
                return None
            chosen = str(way.value)
            return {
                "people": list(people.value),
                "as_reviewers": chosen.endswith("review"),
                "unassign": chosen.startswith("no_"),
            }

        _buttons(dialog, "Assign", body)
    return await _answer(dialog)


async def ask_for_verdict(context: Context, column: Column) -> dict[str, Any] | None:
    """What follows a rejection, and why."""
    # Whoever was let review since the page was opened is offered everything; what is not allowed is refused in words.
    allowed = (context.place.shown.get("reviewing") or {}).get("reject_actions") or list(KINDS)
    kinds = {kind: KINDS.get(kind, kind) for kind in allowed}
    with question(f"Reject the answer of {column.name}") as dialog:
        kind = ui.radio(kinds, value=next(iter(kinds)))
        words = ui.textarea("What is wrong with it").props("outlined dense autogrow maxlength=10000")
        regions = {one.id: one.words for one in column.answer.drawn if one.id}
        region = ui.select({"": "the whole answer"} | regions, value="", label="It is about") if regions else None
        if region is not None:
            region.props("outlined dense options-dense")

        def body() -> dict[str, Any] | None:
            found = {"verdict": "rejected", "action": kind.value, "comment": words.value or ""}
            return found | ({"region": region.value} if region is not None and region.value else {})

        _buttons(dialog, "Reject", body, danger=True)
    return await _answer(dialog)


def _buttons(dialog: ui.dialog, yes: str, value: Any, *, danger: bool = False) -> None:
    def submit() -> None:
        found = value()
        if found is not None:
            dialog.submit({"value": found})

    with block("div", "an-actions an-dialog-actions"):
        button("Cancel", lambda: dialog.submit(None), kind="quiet")
        button(yes, submit, kind="danger" if danger else "primary")


async def _answer(dialog: ui.dialog) -> Any:
    found = await answer_to(dialog)
    return None if found is None else found["value"]
