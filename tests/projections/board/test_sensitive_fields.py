"""The board never has what is sensitive, whenever that was said, and however the log is cut into batches."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annolog.domain.event import Event
from annolog.domain.project.data_fields import MARK, DataFieldSettings
from annolog.domain.project.events import LabelConfigRevised, SettingsChanged
from annolog.domain.project.settings import plain
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause
from tests.projections.board.histories import PROJECT, board_in, imported, project_made, submitted

SECRET = "the-canary"
CONFIG = (
    '<View><Text name="text" value="$text"/><Text name="note" value="$note"/>'
    '<Labels name="who" toName="text,note"><Label value="Person"/></Labels></View>'
)


def says(fields: dict[str, Any]) -> SettingsChanged:
    new = plain(DataFieldSettings.model_validate({"fields": fields}))
    return SettingsChanged(project=PROJECT, group="data_fields", version=1, old={}, new=new)


def quoting(text: str, to_name: str = "text") -> list[dict[str, Any]]:
    value = {"start": 0, "end": len(text), "text": text, "labels": ["Person"]}
    return [{"id": "r", "from_name": "who", "to_name": to_name, "type": "labels", "value": value}]


def revised(task: int, text: str) -> happened.AnnotationRevised:
    return happened.AnnotationRevised(
        project=PROJECT,
        task=task,
        annotation=task,
        annotator=1,
        revision=2,
        result=quoting(text),
        by=1,
        because=RevisionCause.OWN_UPDATE,
        config_version=1,
    )


def with_meta(task: int) -> happened.TaskImported:
    plain_one = imported(task, text=f"{SECRET} wrote", note="n", iban=SECRET, plain="open")
    return plain_one.model_copy(update={"meta": {"iban": SECRET, "source": "x"}})


SENSITIVE = says({"text": {"sensitive": True}, "iban": {"sensitive": True, "how": "mask"}})
WORK: list[Event] = [
    with_meta(1),
    submitted(1, 1, 1, quoting(SECRET)),
    revised(1, SECRET),
    submitted(1, 9, 2, quoting(SECRET)),
    happened.TaskDataRevised(project=PROJECT, task=1, digest="x", data={"text": SECRET, "iban": SECRET, "note": "m"}),
    happened.AnnotationDeleted(project=PROJECT, task=1, annotation=9, annotator=2),
]


@pytest.mark.parametrize("place", range(len(WORK) + 1))
@pytest.mark.parametrize("size", [1, 2, 2_000])
def test_nothing_sensitive_is_in_any_table_wherever_in_the_work_the_rule_comes(
    tmp_path: Path, place: int, size: int
) -> None:
    with board_in(tmp_path) as board:
        board.fold([*project_made(CONFIG), *WORK[:place], SENSITIVE, *WORK[place:]], size)
        assert SECRET not in repr(board.stored())
        [row] = board.page().rows
        assert (row["data"], row["meta"]) == ({"note": "m"}, {"source": "x"})
        assert row["results"] == [[{**quoting(SECRET)[0], "value": {**quoting(SECRET)[0]["value"], "text": MARK}}]]
        assert row["annotation_count"] == 1


def test_without_a_rule_it_is_all_there(tmp_path: Path) -> None:
    """So that the test above can fail."""
    with board_in(tmp_path) as board:
        board.fold([*project_made(CONFIG), *WORK, says({"text": {"hidden_from": ["viewer"]}})])
        [row] = board.page().rows
        assert row["data"] == {"text": SECRET, "iban": SECRET, "note": "m"}
        assert row["results"] == [quoting(SECRET)]


def test_a_labeling_config_that_comes_to_show_a_sensitive_field_takes_quotes_with_it(tmp_path: Path) -> None:
    other = CONFIG.replace('value="$note"', 'value="$iban"')
    with board_in(tmp_path) as board:
        board.fold([*project_made(CONFIG), says({"iban": {"sensitive": True}}), imported(1, text="t", note="n")])
        board.fold([submitted(1, 1, 1, quoting("n", "note"))])
        assert board.page().rows[0]["results"] == [quoting("n", "note")]
        board.fold([LabelConfigRevised(project=PROJECT, version=2, label_config=other)])
        board.fold([imported(2, text="t", iban=SECRET), submitted(2, 2, 1, quoting(SECRET, "note"))])
        assert SECRET not in repr(board.stored())


def test_a_field_that_is_sensitive_no_longer_comes_with_what_comes_in_from_then_on(tmp_path: Path) -> None:
    with board_in(tmp_path) as board:
        board.fold([*project_made(CONFIG), with_meta(1), SENSITIVE, says({}), with_meta(2)])
        first, second = board.page(order=["task"]).rows
        assert (first["data"], second["data"]["iban"]) == ({"note": "n", "plain": "open"}, SECRET)


RULES = st.sampled_from(
    [SENSITIVE, says({}), says({"note": {"sensitive": True}}), says({"iban": {"hidden_from": ["viewer"]}})]
)
CONFIGS = st.sampled_from([CONFIG, CONFIG.replace('value="$note"', 'value="$iban"')]).map(
    lambda xml: LabelConfigRevised(project=PROJECT, version=2, label_config=xml)
)
ANY = st.one_of(
    RULES,
    CONFIGS,
    st.builds(with_meta, st.integers(1, 3)),
    st.builds(submitted, st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.just(quoting(SECRET, "note"))),
    st.builds(revised, st.integers(1, 3), st.just(SECRET)),
)


@given(history=st.lists(ANY, max_size=25), size=st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_rules_come_and_go_and_batches_do_not_show(history: list[Event], size: int) -> None:
    """What is built anew is what was there, also where rules changed with tasks there."""
    stored = []
    for together in (size, 2_000):
        with TemporaryDirectory() as folder, board_in(Path(folder)) as board:
            board.fold([*project_made(CONFIG), *history], together)
            stored.append(board.stored())
    assert stored[0] == stored[1]
