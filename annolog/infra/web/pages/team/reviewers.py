"""The tables of who reviews: verdicts, time and leniency, and how alike every two judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annolog.infra.web.pages.team.crowd import Crowd, person_path
from annolog.infra.web.parts.tables import Column, Kind, at_first

SUMS = [
    "reviews",
    "accepted",
    "fixed",
    "rejected",
    "review_time",
    "review_active_time",
    "second_reviews",
    "overturned",
    "adjudications",
    "submitted",
]
ALWAYS = {"name", "reviews", "accepted", "rejected", "acceptance"}
# Where nobody has any, a table need not begin with it.
IF_SAID = {
    "fixed",
    "expected_acceptance",
    "leniency",
    "agreement",
    "agreement_range",
    "review_time",
    "mean_review_time",
    "median_review_time",
    "last_active_at",
}


def columns(project: int, found: Sequence[Mapping[str, Any]]) -> list[Column]:
    """What is said of each reviewer. At first those are shown that matter most and say something of these rows."""
    return at_first(_all(project), found, ALWAYS, IF_SAID)


def _all(project: int) -> list[Column]:
    number, share, time, signed = Kind.NUMBER, Kind.SHARE, Kind.DURATION, Kind.SCORE
    return [
        Column("name", "Name", href=lambda row: person_path(project, row["person"])),
        Column("reviews", "Reviewed", number, "Verdicts that stand"),
        Column("accepted", kind=number),
        Column("fixed", "Fix + accepted", number),
        Column("rejected", kind=number),
        Column("acceptance", "Accepts", share, "How many of the reviewed annotations were accepted as they are"),
        Column("expected_acceptance", "Expected", share, "What all reviewers together accept of the same annotators"),
        Column("leniency", kind=signed, means="Accepts minus expected: above 0 more lenient than the others"),
        Column("agreement", kind=share, means="Same verdict where something was reviewed twice"),
        Column("agreement_range", "95 % interval", means="Of the agreement"),
        Column("second_reviews", "Second reviews", number),
        Column("overturned", kind=number, means="Verdicts that were overruled"),
        Column("adjudications", kind=number, means="Disputes settled"),
        Column("review_time", "Total time", time, "Spent reviewing"),
        Column("mean_review_time", "Average time", time, "A review"),
        Column("median_review_time", "Median time", time, "A review"),
        Column("review_active_time", "Active time", time, "At work reviewing"),
        Column("submitted", "Own annotations", number),
        Column("last_active_at", "Last active", Kind.MOMENT),
    ]


def rows(found: Sequence[Mapping[str, Any]], crowd: Crowd, medians: Mapping[int, float | None]) -> list[dict[str, Any]]:
    """How they judge, with how long they took for it."""
    work = {row["person"]: row for row in crowd.rows}
    shown = []
    for one in found:
        of_work = work.get(one["reviewer"], {})
        given, spent = of_work.get("reviews_given") or 0, of_work.get("review_time")
        limits = (one["agreement_low"], one["agreement_high"])
        shown.append(
            {
                **one,
                "person": one["reviewer"],
                "name": crowd.name(one["reviewer"]),
                "agreement_range": None if None in limits else f"{limits[0] * 100:.0f}–{limits[1] * 100:.0f} %",
                "review_time": spent or None,
                "review_active_time": of_work.get("review_active_time") or None,
                "mean_review_time": spent / given if given and spent else None,
                "median_review_time": medians.get(one["reviewer"]),
                "submitted": of_work.get("submitted", 0),
                "last_active_at": of_work.get("last_active_at"),
            }
        )
    return shown


def total(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What they come to."""
    sums = {name: sum(row.get(name) or 0 for row in found) for name in SUMS}
    accepts = sums["accepted"] / sums["reviews"] if sums["reviews"] else None
    return {"name": f"All {len(found):,}", **sums, "acceptance": accepts}


def pair_columns() -> list[Column]:
    """What is said of every two reviewers who judged the same."""
    return [
        Column("first", "Reviewer"),
        Column("second", "And"),
        Column("reviews", "Judged by both", Kind.NUMBER),
        Column("agreement", kind=Kind.SHARE),
        Column("kappa", "Cohen's kappa", Kind.SCORE, "Agreement beyond chance"),
        Column("leniency", kind=Kind.SCORE, means="How much more often the first accepts than the second"),
    ]


def pair_rows(found: Sequence[Mapping[str, Any]], crowd: Crowd) -> list[dict[str, Any]]:
    """Pairs with names."""
    return [
        {**pair, "pair": f"{pair['one']}-{pair['other']}", "first": crowd.name(pair["one"])}
        | {"second": crowd.name(pair["other"])}
        for pair in found
    ]
