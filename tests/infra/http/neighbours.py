"""Two organizations that share an installation. Whatever the second one writes down bears a mark that nobody else's
answers may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from annolog.commands.tokens import IssueToken
from annolog.domain.ids import LARGEST_ID, IdKind
from annolog.infra.composition import digest_of
from annolog.infra.http.correlation import HEADER
from tests.infra.http.conftest import served
from tests.infra.http.office import Office
from tests.infra.http.routes_table import MEMBERS, RULE, Ask
from tests.world import LABEL_CONFIG, Backend

MARK = "kestrel-7d1f-"
SECOND_TOKEN = "the-other-owners-token"
# What in a place is an id that the installation handed out; two names of one person stay one person.
IDS = ("project", "task", "annotation", "comment", "person", "other", "workspace", "somebody", "token")
NOWHERE = {name: LARGEST_ID - 1_000 - number for number, name in enumerate(IDS)}
NOWHERE["one"] = NOWHERE["person"]
# What no two answers share, or what tells how much the installation has written altogether.
NEVER_THE_SAME = {"date", "content-length", "x-position", "x-lag", HEADER.decode()}


@dataclass(frozen=True)
class Neighbours:
    """The organization that everything is asked in, and the one that it knows nothing of."""

    first: Office
    second: Office


@contextmanager
def neighbours_in(folder: Path) -> Iterator[Neighbours]:
    """Both, each with people in every role, projects and workspaces; the second one with marks wherever text goes."""
    with served(folder, Backend.EMBEDDED) as api, ExitStack() as clients:
        apart(api)
        first = Office(api)
        clients.callback(first.client.close)
        apart(api)
        owner = first.done("POST", "/v1/organizations", json={"name": f"{MARK}org", "owner": f"{MARK}owner"})["owner"]
        api.installation.as_system(IssueToken(person=owner, digest=digest_of(SECOND_TOKEN), label=f"{MARK}first"))
        second = Office(api, SECOND_TOKEN, MARK)
        clients.callback(second.client.close)
        for place in (second.own, second.foreign):
            leave_marks(second, place)
        api.installation.settle()
        yield Neighbours(first, second)


def apart(api: Any) -> None:
    """Let the ids that follow be so much larger, for each kind by another distance, that no number is two things."""
    for number, kind in enumerate(IdKind, 1):
        if kind is not IdKind.ORGANIZATION:
            api.installation.log.ids.take(kind, number * 1_000_000)


def leave_marks(office: Office, place: dict[str, Any]) -> None:
    """Write the mark wherever somebody can write something."""
    project, task, bob = place["project"], place["task"], office.people["bob"]
    config = LABEL_CONFIG.replace('<Choice value="C"/>', f'<Choice value="C"/><Choice value="{MARK}choice"/>')
    owns, works = f"/v1/projects/{project}", f"/v1/tasks/{task}"
    office.done("PUT", f"{owns}/label-config", json={"label_config": config})
    office.done("PUT", f"{owns}/instructions", json={"instructions": f"{MARK}look"})
    far = {"conditions": [{"collector": "answers", "comparison": "gte", "value": 1_000}], "action": RULE["action"]}
    office.done("PUT", f"{owns}/rules/{MARK}rule", json=far)
    office.done("PUT", f"{owns}/members/{bob}/skills/{MARK}skill", json={"value": 1.0})
    office.done("POST", f"{owns}/webhooks", json={"url": f"https://{MARK}hook.example.org/"})
    metric = {"name": f"{MARK}metric".replace("-", "_"), "source": METRIC}
    office.done("POST", f"{owns}/agreement/metrics", json=metric)
    office.done("POST", f"{works}/slots", json={"reason": f"{MARK}slot"})
    said = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [f"{MARK}choice"]}}]
    answer = f"{works}/annotations/{place['annotation']}"
    office.done("PUT", answer, bob, json={"result": said})
    review = {"verdict": "rejected", "action": "return", "comment": f"{MARK}review"}
    office.done("POST", f"{answer}/reviews", json=review)
    office.done("POST", f"{works}/comments", bob, json={"text": f"{MARK}to you", "mentions": [bob]})
    office.done("POST", f"{owns}/members/{bob}/pause", json={"reason": f"{MARK}pause", "kind": "flexible"})
    office.done("POST", f"{owns}/tasks/delete", json={"tasks": [task + 1], "reason": f"{MARK}gone"})
    custom = {"like": "viewer", "permissions": ["see_project"]}
    office.done("PUT", f"/v1/roles/{MARK}role", json=custom)
    office.done("PUT", f"/v1/workspaces/{place['workspace']}", json={"title": place["title"], "description": MARK})
    office.done("POST", f"/v1/people/{place['somebody']}/deactivate", json={"reason": f"{MARK}left"})


METRIC = f'''def agreement(one, other, per_label=False):
    """{MARK}source"""
    return 1.0
'''


def ids_in(route: str, ask: Ask) -> list[str]:
    """Which ids of a place a route is asked with."""
    path = route.split(" ")[1]
    itself = {"tasks": "task", "people": "somebody"}.get(path.split("/")[2], "project")
    named = re.findall(r"\{(\w+)\}", f"{path} {ask.params} {ask.body}".replace("{id}", f"{{{itself}}}"))
    return [name for name in dict.fromkeys(named) if name in NOWHERE]


def told(response: httpx.Response, place: dict[str, Any]) -> tuple[int, dict[str, str], str]:
    """All that an answer says, with names for the ids that it was asked with."""
    text = re.sub(r'"position":\d+', '"position":0', response.text)
    for name in NOWHERE:
        if name in place:
            text = re.sub(rf"\b{place[name]}\b", f"<{name}>", text)
    headers = {name: value for name, value in response.headers.items() if name not in NEVER_THE_SAME}
    return response.status_code, headers, text


def must_bear_no_mark(response: httpx.Response) -> None:
    """Nothing of the second organization is in an answer, its headers included."""
    assert MARK.encode() not in response.content
    assert MARK not in str(response.headers)


ROLES_OF_THE_FIRST = ("stranger", *MEMBERS, "owner", "administrator")
