"""Events and answers in plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.labeling import parse_labeling_config
from annolog.domain.task.events import PredictionRecorded, TaskEvent
from annolog.infra.web.telling.answers import Answer, brief_suggestion, read_answer
from annolog.infra.web.telling.differences import (
    Mark,
    against,
    among,
    changes,
    inline,
    reference_of,
    regions_against,
    regions_among,
)
from annolog.infra.web.telling.history import TELLERS, lines, tell
from annolog.infra.web.telling.speaker import Speaker
from annolog.infra.web.telling.summary import summary
from tests.infra.event_log.samples import CORPUS, SAMPLES

OF_TASKS = {name for name, found in EVENT_TYPES.items() if issubclass(found, TaskEvent)}
SPEAKER = Speaker({5: "Ada", 7: "Jo", 8: "Bob", 9: "Rita"})
CONFIG = parse_labeling_config(
    '<View><Text name="text" value="$text"/><Image name="img" value="$img"/>'
    '<Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels>'
    '<RectangleLabels name="box" toName="img"><Label value="Dog"/><Label value="Cat"/></RectangleLabels>'
    '<Choices name="mood" toName="text" choice="multiple"><Choice value="good"/><Choice value="bad"/></Choices>'
    '<Choices name="sure" toName="text" perRegion="true"><Choice value="yes"/><Choice value="no"/></Choices>'
    '<TextArea name="note" toName="text"/><Rating name="stars" toName="text"/>'
    '<Relations><Relation value="knows"/></Relations></View>'
)


def shown(sample: TaskEvent, **more: Any) -> dict[str, Any]:
    """An event as the API shows it."""
    data = sample.model_dump(mode="json", exclude_none=True)
    return {"position": 7, "type": sample.type_name(), "actor": 9, "on_behalf_of": None, "data": data} | more


def samples() -> list[TaskEvent]:
    return [sample for sample in SAMPLES if isinstance(sample, TaskEvent)]


def test_every_event_of_a_task_has_words_of_its_own() -> None:
    assert OF_TASKS - TELLERS.keys() == set()
    assert TELLERS.keys() - OF_TASKS == set()
    assert {sample.type_name() for sample in samples()} == OF_TASKS


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.type_name())
def test_a_whole_event_is_told_without_gaps(sample: TaskEvent) -> None:
    told = tell(shown(sample), SPEAKER)
    words = " ".join([told.sentence, *(part for pair in told.evidence for part in pair)])
    assert told.sentence[0].isupper() or told.sentence[0].isdigit()
    assert told.sentence[-1] in ".”"
    assert "None" not in words.replace("is none", "")
    assert "{" not in words
    assert "?" not in told.sentence.replace("why?", "").replace("why not?", "")


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.type_name())
def test_whatever_is_kept_from_somebody_an_event_can_be_told(sample: TaskEvent) -> None:
    whole = shown(sample)
    for name in [*whole["data"], None]:
        data = {key: value for key, value in whole["data"].items() if name is not None and key != name}
        nested = {key: {} if isinstance(value, Mapping) else value for key, value in whole["data"].items()}
        for some in (data, nested):
            assert tell({**whole, "data": some, "actor": "annotator 1"}, SPEAKER).sentence


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.json")), ids=lambda file: file.stem)
def test_old_shapes_can_be_told(file: Any) -> None:
    type = file.stem.split(".")[0]
    if type in OF_TASKS:
        recorded = json.loads(file.read_text())
        assert tell({"position": 1, "type": type, "actor": 0, "data": recorded.get("data", recorded)}, SPEAKER).sentence


def test_a_reassignment_says_what_it_rests_on() -> None:
    slot = next(sample for sample in samples() if sample.type_name() == "SlotAdded")
    data = shown(slot)["data"]
    data["evidence"] |= {"score": 1 / 3, "policy": "agreement", "posterior": None}
    data["wanted"] = []
    told = tell(shown(slot, data=data), SPEAKER)
    assert told.sentence == (
        "Agreement was 0.33, below 0.75, so one more person was asked: 3 in all (rule agreement v1)."
    )
    assert ("Threshold", "0.75") in told.evidence
    assert ("Annotations compared", "#11 (revision 1), #12 (revision 2)") in told.evidence


def test_an_effect_stands_under_its_cause() -> None:
    def event(position: int, id: str, command: str, cause: str | None = None) -> dict[str, Any]:
        envelope = {"id": id, "command_id": command, "causation_id": cause, "actor": 5, "recorded_at": "2026-11-24"}
        return {"position": position, "type": "TaskRestored", "data": {}, **envelope}

    told = lines(
        [event(10, "a", "x"), event(11, "b", "x"), event(30, "c", "y", "a"), event(31, "d", "z", "gone")], SPEAKER
    )
    assert [(one.cause, one.depth) for one in told] == [(None, 0), (10, 1), (10, 1), (None, 0)]
    assert [one.elsewhere for one in told] == [False, False, False, True]
    assert told[1].together


def span(id: str, start: int, end: int, label: str, text: str = "") -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]} | ({"text": text} if text else {})
    return {"id": id, "from_name": "ner", "to_name": "text", "type": "labels", "value": value}


def box(id: str, x: float, label: str) -> dict[str, Any]:
    value = {"x": x, "y": 20, "width": 30, "height": 8, "rotation": 0, "rectanglelabels": [label]}
    return {"id": id, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}


def said(control: str, type: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "text", "type": type, "value": {type: value}, **more}


def answer(*items: dict[str, Any]) -> Answer:
    return read_answer(CONFIG, items)


def test_an_answer_is_told_by_control_and_region() -> None:
    found = answer(
        span("a", 0, 14, "PER", "Marie Curie"),
        said("sure", "choices", ["yes"], id="a"),
        span("b", 20, 26, "LOC"),
        box("c", 10, "Dog"),
        said("mood", "choices", ["good", "bad"]),
        said("stars", "rating", 4),
        {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["one", "two"]}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["knows"]},
    )
    assert [(one.control, one.words) for one in found.said] == [
        ("mood", "good, bad"),
        ("note", "one / two"),
        ("stars", "4 stars"),
    ]
    assert [one.words for one in found.drawn] == [
        "PER “Marie Curie” at 0–14",
        "LOC at 20–26",
        "Dog at x 10 %, y 20 %, 30 × 8 %",
    ]
    assert found.drawn[0].said[0].words == "yes"
    assert found.relations == ("Marie Curie → LOC (knows)",)
    assert found.brief == "mood: good, bad; note: one / two; stars: 4 stars; 3 regions (Dog, LOC, PER)"


def test_the_order_of_choices_is_no_difference() -> None:
    one, other = (answer(said("mood", "choices", labels)) for labels in (["good", "bad"], ["bad", "good"]))
    assert against(one.said[0], reference_of("Bob", other)).mark is Mark.SAME
    assert among(one.said[0], [other]).words == "the other says the same"
    assert among(one.said[0], [other, answer(), answer()]).words == "1 of 3 others says the same"
    assert among(one.said[0], [answer(), answer()]).words == "nobody else says so"


def test_regions_are_matched_one_to_one_and_a_wrong_label_is_no_missing_region() -> None:
    mine = answer(span("a", 0, 10, "PER"), span("b", 20, 30, "LOC"), box("c", 10, "Dog"))
    theirs = answer(span("x", 0, 10, "PER"), span("y", 20, 30, "PER"), box("z", 25, "Dog"), span("w", 50, 55, "LOC"))
    found, missing = regions_against(mine.drawn, reference_of("Bob", theirs))
    assert found["a"].mark is Mark.SAME
    assert (found["b"].mark, found["b"].words) == (Mark.DIFFERS, "Bob: PER (100 % in common)")
    assert found["c"].mark is Mark.PARTLY
    assert found["c"].words.startswith("33 % in common with Bob")
    assert [one.words for one in missing] == ["LOC at 50–55"]


def test_a_region_that_others_have_is_counted() -> None:
    mine = answer(span("a", 0, 10, "PER"))
    others = [answer(span("x", 0, 9, "PER")), answer(span("y", 0, 10, "LOC")), answer()]
    assert regions_among(mine.drawn, others)["a"].words == "1 of 3 others draws the same"


def test_what_a_revision_changed_is_told() -> None:
    before = answer(span("a", 0, 10, "PER"), said("mood", "choices", ["good"]), box("c", 10, "Dog"))
    after = answer(span("a", 0, 10, "LOC"), said("mood", "choices", ["bad"]), said("stars", "rating", 1))
    assert changes(before, after) == [
        "mood: good became bad",
        "stars: 1 star added",
        "PER at 0–10 became LOC at 0–10",
        "Dog at x 10 %, y 20 %, 30 × 8 % taken out",
    ]
    assert changes(before, before) == []


def test_texts_are_compared_word_by_word() -> None:
    assert inline("a red house", "a blue house") == [
        ("keep", "a "),
        ("del", "red"),
        ("ins", "blue"),
        ("keep", " house"),
    ]


def words(page: dict[str, Any], events: list[dict[str, Any]], why: dict[str, Any] | None = None) -> list[str]:
    speaker = Speaker(SPEAKER.names, "UTC", lambda result: str(result[0]["value"]["choices"][0]))
    return [point.words for point in summary(page, events, why, speaker)]


def given(annotator: Any, label: str, **more: Any) -> dict[str, Any]:
    return {"annotator": annotator, "result": [said("mood", "choices", [label])], "standing": "counted"} | more


def test_in_short_who_was_asked_and_why_and_where_it_stands() -> None:
    evidence = {"score": 0.5, "threshold": 0.75, "policy": "agreement", "policy_version": 1}
    events: list[dict[str, Any]] = [
        {"position": 1, "type": "TaskImported", "data": {"slots": 2}},
        {"position": 5, "type": "SlotAdded", "data": {"evidence": evidence}},
        {"position": 9, "type": "SlotAdded", "data": {"evidence": evidence | {"score": 0.6}}},
        {"position": 12, "type": "TaskExhausted", "data": {"evidence": evidence | {"score": 0.6}, "limit": 2}},
    ]
    page = {"state": "completed", "flag": "exhausted", "overlap": 4}
    page |= {"annotations": [given(5, "good"), given(8, "bad"), given(9, "good"), given(7, "bad", deleted=True)]}
    assert words(page, events) == [
        "3 of 4 people answered, and they disagree: 2 say “good”; 1 says “bad”.",
        (
            "2 were to answer at first; 2 more were asked, because agreement was 0.50 the first time and 0.60 the "
            "last, below 0.75 (rule agreement v1)."
        ),
        "Agreement was 0.60, below 0.75, but the limit of 2 additional people is reached: nobody more is asked.",
    ]


def test_in_short_with_whom_it_is_now_or_why_it_is_stuck() -> None:
    held = {"person": 8, "why": {"lane": "fresh", "policy": "sequential"}, "expires_at": "2026-11-24T12:00:00+00:00"}
    waiting = {"state": "created", "annotations": [], "overlap": 2}
    people = [{"person": 8, "reason": "paused"}, {"person": 5, "reason": "answered"}, {"person": 9, "reason": "paused"}]
    assert words(waiting | {"reservations": [held]}, []) == [
        "It is with Bob now, because it was the next one in the order of import, until 24 Nov 2026, 12:00."
    ]
    assert words(waiting, [], {"people": people}) == [
        "It waits for an answer, and nobody could be given it (1 answered it, 2 paused)."
    ]
    assert words({"annotations": []}, []) == []


def test_in_short_what_review_made_of_it() -> None:
    review = {"verdict": "rejected", "action": "return", "comment": "wrong", "reviewer": 9, "withdrawn": False}
    page = {"annotations": [given("annotator 1", "good", standing="returned", reviews=[review])]}
    assert words(page, [])[-1] == (
        "The answer of annotator 1 was rejected by Rita; it goes back to its author: “wrong”."
    )


@pytest.mark.parametrize("item", [{"value": 3}, {"from_name": "mood", "to_name": "text", "type": ["choices"]}])
def test_a_prediction_that_fits_no_config_is_told_as_that(item: dict[str, Any]) -> None:
    speaker = replace(SPEAKER, suggested=partial(brief_suggestion, CONFIG))
    event = PredictionRecorded(project=1, task=1, prediction=1, model_version="m-1", result=[item])
    assert tell(shown(event), speaker).sentence == "Model m-1 predicted what does not fit the labeling config."
