"""Row 5: an event that cannot be folded is set aside with its reason, and holds up its own project only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from annolog.domain.recorded import Recorded
from annolog.infra.composition import NOTHING, Installation, Part, scratch_engine
from annolog.infra.event_log import codec
from annolog.infra.http.serve import running_server
from annolog.infra.read_models import PROJECTORS
from annolog.infra.retrying import retry_parked
from annolog.projections.engine.parking import ParkingRules, TooManyParked, WhenParked
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import rebuild
from annolog.projections.engine.retrying import retry
from annolog.projections.engine.rows import Rows
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.progress.projector import progress
from tests.faults.postgresql.ground import parked_in, prove, quiet, set_up, whole_log
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

POISONED, OTHER = 1, 2


@dataclass
class Defect:
    """Progress as code has it that cannot deal with some events."""

    positions: set[int] = field(default_factory=set)

    @property
    def projector(self) -> Projector:
        return replace(progress, apply=self._apply)

    def _apply(self, rows: Rows, recorded: Recorded) -> None:
        progress.apply(rows, recorded)
        if recorded.position in self.positions:
            raise ZeroDivisionError(f"nobody thought of {recorded.type}")


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        set_up(found)
        yield found


def answers(world: World, who: str, count: int = 1) -> list[int]:
    """Work in both projects by turns; the positions of the submissions in the first."""
    before = world.installation.log.head()
    for _ in range(count):
        for world.project in (POISONED, OTHER):
            world.work(who)
    return [
        event.position
        for event in whole_log(world.installation)
        if event.position > before and event.project == POISONED and event.type == "AnnotationSubmitted"
    ]


def catch_up(world: World, projector: Projector, when: WhenParked = WhenParked.WAIT) -> None:
    ProjectionRunner(world.installation.log, world.installation.read_writer, [projector], ParkingRules(when)).catch_up()


def annotations(installation: Installation) -> dict[int, int]:
    """How many the read model has, by project."""
    with installation.read_engine.connect() as connection:
        return dict(connection.execute(text("SELECT project, annotations FROM progress_project")).fetchall())


def position(installation: Installation) -> int:
    with installation.read_engine.connect() as connection:
        return connection.execute(text("SELECT position FROM bookmark WHERE reader = 'progress'")).scalar()


def test_what_follows_in_the_project_waits_and_everything_else_goes_on(world: World) -> None:
    fine, poison, after = answers(world, "ann", 3)
    defect = Defect({poison})
    catch_up(world, defect.projector)
    assert position(world.installation) == world.installation.log.head()
    assert annotations(world.installation) == {POISONED: 1, OTHER: 3}
    [one] = parked_in(world.installation)
    assert (one.reader, one.position, one.place) == ("progress", poison, "project-1")
    assert (one.type, one.stream.startswith("task-")) == ("AnnotationSubmitted", True)
    assert (one.error, one.waits, one.attempts) == ("ZeroDivisionError: nobody thought of AnnotationSubmitted", 1, 1)
    answers(world, "bob", 2)
    catch_up(world, defect.projector)
    assert annotations(world.installation) == {POISONED: 1, OTHER: 5}
    assert len(parked_in(world.installation)) == 1
    assert fine < poison < after


def test_after_the_fix_what_waited_is_folded_in_order(world: World) -> None:
    _, poison, _ = answers(world, "ann", 3)
    defect = Defect({poison})
    catch_up(world, defect.projector)
    answers(world, "bob", 2)
    catch_up(world, defect.projector)
    installation = world.installation
    assert not retry(installation.log, installation.read_writer, defect.projector, poison)
    assert [(one.position, one.attempts) for one in parked_in(installation)] == [(poison, 2)]
    assert annotations(installation) == {POISONED: 1, OTHER: 5}
    defect.positions.clear()
    assert retry(installation.log, installation.read_writer, progress, poison)
    assert parked_in(installation) == []
    assert annotations(installation) == {POISONED: 5, OTHER: 5}
    answers(world, "cyd")
    catch_up(world, progress)
    prove(installation, progress)


def test_what_fails_further_on_is_parked_there_and_the_rest_waits_behind_it(world: World) -> None:
    positions = answers(world, "ann", 4)
    catch_up(world, Defect({positions[0]}).projector)
    installation = world.installation
    assert not retry(installation.log, installation.read_writer, Defect({positions[2]}).projector, positions[0])
    assert [(one.position, one.attempts) for one in parked_in(installation)] == [(positions[2], 1)]
    assert annotations(installation) == {POISONED: 2, OTHER: 4}
    assert retry(installation.log, installation.read_writer, progress, positions[2])
    prove(installation, progress)


def test_an_event_of_a_newer_version_is_parked_until_this_one_knows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the middle of an upgrade: the first process that meets it is an old one."""
    before = answers(world, "ann", 2)
    catch_up(world, progress)
    known = codec.EVENT_TYPES
    monkeypatch.setattr(codec, "EVENT_TYPES", {n: kind for n, kind in known.items() if n != "AnnotationSubmitted"})
    with Installation(world.installation.settings, parts=NOTHING) as old:
        answers(world, "bob", 1)
        old.projections.catch_up()
        found = parked_in(old)
    assert {one.reader for one in found} >= {"progress", "board", "agreement", "performance"}
    assert {one.error.split(":")[0] for one in found} == {"UnreadableEvent"}
    monkeypatch.setattr(codec, "EVENT_TYPES", known)
    assert before
    for one in found:
        assert retry_parked(world.installation, one)
    assert parked_in(world.installation) == []
    assert annotations(world.installation) == {POISONED: 3, OTHER: 3}


def test_where_the_project_is_to_go_on_one_event_is_left_out_until_the_fix(world: World) -> None:
    _, poison, _ = answers(world, "ann", 3)
    defect = Defect({poison})
    catch_up(world, defect.projector, WhenParked.GO_ON)
    answers(world, "bob", 2)
    catch_up(world, defect.projector, WhenParked.GO_ON)
    installation = world.installation
    assert annotations(installation) == {POISONED: 4, OTHER: 5}
    assert [(one.position, one.waits) for one in parked_in(installation)] == [(poison, 0)]
    assert retry(installation.log, installation.read_writer, progress, poison)
    assert parked_in(installation) == []
    prove(installation, progress)


def test_many_poisoned_events_of_one_batch_are_each_found(world: World) -> None:
    positions = answers(world, "ann", 8)
    bad = set(positions[::2])
    catch_up(world, Defect(bad).projector, WhenParked.GO_ON)
    installation = world.installation
    assert {one.position for one in parked_in(installation)} == bad
    assert annotations(installation) == {POISONED: 4, OTHER: 8}
    for one in parked_in(installation):
        assert retry(installation.log, installation.read_writer, progress, one.position)
    prove(installation, progress)


def test_a_rebuild_parks_what_cannot_be_folded_and_forgets_what_can_by_now(world: World) -> None:
    first, second, _ = answers(world, "ann", 3)
    catch_up(world, Defect({first}).projector)
    installation = world.installation
    rebuild(installation.log, installation.read_writer, [Defect({second}).projector])
    assert [(one.position, one.attempts) for one in parked_in(installation)] == [(second, 1)]
    assert annotations(installation) == {POISONED: 1, OTHER: 3}
    rebuild(installation.log, installation.read_writer, [progress])
    assert parked_in(installation) == []
    prove(installation, progress)


def test_a_rebuild_and_a_proof_go_by_the_same_rules_as_whoever_feeds(world: World, tmp_path: Path) -> None:
    """Where the project goes on past what is parked, it also does when its tables are built anew."""
    _, poison, _ = answers(world, "ann", 3)
    defect = Defect({poison}).projector
    settings = world.installation.settings.model_copy(update={"when_parked": WhenParked.GO_ON})
    with Installation(settings, parts=NOTHING) as installation:
        catch_up(world, defect, WhenParked.GO_ON)
        assert annotations(installation) == {POISONED: 2, OTHER: 3}
        scratch = scratch_engine(tmp_path)
        assert installation.verify(defect, scratch) == []
        scratch.dispose()
        installation.renewed([defect])
        assert annotations(installation) == {POISONED: 2, OTHER: 3}
        assert [(one.position, one.waits) for one in parked_in(installation)] == [(poison, 0)]


def test_a_new_version_of_a_read_model_is_built_by_the_same_rules(world: World) -> None:
    _, poison, _ = answers(world, "ann", 3)
    newer = replace(Defect({poison}).projector, version=progress.version + 1)
    catch_up(world, newer, WhenParked.GO_ON)
    assert annotations(world.installation) == {POISONED: 2, OTHER: 3}


def test_at_most_so_many_are_parked_then_the_reader_stands_still_says_why_and_health_is_red(world: World) -> None:
    positions = answers(world, "ann", 4)
    settings = world.installation.settings.model_copy(update={"most_parked": 2, "when_parked": WhenParked.GO_ON})
    installation = Installation(settings, parts={Part.API, Part.PROJECTOR})
    assert isinstance(installation.projections, ProjectionRunner)
    defect = Defect(set(positions[:2]))
    installation.projections.projectors = tuple(
        defect.projector if projector is progress else projector for projector in PROJECTORS
    )
    with installation, running_server(installation) as url:
        installation.wait_for(installation.log.head(), 10)
        assert len(parked_in(installation)) == 2
        assert httpx.get(f"{url}/readyz").status_code == 200
        defect.positions.update(answers(world, "bob", 1))
        installation.projections.ring()
        until(lambda: httpx.get(f"{url}/readyz").status_code == 503)
        trouble = httpx.get(f"{url}/readyz").json()["trouble"]
        assert "progress stands still: 2 of its events are parked" in trouble
        assert "nobody thought of AnnotationSubmitted" in trouble
        assert len(parked_in(installation)) == 2
        assert position(installation) < installation.log.head()
        with pytest.raises(TooManyParked):
            installation.renewed([replace(defect.projector, apply=progress.apply, touches=broken)])
        defect.positions.clear()
        for one in parked_in(installation):
            assert retry_parked(installation, one)
        installation.wait_for(installation.log.head(), 10)
        until(lambda: httpx.get(f"{url}/readyz").json()["status"] == "ok")
    prove(world.installation)


def broken(recorded: Recorded) -> Any:
    raise ZeroDivisionError(f"nobody thought of {recorded.type}")


def until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    begun = monotonic()
    while not done():
        assert monotonic() - begun < seconds
        sleep(0.05)
