"""What the work on a task comes to, as the columns of its row on the board."""

from __future__ import annotations

from typing import Any

import orjson

from annolog.domain.labeling.values import PATH_SEPARATOR
from annolog.projections.board.work import Work
from annolog.projections.engine.moments import MICROSECONDS
from annolog.projections.engine.rows import Values

# What the types of results end in that give labels, such as choices or rectanglelabels.
LABELLING = ("labels", "choices", "taxonomy")


def answered(work: Work) -> Values:
    """The columns that follow from annotations and what was said of them."""
    live = work.live
    verdicts = [answer["verdict"] for answer in live if answer["verdict"]]
    timed = [answer["lead_time"] for answer in live if answer["lead_time"] is not None]
    return {
        "annotation_count": len(live),
        "annotators": as_json(sorted({answer["annotator"] for answer in live})),
        "annotation_ids": as_json([answer["id"] for answer in live]),
        "results": results_of(work),
        "labels": as_json(_labels(live)),
        "completed_at": max([answer["submitted_at"] for answer in live], default=None),
        "reviewed": int(bool(verdicts)),
        "reviews_accepted": verdicts.count("accepted"),
        "reviews_fixed": verdicts.count("fixed"),
        "reviews_rejected": verdicts.count("rejected"),
        "reviewed_at": work.reviewed_at,
        "ground_truth": work.truth,
        "lead_time": sum(timed) / len(timed) / MICROSECONDS if timed else None,
        "lead_time_total": sum(timed) / MICROSECONDS,
        "active_time_total": sum([answer["active_time"] for answer in live]) / MICROSECONDS,
    }


def results_of(work: Work) -> str:
    """The results of all live annotations, as the board keeps them."""
    return as_json([answer["result"] for answer in work.live])


def around(work: Work) -> Values:
    """The columns that follow from what else there is about the task, and who has to do with it."""
    scores = [score for _, score in work.predictions if score is not None]
    return {
        "review_time_total": work.review_time / MICROSECONDS,
        "review_active_time_total": work.review_active_time / MICROSECONDS,
        "skip_count": len(work.skips),
        "annotator_count": len({*work.assignees, *(answer["annotator"] for answer in work.live)}),
        "assignees": as_json(work.assignees),
        "reviewers": as_json(work.reviewers),
        "reviewer_count": len(work.reviewers),
        "comment_count": len(work.comments),
        "unresolved_comment_count": sum(not resolved for _, resolved in work.comments.values()),
        "comment_authors": as_json(sorted({author for author, _ in work.comments.values()})),
        "last_comment_at": work.commented_at,
        "prediction_count": len(work.predictions),
        "prediction_score": sum(scores) / len(scores) if scores else None,
        "model_versions": as_json(sorted({version for version, _ in work.predictions})),
    }


def as_json(value: object) -> str:
    """A list or an object, as the board keeps it."""
    return orjson.dumps(value).decode()


def _labels(live: list[dict[str, Any]]) -> list[str]:
    """The distinct labels given, those of regions among them; a nested one is its path. Free text is no label."""
    found: set[str] = set()
    for item in (item for answer in live for item in answer["result"]):
        kind, value = item.get("type"), item.get("value")
        if isinstance(kind, str) and kind.endswith(LABELLING) and isinstance(value, dict):
            for part in value.get(kind) or ():
                found.add(part if isinstance(part, str) else PATH_SEPARATOR.join(map(str, part)))
    return sorted(found)
