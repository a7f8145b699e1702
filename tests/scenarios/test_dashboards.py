"""What people did and when, as dashboards tell it: figures that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation, ReviseAnnotation
from annolog.commands.reviewing import WithdrawReview
from tests.world import World, result

HOUR = 3600
ACTIONS = ("submitted", "updated", "fixed_and_accepted", "accepted", "rejected")


def told(found: dict[str, Any], segment: str, measure: str) -> dict[Any, Any]:
    """One measure by one segment."""
    return {row[segment]: row[measure] for row in found["rows"]}


@pytest.mark.conformance("B21")
def test_days_are_the_viewers_and_work_counts_when_it_is_completed(world: World) -> None:
    world.set_up(tasks=2)
    world.clock.forward(6 * HOUR)  # 18:00 UTC: 23:45 in Kathmandu, noon in Chicago
    task = world.next("ann")
    world.clock.forward(HOUR / 2)
    world.submit("ann", task, lead_time=1800.0)
    in_zone = {
        zone: told(world.dashboard("day", "annotations", zone=zone), "day", "annotations")
        for zone in ("UTC", "America/Chicago", "Asia/Kathmandu")
    }
    assert in_zone == {
        "UTC": {"2026-11-24": 1},
        "America/Chicago": {"2026-11-24": 1},
        "Asia/Kathmandu": {"2026-11-25": 1},
    }
    found = world.dashboard("hour", "annotations", zone="Asia/Kathmandu")
    assert told(found, "hour", "annotations") == {"2026-11-25T00:00:00+05:45": 1}


@pytest.mark.conformance("B21")
def test_an_annotation_is_counted_once_by_its_last_action_with_the_time_of_all_sessions(world: World) -> None:
    world.set_up(tasks=1, review={"only_finished": False})
    annotation = world.submit("ann", 1, lead_time=30.0, active_time=20.0)
    for day in ("2026-11-24", "2026-11-25", "2026-11-26"):
        found = world.dashboard("day", *ACTIONS, "annotations", "lead_time", "active_time", "submissions", "revisions")
        [row] = [row for row in found["rows"] if row["annotations"]]
        assert row["day"] == day
        match day:
            case "2026-11-24":
                assert (row["submitted"], row["lead_time"], row["active_time"]) == (1, 30.0, 20.0)
                world.clock.forward(24 * HOUR)
                again = ReviseAnnotation(
                    task=1, annotation=annotation, result=result("B"), lead_time=12.5, active_time=10.0
                )
                world.run(again, "ann")
            case "2026-11-25":
                assert (row["submitted"], row["updated"]) == (0, 1)
                assert (row["lead_time"], row["active_time"]) == (42.5, 30.0)
                world.clock.forward(24 * HOUR)
                world.review("rev", 1, annotation, "accepted", review_time=5.0)
            case _:
                assert (row["updated"], row["accepted"], row["lead_time"]) == (0, 1, 42.5)
    # What happened stays where it happened.
    assert told(found, "day", "submissions") == {"2026-11-24": 1, "2026-11-25": 0, "2026-11-26": 0}
    assert told(found, "day", "revisions") == {"2026-11-24": 0, "2026-11-25": 1, "2026-11-26": 0}
    assert found["total"]["annotations"] == 1
    times = world.dashboard("day", "annotating_time", "review_time")
    assert told(times, "day", "annotating_time") == {"2026-11-24": 30.0, "2026-11-25": 12.5, "2026-11-26": 0.0}
    assert told(times, "day", "review_time") == {"2026-11-24": 0.0, "2026-11-25": 0.0, "2026-11-26": 5.0}


@pytest.mark.conformance("A23")
def test_performance_is_the_mean_over_all_reviews_and_acceptance_goes_by_the_latest(world: World) -> None:
    world.set_up(tasks=1, review={"only_finished": False, "default_reject_action": "return"})
    annotation = world.submit("ann", 1)
    for verdict in ("rejected", "rejected", "accepted"):
        world.clock.forward(4)
        review = world.review("rev", 1, annotation, verdict, review_time=4.0)
        if verdict == "rejected":
            world.revise("ann", 1, annotation, "ABC"[world.clock().second % 3])
    ann = world.dashboard("person", who="ann")["rows"][0]
    assert ann["performance_score"] == pytest.approx(1 / 3)
    assert (ann["reviewed"], ann["acceptance_score"], ann["reviews_rejected"]) == (1, 1.0, 2)
    rev = world.dashboard("person", who="rev")["rows"][0]
    assert (rev["reviews_given"], rev["given_rejected"], rev["given_accepted"]) == (3, 2, 1)
    assert (rev["review_time"], rev["mean_review_time"], rev["annotations"]) == (12.0, 4.0, 0)
    world.run(WithdrawReview(task=1, review=review), "rev")
    ann = world.dashboard("person", who="ann")["rows"][0]
    assert (ann["performance_score"], ann["acceptance_score"], ann["accepted"]) == (0.0, 0.0, 0)
    assert world.dashboard("", "given_accepted", "review_time")["total"] == {"given_accepted": 0, "review_time": 12.0}
    assert ann["updated"] == 1


def test_a_fix_is_worth_what_it_kept(world: World) -> None:
    config = '<View><Text name="text" value="$text"/><Choices name="label" toName="text" choice="multiple">'
    config += "".join(f'<Choice value="{n}"/>' for n in "ABC") + "</Choices></View>"
    metrics = {"metrics": {"label": {"metric": "jaccard"}}}
    world.set_up(tasks=1, config=config, review={"only_finished": False}, agreement=metrics)
    annotation = world.submit("ann", 1, "A")
    fixed = [{**result("A")[0], "value": {"choices": ["A", "B"]}}]
    world.review("rev", 1, annotation, "fixed", result=fixed)
    ann = world.dashboard("person", who="ann")["rows"][0]
    assert (ann["fixed_and_accepted"], ann["updated"], ann["revisions"]) == (1, 0, 0)
    assert (ann["performance_score"], ann["acceptance_score"]) == (0.5, 1.0)
    labels = world.dashboard("label", "labelled")["rows"]
    assert labels == [{"control": "label", "label": label, "labelled": 1} for label in "AB"]


def test_what_is_deleted_counts_for_nothing_until_it_is_restored(world: World) -> None:
    world.set_up(tasks=2)
    first, second = world.submit("ann", 1, "A", lead_time=10.0), world.submit("bob", 2, "B", lead_time=20.0)
    asked = ("annotations", "lead_time", "submissions")
    world.run(DeleteAnnotation(task=1, annotation=first))
    assert world.dashboard("", *asked)["total"] == {"annotations": 1, "lead_time": 20.0, "submissions": 2}
    assert [row["label"] for row in world.dashboard("label")["rows"]] == ["B"]
    world.run(RestoreAnnotation(task=1, annotation=first))
    assert world.dashboard("", *asked)["total"] == {"annotations": 2, "lead_time": 30.0, "submissions": 2}
    world.review("rev", 2, second, "accepted")
    by_label = world.dashboard("label", "labelled", "label_uses", "mean_lead_time", "acceptance_score")["rows"]
    assert by_label == [
        {
            "control": "label",
            "label": label,
            "labelled": 1,
            "label_uses": 1,
            "mean_lead_time": time,
            "acceptance_score": score,
        }
        for label, time, score in (("A", 10.0, None), ("B", 20.0, 1.0))
    ]


def test_throughput_skips_and_medians(world: World) -> None:
    world.set_up(tasks=4, review={"sample_percent": 0})
    for task, seconds in ((1, 1.0), (2, 2.0), (3, 40.0)):
        world.submit("ann", task, lead_time=seconds)
    assert world.next("bob") == 4
    world.skip("bob", 4)
    found = world.dashboard("", "tasks_done", "skips", "median_lead_time", "mean_lead_time", "time_per_task")["total"]
    assert found == {
        "tasks_done": 3,
        "skips": 1,
        "median_lead_time": 2.0,
        "mean_lead_time": pytest.approx(43 / 3),
        "time_per_task": pytest.approx(43 / 3),
    }
    world.clock.forward(24 * HOUR)
    world.submit("bob", 4, lead_time=4.0)
    by_person = world.dashboard("person", "median_lead_time", "skips")
    assert told(by_person, "person", "median_lead_time") == {world.people["ann"]: 2.0, world.people["bob"]: 4.0}
    assert by_person["total"]["median_lead_time"] == 3.0
    by_day = world.dashboard("day", "median_lead_time", "tasks_done")
    assert told(by_day, "day", "median_lead_time") == {"2026-11-24": 2.0, "2026-11-25": 4.0}
    assert told(by_day, "day", "tasks_done") == {"2026-11-24": 3, "2026-11-25": 1}
    some = world.dashboard("", "tasks_done", "median_lead_time", since="2026-11-25", until="2026-11-25")["total"]
    assert some == {"tasks_done": 1, "median_lead_time": 4.0}


def test_a_day_of_answers_that_took_no_time_has_a_median(world: World) -> None:
    world.set_up(tasks=2)
    world.submit("ann", 1, lead_time=0.0)
    world.clock.forward(24 * HOUR)
    world.submit("ann", 2, lead_time=10.0)
    found = world.dashboard("day", "median_lead_time")
    assert told(found, "day", "median_lead_time") == {"2026-11-24": 0.0, "2026-11-25": 10.0}
    assert found["total"]["median_lead_time"] == 5.0
