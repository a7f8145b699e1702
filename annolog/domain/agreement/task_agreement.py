"""What the answers to one task say about agreement: per dimension, and over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annolog.domain.agreement.methodology import Methodology, consensus_score, overall_score, pairwise_score
from annolog.domain.agreement.metrics import Metric, default_metric, metric
from annolog.domain.agreement.metrics.metric import Parameters
from annolog.domain.agreement.per_label import weighted_score
from annolog.domain.labeling import Dimension, DimensionKind, LabelingConfig, Value
from annolog.domain.project.settings import AgreementSettings

Answers = Mapping[int, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class TaskAgreement:
    """Scores in [0, 1]; None where fewer than two people answered. Both methodologies are kept, one is in force.

    `dimensions` hold the scores by the methodology in force, `by_pairs` those by pairs.
    """

    pairwise: float | None
    consensus: float | None
    methodology: Methodology
    dimensions: Mapping[str, float | None]
    by_pairs: Mapping[str, float | None]

    @property
    def overall(self) -> float | None:
        """The task's agreement by the project's methodology."""
        return self.pairwise if self.methodology is Methodology.PAIRWISE else self.consensus


def metric_of(dimension: Dimension, settings: AgreementSettings) -> Metric:
    """The metric that compares a dimension: the project's choice or the default, with the weights of its labels.

    Weights make scores continuous, so that there is no consensus score; weights of 0 and 1 only leave labels out.
    """
    choice = settings.metrics.get(dimension.name)
    found = metric(choice.metric, choice.parameters) if choice else default_metric(dimension)
    weights = settings.label_weights.get(dimension.name)
    return _weighted(found, dimension, weights) if weights else found


def _weighted(found: Metric, dimension: Dimension, weights: Mapping[str, float]) -> Metric:
    def compare(one: Value, other: Value, _: Parameters) -> float:
        score = weighted_score(one, other, dimension.kind, found, weights)
        return 1.0 if score is None else score

    binary = (
        found.binary and dimension.kind is not DimensionKind.MULTIPLE_CHOICE and set(weights.values()) <= {0.0, 1.0}
    )
    return Metric(found.name, compare, found.parameters, binary=binary, choices=found.choices)


def task_agreement(answers: Answers, config: LabelingConfig, settings: AgreementSettings) -> TaskAgreement:
    """Compare the answers, by annotator, in every dimension.

    An answer that leaves a dimension out is compared as empty, as long as anybody answered it; a dimension that nobody
    answered says nothing. Dimensions of weight 0 have a score of their own but no part in the overall one.
    """
    pairwise: dict[str, float | None] = {}
    consensus: dict[str, float | None] = {}
    for dimension in config.dimensions:
        values = values_of(answers, dimension.name)
        chosen = metric_of(dimension, settings)
        pairwise[dimension.name] = pairwise_score(values, chosen)
        consensus[dimension.name] = consensus_score(values, chosen) if chosen.binary else None
    in_force = pairwise if settings.methodology is Methodology.PAIRWISE else consensus
    return TaskAgreement(
        overall_score(pairwise, settings.weights),
        overall_score(consensus, settings.weights),
        settings.methodology,
        in_force,
        pairwise,
    )


def values_of(answers: Answers, dimension: str) -> Sequence[Value | None]:
    """Everybody's value in a dimension, by annotator; nothing where nobody has one."""
    values = [answers[annotator].get(dimension) for annotator in sorted(answers)]
    return values if any(value is not None for value in values) else []
