"""What services look at, kept by the read models and the warm states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from sqlalchemy import Connection, Engine

from annolog.commands.bus import CommandBus
from annolog.domain.consensus.timing import Standing
from annolog.domain.drift.detector import Figure, Measure
from annolog.domain.ids import DIRECTORY_STREAM, project_stream, task_stream
from annolog.domain.people.state import Directory
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.rules.conduct import Conduct
from annolog.domain.skills.skill import Skill, Source
from annolog.domain.task.flags import EXHAUSTED, INFEASIBLE
from annolog.domain.task.state import Task
from annolog.projections.access import queries as access
from annolog.projections.agreement import matrix
from annolog.projections.agreement import queries as agreement
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue
from annolog.projections.board import waiting as board
from annolog.projections.conduct import queries as conduct
from annolog.projections.consensus import answers as consensus_answers
from annolog.projections.drift import queries as drift
from annolog.projections.engine import bookmarks, parking
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.parking import ParkingRules, WhenParked
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.snapshots import in_snapshot
from annolog.projections.progress import queries as progress
from annolog.projections.review_queue.queries import SqlReviewQueue
from annolog.projections.skills import queries as skills
from annolog.services.fitting import DimensionAnswers
from annolog.services.ports import Accuracy, Fired, Measured

# Reactions keep their bookmarks beside those of projectors; their meaning has no version.
REACTION_VERSION = 1
PREFIX = "reaction."
# All there are, in the order in which they run.
REACTIONS = (
    "memberships",
    "provisioning",
    "reassignment",
    "planning",
    "definitions",
    "measuring",
    "review_routing",
    "evaluation",
    "overlap",
    "standing",
    "departures",
    "erasure",
    "experts",
    "feasibility",
    "rules",
    "rule_consequences",
    "drift",
    "drift_consequences",
)


class CommittedStates:
    """The states as the bus has them."""

    def __init__(self, bus: CommandBus) -> None:
        self._bus = bus

    def task(self, id: int) -> Task:
        """One task."""
        found: Task = self._bus.state(task_stream(id)).state
        return found

    def tasks(self, ids: Sequence[int]) -> Mapping[int, Task]:
        """Several tasks, found together."""
        found = self._bus.states([task_stream(id) for id in ids])
        return {id: found[task_stream(id)].state for id in ids}

    def project(self, id: int) -> Project:
        """One project."""
        found: Project = self._bus.state(project_stream(id)).state
        return found

    def directory(self) -> Directory:
        """Everybody there is."""
        found: Directory = self._bus.state(DIRECTORY_STREAM).state
        return found


class MembershipReader:
    """Who is in which project, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def in_workspace(self, workspace: int) -> Sequence[int]:
        """The projects of a workspace, by id."""
        return in_snapshot(self._engine, lambda connection: access.in_workspace(connection, workspace))

    def joined_by(self, person: int) -> Sequence[int]:
        """The projects that somebody is a member of, by id."""
        return in_snapshot(self._engine, lambda connection: access.joined_by(connection, person))


class AgreementReader:
    """The agreement read model, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_tasks(self, tasks: Sequence[int]) -> Mapping[int, Measured]:
        """The agreement of each task that has any answer."""
        rows = in_snapshot(self._engine, lambda connection: list(agreement.measured(connection, tasks)))
        return {
            task: Measured(score, compared, definition, complete)
            for task, score, compared, definition, complete in rows
        }

    def by_dimension(self, task: int) -> Mapping[str, float | None]:
        """The agreement of a task by dimension, None where it is not defined."""
        found = in_snapshot(self._engine, lambda connection: matrix.task_agreement_of(connection, task))
        return found["dimensions"] if found else {}

    def accuracy(self, project: int, people: Sequence[int]) -> Mapping[int, Accuracy]:
        """Each person's agreement with the ground truth of the project, for those who have any."""
        rows = in_snapshot(self._engine, lambda connection: agreement.accuracies(connection, project))
        return {person: Accuracy(score, tasks) for person, score, tasks in rows if person in people}


class SkillReader:
    """The measured skills of people, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, project: int, people: Sequence[int], source: Source, days: int | None) -> Mapping[int, Skill]:
        """Each person's skill over all controls, of all time or of the last so many days, for those who have any."""
        return in_snapshot(self._engine, lambda connection: skills.measured(connection, project, people, source, days))


class ConsensusReader:
    """Answers and models, for the service that fits the models."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standings(self) -> Sequence[Standing]:
        """Where every project stands that has any answers."""
        return in_snapshot(self._engine, consensus_answers.standings)

    def of_project(self, project: int) -> tuple[int, Sequence[DimensionAnswers]]:
        """The position of the log that was looked at, and the answers of each dimension with categories."""

        def look(connection: Connection) -> tuple[int, list[DimensionAnswers]]:
            position, found = consensus_answers.of_project(connection, project)
            return position, [DimensionAnswers(*answers) for answers in found]

        return in_snapshot(self._engine, look)


class ConductReader:
    """People's conduct and the firings of rules, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_people(self, project: int, people: Sequence[int]) -> Mapping[int, Conduct]:
        """What is known of each of these people in a project."""
        return in_snapshot(self._engine, lambda connection: conduct.conduct_of(connection, project, people))

    def firing(self, project: int, number: int) -> Fired | None:
        """A firing of a rule."""
        found = in_snapshot(self._engine, lambda connection: conduct.firing(connection, project, number))
        return None if found is None else Fired(found["action"], found["tasks"], found["annotations"])


class DriftReader:
    """Somebody's work day by day, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begins_a_day(self, project: int, person: int, day: str, position: int) -> bool:
        """Whether the submission at this position of the log is the person's first on this day."""
        return in_snapshot(
            self._engine, lambda connection: drift.begins_a_day(connection, project, person, day, position)
        )

    def figures(self, project: int, person: int, measure: Measure, after: str, before: str) -> Sequence[Figure]:
        """The figure of every day strictly between two on which there is one, oldest first."""
        return in_snapshot(
            self._engine, lambda connection: drift.figures(connection, project, person, measure, after, before)
        )

    def window(
        self, project: int, person: int, since: str, until: str, before: int | None = None
    ) -> Sequence[tuple[int, int]]:
        """Task and annotation of what somebody answered on these days and that was not deleted, oldest first."""
        found = in_snapshot(
            self._engine, lambda connection: drift.window(connection, project, person, since, until, before)
        )
        return [(one.task, one.annotation) for one in found]


class QueueReader:
    """The assignment queue, for services."""

    def __init__(self, log_reader: Engine, read_engine: Engine) -> None:
        self._log_reader = log_reader
        self._read_engine = read_engine

    def tasks(self, project: int, after: int, limit: int) -> Sequence[int]:
        """The project's tasks by id."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).tasks(project, after, limit)

    def by_draw(self, project: int, *, covered: bool, descending: bool, limit: int) -> Sequence[int]:
        """Tasks inside or outside the coverage, in the order of their draw."""
        with self._log_reader.connect() as connection:
            queue = SqlAssignmentQueue(connection, Frontiers())
            return queue.by_draw(project, covered=covered, descending=descending, limit=limit)

    def flagged(self, project: int) -> Sequence[int]:
        """Tasks that nobody was left for when they were judged."""
        return in_snapshot(self._read_engine, lambda connection: progress.flagged(connection, project, INFEASIBLE))

    def full(self, project: int) -> Sequence[int]:
        """Tasks that are not finished though as many people as they have room for have dealt with them."""
        return in_snapshot(self._read_engine, lambda connection: board.full(connection, project))

    def exhausted(self, project: int) -> Sequence[int]:
        """Tasks that stay with the answers they have though they disagree."""
        return in_snapshot(self._read_engine, lambda connection: progress.flagged(connection, project, EXHAUSTED))

    def doubted(self, project: int, limit: int) -> Sequence[int]:
        """Tasks that wait for the label budget, those that need an answer most first."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).doubted(project, limit)

    def free(self, project: int, people: int, most: int) -> int:
        """How many tasks have a free slot, not kept for good, that fewer than `people` have been with; up to `most`."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).free(project, people, most)

    def kept(self, project: int, after: int, limit: int) -> Sequence[int]:
        """Tasks whose free slot is kept for certain people for good, by id."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).kept(project, after, limit)

    def waiting_for(self, project: int, person: int) -> Sequence[int]:
        """Tasks with something that waits for this person: a reservation, a skip to come back to, an assignment."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).waiting_for(project, person)

    def projects(self) -> Sequence[int]:
        """Every project, by id."""
        return in_snapshot(self._read_engine, progress.project_ids)

    def reviewed_by(self, project: int, person: int) -> Sequence[int]:
        """Tasks that this person is to review."""
        return in_snapshot(self._read_engine, lambda connection: board.reviewed_by(connection, project, person))

    def touched(self, project: int, least: int, after: int, limit: int) -> Sequence[int]:
        """Tasks with a free slot that at least so many people have to do with, or had, by id."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).touched(project, least, after, limit)

    def awaited(self, project: int, after: int, limit: int) -> Sequence[int]:
        """Tasks whose agreement has yet to say whether they are reviewed, by id."""
        with self._log_reader.connect() as connection:
            return SqlReviewQueue(connection).awaited(project, after, limit)

    def at_limit(self, project: int, limit: int) -> Set[int]:
        """Who has that many annotations in the project, or more."""
        with self._log_reader.connect() as connection:
            return SqlAssignmentQueue(connection, Frontiers()).at_limit(project, limit)


def fed_in_partitions(engine: Engine) -> bool:
    """Whether the read models were fed by Kafka so far."""
    with engine.connect() as connection:
        return any(set(marks) != {WHOLE} for marks in bookmarks.read(connection).values())


class ReactionBookmarks:
    """Where reactions stand, in the read models' database: losing it costs a replay that changes nothing."""

    def __init__(self, engine: Engine, names: Sequence[str], partitions: Sequence[int] = (WHOLE,)) -> None:
        self._engine = engine
        self._names = [PREFIX + name for name in names]
        with engine.begin() as connection:
            known = [marks for name, marks in bookmarks.read(connection).items() if name.startswith(PREFIX)]
            # A reaction that is new to an installation goes live with the others; the past is not its business.
            start = min((bookmarks.least(marks) for marks in known), default=0)
            bookmarks.begin(connection, dict.fromkeys(self._names, REACTION_VERSION), partitions, start)
        self._known = self.read()

    def read(self) -> dict[str, dict[int, Bookmark]]:
        """By reaction and partition, as they are stored."""
        with self._engine.connect() as connection:
            found = bookmarks.read(connection, self._names)
        return {name.removeprefix(PREFIX): marks for name, marks in found.items()}

    def get(self, name: str) -> int:
        """The position of the log that a reaction has dealt with."""
        return bookmarks.least(self._known[name])

    def put(self, names: Sequence[str], position: int) -> None:
        """Note that these reactions have dealt with everything up to a position of the log."""
        self.move({(name, WHOLE): Bookmark(REACTION_VERSION, position) for name in names})

    def move(self, moved: Mapping[tuple[str, int], Bookmark]) -> None:
        """Note where reactions stand in partitions."""
        with self._engine.begin() as connection:
            bookmarks.move(connection, {(PREFIX + name, partition): mark for (name, partition), mark in moved.items()})
        for (name, partition), mark in moved.items():
            self._known[name][partition] = mark


class ParkedReactions:
    """Where events are noted that a reaction could not deal with. Those after it do not wait."""

    def __init__(self, engine: Engine, most: int | None = None) -> None:
        self._engine = engine
        self._rules = ParkingRules(WhenParked.GO_ON, most)

    def park(self, reaction: str, recorded: Recorded, trouble: Exception) -> None:
        """Set an event aside for a reaction, with the reason. Raises `TooManyParked` where that is one too many."""
        with self._engine.begin() as connection:
            parking.park(connection, PREFIX + reaction, recorded, trouble, self._rules)
