"""Every measure of dashboards, declared once: queries compute from here, the API and docs/metrics.md list it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from annolog.domain.measures.columns import BY_NAME, Dating

Number: TypeAlias = float | int


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"


class Aggregation(StrEnum):
    """How a number comes about: columns added up, divided or subtracted, or the middle one of single times."""

    SUM = "sum"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a dashboard. `columns` are added up, then divided by, or lessened by, the sum of `other`; of a
    median `other` says of how many times it is the middle.
    """

    key: str
    says: str
    unit: Unit
    columns: tuple[str, ...]
    aggregation: Aggregation = Aggregation.SUM
    other: tuple[str, ...] = ()

    @property
    def uses(self) -> frozenset[str]:
        """The columns it needs."""
        return frozenset(self.columns + self.other)

    @property
    def by_label(self) -> bool:
        """Whether it can be told by label."""
        return self.aggregation is not Aggregation.MEDIAN and all(BY_NAME[name].of_labels for name in self.uses)

    @property
    def by_person(self) -> bool:
        """Whether it can be told by person; what cannot is the project's as a whole."""
        return all(BY_NAME[name].of_people for name in self.uses)

    @property
    def only_by_label(self) -> bool:
        """Whether it says something only where labels are told apart."""
        return not self.uses.isdisjoint({"labelled", "uses"})

    @property
    def dating(self) -> Dating:
        """When what it counts counts."""
        [found] = {BY_NAME[name].dating for name in self.uses}
        return found

    @property
    def formula(self) -> str:
        """The formula, in columns."""
        top, other = " + ".join(self.columns), " + ".join(self.other)
        match self.aggregation:
            case Aggregation.RATIO:
                return f"{_braced(top, self.columns)} / {_braced(other, self.other)}"
            case Aggregation.DIFFERENCE:
                return f"{top} - {_braced(other, self.other)}"
            case Aggregation.MEDIAN:
                return f"median of {top}"
            case Aggregation.SUM:
                return top

    def numbers(self, sums: Mapping[str, Sequence[int]]) -> Sequence[Number | None]:
        """The numbers, in their unit, for any number of rows: `sums` has of every column its sum in each of them.

        None where nothing is divided by nothing. A median is not to be had from sums, and always None.
        """
        parts = BY_NAME[self.columns[0]].parts
        top = _added(sums, self.columns)
        match self.aggregation:
            case Aggregation.RATIO:
                other = _added(sums, self.other)
                return [one / by / parts if by else None for one, by in zip(top, other, strict=True)]
            case Aggregation.DIFFERENCE:
                return [one - less for one, less in zip(top, _added(sums, self.other), strict=True)]
            case Aggregation.MEDIAN:
                return [None] * len(top)
            case Aggregation.SUM:
                return top if parts == 1 else [one / parts for one in top]


def _added(sums: Mapping[str, Sequence[int]], names: Sequence[str]) -> Sequence[int]:
    if len(names) == 1:
        return sums[names[0]]
    return list(map(sum, zip(*(sums[name] for name in names), strict=True)))


def _braced(text: str, names: Sequence[str]) -> str:
    return f"({text})" if len(names) > 1 else text


ACTIONS = ("submitted", "updated", "fixed_and_accepted", "accepted", "rejected")
VERDICTS = ("verdict_accepted", "verdict_fixed", "verdict_rejected")
RECEIVED = ("received_accepted", "received_fixed", "received_rejected")
GIVEN = ("given_accepted", "given_fixed", "given_rejected")
COUNT, SECONDS, SHARE = Unit.COUNT, Unit.SECONDS, Unit.SHARE
RATIO = Aggregation.RATIO

MEASURES = (
    Measure("annotations", "Annotations, each counted once, ever, at the time of its last action.", COUNT, ACTIONS),
    Measure("submitted", "Annotations whose last action is their submission.", COUNT, ("submitted",)),
    Measure("updated", "Annotations that their annotator changed last.", COUNT, ("updated",)),
    Measure(
        "fixed_and_accepted", "Annotations that a reviewer put right and accepted last.", COUNT, ("fixed_and_accepted",)
    ),
    Measure("accepted", "Annotations whose last action is that they were accepted.", COUNT, ("accepted",)),
    Measure("rejected", "Annotations whose last action is that they were rejected.", COUNT, ("rejected",)),
    Measure("reviewed", "Annotations with a verdict, also if they were changed since.", COUNT, VERDICTS),
    Measure(
        "unreviewed",
        "Annotations without a verdict.",
        COUNT,
        ACTIONS,
        Aggregation.DIFFERENCE,
        VERDICTS,
    ),
    Measure(
        "acceptance_score",
        "How many of the reviewed annotations were accepted, as they were or put right, by their latest verdict.",
        SHARE,
        ("verdict_accepted", "verdict_fixed"),
        RATIO,
        VERDICTS,
    ),
    Measure(
        "lead_time",
        "From opening to submitting, idle included, over all sessions of each annotation; at its last action.",
        SECONDS,
        ("lead_time",),
    ),
    Measure("mean_lead_time", "Lead time of an annotation that has one.", SECONDS, ("lead_time",), RATIO, ("timed",)),
    Measure(
        "median_lead_time",
        "The middle lead time of annotations that have one; of two in the middle their mean.",
        SECONDS,
        ("lead_time",),
        Aggregation.MEDIAN,
        ("timed",),
    ),
    Measure("active_time", "Lead time with the person at work.", SECONDS, ("active_time",)),
    Measure(
        "mean_active_time",
        "Active time of an annotation that has one.",
        SECONDS,
        ("active_time",),
        RATIO,
        ("active_timed",),
    ),
    Measure("regions", "Regions and relations in annotations.", COUNT, ("regions",)),
    Measure("regions_per_annotation", "Regions and relations in an annotation.", COUNT, ("regions",), RATIO, ACTIONS),
    Measure("submissions", "Answers submitted, whatever became of them.", COUNT, ("submissions",)),
    Measure("revisions", "Changes that annotators made to their own work.", COUNT, ("revisions",)),
    Measure("skips", "Tasks skipped.", COUNT, ("skips",)),
    Measure("regions_created", "Regions and relations in answers as they were submitted.", COUNT, ("regions_created",)),
    Measure(
        "annotating_time",
        "Lead time of submissions and of changes, each at its own time.",
        SECONDS,
        ("annotating_time",),
    ),
    Measure(
        "annotating_active_time",
        "Active time of submissions and of changes, each at its own time.",
        SECONDS,
        ("annotating_active_time",),
    ),
    Measure("reviews_received", "Reviews of the work, all of them that were not withdrawn.", COUNT, RECEIVED),
    Measure("reviews_accepted", "Reviews that accepted the work as it was.", COUNT, ("received_accepted",)),
    Measure("reviews_fixed", "Reviews that put the work right and accepted it.", COUNT, ("received_fixed",)),
    Measure("reviews_rejected", "Reviews that rejected the work.", COUNT, ("received_rejected",)),
    Measure(
        "performance_score",
        "Mean over all reviews of the work: accepted 1, rejected 0, put right the agreement of before and after.",
        SHARE,
        ("worth",),
        RATIO,
        RECEIVED,
    ),
    Measure("reviews_given", "Reviews the person gave, and did not withdraw.", COUNT, GIVEN),
    Measure("given_accepted", "Reviews in which the person accepted the work.", COUNT, ("given_accepted",)),
    Measure("given_fixed", "Reviews in which the person put the work right.", COUNT, ("given_fixed",)),
    Measure("given_rejected", "Reviews in which the person rejected the work.", COUNT, ("given_rejected",)),
    Measure(
        "review_time",
        "From opening to judging, of verdicts the person gave: reviews, withdrawn or not, second ones, adjudications.",
        SECONDS,
        ("review_time",),
    ),
    Measure(
        "mean_review_time",
        "Review time of a verdict that has one.",
        SECONDS,
        ("review_time",),
        RATIO,
        ("reviews_timed",),
    ),
    Measure(
        "median_review_time",
        "The middle review time of verdicts that have one; of two in the middle their mean.",
        SECONDS,
        ("review_time",),
        Aggregation.MEDIAN,
        ("reviews_timed",),
    ),
    Measure("review_active_time", "Review time with the reviewer at work.", SECONDS, ("review_active_time",)),
    Measure(
        "mean_review_active_time",
        "Active review time of a verdict that has one.",
        SECONDS,
        ("review_active_time",),
        RATIO,
        ("reviews_active_timed",),
    ),
    Measure(
        "tasks_done",
        "How often a task became completed; one that was reopened may do so again.",
        COUNT,
        ("tasks_done",),
    ),
    Measure(
        "time_per_task",
        "Annotating and reviewing time for each task done.",
        SECONDS,
        ("annotating_time", "review_time"),
        RATIO,
        ("tasks_done",),
    ),
    Measure("labelled", "Annotations that carry the label.", COUNT, ("labelled",)),
    Measure(
        "label_uses", "Items of annotations that carry the label: regions, or answers of a control.", COUNT, ("uses",)
    ),
    Measure(
        "time_per_use",
        "Lead time of the annotations for each item that carries the label.",
        SECONDS,
        ("lead_time",),
        RATIO,
        ("uses",),
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
