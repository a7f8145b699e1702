"""What somebody takes for what: as the consensus model estimates it, and held against the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.infra.web.pages.team.confusion import confusion_table
from annolog.infra.web.pages.team.crowd import if_shown
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.words import Words, block, counted, share
from annolog.infra.web.viewer import ProjectPlace

SECONDS = 30.0
MODELS = {"dawid_skene": "Dawid and Skene's model", "one_coin": "a model with one accuracy each"}


async def confusions(place: ProjectPlace, person: int) -> None:
    """Two cards side by side, as of now: these are worked out from all answers."""
    fitted = await if_shown(place.shared("/consensus/skills", SECONDS))
    with card("Taken for what, by the model", "What they say where the consensus model believes a label to be true."):
        found = [
            (dimension, one)
            for dimension in (fitted.value["dimensions"] if fitted else ())
            for one in dimension["people"]
            if one["person"] == person
        ]
        if not found:
            empty("No model was fitted yet", "It takes several people's answers to the same tasks.", "functions")
        for dimension, one in found:
            _of_model(dimension, one, titled=len(found) > 1)
    agreement = await if_shown(place.shared("/agreement", SECONDS))
    dimensions = list(agreement.value["dimensions"]) if agreement else []
    with card("Taken for what, against the truth", "What they say where the truth is known."):
        shown = [await _of_truth(place, person, name, titled=len(dimensions) > 1) for name in dimensions]
        if not any(shown):
            empty("No truth to hold answers against", "It takes tasks with a ground truth that they answered.", "flag")


def _of_model(dimension: Mapping[str, Any], one: Mapping[str, Any], *, titled: bool) -> None:
    if titled:
        Words("h3", dimension["dimension"])
    accuracy = one["accuracy"]
    low, high = accuracy["interval"]
    kind = MODELS.get(dimension["kind"], f"the model {dimension['kind']}")
    words = f"Accuracy {share(accuracy['share'])} ({share(low)} to {share(high)}), by {kind}."
    Words("p", words, "an-note")
    cells = [(cell["true"], cell["given"], cell["answers"]) for cell in one["confusion"]]
    confusion_table(cells, "true by the model", "what they say")


async def _of_truth(place: ProjectPlace, person: int, dimension: str, *, titled: bool) -> bool:
    asked = place.shared("/confusion", SECONDS, dimension=dimension, mode="ground_truth", person=person)
    answer = await if_shown(asked)
    if answer is None or not answer.value["cells"]:
        return False
    with block("div", "an-pair-part"):
        if titled:
            Words("h3", dimension)
        Words("p", f"{counted(answer.value['comparisons'], 'answer')} held against the truth.", "an-note")
        cells = [(cell["row"], cell["column"], cell["count"]) for cell in answer.value["cells"]]
        confusion_table(cells, "true", "what they say")
    return True
