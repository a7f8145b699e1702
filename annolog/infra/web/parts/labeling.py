"""A task as its labeling config shows it, with an answer in it: to be looked at, or to be worked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from nicegui.element import Element
from nicegui.events import GenericEventArguments, handle_event

Item = Mapping[str, Any]


class Shown(Element, component="labeling_element.js"):
    """The place in the page where the component lives."""


class Labeling:
    """Shows `data` by the labeling config `config` (XML) with `result`, a list of Label Studio result items.

    Where it is not read-only, `on_change` is called with the new result soon after somebody changed it. `suggested`
    says that the result is a prediction to start from; `others` are results to compare with, each with `who`, `kind`
    (person, ground_truth, prediction) and `result`; `hotkeys` are keys by action or by `control/label`; `compact`
    leaves out the list of regions.
    """

    def __init__(
        self,
        config: str,
        data: Mapping[str, Any],
        result: Sequence[Item] = (),
        *,
        readonly: bool = True,
        on_change: Callable[[list[dict[str, Any]]], Any] | None = None,
        on_select: Callable[[str | None], Any] | None = None,
        suggested: bool = False,
        others: Sequence[Item] = (),
        hotkeys: Mapping[str, str] | None = None,
        compact: bool = False,
    ) -> None:
        self._settings = {"readonly": readonly, "hotkeys": dict(hotkeys or {}), "compact": compact}
        self.element = Shown().classes("an-labeling")
        self.show(config, data, result, suggested=suggested, others=others)
        if on_change is not None:
            changed = on_change
            self.element.on(
                "answered", lambda event: handle_event(lambda _: changed(orjson.loads(str(event.args))), event)
            )
        if on_select is not None:
            self.element.on("chosen", lambda event: _selected(event, on_select))

    def show(
        self,
        config: str,
        data: Mapping[str, Any],
        result: Sequence[Item] = (),
        *,
        suggested: bool = False,
        others: Sequence[Item] = (),
    ) -> None:
        """Show something else."""
        given = {
            "config": config,
            "data": dict(data),
            "result": list(result),
            "suggested": suggested,
            "others": [dict(other) for other in others],
            **self._settings,
        }
        # One text: a key that begins with ":" would be run by NiceGUI if it were a property of its own.
        self.element.props["given"] = orjson.dumps(given).decode()
        self.element.update()

    async def result(self) -> list[dict[str, Any]]:
        """What there is to submit at this moment."""
        found: list[dict[str, Any]] = orjson.loads(await self.element.run_method("result"))
        return found

    async def missing(self) -> list[dict[str, Any]]:
        """The required questions without an answer, each with its `control`, `region` and `message`."""
        found: list[dict[str, Any]] = await self.element.run_method("missing")
        return found

    def select(self, region: str | None) -> None:
        """Select a region by its id, or none."""
        # Nobody waits for an answer to this.
        _ = self.element.run_method("select", region)


def _selected(event: GenericEventArguments, on_select: Callable[[str | None], Any]) -> None:
    handle_event(lambda _: on_select(event.args if isinstance(event.args, str) else None), event)
