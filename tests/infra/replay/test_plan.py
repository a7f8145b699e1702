"""What a data set becomes: a labeling config that holds any label, and keys that any header takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annolog.domain.labeling import parse_labeling_config, validate_result
from annolog.domain.refusals import UnknownLabel
from annolog.infra.replay.dataset import Dataset, RecordedLabel
from annolog.infra.replay.plan import Plan, label_config, result_of, tasks_of

HOSTILE = ["<b>&\"'", "two\nlines", "$price", "[red]x[/]", "ünï😀", " ", "a,b", "]]>"]


def crowd(*labels: str, texts: dict[str, dict[str, str]] | None = None) -> Dataset:
    recorded = [RecordedLabel("t/1?x", f"w {n}", label, None) for n, label in enumerate(labels)]
    return Dataset("crowd", recorded, {}, texts or {}, 0)


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_is_a_choice_just_as_it_was_written(label: str) -> None:
    config = parse_labeling_config(label_config(crowd(label, "other")))
    validate_result(config, result_of(RecordedLabel("t", "w", label, None)))


def test_a_label_that_nobody_gave_is_no_choice() -> None:
    config = parse_labeling_config(label_config(crowd("yes", "no")))
    with pytest.raises(UnknownLabel):
        validate_result(config, result_of(RecordedLabel("t", "w", "maybe", None)))


def test_texts_are_shown_where_there_are_any_and_ids_otherwise() -> None:
    bare, told = crowd("x"), crowd("x", texts={"t/1?x": {"text": "a", "odd one": "b", "$5": "c", "5": "d"}})
    assert parse_labeling_config(label_config(bare)).variables == {"id"}
    assert parse_labeling_config(label_config(told)).variables == {"text", "5"}
    assert tasks_of(told)[0]["data"] == {"id": "t/1?x", "text": "a", "odd one": "b", "$5": "c", "5": "d"}


def test_a_task_without_texts_among_others_with_them_still_fits_the_config() -> None:
    told = crowd("x", texts={"another": {"text": "a"}})
    assert tasks_of(told) == [{"data": {"text": "", "id": "t/1?x"}, "meta": {"task": "t/1?x"}}]


def test_a_title_names_the_run_and_without_one_every_run_is_new() -> None:
    plan, data = Plan(title="once"), crowd("x")
    assert plan.key(data, "t", "w") == Plan(title="once").key(data, "t", "w")
    assert Plan().key(data, "t", "w") != Plan().key(data, "t", "w")
    other = [replace(plan, seed=1).key(data, "t", "w"), plan.key(data, "tw"), plan.key(data, "w", "t"), plan.key(data)]
    assert len({plan.key(data, "t", "w"), *other}) == 5


def test_keys_fit_into_a_header_whatever_the_ids_are() -> None:
    key = Plan(title="ü\n" * 500).key(crowd("x"), "t/1?\n😀" * 100, "w")
    assert key.isascii()
    assert len(key) < 200


def test_all_labels_ask_for_as_many_people_as_any_task_has_and_need_no_rule() -> None:
    settings = Plan(all_labels=True).settings(crowd("a", "b", "c", "d"))
    assert settings["assignment"]["overlap"] == 4
    assert settings["reassignment"]["enabled"] is False
