"""The same figures worked out another way: tables of raw events in polars, without any of the product's own folding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from annolog.domain.project import events as project_events
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.engine.moments import microseconds

ORDER = ["created", "annotation_in_progress", "needs_review", "review_in_progress", "completed"]


def states(recorded: Iterable[Recorded]) -> pl.DataFrame:
    """A row for each moment at which a task came, went or moved, with how long it then stayed (None: still)."""
    rows = []
    for one in recorded:
        event, at = one.event, microseconds(one.recorded_at)
        match event:
            case happened.TaskImported():
                rows.append((event.task, one.position, at, "created", True))
            case happened.TaskStateChanged():
                rows.append((event.task, one.position, at, event.state.value, None))
            case happened.TaskDeleted() | happened.TaskRestored():
                rows.append((event.task, one.position, at, None, isinstance(event, happened.TaskRestored)))
    schema = {"task": pl.Int64, "position": pl.Int64, "at": pl.Int64, "state": pl.String, "there": pl.Boolean}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .sort("position")
        .with_columns(
            pl.col("state", "there").forward_fill().over("task"),
            since=pl.col("at").cum_max().over("task"),
        )
        .with_columns(until=pl.col("since").shift(-1).over("task"))
    )


def time_in(stays: pl.DataFrame, begins: int, ends: int) -> dict[str, dict[str, int]]:
    """By state: how many stays in the range, of how many tasks, how many of them last, and microseconds in all."""
    found = (
        stays.filter((pl.col("since") < ends) & (pl.col("until").is_null() | (pl.col("until") >= begins)))
        .with_columns(
            open=(pl.col("until").is_null() | (pl.col("until") > ends)),
            first=pl.max_horizontal("since", pl.lit(begins)),
            last=pl.min_horizontal(pl.col("until").fill_null(ends), pl.lit(ends)),
        )
        .with_columns(spent=(pl.col("last") - pl.col("first")).clip(lower_bound=0))
        .group_by("state")
        .agg(
            stays=pl.len(),
            tasks=pl.col("task").n_unique(),
            open=pl.col("open").sum(),
            microseconds=pl.col("spent").sum(),
            longest_microseconds=pl.col("spent").max(),
        )
    )
    return {row.pop("state"): row for row in found.to_dicts()}


def annotations(recorded: Iterable[Recorded]) -> pl.DataFrame:
    """A row for each thing that happened to an annotation."""
    rows = []
    for one in recorded:
        event, at = one.event, microseconds(one.recorded_at)
        standing: str | None = None
        live: bool | None = None
        match event:
            case happened.AnnotationSubmitted():
                standing, live = "counted", True
            case happened.AnnotationRevised():
                standing = None if event.by != event.annotator else "counted"
            case happened.AnnotationDeleted() | happened.AnnotationRestored():
                live = isinstance(event, happened.AnnotationRestored)
            case happened.AnnotationReviewed():
                standing = {"return": "returned", None: "counted"}.get(event.action, "out")
            case happened.ReviewWithdrawn():
                standing = event.standing.value
            case _:
                continue
        rows.append((event.task, event.annotation, event.annotator, one.position, at, standing, live))
    names = ["task", "annotation", "annotator", "position", "at"]
    schema = {**dict.fromkeys(names, pl.Int64), "standing": pl.String, "live": pl.Boolean}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .sort("position")
        .with_columns(
            pl.col("standing", "live").forward_fill().over("annotation"),
            since=pl.col("at").cum_max().over("annotation"),
        )
        .with_columns(waits=pl.col("live") & (pl.col("standing") == "returned"))
    )


def waits(recorded: Sequence[Recorded]) -> pl.DataFrame:
    """A row for each time that an annotation waited for its author. Nothing of a deleted task lasts."""
    gone = states(recorded).group_by("task").last().filter(~pl.col("there")).select("task", gone=pl.col("since"))
    return (
        annotations(recorded)
        .with_columns(run=pl.col("waits").rle_id().over("annotation"))
        .group_by("annotation", "run", maintain_order=True)
        .agg(pl.col("task", "annotator", "since", "waits").first())
        .with_columns(until=pl.col("since").shift(-1).over("annotation"))
        .filter("waits")
        .join(gone, on="task", how="left")
        .with_columns(until=pl.coalesce("until", "gone"), state=pl.lit("waiting_for_author"))
    )


def reviews(recorded: Sequence[Recorded]) -> pl.DataFrame:
    """A row for each live annotation with a verdict that was not taken back."""
    taken_back = {one.event.review for one in recorded if isinstance(one.event, happened.ReviewWithdrawn)}
    given = [
        {
            "annotation": event.annotation,
            "annotator": event.annotator,
            "reviewer": event.reviewer,
            "verdict": event.verdict.value,
            "action": event.action.value if event.action else None,
            "judged": event.revision + (event.verdict.value == "fixed"),
            "at": microseconds(one.recorded_at),
        }
        for one in recorded
        if isinstance(event := one.event, happened.AnnotationReviewed) and event.review not in taken_back
    ]
    if not given:
        return pl.DataFrame()
    revisions = Counter(one.event.annotation for one in recorded if isinstance(one.event, happened.AnnotationRevised))
    live = annotations(recorded).group_by("annotation").last().filter("live")["annotation"]
    by_annotation = (
        pl.DataFrame(given, schema_overrides={"action": pl.String})
        .group_by("annotation")
        .agg(
            pl.col("annotator", "reviewer", "verdict", "at").first(),
            returns=(pl.col("action") == "return").fill_null(value=False).sum(),
            last_action=pl.col("action").last(),
            judged=pl.col("judged").last(),
        )
    )
    return by_annotation.filter(pl.col("annotation").is_in(live.to_list())).with_columns(
        ended=pl.struct("annotation", "judged", "last_action").map_elements(
            lambda row: row["judged"] > revisions[row["annotation"]] and row["last_action"] != "return",
            return_dtype=pl.Boolean,
        )
    )


def project_states(recorded: Iterable[Recorded]) -> list[tuple[int, str]]:
    """Position and state of every change of the project's, counted anew from all tasks after each event."""
    found: list[tuple[int, str]] = []
    tasks: dict[int, str] = {}
    gone: set[int] = set()
    published = configured = False
    for one in recorded:
        match one.event:
            case project_events.ProjectPublished():
                published = True
            case project_events.ProjectUnpublished():
                published = False
            case project_events.LabelConfigRevised(label_config=xml):
                configured = "<Choices" in xml
            case happened.TaskImported(task=task):
                tasks[task] = "created"
            case happened.TaskStateChanged(task=task, state=state):
                tasks[task] = state.value
            case happened.TaskDeleted(task=task):
                gone.add(task)
            case happened.TaskRestored(task=task):
                gone.discard(task)
        there = {ORDER.index(state) for task, state in tasks.items() if task not in gone}
        if not published:
            state_ = ["created", "setup_in_progress", "ready_to_publish"][bool(there) + configured]
        else:
            state_ = "published" if there <= {0} else ORDER[max(min(there), 1)]
        if not found or found[-1][1] != state_:
            found.append((one.position, state_))
    return found
