"""What is left of a task without the fields that are kept from somebody, and which rules cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import parse_labeling_config
from annolog.domain.project import decisions
from annolog.domain.project import events as happened
from annolog.domain.project.data_fields import MARK, MOST_FIELDS, Concealment, DataFieldSettings, How, TaskFields
from annolog.domain.project.state import Project, fold
from annolog.domain.refusals import InvalidInput

CANARY = "canary"
CONFIG = (
    '<View><Header value="Dear $name"/><Text name="letter" value="$text"/><Text name="note" value="See $memo, $name"/>'
    '<Labels name="who" toName="letter,note"><Label value="Person"/></Labels></View>'
)
SHOWN = {"letter": frozenset({"text"}), "note": frozenset({"memo", "name"})}


def span(to_name: str, text: str = CANARY, kind: str = "labels") -> dict[str, Any]:
    value = {"start": 0, "end": 6, "text": text, "labels": ["Person"]}
    return {"id": "r1", "from_name": "who", "to_name": to_name, "type": kind, "value": value}


def configured(*more: happened.ProjectEvent) -> Project:
    made = happened.ProjectCreated(project=5, title="Letters")
    return fold(Project(5), [made, happened.LabelConfigRevised(project=5, version=1, label_config=CONFIG), *more])


def changed(project: Project, fields: dict[str, Any]) -> Project:
    return fold(project, decisions.change_settings(project, "data_fields", {"fields": fields}))


def test_every_field_that_an_object_shows_is_known_also_inside_longer_text() -> None:
    assert parse_labeling_config(CONFIG).shown == SHOWN


@pytest.mark.parametrize("value", ["", CANARY, CANARY * 1_000, 0, 123_456, None, True, [CANARY], {"deep": {CANARY: 1}}])
def test_a_mark_tells_nothing_of_what_it_stands_for(value: object) -> None:
    kept = Concealment({"iban": How.MASK}).data({"iban": value, "text": "plain"})
    assert kept == {"iban": MARK, "text": "plain"}


def test_what_is_withheld_is_not_even_there() -> None:
    assert Concealment({"iban": How.WITHHOLD}).data({"iban": CANARY, "text": "plain"}) == {"text": "plain"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@given(
    data=st.dictionaries(st.sampled_from("abcdef"), json_values),
    rules=st.dictionaries(st.sampled_from("abcxyz"), st.sampled_from(How)),
)
def test_fields_without_a_rule_are_as_they_were_and_others_are_a_mark_or_gone(
    data: dict[str, Any], rules: dict[str, How]
) -> None:
    kept = Concealment(rules).data(data)
    for name, value in data.items():
        if name not in rules:
            assert kept[name] == value
        else:
            assert kept.get(name) == (MARK if rules[name] is How.MASK else None)
    assert kept.keys() <= data.keys()


def test_regions_go_on_without_the_text_that_they_quote_wherever_they_are() -> None:
    kept = Concealment({"text": How.WITHHOLD}, SHOWN)
    page = {
        "data": {"text": CANARY, "memo": "m"},
        "meta": {"text": CANARY},
        "annotations": [{"result": [span("letter"), span("note", "m")], "revisions": [{"result": [span("letter")]}]}],
        "predictions": [{"result": [span("letter")]}],
    }
    shown = kept.of(page)
    assert CANARY not in json.dumps(shown)
    assert shown["data"] == {"memo": "m"}
    [quoting, other] = shown["annotations"][0]["result"]
    assert quoting["value"] == {"start": 0, "end": 6, "text": MARK, "labels": ["Person"]}
    assert other == span("note", "m")


def test_the_digest_of_data_that_was_replaced_tells_nothing_either() -> None:
    revised = {"task": 1, "data": {"text": CANARY}, "digest": "5a0b"}
    assert Concealment({"text": How.MASK}).of(revised) == {"task": 1, "data": {"text": MARK}, "digest": MARK}


def test_a_region_on_an_object_that_nobody_knows_may_quote_anything() -> None:
    assert Concealment({"text": How.MASK}, SHOWN).quoting([span("gone")])[0]["value"]["text"] == MARK


def test_what_somebody_writes_is_theirs() -> None:
    written = {**span("letter"), "type": "textarea", "value": {"text": ["my words"]}}
    assert Concealment({"text": How.MASK}, SHOWN).quoting([written]) == [written]


def test_an_object_that_showed_a_sensitive_field_once_is_remembered() -> None:
    """What was quoted under the labeling config before is in the log as well."""
    now = CONFIG.replace('value="$text"', 'value="$memo"')
    project = configured(happened.LabelConfigRevised(project=5, version=2, label_config=now))
    project = changed(project, {"text": {"sensitive": True}})
    assert project.fields.without_sensitive().covers("letter")


def test_nothing_sensitive_is_left_for_those_whom_nobody_knows_however_it_is_hidden_from_others() -> None:
    fields = {"iban": {"sensitive": True, "how": "mask"}, "diagnosis": {"hidden_from": ["viewer"]}}
    kept = changed(configured(), fields).fields.without_sensitive()
    assert kept.data({"iban": CANARY, "diagnosis": "flu"}) == {"diagnosis": "flu"}


def test_rules_are_the_same_once_they_were_stored() -> None:
    fields = changed(configured(), {"text": {"sensitive": True}, "é": {"hidden_from": ["viewer"]}}).fields
    assert TaskFields.read(fields.stored()) == fields


@pytest.mark.parametrize("role", ["annotator", "reviewer"])
@pytest.mark.parametrize("name", ["text", "memo", "name"])
def test_who_labels_or_judges_cannot_be_kept_from_what_the_labeling_config_shows(role: str, name: str) -> None:
    with pytest.raises(InvalidInput, match=repr(name)) as refusal:
        changed(configured(), {name: {"hidden_from": ["viewer", role]}})
    assert refusal.value.faults[0].pointer == f"/data_fields/fields/{name}/hidden_from"


def test_a_viewer_can() -> None:
    assert changed(configured(), {"text": {"hidden_from": ["viewer", "manager"]}}).fields.rules.keys() == {"text"}


def test_a_labeling_config_cannot_come_to_show_what_is_hidden_from_who_works_by_it() -> None:
    project = changed(configured(), {"diagnosis": {"hidden_from": ["annotator", "reviewer"]}})
    shows_it = CONFIG.replace('value="$text"', 'value="$diagnosis"')
    with pytest.raises(InvalidInput, match="'diagnosis', which is hidden from annotators and reviewers"):
        decisions.revise_label_config(project, shows_it)
    assert decisions.revise_label_config(changed(project, {}), shows_it)


def test_a_change_holds_both_rules_and_is_undone_like_any_other() -> None:
    project = changed(configured(), {"iban": {"sensitive": True}})
    [event] = decisions.undo_settings(project, "data_fields")
    assert isinstance(event, happened.SettingsChanged)
    assert event.old["fields"]["iban"]["sensitive"]
    assert event.new == {"fields": {}}
    assert fold(project, [event]).fields.rules == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"": {}},
        {"iban": {"hidden_from": ["owner"]}},
        {"iban": {"how": "blur"}},
        {"iban": {"sensitve": True}},
        {f"f{number}": {} for number in range(MOST_FIELDS + 1)},
    ],
)
def test_rules_that_say_nothing_clear_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        changed(configured(), fields)


def test_a_few_hundred_fields_are_taken() -> None:
    fields = {f"f{number}": {} for number in range(MOST_FIELDS)}
    assert len(DataFieldSettings.model_validate({"fields": fields}).fields) == MOST_FIELDS
