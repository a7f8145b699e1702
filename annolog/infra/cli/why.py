"""`annolog why …`."""

from __future__ import annotations

from typing import Any

import typer

from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.infra.why import why_person, why_task

app = typer.Typer(no_args_is_help=True)


@app.callback()
def why() -> None:
    """Why a task is with whom it is, and why somebody is given what they are given."""


@app.command("task")
def task(task: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Who could be given a task and who could not, by which rule, and every decision about it."""
    if url is not None:
        with server(url, token) as there:
            found = there.ask("GET", f"/v1/tasks/{task}/why")
    else:
        with existing(data_dir) as installation:
            found = why_task(installation, task)
    if as_json:
        print_json(found)
        return
    say(
        f"task {found['task']} of project {found['project']}: {found['state']}, {found['slots']} people wanted,"
        f" agreement {found['resolution']}"
    )
    people = [[one["person"], one["reason"], one["words"], one["until"]] for one in found["people"]]
    print_table("annotators", ["person", "stands", "in words", "until"], people)
    made = [[one["position"], one["type"], one["at"], _because(one)] for one in found["decisions"]]
    print_table("decisions", ["position", "what", "when", "because of"], made)


@app.command("annotator")
def annotator(
    project: int,
    person: int,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """What somebody holds and why, what comes next for them, and what keeps them from work."""
    if url is not None:
        with server(url, token) as there:
            found = there.ask("GET", f"/v1/projects/{project}/annotators/{person}/why")
    else:
        with existing(data_dir) as installation:
            found = why_person(installation, project, person)
    if as_json:
        print_json(found)
        return
    say(f"person {person} in project {project}: {found['role']}, {found['submitted']} annotations")
    if found["bound"]:
        until = f", until {found['bound']['until']}" if found["bound"]["until"] else ""
        say(f"gets nothing new: {found['bound']['words']}{until}")
    for held in found["holds"]:
        reason = held.get("why", {})
        say(f"holds task {held['task']} until {held.get('expires_at')}: {_in_words(reason)}")
    following = found["next"]
    if following:
        say(f"next: task {following['task']}, from {following['lane']}")
    else:
        say(f"next: nothing{_because_of(found['no_work'])}")


def _because_of(nothing: dict[str, Any] | None) -> str:
    if nothing is None:
        return ""
    until = f" The next reservation runs out at {nothing['next_expiry']}." if nothing["next_expiry"] else ""
    return f". {nothing['words']}{until}"


def _in_words(reason: dict[str, Any]) -> str:
    seed = f", seed {reason['seed']}" if reason.get("seed") is not None else ""
    score = f", score {reason['score']:g}" if reason.get("score") is not None else ""
    return f"{reason.get('policy')}, rank {reason.get('rank')}{seed}{score}, settings {reason.get('settings_version')}"


def _because(decision: dict[str, Any]) -> str:
    if "why" in decision:
        return f"person {decision['person']}: {_in_words(decision['why'])}"
    evidence = decision.get("evidence")
    if evidence:
        score = "none" if evidence["score"] is None else f"{evidence['score']:.3f}"
        return f"agreement {score}, threshold {evidence['threshold']}, definition {evidence['definition']}"
    return str(decision.get("reason") or decision.get("cause") or "")
