"""A project in which an answer came back from its reviewer and was revised, and another person saw it differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.site import Site

AUTHOR, OTHER, REVIEWER = "Benedikt Oyelaran", "Chiara Neri", "Dana Whitfield"
WORDS = "Aristide is the person here, not the place."
Named = Mapping[str, str]


def reviewed(site: Site, project: int, task: int, text: str, first: Named, revised: Named, others: Named) -> str:
    """Names by label in the text of a task: handed in, returned, revised, and what others found; the page's address."""
    author, other = (site.member(project, name, "annotator") for name in (AUTHOR, OTHER))
    reviewer = site.member(project, REVIEWER, "reviewer")
    for who in (author, other):
        site.ask("POST", f"/v1/tasks/{task}/reservation", who)
    path = f"/v1/tasks/{task}/annotations"
    found = marked(text, first)
    annotation = site.ask("POST", path, author, json={"result": found, "lead_time": 41.0})["annotation"]
    site.ask("POST", path, other, json={"result": marked(text, others), "lead_time": 36.5})
    verdict = {"verdict": "rejected", "action": "return", "comment": WORDS, "region": found[0]["id"]}
    site.ask("POST", f"{path}/{annotation}/reviews", reviewer, json=verdict)
    again = {"result": marked(text, revised), "lead_time": 18.0}
    site.ask("PUT", f"{path}/{annotation}", author, json=again)
    return f"/tasks/{task}/review/{annotation}"


def marked(text: str, names: Named) -> Sequence[Mapping[str, Any]]:
    """Spans in a text as Label Studio writes them."""
    regions = []
    for words, label in names.items():
        start = text.index(words)
        value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
        regions.append({"id": f"n{start}", "from_name": "entity", "to_name": "text", "type": "labels", "value": value})
    return regions
