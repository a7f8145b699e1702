"""Which task comes next for whom. The cost of an answer depends neither on how many tasks there are nor on how many
the person has done: each person's place in each lane is remembered, and what opens up again goes to a lane's end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from heapq import merge

from sqlalchemy import Connection

from annolog.domain.project.effects import TaskGroup
from annolog.domain.project.state import Project
from annolog.domain.task.candidates import Candidate, Lane
from annolog.projections.assignment_queue.orders import ORDERS, SCORED, Order, orders
from annolog.projections.assignment_queue.projector import FRESH, STARTED
from annolog.projections.assignment_queue.standing import Has
from annolog.projections.engine.moments import microseconds, moment
from annolog.projections.engine.statements import Row, execute

# How many tasks are looked at together; most requests take the first.
PAGE = 8
# Behind every place there is.
END = 2**53

UNTOUCHED = (
    "NOT EXISTS (SELECT 1 FROM queue_person p WHERE p.person = ? AND p.task = q.task"
    " AND (p.standing <> 'nothing' OR p.lease IS NOT NULL))"
)


class Frontiers:
    """Up to where, in each lane, a person has touched everything that is open. Losing it costs time, nothing else."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._places: dict[tuple[int, ...], int] = {}

    def get(self, key: tuple[int, ...]) -> int:
        """The rank up to which there is nothing new, -1 if that is not known."""
        return self._places.get(key, -1)

    def put(self, key: tuple[int, ...], rank: int) -> None:
        """Remember a place."""
        if len(self._places) >= self._most:
            self._places.clear()
        self._places[key] = rank


class SqlAssignmentQueue:
    """The queue as of the transaction that the connection is in."""

    def __init__(self, connection: Connection, frontiers: Frontiers) -> None:
        self._connection = connection
        self._frontiers = frontiers

    def _rows(self, sql: str, *parameters: object) -> Sequence[Row]:
        rows: Sequence[Row] = execute(self._connection, sql, parameters).fetchall()
        return rows

    def leased(self, project: int, person: int, now: datetime) -> Sequence[int]:
        """The tasks that the person holds a live lease on, the one that ends first before others."""
        rows = self._rows(
            "SELECT task FROM queue_person"
            " WHERE person = ? AND project = ? AND lease IS NOT NULL AND expires_at > ? ORDER BY expires_at LIMIT 100",
            person,
            project,
            microseconds(now),
        )
        return [row[0] for row in rows]

    def returned(self, project: int, person: int) -> Iterator[Candidate]:
        """Annotations that reviewers sent back to this person, oldest first."""
        return self._waiting(project, person, Has.RETURNED, Lane.RETURNED)

    def skipped(self, project: int, person: int) -> Iterator[Candidate]:
        """Tasks the person skipped and is to see again, oldest skip first."""
        return self._waiting(project, person, Has.SKIPPED, Lane.SKIPPED)

    def _waiting(self, project: int, person: int, standing: Has, lane: Lane) -> Iterator[Candidate]:
        return self._pages(
            lane,
            "SELECT task, rank FROM queue_person"
            f" WHERE person = ? AND project = ? AND standing = '{standing.value}' AND rank > ? ORDER BY rank",
            person,
            project,
        )

    def _pages(self, lane: Lane, sql: str, *parameters: object) -> Iterator[Candidate]:
        """Everything a query finds beyond a rank, some at a time; the rank is its last parameter."""
        place = -1
        while True:
            rows = self._rows(f"{sql} LIMIT {PAGE}", *parameters, place)
            for task, rank in rows:
                yield Candidate(task, lane, rank)
            if len(rows) < PAGE:
                return
            place = rows[-1][1]

    def assigned(self, project: int, person: int) -> Iterator[Candidate]:
        """Tasks manually assigned to the person that they have not touched, oldest assignment first."""
        return self._pages(
            Lane.ASSIGNED,
            "SELECT task, rank FROM queue_person WHERE person = ? AND project = ? AND assigned = 1"
            " AND standing = 'nothing' AND lease IS NULL AND rank > ? ORDER BY rank",
            person,
            project,
        )

    def ground_truth(self, project: int, person: int) -> Iterator[Candidate]:
        """Tasks with a ground truth that the person has not touched."""
        return self._pages(
            Lane.GROUND_TRUTH,
            "SELECT q.task, q.task FROM queue_task q WHERE q.project = ? AND q.ground_truth IS NOT NULL"
            f" AND q.deleted = 0 AND {UNTOUCHED} AND q.task > ? ORDER BY q.task",
            project,
            person,
        )

    def wanted(self, project: int, person: int) -> Iterator[Candidate]:
        """Tasks with a free slot that is kept for this person among others, the one kept longest first."""
        return self._pages(
            Lane.WANTED,
            "SELECT w.task, w.rank FROM queue_wanted w JOIN queue_task q ON q.task = w.task"
            f" WHERE w.person = ? AND w.project = ? AND q.deleted = 0 AND q.taken < q.slots AND {UNTOUCHED}"
            " AND w.rank > ? ORDER BY w.rank",
            person,
            project,
            person,
        )

    def doubted(self, project: int, limit: int) -> list[int]:
        """Tasks that wait for the label budget, those that need an answer most first."""
        rows = self._rows(
            "SELECT task FROM queue_task WHERE project = ? AND need IS NOT NULL AND deleted = 0 AND taken >= slots"
            f" ORDER BY need DESC, task LIMIT {int(limit)}",
            project,
        )
        return [row[0] for row in rows]

    def free(self, project: int, people: int, most: int) -> int:
        """How many tasks have a free slot for anybody, or for certain people for a while; counted up to `most`.

        Those that as many had to do with as there are `people` at work don't count: maybe nobody is left for them.
        """
        free = "SELECT 1 FROM queue_task WHERE project = ? AND"
        kept = "kept = 1 AND kept_until IS NOT NULL AND deleted = 0 AND taken < slots"
        rows = self._rows(
            f"SELECT (SELECT count(*) FROM ({free} open = 1 AND touched < ? LIMIT {int(most)}) o)"
            f" + (SELECT count(*) FROM ({free} {kept} LIMIT {int(most)}) k)",
            project,
            people,
            project,
        )
        return min(most, int(rows[0][0]))

    def kept_until(self, project: int) -> tuple[bool, datetime | None]:
        """Whether any free slot is kept for certain people, and when the first of them is anybody's, if ever."""
        rows = self._rows(
            "SELECT count(*), min(kept_until) FROM queue_task"
            " WHERE project = ? AND kept = 1 AND deleted = 0 AND taken < slots",
            project,
        )
        kept, until = rows[0]
        return bool(kept), None if until is None else moment(int(until))

    def kept(self, project: int, after: int, limit: int) -> list[int]:
        """Tasks whose free slot is kept for certain people for good, by id."""
        rows = self._rows(
            "SELECT task FROM queue_task"
            " WHERE project = ? AND kept = 1 AND kept_until IS NULL AND deleted = 0 AND task > ?"
            f" ORDER BY task LIMIT {int(limit)}",
            project,
            after,
        )
        return [row[0] for row in rows]

    def lapsed_preferences(self, now: datetime, limit: int) -> list[int]:
        """Tasks whose slot was kept for certain people until a time that is over."""
        rows = self._rows(
            "SELECT task FROM queue_task WHERE kept_until IS NOT NULL AND kept_until <= ?"
            f" ORDER BY kept_until LIMIT {int(limit)}",
            microseconds(now),
        )
        return [row[0] for row in rows]

    def open(self, project: Project, person: int, *, tests: bool = True) -> Iterator[Candidate]:
        """Tasks with a free slot that the person has not touched, in the project's order; without `tests` only those
        of which no truth is known.

        Started tasks come before fresh ones; with overlap first, all that need several people before all others.
        A task whose truth was cleared may be found with `tests` alone.
        """
        stages = (STARTED, FRESH)
        if project.settings.assignment.overlap_first and project.settings.assignment.overlap > 1:
            for covered in (1, 0):
                for stage in stages:
                    yield from self._lane(project, person, covered, stage, tests)
            return
        for stage in stages:
            lanes = [self._lane(project, person, covered, stage, tests) for covered in (1, 0)]
            yield from merge(*lanes, key=lambda candidate: candidate.rank)

    def _lane(self, project: Project, person: int, covered: int, stage: int, tests: bool) -> Iterator[Candidate]:
        for order in orders(stage, project.settings.assignment.sampling):
            yield from self._in_order(project, person, covered, order, tests)

    def _in_order(self, project: Project, person: int, covered: int, order: Order, tests: bool) -> Iterator[Candidate]:
        key = (*self._key(project, person, covered, order), int(tests))
        lane = (
            f"FROM queue_task q WHERE q.project = ? AND q.covered = ? AND q.stage = {order.stage} AND q.open = 1"
            f"{order.condition}{'' if tests else ' AND q.ground_truth IS NULL'}"
        )
        place = self._frontiers.get(key)
        first = True
        while True:
            rows = self._rows(
                f"SELECT q.task, q.{order.column}, q.score {lane} AND q.{order.column} > ? AND {UNTOUCHED}"
                f" ORDER BY q.{order.column} LIMIT {PAGE}",
                project.id,
                covered,
                place,
                person,
            )
            if first:
                # Everything open before the first task found is touched; where none is found, everything there is.
                self._frontiers.put(key, rows[0][1] - 1 if rows else self._end(project, covered, order, lane))
                first = False
            for task, found, score in rows:
                yield Candidate(task, order.lane, order.rank(found), score if order is SCORED else None)
            if len(rows) < PAGE:
                return
            place = rows[-1][1]

    def _end(self, project: Project, covered: int, order: Order, lane: str) -> int:
        if order.new_tasks:
            # Whatever comes makes another key.
            return END
        last: int | None = self._rows(f"SELECT max(q.{order.column}) {lane}", project.id, covered)[0][0]
        return -1 if last is None else last

    def _key(self, project: Project, person: int, covered: int, order: Order) -> tuple[int, ...]:
        """What a place is remembered by.

        An import may put fresh tasks anywhere in the seeded order, a prediction its task anywhere in that by scores,
        and a changed coverage may put tasks anywhere in every lane, so places before it do not hold after it.
        """
        tasks = project.tasks if order.new_tasks else -1
        predicted = -1
        if order.new_predictions:
            found = self._rows("SELECT predicted FROM queue_project WHERE project = ?", project.id)
            predicted = found[0][0] if found else 0
        return (project.id, person, covered, ORDERS.index(order), project.coverages, tasks, predicted)

    def by_draw(self, project: int, *, covered: bool, descending: bool, limit: int) -> list[int]:
        """Tasks inside or outside the coverage, in the order of their draw."""
        rows = self._rows(
            "SELECT task FROM queue_task WHERE project = ? AND covered = ? AND deleted = 0"
            f" ORDER BY draw {'DESC' if descending else 'ASC'} LIMIT {int(limit)}",
            project,
            int(covered),
        )
        return [row[0] for row in rows]

    def groups(self, project: int) -> list[TaskGroup]:
        """The project's tasks by what settings ask of them. Looks at every task."""
        return self._groups("SELECT * FROM queue_task WHERE project = ? AND deleted = 0", project)

    def groups_by_draw(self, project: int, *, covered: bool, descending: bool, limit: int) -> list[TaskGroup]:
        """The same of the tasks inside or outside the coverage that come first in the order of their draw."""
        return self._groups(
            "SELECT * FROM queue_task WHERE project = ? AND covered = ? AND deleted = 0"
            f" ORDER BY draw {'DESC' if descending else 'ASC'} LIMIT {int(limit)}",
            project,
            int(covered),
        )

    def _groups(self, tasks: str, *parameters: object) -> list[TaskGroup]:
        columns = "covered, additional, slots, taken"
        rows = self._rows(f"SELECT {columns}, count(*) FROM ({tasks}) t GROUP BY {columns}", *parameters)
        return [TaskGroup(bool(covered), *numbers) for covered, *numbers in rows]

    def submitted(self, project: int, person: int) -> int:
        """How many annotations the person has in the project, deleted ones not counted."""
        rows = self._rows("SELECT submitted FROM queue_work WHERE project = ? AND person = ?", project, person)
        return rows[0][0] if rows else 0

    def at_limit(self, project: int, limit: int) -> Set[int]:
        """Who has that many annotations in the project, or more."""
        rows = self._rows("SELECT person FROM queue_work WHERE project = ? AND submitted >= ?", project, limit)
        return {row[0] for row in rows}

    def evaluated(self, project: int, person: int) -> int:
        """How many tasks with a ground truth the person has answered."""
        rows = self._rows(
            "SELECT count(*) FROM queue_task q WHERE q.project = ? AND q.ground_truth IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM queue_person p WHERE p.person = ? AND p.task = q.task"
            " AND p.standing IN ('answered', 'returned', 'passed'))",
            project,
            person,
        )
        answered: int = rows[0][0]
        return answered

    def overdue(self, project: int, now: datetime) -> Iterator[Candidate]:
        """Tasks of the project with a lease, or a slot kept for others, whose time is over and that was not ended yet.

        The longest overdue come first.
        """
        now_at = microseconds(now)
        rows = self._rows(
            "SELECT task, rank FROM queue_person WHERE expires_at IS NOT NULL AND expires_at <= ? AND project = ?"
            " ORDER BY expires_at LIMIT 50",
            now_at,
            project,
        )
        yield from (Candidate(task, Lane.STARTED, rank) for task, rank in rows)
        kept = self._rows(
            "SELECT task, rank FROM queue_task WHERE kept_until IS NOT NULL AND kept_until <= ? AND project = ?"
            " ORDER BY kept_until LIMIT 50",
            now_at,
            project,
        )
        yield from (Candidate(task, Lane.STARTED, rank) for task, rank in kept)

    def is_open(self, project: int) -> bool:
        """Whether any task has a free slot."""
        sql = "SELECT 1 FROM queue_task WHERE project = ? AND covered = ? AND stage = ? AND open = 1 LIMIT 1"
        lanes = [(covered, stage) for covered in (1, 0) for stage in (STARTED, FRESH)]
        return any(self._rows(sql, project, covered, stage) for covered, stage in lanes)

    def next_expiry(self, project: int, now: datetime) -> datetime | None:
        """When the first of the project's reservations runs out, None where there are none."""
        rows = self._rows(
            "SELECT expires_at FROM queue_person WHERE expires_at IS NOT NULL AND expires_at > ? AND project = ?"
            " ORDER BY expires_at LIMIT 1",
            microseconds(now),
            project,
        )
        return moment(rows[0][0]) if rows else None

    def lapsed_pauses(self, now: datetime, limit: int) -> list[int]:
        """Projects in which the time of somebody's pause is over and the pause was not ended yet."""
        rows = self._rows(
            f'SELECT DISTINCT project FROM queue_pause WHERE "until" <= ? LIMIT {int(limit)}', microseconds(now)
        )
        return [row[0] for row in rows]

    def waiting_for(self, project: int, person: int) -> list[int]:
        """Tasks with something that waits for this person: a reservation, a skip to come back to, what was
        returned to them, an assignment."""
        rows = self._rows(
            "SELECT task FROM queue_person WHERE person = ? AND project = ?"
            " AND (lease IS NOT NULL OR standing IN ('skipped', 'returned') OR assigned = 1) ORDER BY task",
            person,
            project,
        )
        return [row[0] for row in rows]

    def touched(self, project: int, least: int, after: int, limit: int) -> list[int]:
        """Tasks with a free slot that at least so many people have to do with, or had, by id."""
        rows = self._rows(
            "SELECT task FROM queue_task WHERE project = ? AND open = 1 AND touched >= ? AND task > ?"
            f" ORDER BY task LIMIT {int(limit)}",
            project,
            least,
            after,
        )
        return [row[0] for row in rows]

    def lapsed(self, now: datetime, limit: int) -> list[int]:
        """Tasks with a lease that has run out, the longest overdue first."""
        rows = self._rows(
            "SELECT task FROM queue_person WHERE expires_at IS NOT NULL AND expires_at <= ?"
            f" ORDER BY expires_at LIMIT {int(limit)}",
            microseconds(now),
        )
        return list(dict.fromkeys(row[0] for row in rows))

    def tasks(self, project: int, after: int, limit: int) -> list[int]:
        """The project's tasks by id, deleted ones not among them."""
        rows = self._rows(
            "SELECT task FROM queue_task WHERE project = ? AND task > ? AND deleted = 0"
            f" ORDER BY task LIMIT {int(limit)}",
            project,
            after,
        )
        return [row[0] for row in rows]
