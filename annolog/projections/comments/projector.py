"""How what is said becomes a row a comment. What was withdrawn is gone here; the log has it."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Table

from annolog.domain.recorded import Recorded
from annolog.domain.task.comment_events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentReopened,
    CommentResolved,
)
from annolog.projections.comments.tables import comment, comment_mention
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The comment, and what it answers."""
    event = recorded.event
    if isinstance(event, CommentAdded):
        if event.parent is not None:
            yield comment, (event.parent,)
    elif isinstance(event, CommentEdited | CommentResolved | CommentReopened | CommentDeleted):
        yield comment, (event.comment,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the comment's row."""
    event = recorded.event
    now = microseconds(recorded.recorded_at)
    match event:
        case CommentAdded():
            _added(rows, event, now)
        case CommentEdited(comment=id, text=text):
            row = rows.change(comment, id)
            if row is not None:
                row |= {"text": text, "edited_at": now}
        case CommentResolved(comment=id):
            row = rows.change(comment, id)
            if row is not None:
                row |= {"resolved": True, "resolved_by": recorded.person, "resolved_at": now}
        case CommentReopened(comment=id):
            row = rows.change(comment, id)
            if row is not None:
                row |= {"resolved": False, "resolved_by": None, "resolved_at": None}
        case CommentDeleted(comment=id):
            rows.drop(comment, id)


def _added(rows: Rows, event: CommentAdded, now: int) -> None:
    # In events of the first shape answers answer answers.
    before = rows.find(comment, event.parent) if event.parent is not None else None
    rows.put(
        comment,
        {
            "comment": event.comment,
            "project": event.project,
            "task": event.task,
            "author": event.author,
            "annotation": event.annotation,
            "annotator": event.annotator,
            "draft": event.draft,
            "region": event.region,
            "root": before["root"] if before else event.parent or event.comment,
            "mentions": orjson.dumps(event.mentions).decode(),
            "classification": event.classification,
            "text": event.text,
            "resolved": False,
            "resolved_by": None,
            "resolved_at": None,
            "created_at": now,
            "edited_at": None,
        },
    )
    for person in event.mentions:
        rows.put(comment_mention, {"person": person, "comment": event.comment, "project": event.project})


comments = Projector(
    name="comments",
    version=1,
    tables=(comment, comment_mention),
    interests=frozenset({CommentAdded, CommentEdited, CommentResolved, CommentReopened, CommentDeleted}),
    touches=touches,
    apply=apply,
)
