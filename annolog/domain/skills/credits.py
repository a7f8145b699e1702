"""What one answer adds to the skills of the person who gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from annolog.domain.agreement.answer_labels import WITH_LABELS
from annolog.domain.agreement.coefficients.patterns import pattern_of, size_of
from annolog.domain.agreement.comparison import (
    MOST_OUTLINES,
    MOST_REMEMBERED,
    OVERALL,
    Answer,
    Comparison,
    Truth,
    comparison_of,
    winners_of,
)
from annolog.domain.agreement.per_label import labels_in
from annolog.domain.agreement.trillionths import TRILLION
from annolog.domain.labeling import Dimension, DimensionKind, decode_value
from annolog.domain.skills.skill import Source
from annolog.domain.task.kinds import Verdict

# The label that stands for all of them.
ANY_LABEL = ""
LABELLED = (WITH_LABELS | {DimensionKind.RATING}) - {DimensionKind.REGION}

# By source, dimension and label: how much of the answer was right, in trillionths, and 1 answer.
Credits = Mapping[tuple[str, str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Majority:
    """The most frequent of so many answers, all that tie, and by how much they lead."""

    answers: int
    leaders: tuple[str, ...]
    lead: int

    @classmethod
    def of(cls, answers: Iterable[str]) -> Majority:
        """What most of these are."""
        pattern = pattern_of(answers)
        if not pattern:
            return NO_MAJORITY
        leaders = winners_of(pattern)
        behind = max([count for answer, count in pattern if answer not in leaders], default=0)
        most = max([count for _, count in pattern])
        return cls(size_of(pattern), leaders, most - behind)

    def without(self, answer: str) -> str | None:
        """What most of the others gave, to whoever gave this one, `""` for none.

        None where fewer than two others gave any, or where several answers are as frequent: a tie does not tell who is
        right. Nobody's own answer is among those they are held against, else few would ever be wrong.
        """
        if self.answers - bool(answer) < 2 or len(self.leaders) > 2:
            return None
        if self.leaders == (answer,):
            return answer if self.lead > 1 else None
        rivals = [leader for leader in self.leaders if leader != answer]
        return rivals[0] if len(rivals) == 1 else None


NO_MAJORITY = Majority(0, (), 0)


@dataclass(frozen=True, slots=True)
class Measuring:
    """How a project's answers are held against what is true: by its metrics and weights, and label by label."""

    comparison: Comparison
    _known: dict[tuple[str, Answer, Truth], Credits] = field(default_factory=dict)
    _crowds: dict[tuple[Answer, ...], Mapping[Answer, tuple[Truth, Credits]]] = field(default_factory=dict)

    def held_against(self, source: Source, given: Answer, true: Truth) -> Credits:
        """What an answer adds that is compared with what is held to be true.

        By dimension its score by the project's metric, over all of them the weighted mean. By label, each that is true:
        whether the answer has it. Where the truth is open an answer is wrong; where neither says anything, nothing is.
        """
        key = (source.value, given, true)
        found = self._known.get(key)
        if found is None:
            found = self._held_against(*key)
            if self.comparison.remembers:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = found
        return found

    def judged(self, given: Answer, verdict: Verdict) -> Credits:
        """What an answer adds that was reviewed: right if it was accepted as it is. By label, each that was given."""
        right = TRILLION if verdict is Verdict.ACCEPTED else 0
        found = {(Source.REVIEW.value, OVERALL, ANY_LABEL): (right, 1)}
        for part, said in zip(self.comparison.parts, given, strict=True):
            if said:
                for label in (ANY_LABEL, *labels_of(part.dimension, said)):
                    found[Source.REVIEW.value, part.dimension.name, label] = (right, 1)
        return found

    def against_others(self, answers: Iterable[Answer]) -> Mapping[Answer, tuple[Truth, Credits]]:
        """For whoever gave one of these answers to a task: what most of the others say, and what the answer adds."""
        key = tuple(sorted(answers))
        found = self._crowds.get(key)
        if found is None:
            found = self._against_others(key)
            if self.comparison.remembers:
                if len(self._crowds) >= MOST_OUTLINES:
                    self._crowds.clear()
                self._crowds[key] = found
        return found

    def _against_others(self, answers: Sequence[Answer]) -> Mapping[Answer, tuple[Truth, Credits]]:
        majorities = [
            # Where answers are no categories, hardly two are ever the same.
            Majority.of(answer[place] for answer in answers if answer[place])
            if part.dimension.categorical
            else NO_MAJORITY
            for place, part in enumerate(self.comparison.parts)
        ]
        found = {}
        for given in set(answers):
            others = tuple([majority.without(said) for majority, said in zip(majorities, given, strict=True)])
            found[given] = (others, self.held_against(Source.CONSENSUS, given, others))
        return found

    def _held_against(self, source: str, given: Answer, true: Truth) -> Credits:
        scores = self.comparison.held_against(given, true)
        overall = self.comparison.together(scores)
        found = {} if overall is None else {(source, OVERALL, ANY_LABEL): (overall, 1)}
        for part, score, said, held in zip(self.comparison.parts, scores, given, true, strict=True):
            if score is None:
                continue
            name = part.dimension.name
            found[source, name, ANY_LABEL] = (score, 1)
            has = labels_of(part.dimension, said)
            for label in labels_of(part.dimension, held or ""):
                found[source, name, label] = (TRILLION if label in has else 0, 1)
        return found


def labels_of(dimension: Dimension, value: str) -> frozenset[str]:
    """The labels of an answer to a control that has categories; of any other control, none. The empty one is none."""
    if not value or not dimension.categorical or dimension.kind not in LABELLED:
        return frozenset()
    return _labels_in(dimension.kind, value)


@lru_cache(maxsize=MOST_REMEMBERED)
def _labels_in(kind: DimensionKind, value: str) -> frozenset[str]:
    return labels_in(kind, decode_value(value)) - {ANY_LABEL}


@lru_cache(maxsize=64)
def measuring_of(label_config: str, settings: str) -> Measuring:
    """How a project measures that has this labeling config and these settings of agreement."""
    return Measuring(comparison_of(label_config, settings))
