"""What of a task somebody gets to see. An annotator sees their own work and nobody else's; a reviewer in a project with
blind review no names of annotators, or no agreement; and nobody the fields that are kept from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annolog.domain.access.data_fields import concealed_from, concealed_of
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import holds, may, sees_verdicts
from annolog.domain.people.state import Person
from annolog.domain.project.data_fields import NOTHING, Concealment
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden
from annolog.domain.task.candidates import Lane
from annolog.domain.task.second_review import hidden_from
from annolog.domain.task.state import Task
from annolog.infra.personal.naming import NAMING_ANNOTATORS, SAYING_WHO
from annolog.projections.board.columns import no_such_column

# Also what only hints at how much others have done: a ground-truth task is done by everybody, and is not to be told.
HIDDEN_FROM_ANNOTATORS = (
    "ground_truth",
    "assignees",
    "reviewers",
    "flag",
    "additional_slots",
    "overlap",
    "state",
    "state_history",
    "version",
    "position",
    "updated_at",
)
# What the policy that asks for answers knows about people; it would tell them apart by what they can.
KNOWING_PEOPLE = frozenset({"candidates"})
TELLING_AGREEMENT = frozenset(
    {"agreement", "dimension_agreement", "evidence", "fix_agreement", "need", "pairs", "flag", "score", "additional"}
    # By which rule a task went to review tells how much people agreed.
    | {"rule", "percent", "quota", "quota_tasks", "quota_sampled"}
)
# By what rows are filtered and ordered tells what they hold as well.
COLUMNS_OF_NAMES = ("annotators", "assignees", "comment_authors", "held_by", "updated_by")
COLUMNS_OF_AGREEMENT = ("agreement", "dimension_agreement", "flag")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person gets to see of others' work in a project, beyond what their role says.

    Without `verdicts` there are tasks of which they see no more than an annotator does: they may be the one who judges
    them a second time.
    """

    person: int
    names: bool = True
    agreement: bool = True
    verdicts: bool = True
    fields: Concealment = NOTHING
    # Columns of the board that it does not have, or that would tell what is in the fields above.
    columns: frozenset[str] = frozenset()

    @property
    def hidden_from(self) -> int | None:
        """Of whom it is to be asked which tasks are hidden; None where nothing is."""
        return None if self.verdicts else self.person

    def sees(self, task: Task) -> bool:
        """Whether the person sees all of a task, and what became of it."""
        return self.verdicts or not hidden_from(task, self.person)

    def must_see(self, task: Task) -> None:
        """Refuse what would tell a verdict before the person has given theirs."""
        if not self.sees(task):
            raise Forbidden("The task is reviewed a second time, by who has not seen what was said of it.")

    def of(self, shown: Any, annotators: Iterable[int]) -> Any:
        """A page, events or rows as this person may see them.

        `annotators` are those of the task, in an order that stays: the first is *annotator 1* wherever the task shows.
        """
        if self.names and self.agreement:
            return shown
        names: dict[int, str] = {}
        if not self.names:
            for id in annotators:
                names.setdefault(id, f"annotator {len(names) + 1}")
            names.pop(self.person, None)
        return self._without(shown, names)

    def _without(self, shown: Any, names: Mapping[int, str]) -> Any:
        if isinstance(shown, Mapping):
            return {
                key: self._named(value, names) if key in NAMING_ANNOTATORS else self._without(value, names)
                for key, value in shown.items()
                if (self.agreement or key not in TELLING_AGREEMENT) and (self.names or key not in KNOWING_PEOPLE)
            }
        return [self._without(item, names) for item in shown] if isinstance(shown, list) else shown

    def _named(self, value: Any, names: Mapping[int, str]) -> Any:
        if isinstance(value, list):
            return [self._named(item, names) for item in value]
        known = int(value) if isinstance(value, str) and value.isdecimal() else value
        return names.get(known, value) if isinstance(known, int) else self._without(value, names)

    def must_allow_columns(self, columns: Iterable[str]) -> None:
        """Refuse a board by columns that tell what is hidden."""
        hidden = (*(() if self.names else COLUMNS_OF_NAMES), *(() if self.agreement else COLUMNS_OF_AGREEMENT))
        for column in columns:
            whole = column.removeprefix("-").removeprefix("filter:").removeprefix("tasks:")
            plain = whole.partition(".")[0]
            if whole in self.columns:
                raise no_such_column(whole, "/filters or /order")
            if plain in hidden:
                raise Forbidden(f"The project does not show {plain} to its reviewers.")

    def must_allow_filters(self, filters: Mapping[str, Any] | None) -> None:
        """The same for a filter, however deep."""
        if filters is not None and not (self.names and self.agreement and not self.columns):
            self.must_allow_columns(_named_in(filters))

    def must_show_names(self) -> None:
        """Refuse what is about people by their names."""
        if not self.names:
            raise Forbidden("The project does not show names to its reviewers.")

    def must_show_agreement(self) -> None:
        """Refuse what is about agreement only."""
        if not self.agreement:
            raise Forbidden("The project does not show agreement to its reviewers.")


def whose_figures(project: Project, person: Person) -> int | None:
    """Whose figures are shown to somebody one by one, None for everybody's: that is for who sees quality and names.
    Others see their own, since times and counts of a person tell which work is theirs.
    """
    everybody = may(Permission.SEE_QUALITY, person, project) and sight_of(project, person).names
    return None if everybody else person.id


def sight_of(project: Project, person: Person) -> Sight:
    """Managers and those above them see everything there is, but for fields that are kept from them as well."""
    review = project.settings.review
    fields = concealed_from(person, project)
    columns = _columns_kept(project, fields)
    if sees_verdicts(person, project):
        return Sight(person.id, fields=fields, columns=columns)
    return Sight(
        person.id,
        names=not review.anonymize_annotations,
        agreement=review.show_agreement,
        verdicts=not holds(Permission.REVIEW, person, project),
        fields=fields,
        columns=columns,
    )


def _columns_kept(project: Project, concealed: Concealment) -> frozenset[str]:
    """A filter or an order tells what it looks at. What is sensitive the board does not have, so nobody is told that it
    finds nothing there.
    """
    if not project.fields.rules:
        return frozenset()
    sensitive = project.fields.sensitive
    on_board = concealed.fields.keys() - sensitive
    kept = {f"data.{name}" for name in (*sensitive, *on_board)}
    if on_board:
        kept |= {"data", "meta"}
    if any(on_board & shown for shown in project.fields.shown.values()):
        kept |= {"results"}
    return frozenset(kept)


def _named_in(filters: Any) -> list[str]:
    found: list[str] = []
    if isinstance(filters, Mapping):
        found += [value for key, value in filters.items() if key in ("filter", "column") and isinstance(value, str)]
        for value in filters.values():
            found += _named_in(value)
    elif isinstance(filters, list):
        for item in filters:
            found += _named_in(item)
    return found


def annotators_of(page: Mapping[str, Any]) -> list[int]:
    """Everybody who annotates a task, or may, by its page: those who answered first, in the order of their answers."""
    answered = [annotation["annotator"] for annotation in page["annotations"]]
    around = [found["person"] for name in ("reservations", "skips") for found in page[name]]
    return [*answered, *around, *page["assignees"]]


def row_for(row: Mapping[str, Any], sight: Sight) -> Any:
    """A row of the board. Its annotators have other numbers than on the page of the task: it lists them by id."""
    row = sight.fields.of(row)
    if sight.names and sight.agreement:
        return row
    everybody: Sequence[int] = [*row.get("annotators", ()), *row.get("assignees", ()), *row.get("held_by", ())]
    return sight.of(row, everybody)


def without(event: dict[str, Any], concealed: Concealment) -> dict[str, Any]:
    """A recorded event without what is kept from somebody. Its envelope holds nothing of a task."""
    return {**event, "data": concealed.of(event["data"])}


def without_names(row: Mapping[str, Any], project: Project) -> dict[str, Any]:
    """A row of something said, for whom names are hidden: nobody who annotates is in it.

    Their numbers on the page of a task are of that task alone.
    """

    def annotates(person: Any) -> bool:
        return person is not None and (person == row.get("annotator") or project.annotates(person))

    shown = {name: None if name in SAYING_WHO and annotates(value) else value for name, value in row.items()}
    return shown | {"mentions": [person for person in row.get("mentions", ()) if not annotates(person)]}


def visible_to(page: dict[str, Any], task: Task, person: Person, project: Project, now: datetime) -> dict[str, Any]:
    """The page as this person may see it: with the right to see quality the whole, else their own part of it.

    `task` is as it is now, also where the page is as it was.
    """
    sight = sight_of(project, person)
    page = concealed_of(task, person, project, now).of(page)
    if may(Permission.SEE_QUALITY, person, project) and sight.sees(task):
        seen: dict[str, Any] = sight.of(page, annotators_of(page))
        return seen
    own = [_own(annotation) for annotation in page["annotations"] if annotation["annotator"] == person.id]
    shown = {name: value for name, value in page.items() if name not in HIDDEN_FROM_ANNOTATORS}
    return shown | {
        "annotations": own,
        "reservations": [_unexplained(held) for held in page["reservations"] if held["person"] == person.id],
        "skips": [skip for skip in page["skips"] if skip["person"] == person.id],
        "comments": _comments(page["comments"], person.id, threads=sight.sees(task)),
    }


def own_part(page: dict[str, Any], task: Task, person: Person, project: Project, now: datetime) -> dict[str, Any]:
    """The page as it is for who works on it, whatever else they may see: their own part and what is said about it."""
    page = concealed_of(task, person, project, now).of(page)
    return page | {
        "annotations": [_own(one) for one in page["annotations"] if one["annotator"] == person.id],
        "comments": _comments(page["comments"], person.id, threads=sight_of(project, person).sees(task)),
    }


def _comments(comments: list[dict[str, Any]], person: int, *, threads: bool) -> list[dict[str, Any]]:
    """What is said about one's own work, and the threads that one wrote or is mentioned in; without `threads` of these
    only what one wrote.
    """
    if not threads:
        return [comment for comment in comments if person in (comment["annotator"], comment["author"])]
    drawn_in = {
        comment["parent"] or comment["id"]
        for comment in comments
        if person == comment["author"] or person in comment["mentions"]
    }
    return [
        comment
        for comment in comments
        if person == comment["annotator"] or (comment["parent"] or comment["id"]) in drawn_in
    ]


def why_to_oneself(found: dict[str, Any]) -> dict[str, Any]:
    """Why somebody is given what, as they may know it themselves: without what tells a test from other work."""
    coming = found["next"]
    return found | {
        "holds": [_unexplained(held) for held in found["holds"]],
        "next": coming and {"task": coming["task"], "lane": Lane(coming["lane"]).shown.value},
    }


def _unexplained(held: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "why"}


def _own(annotation: dict[str, Any]) -> dict[str, Any]:
    reviews = [
        {name: value for name, value in review.items() if name != "reviewer"} for review in annotation["reviews"]
    ]
    shown = {
        name: value for name, value in annotation.items() if name not in ("ground_truth", "surplus", "second_reviews")
    }
    return shown | {"reviews": reviews}
