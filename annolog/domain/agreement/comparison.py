"""A project's way to compare, made ready once: for each dimension its metric and weight, and what is known already.

Where answers come from a few categories the same ballots come up again and again, so their figures are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

from annolog.domain.agreement.answer_labels import WITH_LABELS
from annolog.domain.agreement.ballot import contribution
from annolog.domain.agreement.coefficients import Pattern, pattern_of
from annolog.domain.agreement.methodology import Methodology
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.per_label import label_scores
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.agreement.trillionths import TRILLION, from_trillionths, to_trillionths
from annolog.domain.labeling import Dimension, LabelingConfig, Value, decode_value
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.domain.project.state import parsed_config

MOST_REMEMBERED = 20_000
# With several dimensions hardly any two tasks are answered alike, and what a task comes to is some kilobytes.
MOST_OUTLINES = 2_000
ALIKE, UNLIKE = (1, TRILLION), (1, 0)
# The dimension that stands for all of them, weighted.
OVERALL = ""

# A value of everybody in one dimension, as canonical JSON, None where somebody has none.
Row = tuple["str | None", ...]
# A value of somebody in every dimension, as canonical JSON. No value is the empty text, so it can stand for none.
Answer = tuple[str, ...]
# What is held to be true in every dimension: the empty text where it is open, None where nothing is known.
Truth = tuple["str | None", ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a ballot comes to: scores in trillionths, by answer how much of the majority it is, and by label."""

    pairwise: int | None
    consensus: int | None
    credits: Mapping[str | None, int]
    labels: Mapping[str, float]


@dataclass(slots=True)
class Part:
    """How one dimension is compared."""

    dimension: Dimension
    metric: Metric
    weight: float
    _known: dict[tuple[str, ...], Figures] = field(default_factory=dict)
    _alike: dict[tuple[str | None, str | None], float] = field(default_factory=dict)

    def figures(self, row: Row) -> Figures:
        """What a ballot comes to. Who gave which answer makes no difference."""
        if not self.dimension.categorical:
            return self._figures(row)
        key = tuple(sorted([value or "" for value in row]))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._figures(tuple([value or None for value in key]))
        return found

    def score(self, one: str | None, other: str | None) -> float:
        """How alike two values are."""
        if self.metric.equality or one is None or other is None:
            return 1.0 if one == other else 0.0
        found = self._alike.get((one, other))
        if found is None:
            found = self.metric.score(decode_value(one), decode_value(other))
            if self.dimension.categorical:
                if len(self._alike) >= MOST_REMEMBERED:
                    self._alike.clear()
                self._alike[one, other] = found
        return found

    def counted(self, one: str | None, other: str | None) -> tuple[int, int]:
        """What two values add to the sums of a pair of people: 1 task, and how alike they are, in trillionths."""
        if self.metric.equality:
            return ALIKE if one == other else UNLIKE
        return 1, to_trillionths(self.score(one, other))

    def _figures(self, row: Row) -> Figures:
        values = [None if value is None else decode_value(value) for value in row]
        found = contribution(dict(enumerate(values)), self.metric)
        credits = {row[place]: credit for place, credit in found.credits.items()}
        return Figures(found.pairwise, found.consensus, credits, self._labels(values))

    def _labels(self, values: Sequence[Value | None]) -> Mapping[str, float]:
        if self.dimension.kind not in WITH_LABELS or self.dimension.per_region:
            return {}
        return label_scores(values, self.dimension.kind, self.metric)


@dataclass(frozen=True, slots=True)
class Outline:
    """What the answers to a task come to, whoever gave which: amounts in trillionths, to be added to sums.

    `totals` by dimension, `""` for all of them: tasks, their pairwise scores, tasks with a consensus score, and those
    scores. `labels` by dimension and label: tasks and scores. `credits` by answer: how much of the majority it is,
    empty where nobody could have disagreed. `score` is the one by the methodology of the definition.
    `patterns` and `winners`, by dimension with categories: how many gave each answer, and what most people said, all
    answers that tie; the same by any definition.
    """

    pairwise: int | None = None
    consensus: int | None = None
    score: int | None = None
    totals: Mapping[tuple[str], tuple[int, int, int, int]] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    credits: Mapping[Answer, int] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    winners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def by_dimension(self, name: str, methodology: Methodology) -> float | None:
        """The score of one dimension by a methodology, in [0, 1]."""
        _, pairwise, has_consensus, consensus = self.totals.get((name,), (0, 0, 0, 0))
        if methodology is Methodology.CONSENSUS:
            return from_trillionths(consensus) if has_consensus else None
        return from_trillionths(pairwise) if (name,) in self.totals else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a project compares: its dimensions with their metrics and weights."""

    config: LabelingConfig
    settings: AgreementSettings
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    _known: dict[tuple[Answer, ...], Outline] = field(default_factory=dict)

    @classmethod
    def of(cls, config: LabelingConfig, settings: AgreementSettings) -> Comparison:
        """The comparison that a labeling config and a definition of agreement make."""
        parts = [
            Part(dimension, metric_of(dimension, settings), settings.weights.get(dimension.name, 1.0))
            for dimension in config.dimensions
        ]
        return cls(config, settings, tuple(parts), tuple(dimension.name for dimension in config.dimensions))

    @property
    def remembers(self) -> bool:
        """Whether answers come from categories, so that the same ones come up again."""
        return all(part.dimension.categorical for part in self.parts)

    def answer_of(self, values: Mapping[str, str]) -> Answer:
        """An answer, given by dimension."""
        return tuple(map(values.get, self.names, repeat("")))

    def held_against(self, given: Answer, true: Truth) -> list[int | None]:
        """By dimension how alike an answer is to what is true, in trillionths.

        None where neither says anything, or where what is true is not known. One that says nothing where the other does
        is unlike it.
        """
        return [
            None if held is None or not (said or held) else to_trillionths(part.score(said or None, held or None))
            for part, said, held in zip(self.parts, given, true, strict=True)
        ]

    def together(self, scores: Sequence[int | None]) -> int | None:
        """The scores of all dimensions as one, by their weights; None where there is none that has any."""
        return weighted([(part.weight, score) for part, score in zip(self.parts, scores, strict=True)])

    def outline(self, answers: Iterable[Answer]) -> Outline:
        """What a task comes to that was answered like this."""
        key = tuple(sorted(answers))
        found = self._known.get(key)
        if found is None:
            found = self._outline(key)
            if self.remembers:
                if len(self._known) >= MOST_OUTLINES:
                    self._known.clear()
                self._known[key] = found
        return found

    def _outline(self, answers: tuple[Answer, ...]) -> Outline:
        rows = [tuple([answer[place] or None for answer in answers]) for place in range(len(self.parts))]
        by_part = [(part, row, part.figures(row)) for part, row in zip(self.parts, rows, strict=True)]
        pairwise = weighted([(part.weight, found.pairwise) for part, _, found in by_part])
        consensus = weighted([(part.weight, found.consensus) for part, _, found in by_part])
        scores = {part.dimension.name: (found.pairwise, found.consensus) for part, _, found in by_part}
        scores[OVERALL] = (pairwise, consensus)
        labels = {
            (part.dimension.name, label): (1, to_trillionths(score))
            for part, _, found in by_part
            for label, score in found.labels.items()
        }
        credits = [(row, found) for part, row, found in by_part if part.metric.binary and found.credits]
        patterns = {
            part.dimension.name: pattern
            for part, row, _ in by_part
            if part.dimension.categorical and (pattern := pattern_of(value for value in row if value is not None))
        }
        return Outline(
            pairwise,
            consensus,
            pairwise if self.settings.methodology is Methodology.PAIRWISE else consensus,
            {(name,): total for name, both in scores.items() if (total := _total(*both))},
            labels,
            {
                answer: sum(found.credits[row[place]] for row, found in credits) // len(credits)
                for place, answer in enumerate(answers)
                if credits
            },
            patterns,
            {name: winners_of(pattern) for name, pattern in patterns.items()},
        )


def _total(pairwise: int | None, consensus: int | None) -> tuple[int, int, int, int] | None:
    return None if pairwise is None else (1, pairwise, int(consensus is not None), consensus or 0)


def winners_of(pattern: Pattern) -> tuple[str, ...]:
    """What most people said, all answers that tie, as canonical JSON."""
    most = max([count for _, count in pattern])
    return tuple([answer for answer, count in pattern if count == most])


def weighted(scores: Sequence[tuple[float, int | None]]) -> int | None:
    """The weighted mean of scores in trillionths, of those that are there; None where weights leave nothing."""
    there = [(weight, score) for weight, score in scores if score is not None]
    total = sum(weight for weight, _ in there)
    if total <= 0:
        return None
    return to_trillionths(sum(weight * from_trillionths(score) for weight, score in there) / total)


@lru_cache(maxsize=64)
def comparison_of(label_config: str, settings: str) -> Comparison:
    """The comparison of a stored labeling config and stored settings; read models look at the same again and again."""
    return Comparison.of(parsed_config(label_config), agreement_settings(settings))
