"""What is said about a task, on its page."""

from __future__ import annotations

from annolog.domain.recorded import Recorded
from annolog.domain.task import comment_events as saying
from annolog.projections.task_page.step import Page, Steps


def _commented(page: Page, recorded: Recorded, event: saying.CommentAdded) -> None:
    page["comments"][event.comment] = {
        "id": event.comment,
        "author": event.author,
        "text": event.text,
        "annotation": event.annotation,
        "region": event.region,
        "parent": event.parent,
        "mentions": event.mentions,
        "classification": event.classification,
        "draft": event.draft,
        "annotator": event.annotator or page["annotations"].get(event.annotation, {}).get("annotator"),
        "resolved": False,
        "created_at": recorded.recorded_at.isoformat(),
        "edited": False,
        "edits": [],
    }


def _edited(page: Page, recorded: Recorded, event: saying.CommentEdited) -> None:
    comment = page["comments"][event.comment]
    comment["edits"].append({"text": comment["text"], "replaced_at": recorded.recorded_at.isoformat()})
    comment |= {"text": event.text, "edited": True}


def _resolved(page: Page, recorded: Recorded, event: saying.CommentResolved | saying.CommentReopened) -> None:
    page["comments"][event.comment]["resolved"] = isinstance(event, saying.CommentResolved)


def _uncommented(page: Page, recorded: Recorded, event: saying.CommentDeleted) -> None:
    page["comments"].pop(event.comment, None)


STEPS: Steps = {
    saying.CommentAdded: _commented,
    saying.CommentEdited: _edited,
    saying.CommentResolved: _resolved,
    saying.CommentReopened: _resolved,
    saying.CommentDeleted: _uncommented,
}
