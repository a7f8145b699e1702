"""A task while a batch of events changes its answers: what it contributed when it was opened, and how it stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from annolog.domain.agreement.share import Votes
from annolog.domain.labeling import LabelingConfig
from annolog.domain.project.state import parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.agreement.answers import change_answers, votes_in, with_measured
from annolog.projections.agreement.scores import Kept, kept_up
from annolog.projections.engine.moments import day_of
from annolog.projections.engine.rows import Values

# After these another metric's word may be about other answers than those that stand, though they read the same.
MEASURED_ANEW = (happened.AgreementMeasured, happened.AnnotationRevised)


@dataclass(slots=True)
class Standing:
    """`began` and `before` are the votes, also by definition, that the sums still hold; `votes` are those of now.

    `compared_anew` says that what is compared has changed meanwhile, `moved` that any vote has: also where it is as it
    was again, since days and positions tell of it.
    """

    row: Values
    answers: dict[str, Any]
    config: LabelingConfig
    definitions: list[Kept]
    day: str
    began: Votes
    before: list[Votes]
    votes: Votes
    compared_anew: bool = False
    moved: bool = False

    @classmethod
    def of(cls, row: Values, project: Values, *, moved: bool) -> Standing:
        """The task as its row has it."""
        answers = orjson.loads(row["answers"])
        definitions = list(kept_up(project, row["task"]))
        votes = votes_in(row, answers)
        return cls(
            row,
            answers,
            parsed_config(project["label_config"]),
            definitions,
            row["day"],
            votes,
            by_definition(votes, row, answers, definitions),
            votes,
            moved=moved,
        )

    def change(self, recorded: Recorded, project: Values) -> bool:
        """Let an event have happened; whether it changed what is compared, or what is true."""
        change_answers(self.row, self.answers, recorded, self.config, (project["definition"], project["proposal"]))
        votes = votes_in(self.row, self.answers)
        changed = votes != self.votes
        if votes.compared != self.votes.compared:
            self.row["day"] = day_of(recorded)
            self.row["compared"] = len(votes.compared)
            self.compared_anew = True
        self.moved = self.moved or changed or isinstance(recorded.event, MEASURED_ANEW)
        self.votes = votes
        return changed


def by_definition(votes: Votes, row: Values, answers: Mapping[str, Any], definitions: Sequence[Kept]) -> list[Votes]:
    """The votes, for each definition with what its own metric said of them, if it has one."""
    return [
        votes if kept.comparison.settings.custom is None else with_measured(votes, row, answers, kept.number)
        for kept in definitions
    ]
