"""Figures of reviewers from a lived history: as they are counted from the events, and the same in any batches."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from sklearn.metrics import cohen_kappa_score

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.reviewing import WithdrawReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.domain.task.events import AnnotationReviewed, ReviewWithdrawn, Verdict
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven
from annolog.projections.review_queue.projector import review_queue
from annolog.projections.reviewers.projector import reviewers
from annolog.projections.reviewers.queries import pairs_of, reviewers_of
from tests.projections.engine.test_batches import cut, folded
from tests.world import World, result, world_in


def live_with_reviewers(world: World, steps: int, seed: int) -> None:
    """Reviewers judge, judge again, settle and take back, in an order that the seed decides."""
    chance = Random(seed)
    world.set_up(
        tasks=15, annotators="ann bob", reviewers="rev sue tom eve",
        review={"second_review_percent": 80, "adjudication": "on_disagreement", "only_finished": False},
    )  # fmt: skip
    for task in range(1, 16):
        world.submit(chance.choice(["ann", "bob"]), task)
    for _ in range(steps):
        who, id = chance.choice(["rev", "sue", "tom", "eve"]), chance.randint(1, 15)
        task = world.task(id)
        [annotation] = [found.id for found in task.annotations.values()][:1]
        verdict = chance.choice([Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REJECTED, Verdict.FIXED])
        more = {"result": result("B")} if verdict is Verdict.FIXED else {}
        again = next((found.review for found in task.second_reviews.values() if found.stage), 0)
        with suppress(Refused):
            match chance.randint(0, 11):
                case 0 if task.annotations[annotation].reviews:
                    world.run(WithdrawReview(task=id, review=task.annotations[annotation].reviews[-1].id))
                case 1 if chance.random() < 0.2:
                    world.run(DeleteAnnotation(task=id, annotation=annotation))
                case _ if again and task.second_reviews[again].second:
                    world.run(AdjudicateReview(task=id, review=again, verdict=verdict, **more), who)
                case _ if again:
                    world.run(GiveSecondReview(task=id, review=again, verdict=verdict, **more), who)
                case _:
                    world.review(who, id, annotation, verdict, **more)
    world.settle()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Recorded], list[dict], list[dict]]:
    folder: Path = tmp_path_factory.mktemp("lived")
    with world_in(folder / "world") as world:
        live_with_reviewers(world, 400, seed=11)
        events = list(world.installation.log.after(0, 1_000_000))
        with world.installation.read_engine.connect() as connection:
            return events, reviewers_of(connection, 1), pairs_of(connection, 1)


def test_figures_are_what_the_events_say(lived: tuple[list[Recorded], list[dict], list[dict]]) -> None:
    events = [recorded.event for recorded in lived[0]]
    rows = {row["reviewer"]: row for row in lived[1]}
    withdrawn = {event.review for event in events if isinstance(event, ReviewWithdrawn)}
    verdicts, figures = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for event in events:
        match event:
            case AnnotationReviewed() if event.adjudicates is None and event.review not in withdrawn:
                verdicts[event.reviewer, event.verdict.value] += 1
            case SecondReviewGiven() if event.review not in withdrawn:
                figures[event.reviewer, "second_reviews"] += 1
                figures[event.first_reviewer, "second_reviewed"] += 1
                for who in (event.reviewer, event.first_reviewer):
                    figures[who, "agreed"] += event.agrees
            case ReviewAdjudicated() if event.review not in withdrawn:
                figures[event.adjudicator, "adjudications"] += 1
                said = ((event.reviewer, event.first_verdict), (event.second_reviewer, event.second_verdict))
                for who, verdict in said:
                    figures[who, "adjudicated"] += 1
                    figures[who, "overturned"] += verdict is not event.verdict
    assert withdrawn
    assert sum(count for (_, name), count in figures.items() if name == "adjudications") > 5
    for who, row in rows.items():
        for verdict in Verdict:
            assert row[verdict.value] == verdicts[who, verdict.value]
        for name in ("second_reviews", "second_reviewed", "agreed", "adjudicated", "overturned", "adjudications"):
            assert row[name] == figures[who, name], name
    assert sum(row["leniency"] * row["reviews"] for row in rows.values()) == pytest.approx(0, abs=1e-9)


def test_pairs_agree_beyond_chance_as_scikit_learn_says(lived: tuple[list[Recorded], list[dict], list[dict]]) -> None:
    events = [recorded.event for recorded in lived[0]]
    withdrawn = {event.review for event in events if isinstance(event, ReviewWithdrawn)}
    said: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for event in events:
        if isinstance(event, SecondReviewGiven) and event.review not in withdrawn:
            both = sorted([(event.first_reviewer, event.first_verdict), (event.reviewer, event.verdict)])
            said.setdefault((both[0][0], both[1][0]), []).append((both[0][1].value, both[1][1].value))
    assert [(pair["one"], pair["other"]) for pair in lived[2]] == sorted(said)
    for pair in lived[2]:
        one, other = zip(*said[pair["one"], pair["other"]], strict=True)
        assert pair["reviews"] == len(one)
        assert pair["kappa"] == pytest.approx(cohen_kappa_score(one, other))
        accepts = (sum(v == "accepted" for v in one) - sum(v == "accepted" for v in other)) / len(one)
        assert pair["leniency"] == pytest.approx(accepts)


@pytest.mark.parametrize("projector", [reviewers, review_queue], ids=lambda projector: projector.name)
def test_rows_are_the_same_in_any_batches(lived: tuple[list[Recorded], list[dict], list[dict]], projector) -> None:
    events = lived[0]
    one_by_one = folded(projector, [[recorded] for recorded in events])
    assert all(one_by_one[table.name] for table in projector.tables if table.name != "review_assigned")
    assert folded(projector, [events]) == one_by_one
    for seed in range(3):
        assert folded(projector, cut(events, Random(seed))) == one_by_one
