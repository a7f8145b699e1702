"""Comments and notifications over the wire: what is shown to whom, and what is refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

Api = Any


def talk_in(api: Api) -> tuple[Api, int, list[int], int]:
    """Ann asks about her annotation, Rev answers and mentions Bob, and Bob says something about another task."""
    project, (ann, bob, rev) = api.set_up(2, assignment={"overlap": 2})
    annotation = api.submit(1, ann).json()["annotation"]
    begun = api.done("POST", "/v1/tasks/1/comments", ann, json={"text": "so?", "annotation": annotation})["comment"]
    api.done("POST", "/v1/tasks/1/comments", rev, json={"text": "yes", "parent": begun, "mentions": [bob]})
    api.done("POST", "/v1/tasks/2/comments", bob, json={"text": "odd", "classification": "guideline"})
    api.installation.settle()
    return api, project, [ann, bob, rev], begun


@pytest.fixture
def talk(api: Api) -> tuple[Api, int, list[int], int]:
    return talk_in(api)


@pytest.fixture(scope="module")
def shared_talk(shared_api: Api) -> tuple[Api, int, list[int], int]:
    """For what changes nothing of it."""
    return talk_in(shared_api)


def texts(api: Api, project: int, who: int, **asked: Any) -> list[str]:
    found = api.done("GET", f"/v1/projects/{project}/comments", who, params=asked)["comments"]
    return [comment["text"] for comment in found]


def test_comments_of_a_project_by_what_is_asked_for(talk: tuple[Api, int, list[int], int]) -> None:
    api, project, (ann, bob, rev), begun = talk
    assert texts(api, project, rev) == ["so?", "yes", "odd"]
    assert texts(api, project, rev, task=2) == ["odd"]
    assert texts(api, project, rev, author=rev) == ["yes"]
    assert texts(api, project, rev, mentioned=bob) == ["yes"]
    assert texts(api, project, rev, classification="guideline") == ["odd"]
    assert texts(api, project, rev, resolved="true") == []
    api.done("POST", f"/v1/tasks/1/comments/{begun}/resolve", ann)
    api.installation.settle()
    assert texts(api, project, rev, resolved="true") == ["so?", "yes"]
    assert texts(api, project, rev, resolved="false") == ["odd"]
    first = api.done("GET", f"/v1/projects/{project}/comments", rev, params={"limit": 2})
    assert texts(api, project, rev, after=first["next"]) == ["odd"]


def test_annotators_see_their_own_conversations(talk: tuple[Api, int, list[int], int]) -> None:
    api, project, (ann, bob, _), begun = talk
    assert texts(api, project, ann) == ["so?", "yes"]
    assert texts(api, project, bob) == ["so?", "yes", "odd"]
    for who, count in ((ann, 2), (bob, 2)):
        assert len(api.done("GET", "/v1/tasks/1", who)["comments"]) == count
    assert api.done("GET", "/v1/tasks/2", ann)["comments"] == []
    api.done("PUT", f"/v1/tasks/1/comments/{begun}", ann, json={"text": "so or so?"})
    [edit] = api.done("GET", "/v1/tasks/1", ann)["comments"][0]["edits"]
    assert edit["text"] == "so?"


@pytest.mark.parametrize("asked", [{"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv; charset=utf-8"}}])
def test_the_same_as_csv(shared_talk: tuple[Api, int, list[int], int], asked: dict[str, Any]) -> None:
    api, project, (ann, bob, rev), begun = shared_talk
    found = api.ask("GET", f"/v1/projects/{project}/comments", rev, **asked)
    assert found.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(found.text, newline="")))
    assert [row["text"] for row in rows] == ["so?", "yes", "odd"]
    assert (rows[1]["parent"], rows[1]["mentions"], rows[1]["annotator"]) == (str(begun), str(bob), str(ann))
    own = api.ask("GET", f"/v1/projects/{project}/comments", ann, **asked)
    assert [row["text"] for row in csv.DictReader(io.StringIO(own.text, newline=""))] == ["so?", "yes"]


def test_in_blind_review_nothing_said_names_who_annotates(talk: tuple[Api, int, list[int], int]) -> None:
    api, project, (ann, bob, rev), _ = talk
    blind = {"anonymize_annotations": True}
    api.done("POST", f"/v1/projects/{project}/settings/review", json=blind)
    path = f"/v1/projects/{project}/comments"
    rows = api.done("GET", path, rev)["comments"]
    assert [(row["author"], row["annotator"], row["mentions"]) for row in rows] == [
        (None, None, []),
        (rev, None, []),
        (None, None, []),
    ]
    for asked in ({"author": ann}, {"mentioned": bob}):
        assert api.ask("GET", path, rev, params=asked).status_code == 403
    assert texts(api, project, rev, author=rev) == ["yes"]
    lines = csv.DictReader(io.StringIO(api.ask("GET", path, rev, params={"format": "csv"}).text, newline=""))
    assert [(row["author"], row["annotator"], row["mentions"]) for row in lines] == [
        ("", "", ""),
        (str(rev), "", ""),
        ("", "", ""),
    ]
    told = api.done("GET", "/v1/notifications", rev)["notifications"]
    assert [(row["words"], row["by"]) for row in told] == [("odd", None), ("so?", None)]
    assert texts(api, project, ann, author=ann) == ["so?"]
    assert [row["by"] for row in api.done("GET", "/v1/notifications", bob)["notifications"]] == [rev]


def test_notifications_are_ones_own_and_can_be_read(talk: tuple[Api, int, list[int], int]) -> None:
    api, project, (ann, bob, rev), _ = talk
    found = api.done("GET", "/v1/notifications", rev)
    assert [(row["reason"], row["words"], row["read"]) for row in found["notifications"]] == [
        ("comment", "odd", False),
        ("comment", "so?", False),
    ]
    assert (found["total"], found["unread"], found["read_up_to"]) == (2, 2, 0)
    [row] = api.done("GET", "/v1/notifications", bob)["notifications"]
    assert (row["reason"], row["by"], row["project"], row["task"]) == ("mention", rev, project, 1)
    older = found["notifications"][1]["position"]
    api.done("POST", "/v1/notifications/read", rev, json={"up_to": older})
    left = api.done("GET", "/v1/notifications", rev, params={"unread": True})
    assert [row["words"] for row in left["notifications"]] == ["odd"]
    assert (left["total"], left["unread"]) == (2, 1)
    page = api.done("GET", "/v1/notifications", rev, params={"limit": 1})
    page = api.done("GET", "/v1/notifications", rev, params={"limit": 1, "before": page["next"]})
    assert [(row["words"], row["read"]) for row in page["notifications"]] == [("so?", True)]
    assert api.done("GET", "/v1/notifications", ann)["unread"] == 1


def test_who_returns_work_is_not_named_to_its_author(api: Api) -> None:
    _, (ann, _, rev) = api.set_up(1)
    annotation = api.submit(1, ann).json()["annotation"]
    body = {"verdict": "rejected", "action": "return", "comment": "look again"}
    api.done("POST", f"/v1/tasks/1/annotations/{annotation}/reviews", rev, json=body)
    api.installation.settle()
    [row] = api.done("GET", "/v1/notifications", ann)["notifications"]
    assert (row["reason"], row["words"], row["by"], row["annotation"]) == ("returned", "look again", None, annotation)


def test_who_left_the_project_is_shown_nothing_of_it_any_more(talk: tuple[Api, int, list[int], int]) -> None:
    api, project, (_, bob, _), _ = talk
    api.done("DELETE", f"/v1/projects/{project}/members/{bob}")
    api.installation.settle()
    found = api.done("GET", "/v1/notifications", bob)
    assert (found["notifications"], found["total"], found["unread"]) == ([], 0, 0)
    assert api.ask("GET", f"/v1/projects/{project}/comments", bob).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"text": " "}, 422, "/text"),
        ({"text": "x", "mentions": [99]}, 422, "/mentions/0"),
        ({"text": "x", "classification": "x" * 101}, 422, "/classification"),
        ({"text": "x", "annotation": 1, "draft": True}, 422, "/draft"),
        ({"text": "x", "parent": 1, "annotation": 2}, 422, "/parent"),
        ({"text": "x", "parent": 99}, 404, None),
        ({"text": "x", "annotation": 99}, 404, None),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(
    shared_talk: tuple[Api, int, list[int], int], body: dict[str, Any], status: int, pointer: str | None
) -> None:
    api, _, (ann, _, _), _ = shared_talk
    refused = api.ask("POST", "/v1/tasks/1/comments", ann, json=body)
    assert (refused.status_code, [error["pointer"] for error in refused.json().get("errors", [])]) == (
        status,
        [pointer] if pointer else [],
    )


@pytest.mark.parametrize(
    ("method", "path", "more", "pointer"),
    [
        ("GET", "/v1/notifications", {"params": {"before": 0}}, "query/before"),
        ("POST", "/v1/notifications/read", {"json": {"up_to": -1}}, "/up_to"),
        ("POST", "/v1/notifications/read", {"json": {}}, "/up_to"),
        ("GET", "/v1/projects/1/comments", {"params": {"format": "xls"}}, "query/format"),
        ("GET", "/v1/projects/1/comments", {"params": {"resolved": "perhaps"}}, "query/resolved"),
    ],
)
def test_what_cannot_be_asked_is_named(
    shared_talk: tuple[Api, int, list[int], int], method: str, path: str, more: dict[str, Any], pointer: str
) -> None:
    api, _, (ann, _, _), _ = shared_talk
    refused = api.ask(method, path, ann, **more)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
