"""Where what happens in a project is sent, how that goes, and sending it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.place import room
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import shown_once, window
from annolog.infra.web.parts.words import Words, badge, block, counted, moment, number
from annolog.infra.web.viewer import ProjectPlace


async def webhooks(frame: Frame, place: ProjectPlace) -> None:
    """A card a webhook, and a form for another."""
    path = f"/v1/projects/{place.id}/webhooks"
    found = (await place.viewer.door.get(path))["webhooks"]
    with room(frame, place, "webhooks"):
        Words("p", "Everything that happens in the project, signed, in order, at least once.", "an-note")
        if not found:
            empty("Nothing is sent anywhere", "Register an address below.", "webhook")
        for one in found:
            standing = await place.viewer.door.get(f"{path}/{one['webhook']}/deliveries")
            _webhook(place, f"{path}/{one['webhook']}", one, standing)
        _another(place, path)


def _webhook(place: ProjectPlace, path: str, one: Mapping[str, Any], stands: Mapping[str, Any]) -> None:
    door, active = place.viewer.door, bool(one["active"])

    async def change(body: dict[str, Any], said: str) -> None:
        answer = await attempt(door.ask("PATCH", path, body), said)
        if answer is not None:
            _reload(answer.value)

    async def remove() -> None:
        sure = await confirm("Remove the webhook?", "Nothing more is sent, also of what waits.", "Remove")
        # What is refused stays to be read.
        if sure and await attempt(door.delete(path), "Removed.") is not None:
            ui.navigate.reload()

    async def renew() -> None:
        words = "From now on everything is signed with another secret. Who receives it has to know it."
        if await confirm("Sign with another secret?", words, "Make another", kind="primary"):
            await change({"new_secret": True}, "")

    with card() as _:
        with block("div", "an-heading"):
            with block("div", "an-entry-words"):
                Words("strong", str(one["url"]), "an-mono an-wrap")
                types = one["event_types"]
                Words("span", ", ".join(types) if types else "every event", "an-note an-wrap")
            badge("sending" if active else "stopped", "good" if active else "warning")
        if one["reason"]:
            Words("p", str(one["reason"]), "an-consequence an-consequence-warning")
        _standing(place, stands)
        with block("div", "an-actions"):
            if active:
                button("Stop", lambda: change({"active": False}, "It waits."))
            else:
                button("Go on", lambda: change({"active": True}, "It goes on where it stood."))
            button("Send again…", lambda: _resend(place, path))
            button("Another secret…", renew, kind="quiet")
            button("Remove", remove, kind="danger")
            Words("span", f"secret {one['secret_fingerprint']}…", "an-note an-mono")


def _standing(place: ProjectPlace, stands: Mapping[str, Any]) -> None:
    zone = place.viewer.zone
    with block("dl", "an-facts"):
        facts = [
            ("Delivered", counted(stands["delivered"], "event") + f", up to position {number(stands['position'])}"),
            ("Last delivery", moment(stands["delivered_at"], zone)),
            ("Last answer", str(stands["last_status"] or "–")),
        ]
        if stands["attempts"]:
            facts.append(
                (
                    "Failing",
                    f"{counted(stands['attempts'], 'attempt')} in vain since {moment(stands['failing_since'], zone)}",
                )
            )
            facts.append(("Next attempt", moment(stands["next_attempt_at"], zone)))
            facts.append(("What came back", str(stands["last_error"])))
        for name, value in facts:
            Words("dt", name)
            Words("dd", value, "an-wrap")


def _resend(place: ProjectPlace, path: str) -> None:
    words = "Everything after a position of the log is delivered once more, in order, with the ids it had before."
    with window("Send again", words) as dialog:
        after = ui.number("After position", value=0, min=0, precision=0).props("outlined dense")

        async def send() -> None:
            body = {"after": int(after.value or 0)}
            asking = place.viewer.door.post(f"{path}/resend", body)
            if await attempt(asking, "It is sent again.", {"after": after}) is not None:
                dialog.close()

        dialog.ending("Send again", send)


def _reload(answer: Mapping[str, Any]) -> None:
    """Show the page anew; before that, if there is one, the secret, this once."""
    if secret := answer.get("secret"):
        words = "What is sent is signed with it. It is shown this once."
        shown_once("Keep this secret", words, str(secret), "The secret", ui.navigate.reload)
    else:
        ui.navigate.reload()


def _another(place: ProjectPlace, path: str) -> None:
    with card("Add a webhook"), block("div", "an-form-grid"):
        url = ui.input("Address", placeholder="https://example.org/annolog").props("outlined dense stack-label")
        types = ui.input("Types of events (empty: all)", placeholder="TaskExhausted, TaskInfeasible")
        types.props("outlined dense stack-label")
        data = ui.checkbox("Also the data of tasks")

        async def add() -> None:
            names = [name.strip() for name in (types.value or "").split(",") if name.strip()]
            body = {"url": url.value or "", "event_types": names, "include_task_data": bool(data.value)}
            answer = await attempt(place.viewer.door.post(path, body), "", {"url": url, "event_types": types})
            if answer is not None:
                _reload(answer)

        with block("div", "an-actions"):
            button("Add webhook", add, kind="primary")
