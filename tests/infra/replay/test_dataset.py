"""Folders of recorded work as people really have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from annolog.datasets import names
from annolog.domain.refusals import InvalidInput
from annolog.infra.replay.dataset import RecordedLabel, load


def folder_of(path: Path, **files: str | bytes) -> str:
    for name, text in files.items():
        (path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_byte_order_mark_foreign_line_ends_quotes_and_unicode_are_read_as_they_are_meant(tmp_path: Path) -> None:
    labels = '\ufefftask,worker,label\r\na/b?c,"w, 1","<b> & ""x"""\r\n\r\na/b?c,ünï😀,"two\nlines"\r\n'
    crowd = load(folder_of(tmp_path, labels=labels))
    assert crowd.labels == [
        RecordedLabel("a/b?c", "w, 1", '<b> & "x"', None),
        RecordedLabel("a/b?c", "ünï😀", "two\nlines", None),
    ]


def test_columns_that_are_not_known_are_let_be(tmp_path: Path) -> None:
    crowd = load(folder_of(tmp_path, labels="mood,label,worker,task,mood\nx,1,w,t,y\n"))
    assert crowd.labels == [RecordedLabel("t", "w", "1", None)]


def test_truth_texts_and_durations_need_not_be_there(tmp_path: Path) -> None:
    crowd = load(folder_of(tmp_path, labels="task,worker,label,duration_s\nt,w,1,\nt,v,0,2.5\n"))
    assert (crowd.truth, crowd.texts) == ({}, {})
    assert [label.duration for label in crowd.labels] == [None, 2.5]


def test_a_second_label_of_a_worker_on_a_task_is_left_out_and_counted(tmp_path: Path) -> None:
    crowd = load(folder_of(tmp_path, labels="task,worker,label\nt,w,1\nt,v,1\nt,w,0\n"))
    assert [label.label for label in crowd.labels] == ["1", "1"]
    assert crowd.repeated == 1


def test_a_task_that_is_only_in_the_truth_is_no_task_but_its_answer_is_a_class(tmp_path: Path) -> None:
    crowd = load(folder_of(tmp_path, labels="task,worker,label\nt,w,1\n", truth="task,truth\nnobody,2\n"))
    assert (crowd.tasks, crowd.classes) == (["t"], ["1", "2"])


def test_classes_that_are_numbers_come_in_their_order(tmp_path: Path) -> None:
    rows = "".join(f"t,w{label},{label}\n" for label in ("10", "9", "other", "-1"))
    assert load(folder_of(tmp_path, labels="task,worker,label\n" + rows)).classes == ["-1", "9", "10", "other"]


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("labels", "", "labels.csv: is empty"),
        ("labels", "task,worker,label\n", "labels.csv: holds no label"),
        ("labels", "task,label\nt,1\n", "labels.csv: line 1: has no column 'worker', only task, label"),
        ("labels", "task,task,worker,label\n", "labels.csv: line 1, column task: is there 2 times"),
        ("labels", 'task,worker,label\n"a\nb",w,1\nt,,1\n', "labels.csv: line 4, column worker: is empty"),
        ("labels", "task,worker,label\nt,w\n", "labels.csv: line 2: has 2 fields, line 1 has 3"),
        ("labels", "task,worker,label\nt,w,\x01\n", r"line 2, column label: holds the control character '\x01'"),
        ("labels", "task,worker,label,duration_s\nt,w,1,soon\n", "line 2, column duration_s: 'soon' is no duration"),
        ("labels", "task,worker,label,duration_s\nt,w,1,-1\n", "line 2, column duration_s: '-1' is no duration"),
        ("labels", 'task,worker,label\nt,w,"open\n', "labels.csv: line 2: is not CSV: unexpected end of data"),
        ("labels", b"task,worker,label\nt,w,\xff\n", "labels.csv: is not UTF-8, at line 1 or later"),
        ("truth", "task,label\nt,1\n", "truth.csv: line 1: has no column 'truth'"),
        ("truth", "task,truth\nt,1\nt,0\n", "truth.csv: line 3, column task: 't' is in line 2 already"),
        ("tasks", "id,text\nt,1\n", "tasks.csv: line 1: has no column 'task'"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_file_line_and_column(
    tmp_path: Path, file: str, text: str | bytes, message: str
) -> None:
    folder = folder_of(tmp_path, **{"labels": "task,worker,label\nt,w,1\n", file: text})
    with pytest.raises(InvalidInput) as refused:
        load(folder)
    assert message in refused.value.detail


def test_what_is_no_data_set_is_told_which_ones_ship() -> None:
    with pytest.raises(InvalidInput, match="rte, cf_amt"):
        load("no-such-thing")


@pytest.mark.parametrize("name", names())
def test_what_ships_can_be_read(name: str) -> None:
    assert load(name).repeated == 0
