"""Second reviews over the wire: what who judges again gets to see, and the figures of reviewers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.http.conftest import Api
from tests.world import result

EVERY = {"review": {"second_review_percent": 100, "adjudication": "on_disagreement"}}


def more_people(api: Api, project: int, **roles: str) -> list[int]:
    people = api.done("POST", "/v1/people", json={"people": [{"handle": handle} for handle in roles]})["people"]
    ids = [person["person"] for person in people]
    members = [{"person": id, "role": role} for id, role in zip(ids, roles.values(), strict=True)]
    api.done("POST", f"/v1/projects/{project}/members", json={"members": members})
    return ids


def judge(api: Api, task: int, who: int, verdict: str, **more: Any) -> int:
    [annotation] = list(api.installation.states.task(task).annotations)
    path = f"/v1/tasks/{task}/annotations/{annotation}/reviews"
    review: int = api.done("POST", path, who, json={"verdict": verdict, **more})["review"]
    return review


def next_of(api: Api, project: int, who: int) -> dict[str, Any]:
    return api.done("POST", f"/v1/projects/{project}/review/next", who)


def everything(api: Api, project: int, task: int, who: int, other: int) -> dict[str, str]:
    """Whatever somebody can read that might tell of the task, by path: the text, or nothing where it is refused."""
    here = {"min_position": api.installation.bus.head}
    begun = api.installation.states.task(task)
    [annotation] = list(begun.annotations)
    paths = [
        f"/v1/tasks/{task}", f"/v1/tasks/{task}/history", f"/v1/tasks/{task}/agreement", f"/v1/tasks/{task}/consensus",
        f"/v1/tasks/{task}/why", f"/v1/projects/{project}/tasks", f"/v1/projects/{project}/comments",
        f"/v1/projects/{project}/consensus", f"/v1/projects/{project}/events", f"/v1/projects/{project}/export",
        f"/v1/projects/{project}/annotators/{other}/why", "/v1/notifications", f"/v1/projects/{project}/reviewers",
        f"/v1/tasks/{task}/annotations/{annotation}/against-truth",
        f"/v1/projects/{project}/people/{other}/against-truth", f"/v1/tasks/{task}/states",
        f"/v1/projects/{project}/returned", f"/v1/projects/{project}/returned?format=csv",
        f"/v1/projects/{project}/stages?annotator={other}",
    ]  # fmt: skip
    found = {}
    for path in paths:
        response = api.ask("GET", path, who, params=None if "?" in path else here)
        # That a list is called so tells nothing.
        found[path] = response.text.removeprefix('{"returned":') if response.status_code == 200 else ""
    as_of = api.ask("GET", f"/v1/tasks/{task}", who, params={"as_of": api.installation.bus.head})
    found["as of"] = as_of.text
    sent_back = {"conjunction": "and", "items": [{"filter": "reviews_rejected", "operator": "greater", "value": 0}]}
    asked = api.ask("POST", f"/v1/projects/{project}/tasks/query", who, params=here, json={"filters": sent_back})
    found["filtered"] = asked.text
    bulk = {"filters": sent_back, "verdict": "accepted", "preview": True}
    found["preview"] = api.ask("POST", f"/v1/projects/{project}/review/bulk", who, params=here, json=bulk).text
    return found


@pytest.mark.parametrize("verdict", ["rejected", "fixed"])
def test_who_judges_again_finds_nothing_of_the_first_verdict_anywhere(api: Api, verdict: str) -> None:
    project, (ann, _, rev) = api.set_up(tasks=1, **EVERY)
    sue, tom, max = more_people(api, project, sue="reviewer", tom="reviewer", max="manager")
    api.submit(1, ann)
    more = {"action": "return"} if verdict == "rejected" else {"result": result("C")}
    review = judge(api, 1, rev, verdict, comment="SECRET", **more)
    [annotation] = list(api.installation.states.task(1).annotations)
    said = {"text": "SECRET", "annotation": annotation, "mentions": [sue]}
    api.done("POST", "/v1/tasks/1/comments", rev, json=said)
    telling = ("SECRET", '"rejected"', '"fixed"', '"C"', "returned", "fixed_in_review", '"completed"', "in_progress")
    for who in (sue, tom):
        for path, text in everything(api, project, 1, who, ann).items():
            if not path.endswith("tasks") and path != "filtered":
                assert [word for word in telling if word in text] == [], path
        seen = everything(api, project, 1, who, ann)
        assert '"tasks":[]' in seen[f"/v1/projects/{project}/tasks"]
        assert '"tasks":[]' in seen["filtered"]
        assert '"tasks":0' in seen["preview"]
        assert api.ask("GET", "/v1/tasks/1/history", who).status_code == 403
        assert api.done("GET", "/v1/tasks/1", who)["data"] == {"text": "text 0"}
    work = next_of(api, project, sue)
    assert (work["stage"], work["review"], work["result"]) == ("second", review, result("A"))
    assert not {"state", "verdicts"} & set(work)
    assert "SECRET" not in str(work)
    for who in (rev, max):
        seen = everything(api, project, 1, who, ann)
        assert "SECRET" in seen["/v1/tasks/1"]
        assert ('"tasks":1' in seen["preview"]) is (verdict == "rejected")
    api.done("POST", f"/v1/tasks/1/reviews/{review}/second", sue, json={"verdict": "accepted"})
    for who in (sue, tom):
        seen = everything(api, project, 1, who, ann)
        assert "SECRET" in seen["/v1/tasks/1"]
        assert "SECRET" in seen[f"/v1/projects/{project}/comments"]
        assert '"tasks":[]' not in seen[f"/v1/projects/{project}/tasks"]


def test_a_disagreement_is_settled_by_a_third_person_who_sees_both(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=1, **EVERY)
    sue, tom = more_people(api, project, sue="reviewer", tom="reviewer")
    api.submit(1, ann)
    review = judge(api, 1, rev, "accepted")
    path = f"/v1/tasks/1/reviews/{review}"
    assert api.ask("POST", f"{path}/second", rev, json={"verdict": "accepted"}).json()["code"] == "own-work"
    assert api.ask("POST", f"{path}/second", ann, json={"verdict": "accepted"}).status_code == 403
    assert api.ask("POST", f"{path}/second", json={"verdict": "accepted"}).status_code == 403, "owners see everything"
    assert api.ask("POST", f"{path}/second", sue, json={"verdict": "fixed"}).status_code == 422
    api.done("POST", f"{path}/second", sue, json={"verdict": "fixed", "result": result("B")})
    assert api.ask("POST", f"{path}/adjudication", sue, json={"verdict": "accepted"}).json()["code"] == "own-work"
    work = next_of(api, project, tom)
    assert (work["stage"], [said["verdict"] for said in work["verdicts"]]) == ("adjudication", ["accepted", "fixed"])
    assert work["verdicts"][1]["result"] == result("B")
    api.done(
        "POST", f"{path}/adjudication", tom, json={"verdict": "fixed", "result": result("B"), "comment": "B it is"}
    )
    page = api.done("GET", "/v1/tasks/1", tom)
    assert page["annotations"][0]["result"] == result("B")
    [again] = page["annotations"][0]["second_reviews"]
    assert (again["review"], again["reviewer"], again["verdict"]) == (review, sue, "fixed")
    assert (again["adjudication"]["adjudicator"], again["adjudication"]["overturns"]) == (tom, True)
    own = api.done("GET", "/v1/tasks/1", ann)["annotations"][0]
    assert "second_reviews" not in own
    history = api.done("GET", "/v1/tasks/1/history", tom)["events"]
    chain = [
        event["type"] for event in history if review in (event["data"].get("review"), event["data"].get("adjudicates"))
    ]
    assert chain == [
        "AnnotationReviewed", "SecondReviewRequested", "SecondReviewGiven", "AdjudicationRequested", "ReviewReserved",
        "ReviewAdjudicated", "AnnotationReviewed",
    ]  # fmt: skip


def test_words_of_who_judges_again_are_about_a_region_of_what_was_judged(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=1, **EVERY)
    sue, tom = more_people(api, project, sue="reviewer", tom="reviewer")
    judged = result("A")[0] | {"id": "one"}
    api.done("POST", "/v1/tasks/1/annotations", ann, json={"result": [judged]})
    review = judge(api, 1, rev, "fixed", result=[result("B")[0] | {"id": "other"}])
    path = f"/v1/tasks/1/reviews/{review}"
    said = {"verdict": "rejected", "action": "return", "comment": "Not this one.", "region": judged["id"]}
    for stage, who in (("second", sue), ("adjudication", tom)):
        refused = api.ask("POST", f"{path}/{stage}", who, json=said | {"region": "other"})
        assert refused.json()["errors"][0]["pointer"] == "/region"
        assert api.ask("POST", f"{path}/{stage}", who, json=said | {"comment": ""}).status_code == 422
        api.done("POST", f"{path}/{stage}", who, json=said | ({"action": "remove"} if stage == "second" else {}))
    [annotation] = api.done("GET", "/v1/tasks/1", tom)["annotations"]
    [again] = annotation["second_reviews"]
    assert (again["region"], again["adjudication"]["region"]) == (judged["id"], judged["id"])
    assert annotation["reviews"][-1]["region"] == judged["id"]
    returned = api.done("GET", "/v1/tasks/1/mine", ann)["annotation"]["returned"]
    assert (returned["comment"], returned["region"]) == ("Not this one.", judged["id"])


def test_managers_see_all_reviewers_and_a_reviewer_only_themselves(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=2, **EVERY)
    sue, tom, max = more_people(api, project, sue="reviewer", tom="reviewer", max="manager")
    for task in (1, 2):
        api.submit(task, ann)
    first, other = judge(api, 1, rev, "accepted"), judge(api, 2, rev, "rejected")
    api.done("POST", f"/v1/tasks/1/reviews/{first}/second", sue, json={"verdict": "rejected"})
    api.done("POST", f"/v1/tasks/2/reviews/{other}/second", sue, json={"verdict": "rejected"})
    api.done("POST", f"/v1/tasks/1/reviews/{first}/adjudication", tom, json={"verdict": "rejected"})
    here = {"params": {"min_position": api.installation.bus.head}}
    path = f"/v1/projects/{project}/reviewers"
    found = api.done("GET", path, max, **here)
    rows = {row["reviewer"]: row for row in found["reviewers"]}
    assert set(rows) == {rev, sue, tom}
    mine = rows[rev]
    assert (mine["reviews"], mine["accepted"], mine["rejected"], mine["second_reviewed"]) == (2, 1, 1, 2)
    assert (mine["agreed"], mine["agreement"], mine["adjudicated"], mine["overturned"]) == (1, 0.5, 1, 1)
    assert (rows[sue]["reviews"], rows[sue]["second_reviews"], rows[sue]["overturned"]) == (0, 2, 0)
    assert (rows[tom]["reviews"], rows[tom]["adjudications"], rows[tom]["agreement"]) == (0, 1, None)
    [pair] = found["pairs"]
    assert (pair["one"], pair["other"], pair["reviews"], pair["leniency"], pair["kappa"]) == (rev, sue, 2, 0.5, 0.0)
    assert pair["leniency_low"] < 0 < pair["leniency_high"]
    assert found["waiting"] == {"second": 0, "adjudication": 0}
    assert api.done("GET", path, rev, **here) == {"project": project, "reviewers": [mine]}
    assert api.ask("GET", path, ann).status_code == 403
    lines = api.ask("GET", path, max, params={"format": "csv", **here["params"]}).text.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("reviewer,reviews,accepted,fixed,rejected,acceptance")
    assert len(api.ask("GET", path, sue, params={"format": "csv", **here["params"]}).text.splitlines()) == 2
