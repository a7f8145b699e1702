"""What answers are compared with: everybody else, the consensus, the truth, one person, a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annolog.domain.labeling import validate_suggestion
from annolog.domain.refusals import Refused
from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.telling.answers import Answer, drawn_from, read_answer, tupled, words_of_winner
from annolog.infra.web.telling.differences import Reference, reference_of

OTHERS, CONSENSUS, TRUTH = "others", "consensus", "truth"


@dataclass(frozen=True, slots=True)
class Column:
    """One answer of the table: whose, what it says, and what is wrong with it if it cannot be read."""

    key: str
    name: str
    raw: Mapping[str, Any]
    answer: Answer
    model: bool = False
    unreadable: str = ""

    @property
    def counted(self) -> bool:
        """Whether it is an answer among others: not deleted, not rejected for good, not a model's."""
        return (
            not self.model and not self.raw.get("deleted") and self.raw.get("standing") in ("counted", "returned", None)
        )


def columns_of(context: Context, facts: Facts) -> list[Column]:
    """Everybody's answers in their order, then those of models."""
    found = [
        Column(
            f"annotation:{one['id']}",
            context.speaker.who(one.get("annotator")),
            one,
            read_answer(context.config, one.get("result") or ()),
        )
        for one in facts.annotations
    ]
    return found + [_predicted(context, one) for one in facts.page.get("predictions") or ()]


def _predicted(context: Context, prediction: Mapping[str, Any]) -> Column:
    """A model's answer. The labeling config may have changed since, so whether it fits is looked at here."""
    key, name = f"prediction:{prediction['prediction']}", f"Model {prediction.get('model_version')}"
    result = prediction.get("result") or ()
    try:
        validate_suggestion(context.config, result)
    except Refused as refusal:
        return Column(key, name, prediction, Answer((), (), ()), model=True, unreadable=refusal.detail)
    return Column(key, name, prediction, read_answer(context.config, result), model=True)


def references(columns: list[Column], facts: Facts) -> dict[str, str]:
    """What one may compare with, in words, by key."""
    found = {OTHERS: "the others"}
    if facts.consensus and facts.consensus.get("dimensions"):
        found[CONSENSUS] = "the consensus"
    if any(one.raw.get("ground_truth") for one in columns):
        found[TRUTH] = "the ground truth"
    return found | {one.key: one.name for one in columns if not one.unreadable}


def reference(key: str, columns: list[Column], facts: Facts) -> Reference | None:
    """What a key stands for; None for everybody else, who are no single answer."""
    if key == CONSENSUS:
        return consensus_reference(facts.consensus or {})
    if key == TRUTH:
        truth = next((one for one in columns if one.raw.get("ground_truth")), None)
        return reference_of("the truth", truth.answer) if truth is not None else None
    chosen = next((one for one in columns if one.key == key), None)
    return reference_of(chosen.name, chosen.answer) if chosen is not None else None


def consensus_reference(consensus: Mapping[str, Any]) -> Reference:
    """What the project takes for true, by control; regions that enough people drew."""
    values: dict[str, list[tuple[Any, str]]] = {}
    drawn = []
    about_regions = False
    for control, found in (consensus.get("dimensions") or {}).items():
        if "regions" in found:
            about_regions = True
            drawn += [
                drawn_from(one["region"], f"{control}:{place}") for place, one in enumerate(found.get("regions") or ())
            ]
        elif found.get("winners"):
            values[control] = [(tupled(winner), words_of_winner(winner)) for winner in found["winners"]]
    return Reference("the consensus", values, drawn, about_regions)
