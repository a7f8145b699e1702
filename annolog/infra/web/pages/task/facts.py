"""What the page shows of a task: asked of the API, each part as far as the viewer is shown it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annolog.domain.labeling import LabelingConfig, parse_labeling_config
from annolog.infra.web.door import Refusal
from annolog.infra.web.telling.answers import brief_suggestion, read_answer
from annolog.infra.web.telling.speaker import Speaker
from annolog.infra.web.viewer import ProjectPlace

GROUND_TRUTH, MODEL = "ground_truth", "model:"


@dataclass(frozen=True, slots=True)
class Facts:
    """A task as the viewer finds it. A part that is not theirs to see is None, and why stands in `kept`."""

    page: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]] = ()
    agreement: Mapping[str, Any] | None = None
    consensus: Mapping[str, Any] | None = None
    why: Mapping[str, Any] | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    as_of: str = ""
    # The whole history, from which a moment of the past is picked.
    all_events: Sequence[Mapping[str, Any]] = ()

    @property
    def past(self) -> bool:
        """Whether this is how the task was, not how it is."""
        return bool(self.as_of)

    @property
    def annotations(self) -> Sequence[Mapping[str, Any]]:
        """Every annotation that is shown, deleted ones too."""
        return self.page.get("annotations") or ()


@dataclass(frozen=True, slots=True)
class Context:
    """What the whole page needs to know: where it is, who looks, how people and answers are called."""

    place: ProjectPlace
    task: int
    config: LabelingConfig
    speaker: Speaker

    @property
    def zone(self) -> str:
        """The viewer's time zone."""
        return self.place.viewer.zone

    def may(self, permission: str) -> bool:
        """What the API says the viewer may do here."""
        return self.place.may(permission)

    def participant(self, name: Any) -> str:
        """A row or column of the agreement matrix."""
        text = str(name)
        if text == GROUND_TRUTH:
            return "Ground truth"
        if text.startswith(MODEL):
            return f"Model {text.removeprefix(MODEL)}"
        return self.speaker.who(int(text) if text.isdecimal() else text)


async def context_of(place: ProjectPlace, task: int) -> Context:
    """Names are asked once a page, the labeling config is that of the project as it is."""
    config = parse_labeling_config(str(place.shown.get("label_config") or "<View/>"))
    speaker = Speaker(
        await place.names(),
        place.viewer.zone,
        answered=lambda result: read_answer(config, result).brief,
        suggested=lambda result: brief_suggestion(config, result),
    )
    return Context(place, task, config, speaker)


async def facts_of(place: ProjectPlace, task: int, as_of: str = "") -> Facts:
    """Everything about a task. Raises `Refusal` where the viewer may not see it at all."""
    door = place.viewer.door
    path = f"/v1/tasks/{task}"
    then = as_of or None
    kept: dict[str, str] = {}

    async def part(name: str, **parameters: Any) -> Any:
        try:
            return await door.get(f"{path}/{name}", **parameters)
        except Refusal as refusal:
            if refusal.code == "behind":
                # Better what read models know by now than nothing.
                return await door.get(f"{path}/{name}")
            if refusal.status != 403:
                raise
            kept[name] = refusal.detail
            return None

    sees = place.may("see_quality")
    page = await door.get(path, as_of=then)
    if not sees:
        return Facts(page, as_of=as_of)
    history = await part("history")
    events = history["events"] if history else []
    if then is not None:
        shown = [event for event in events if event["position"] <= int(page.get("position", 0))]
        return Facts(page, shown, kept=kept, as_of=as_of, all_events=events)
    # Read models follow the log: what they say is to be of what the page already shows.
    upto = events[-1]["position"] if events else None
    agreement, consensus, why = await asyncio.gather(
        part("agreement", min_position=upto), part("consensus", min_position=upto), part("why")
    )
    return Facts(page, events, agreement, consensus, why, kept, all_events=events)
