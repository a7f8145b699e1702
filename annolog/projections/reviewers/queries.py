"""How reviewers judge, and what is not to be seen by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from annolog.domain.agreement.coefficients import cohen_kappa
from annolog.domain.consensus.skills import wilson
from annolog.domain.labeling import encode_value
from annolog.domain.reviewers.leniency import Acceptance, Paired, difference, leniency
from annolog.domain.task.kinds import Verdict
from annolog.projections.reviewers.projector import VERDICTS
from annolog.projections.reviewers.tables import reviewer_figures, reviewer_pair, reviewer_verdicts, second_review

FIGURES = ("second_reviews", "second_reviewed", "agreed", "adjudicated", "overturned", "adjudications")
COLUMNS = (
    "reviewer",
    "reviews",
    *(verdict.value for verdict in VERDICTS),
    "acceptance",
    "expected_acceptance",
    "leniency",
    *FIGURES,
    "agreement",
    "agreement_low",
    "agreement_high",
)
ACCEPTED = Verdict.ACCEPTED.value


def hidden(task: ColumnElement[int], person: int) -> ColumnElement[bool]:
    """Whether somebody must not see what became of a task: they may be the one who judges it a second time."""
    table = second_review.c
    return exists().where(
        table.task == task, table.waiting == "second", table.annotator != person, table.reviewer != person
    )


def hidden_among(connection: Connection, tasks: Collection[int], person: int) -> set[int]:
    """Those of the tasks of which this person must not see what became of them."""
    table = second_review.c
    query = select(table.task).where(table.task.in_(tasks), hidden(table.task, person)).distinct()
    return set(connection.execute(query).scalars())


def reviewers_of(connection: Connection, project: int, person: int | None = None) -> list[dict[str, Any]]:
    """A row for each reviewer, by id, or for one alone; shares in [0, 1], None where there is nothing to share.

    `agreement` is the share of what was judged twice, by them first or second, in which both verdicts are the same
    word, with Wilson's 95% interval. `leniency` is how much more often they accept than all reviewers together do in
    the work of the same annotators.
    """
    table = reviewer_verdicts.c
    own: dict[int, dict[int, Counter[str]]] = {}
    rows = connection.execute(select(reviewer_verdicts).where(table.project == project)).mappings()
    for row in rows:
        counts = Counter({verdict.value: row[verdict.value] for verdict in VERDICTS})
        own.setdefault(row["reviewer"], {})[row["annotator"]] = counts
    figures = {
        row["reviewer"]: {name: row[name] for name in FIGURES}
        for row in connection.execute(select(reviewer_figures).where(reviewer_figures.c.project == project)).mappings()
    }
    everybody: dict[int, Counter[str]] = {}
    for by_annotator in own.values():
        for annotator, found in by_annotator.items():
            everybody.setdefault(annotator, Counter()).update(found)
    shares = _acceptances(everybody)
    people = sorted({*own, *figures})
    return [
        _row(id, own.get(id, {}), figures.get(id, dict.fromkeys(FIGURES, 0)), shares)
        for id in people
        if person is None or id == person
    ]


def _acceptances(by_annotator: Mapping[int, Counter[str]]) -> dict[int, Acceptance]:
    return {who: Acceptance(counts[ACCEPTED], counts.total()) for who, counts in by_annotator.items()}


def _row(
    reviewer: int, own: Mapping[int, Counter[str]], figures: Mapping[str, int], everybody: Mapping[int, Acceptance]
) -> dict[str, Any]:
    counts = sum(own.values(), Counter[str]())
    found = leniency(_acceptances(own), everybody)
    return {
        "reviewer": reviewer,
        "reviews": counts.total(),
        **{verdict.value: counts[verdict.value] for verdict in VERDICTS},
        "acceptance": found.acceptance if found else None,
        "expected_acceptance": found.expected if found else None,
        "leniency": found.value if found else None,
        **figures,
        **_agreement(figures["agreed"], figures["second_reviews"] + figures["second_reviewed"]),
    }


def _agreement(agreed: int, reviews: int) -> dict[str, float | None]:
    if not reviews:
        return {"agreement": None, "agreement_low": None, "agreement_high": None}
    found = wilson(agreed, reviews)
    return {"agreement": found.share, "agreement_low": found.low, "agreement_high": found.high}


def pairs_of(connection: Connection, project: int) -> list[dict[str, Any]]:
    """Every two reviewers who judged the same, by id: how alike, also beyond chance, and who is the more lenient.

    `kappa` is Cohen's, over the verdicts as three categories; where there is none `kappa_reason` says why. `leniency`
    is how much more often `one` accepts than `other`, with its 95% interval.
    """
    tables: dict[tuple[int, int], dict[tuple[str, str], int]] = {}
    for row in connection.execute(select(reviewer_pair).where(reviewer_pair.c.project == project)).mappings():
        cells = tables.setdefault((row["one"], row["other"]), {})
        cells[row["verdict"], row["other_verdict"]] = row["reviews"]
    return [_pair(one, other, cells) for (one, other), cells in sorted(tables.items())]


def _pair(one: int, other: int, cells: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    kappa = cohen_kappa({(encode_value(a), encode_value(b)): reviews for (a, b), reviews in cells.items()})
    reviews = sum(cells.values())
    found = difference(_paired(cells))
    return {
        "one": one,
        "other": other,
        "reviews": reviews,
        **_agreement(sum(count for (a, b), count in cells.items() if a == b), reviews),
        "kappa": kappa.value,
        "kappa_reason": kappa.reason,
        "leniency": found.value if found else None,
        "leniency_low": found.low if found else None,
        "leniency_high": found.high if found else None,
    }


def _paired(cells: Mapping[tuple[str, str], int]) -> Paired:
    counts = Counter[tuple[bool, bool]]()
    for (one, other), reviews in cells.items():
        counts[one == ACCEPTED, other == ACCEPTED] += reviews
    return Paired(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def waiting_in(connection: Connection, project: int) -> dict[str, int]:
    """How many reviews wait to be given again, and how many for somebody who settles them."""
    table = second_review.c
    query = select(table.waiting, func.count()).where(table.project == project, table.waiting != "")
    found = dict(tuple(row) for row in connection.execute(query.group_by(table.waiting)))
    return {stage: found.get(stage, 0) for stage in ("second", "adjudication")}
