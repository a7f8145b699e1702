"""A project's way to compare, made ready once: for each dimension its metric and weight, and what is known already.

Where answers come from a few categories the same ballots come up again and again, so their figures are remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from annolog.domain.agreement.answer_labels import WITH_LABELS
from annolog.domain.agreement.ballot import contribution
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.per_label import label_scores
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.labeling import Dimension, LabelingConfig, Value, decode_value
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.domain.project.state import parsed_config

MOST_REMEMBERED = 20_000

# A value of everybody in one dimension, as canonical JSON, None where somebody has none.
Row = tuple["str | None", ...]


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

    def figures(self, row: Row) -> Figures:
        """What a ballot comes to. Who gave which answer makes no difference."""
        if not self.dimension.categorical:
            return self._figures(row)
        # No value is the empty text, so it can stand for none.
        key = tuple(sorted([value or "" for value in row]))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._figures(row)
        return found

    def score(self, one: str | None, other: str | None) -> float:
        """How alike two values are."""
        if self.metric.equality or one is None or other is None:
            return float(one == other)
        return self.metric.score(decode_value(one), decode_value(other))

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
class Comparison:
    """How a project compares: its dimensions with their metrics and weights."""

    config: LabelingConfig
    settings: AgreementSettings
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, config: LabelingConfig, settings: AgreementSettings) -> Comparison:
        """The comparison that a labeling config and a definition of agreement make."""
        return cls(
            config,
            settings,
            tuple(
                Part(dimension, metric_of(dimension, settings), settings.weights.get(dimension.name, 1.0))
                for dimension in config.dimensions
            ),
        )


@lru_cache(maxsize=256)
def comparison_of(label_config: str, settings: str) -> Comparison:
    """The comparison of a stored labeling config and stored settings; read models look at the same again and again."""
    return Comparison.of(parsed_config(label_config), agreement_settings(settings))
