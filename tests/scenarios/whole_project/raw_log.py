"""What dashboards show, made of the raw log with polars alone: no fold, no read model, no code of the product's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

import polars as pl

from annolog.domain.recorded import Recorded


def frame_of(log: Sequence[Recorded]) -> pl.DataFrame:
    """A row for each event: what its body says, under the body's own names; a comment is that with an id of its own."""
    rows = [
        {
            **{
                name: value
                for name, value in recorded.event.model_dump(mode="json").items()
                if name in KEPT and not (name == "comment" and isinstance(value, str))
            },
            "position": recorded.position,
            "at": recorded.recorded_at,
            "type": recorded.type,
            "label": label_of(recorded),
        }
        for recorded in log
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def label_of(recorded: Recorded) -> str | None:
    """The label of an answer."""
    said = getattr(recorded.event, "result", None)
    return said[0]["value"]["choices"][0] if said else None


JUDGING = ("AnnotationReviewed", "SecondReviewGiven", "ReviewAdjudicated")
WHOLE = (
    *("task", "annotation", "annotator", "reviewer", "adjudicator", "person", "by"),
    *("review", "adjudicates", "first_reviewer", "comment", "parent", "author"),
)
TIMES = ("lead_time", "active_time", "review_time")
KEPT = (*WHOLE, *TIMES, "verdict", "action", "state", "because", "fix_agreement", "agrees")
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(WHOLE, pl.Int64),
    **dict.fromkeys((*TIMES, "fix_agreement"), pl.Float64),
    **dict.fromkeys(("verdict", "action", "state", "because", "type", "label"), pl.String),
    "agrees": pl.Boolean,
    "position": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
}


class RawLog:
    """Tables of one project's events, and the figures they come to."""

    def __init__(self, log: Sequence[Recorded]) -> None:
        self.events = frame_of(log).sort("position")
        self.withdrawn = self.of("ReviewWithdrawn")["review"]

    def of(self, *types: str) -> pl.DataFrame:
        """The events of these types."""
        return self.events.filter(pl.col("type").is_in(types))

    @property
    def reviews(self) -> pl.DataFrame:
        """Reviews that were not taken back."""
        return self.of("AnnotationReviewed").filter(~pl.col("review").is_in(self.withdrawn.implode()))

    @property
    def live(self) -> pl.DataFrame:
        """A row for each annotation that is not deleted: its label now, and the times of all its author's sessions."""
        ends = self.of("AnnotationDeleted", "AnnotationRestored").group_by("annotation").last()
        deleted = ends.filter(pl.col("type") == "AnnotationDeleted")["annotation"]
        texts = self.of("AnnotationSubmitted", "AnnotationRevised").filter(
            ~pl.col("annotation").is_in(deleted.implode())
        )
        own = pl.col("because").fill_null("") != "fixed_in_review"
        return texts.group_by("annotation", maintain_order=True).agg(
            pl.col("task", "annotator").first(),
            pl.col("label").last(),
            lead_time=pl.col("lead_time").filter(own).sum(),
            active_time=pl.col("active_time").filter(own).sum(),
            timed=pl.col("lead_time").filter(own).is_not_null().any(),
        )

    def states(self) -> dict[str, int]:
        """How many tasks are in each state."""
        imported = self.of("TaskImported").select("task", state=pl.lit("created"))
        moved = self.of("TaskStateChanged").select("task", "state")
        latest = pl.concat([imported, moved]).group_by("task", maintain_order=True).last()
        return dict(latest.group_by("state").len().iter_rows())

    def progress(self) -> dict[str, int]:
        """The counts of the project."""
        return {
            "tasks": len(self.of("TaskImported")),
            "annotations": len(self.live),
            "skips": len(self.of("AnnotationSkipped")),
            "reviews": len(self.reviews),
            "reassigned": self.of("SlotAdded")["task"].n_unique(),
        }

    def days(self) -> dict[str, dict[str, float]]:
        """What was done on each UTC day."""
        day = pl.col("at").dt.date().cast(pl.String).alias("day")
        kind = pl.col("type")
        own = kind.is_in(["AnnotationSubmitted", "AnnotationRevised"])
        reviewed, judged = kind == "AnnotationReviewed", kind.is_in(JUDGING)
        found = self.events.group_by(day).agg(
            submitted=(kind == "AnnotationSubmitted").sum(),
            revised=((kind == "AnnotationRevised") & (pl.col("because") != "fixed_in_review")).sum(),
            skipped=(kind == "AnnotationSkipped").sum(),
            tasks_completed=((kind == "TaskStateChanged") & (pl.col("state") == "completed")).sum(),
            accepted=(reviewed & (pl.col("verdict") == "accepted")).sum(),
            fixed=(reviewed & (pl.col("verdict") == "fixed")).sum(),
            rejected=(reviewed & (pl.col("verdict") == "rejected")).sum(),
            lead_time=pl.col("lead_time").filter(own).sum(),
            active_time=pl.col("active_time").filter(own).sum(),
            review_time=pl.col("review_time").filter(judged).sum(),
            review_active_time=pl.col("active_time").filter(judged).sum(),
        )
        rows = {row.pop("day"): row for row in found.iter_rows(named=True)}
        return {day: row for day, row in rows.items() if any(row.values())}

    def performance(self, person: int) -> dict[str, Any]:
        """The figures of one person."""
        mine = pl.col("annotator") == person
        live = self.live.filter(mine)
        verdicts = self.reviews.filter(mine & pl.col("annotation").is_in(live["annotation"].implode()))
        latest = verdicts.group_by("annotation", maintain_order=True).last()["verdict"]
        times = live.filter("timed")["lead_time"]
        worth = (
            pl.when(pl.col("verdict") == "accepted")
            .then(1.0)
            .when(pl.col("verdict") == "fixed")
            .then(pl.col("fix_agreement").fill_null(0.0))
            .otherwise(0.0)
        )
        revised = self.of("AnnotationRevised").filter(mine & (pl.col("because") != "fixed_in_review"))
        judged = self.events.filter(pl.col("type").is_in(JUDGING) & (pl.coalesce("adjudicator", "reviewer") == person))
        good = int(latest.is_in(["accepted", "fixed"]).sum())
        return {
            "submitted": len(live),
            "skipped": len(self.of("AnnotationSkipped").filter(pl.col("person") == person)),
            "revised": len(revised),
            "reviewed": len(latest),
            "accepted": int((latest == "accepted").sum()),
            "fixed": int((latest == "fixed").sum()),
            "rejected": int((latest == "rejected").sum()),
            "acceptance_score": good / len(latest) if len(latest) else None,
            "performance_score": self.reviews.filter(mine).select(worth.mean()).item(),
            "lead_time_total": live["lead_time"].sum(),
            "lead_time_mean": times.mean(),
            "lead_time_median": times.median(),
            "active_time": live["active_time"].sum(),
            "reviews_given": len(self.reviews.filter(pl.col("reviewer") == person)),
            "review_time": judged["review_time"].sum(),
            "review_active_time": judged["active_time"].sum(),
        }

    def reviewer(self, person: int) -> dict[str, Any]:
        """What a reviewer judged first, and again."""
        first = self.reviews.filter((pl.col("reviewer") == person) & pl.col("adjudicates").is_null())["verdict"]
        again = self.of("SecondReviewGiven").filter(~pl.col("review").is_in(self.withdrawn.implode()))
        given, judged = again.filter(pl.col("reviewer") == person), again.filter(pl.col("first_reviewer") == person)
        agreed = int(given["agrees"].sum() + judged["agrees"].sum())
        twice = len(given) + len(judged)
        expected = self._expected_acceptance(person)
        return {
            "reviews": len(first),
            **{verdict: int((first == verdict).sum()) for verdict in ("accepted", "fixed", "rejected")},
            "acceptance": (first == "accepted").mean(),
            "expected_acceptance": expected,
            "leniency": (first == "accepted").mean() - expected,
            "second_reviews": len(given),
            "second_reviewed": len(judged),
            "agreed": agreed,
            "agreement": agreed / twice if twice else None,
        }

    def _expected_acceptance(self, person: int) -> float:
        """The share that everybody accepts of each annotator's work, weighted by how much of it this person judged."""
        first = self.reviews.filter(pl.col("adjudicates").is_null())
        accepted = (pl.col("verdict") == "accepted").mean()
        of_everybody = first.group_by("annotator").agg(share=accepted)
        own = first.filter(pl.col("reviewer") == person)
        expected: float = own.join(of_everybody, on="annotator")["share"].mean()
        return expected

    def accuracy(self, person: int, counted: Collection[int]) -> tuple[int, float] | None:
        """On how many tasks with a ground truth the person answered, and the share of them that are as that says."""
        true = self.of("GroundTruthSet")["annotation"]
        truth = self.live.filter(pl.col("annotation").is_in(true.implode())).select("task", true="label")
        own = self.live.filter((pl.col("annotator") == person) & pl.col("annotation").is_in(list(counted)))
        same = own.join(truth, on="task").select(pl.col("label") == pl.col("true"))["label"]
        return (len(same), float(same.mean())) if len(same) else None  # type: ignore[arg-type]

    def comments(self) -> dict[int, tuple[int, int]]:
        """By task how much was said, and how many threads are not resolved."""
        ends = self.of("CommentResolved", "CommentReopened").group_by("comment").last()
        resolved = ends.filter(pl.col("type") == "CommentResolved")["comment"]
        said = self.of("CommentAdded").with_columns(
            waits=pl.col("parent").is_null() & ~pl.col("comment").is_in(resolved.implode())
        )
        found = said.group_by("task").agg(said=pl.len(), waiting=pl.col("waits").sum())
        return {task: (all_of_them, waiting) for task, all_of_them, waiting in found.iter_rows()}

    def told(self, person: int, *, reviews: bool) -> dict[str, int]:
        """What somebody is told in this project: how their work was rejected, and what is said.

        Here annotators begin threads, each about an answer of their own, of which all who review are told; and whoever
        began a thread is told of what is answered.
        """
        rejected = self.of("AnnotationReviewed").filter(
            (pl.col("annotator") == person) & (pl.col("verdict") == "rejected")
        )
        returned = int((rejected["action"] == "return").sum())
        said = self.of("CommentAdded")
        begun = said.filter(pl.col("parent").is_null())
        own = begun.filter(pl.col("author") == person)["comment"]
        answers = said.filter(pl.col("parent").is_in(own.implode()) & (pl.col("author") != person))
        found = {
            "returned": returned,
            "rejected": len(rejected) - returned,
            "reply": len(answers),
            "comment": len(begun.filter(pl.col("author") != person)) if reviews else 0,
        }
        return {reason: times for reason, times in found.items() if times}

    def net_by_day(self) -> dict[str, dict[str, int]]:
        """By UTC day: by how much the tasks of each state became more."""
        imported = self.of("TaskImported").select("task", "at", state=pl.lit("created"))
        moved = self.of("TaskStateChanged").select("task", "at", "state")
        came = pl.concat([imported, moved]).with_columns(before=pl.col("state").shift(1).over("task"))
        day = pl.col("at").dt.date().cast(pl.String)
        plus = came.select(day=day, state="state", step=1)
        minus = came.filter(pl.col("before").is_not_null()).select(day=day, state="before", step=-1)
        sums = pl.concat([plus, minus]).group_by("day", "state").agg(pl.col("step").sum())
        found: dict[str, dict[str, int]] = {}
        for row in sums.iter_rows(named=True):
            found.setdefault(row["day"], {})[row["state"]] = row["step"]
        return found

    def agreement(self, counted: Collection[int]) -> tuple[int, float, dict[tuple[int, int], tuple[int, float]]]:
        """Tasks with two answers or more, the mean of their pairwise exact matches, and by pair of people the same."""
        tasks: list[float] = []
        pairs: dict[tuple[int, int], list[bool]] = {}
        answers = self.live.filter(pl.col("annotation").is_in(list(counted)))
        for _, rows in answers.group_by("task"):
            said = sorted(rows.select("annotator", "label").iter_rows())
            same = {(one, other): a == b for (one, a), (other, b) in combinations(said, 2)}
            if same:
                tasks.append(sum(same.values()) / len(same))
            for pair, equal in same.items():
                pairs.setdefault(pair, []).append(equal)
        shares = {pair: (len(equal), sum(equal) / len(equal)) for pair, equal in pairs.items()}
        return len(tasks), sum(tasks) / len(tasks), shares
