"""What of tasks the board does not have: sensitive fields, and what regions quote from them.

What is kept out does not come back when a field is sensitive no longer: the row has forgotten it, and so has one that
is built anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from annolog.domain.event import Event
from annolog.domain.project.data_fields import NOTHING, Concealment, DataFieldSettings, TaskFields
from annolog.domain.project.state import parsed_config
from annolog.domain.task.events import AnnotationRevised, AnnotationSubmitted
from annolog.projections.board.presenting import as_json, results_of
from annolog.projections.board.tables import board_project
from annolog.projections.board.work import Work
from annolog.projections.engine.rows import Rows, Values

NO_FIELDS = TaskFields().stored()


def after_config(fields: str, label_config: str) -> str:
    """What is known of a project's fields once its labeling config is this."""
    return TaskFields.read(fields).with_objects(parsed_config(label_config).shown).stored()


def after_rules(fields: str, settings: Mapping[str, Any]) -> str:
    """The same once the rules are these."""
    return TaskFields.read(fields).with_rules(DataFieldSettings.model_validate(settings)).stored()


@lru_cache(maxsize=256)
def _sensitive(fields: str) -> Concealment:
    return TaskFields.read(fields).without_sensitive()


def kept_out(rows: Rows, project: int) -> Concealment:
    """What a project's rows do not have now."""
    row = rows.find(board_project, project)
    return NOTHING if row is None else _sensitive(row["fields"])


def without_quotes(event: Event, kept: Concealment) -> Event:
    """What was answered, without what it quotes from what is kept out."""
    if kept.fields and isinstance(event, AnnotationSubmitted | AnnotationRevised):
        return event.model_copy(update={"result": kept.quoting(event.result)})
    return event


def keep_out(row: Values, kept: Concealment) -> None:
    """Bring a row that is there in line with the rules."""
    if not kept.fields:
        return
    for name in ("data", "meta"):
        row[name] = as_json(kept.data(orjson.loads(row[name])))
    work = Work.read(row["work"])
    for answer in work.answers.values():
        answer["result"] = kept.quoting(answer["result"])
    row["work"], row["results"] = work.as_text(), results_of(work)
