"""`annolog rules …`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import orjson
import typer

from annolog.commands.rules import RemoveRule, SetRule
from annolog.domain.project.decisions import must_exist
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.infra.composition import Installation
from annolog.infra.rules import rules_of
from annolog.projections.conduct import queries as conduct

app = typer.Typer(no_args_is_help=True)

PAGE = 1_000


@app.command("list")
def list_rules(
    project: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False
) -> None:
    """List the rules of a project."""
    if url is not None:
        with server(url, token) as there:
            rows = there.ask("GET", f"/v1/projects/{project}/rules")["rules"]
    else:
        with existing(data_dir) as installation:
            found = installation.states.project(project)
            must_exist(found)
            rows = rules_of(found)
    if as_json:
        print_json({"rules": rows})
        return
    names = ("name", "version", "enabled", "if all of this holds", "then")
    print_table("Rules", names, [[*_headed(row), _conditions(row), _action(row)] for row in rows])


@app.command("set")
def set_rule(
    project: int,
    name: str,
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="The rule as JSON; - for standard input.")],
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Set a rule: a new one, or another version of the one of this name."""
    rule = _read(file.read())
    if url is not None:
        with server(url, token) as there:
            found: Mapping[str, Any] = there.ask("PUT", _path(project, name), json=rule)
    else:
        with existing(data_dir) as installation:
            answer = installation.as_system(SetRule(project=project, name=name, rule=rule))
        found = {**answer.value, "position": answer.position}
    if as_json:
        print_json(found)
    else:
        say(f"rule {name} of project {project} is at version {found['version']}")


def _path(project: int, name: str) -> str:
    return f"/v1/projects/{project}/rules/{quote(name, safe='')}"


def _read(text: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _wrong(f"is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise _wrong("is not a JSON object")
    return found


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(f"the file {message}", faults=[Fault("FILE", message)])


@app.command("remove")
def remove_rule(
    project: int, name: str, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False
) -> None:
    """Remove a rule. What it has done stays."""
    if url is not None:
        with server(url, token) as there:
            found: Mapping[str, Any] = there.ask("DELETE", _path(project, name))
    else:
        with existing(data_dir) as installation:
            answer = installation.as_system(RemoveRule(project=project, name=name))
        found = {**answer.value, "position": answer.position}
    if as_json:
        print_json(found)
    else:
        say(f"rule {name} of project {project} is removed")


@app.command("firings")
def list_firings(
    project: int,
    person: Annotated[int | None, typer.Option("--person", min=1, help="For whom.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """List what rules did, to whom, what it rests on, and what was said to it."""
    if url is not None:
        with server(url, token) as there:
            rows = [
                row
                for row in there.pages(f"/v1/projects/{project}/firings", "firings")
                if person in (None, row["person"])
            ]
    else:
        with existing(data_dir) as installation:
            must_exist(installation.states.project(project))
            rows = _all(installation, project, person)
    if as_json:
        print_json({"firings": rows})
        return
    names = ("firing", "when", "person", "rule", "version", "found", "then", "stands")
    print_table("Firings", names, [_in_row(row) for row in rows])


def _all(installation: Installation, project: int, person: int | None) -> list[dict[str, Any]]:
    patiently(installation.projections.catch_up)
    rows: list[dict[str, Any]] = []
    with installation.read_engine.connect() as connection:
        while page := conduct.firings(connection, project, person, rows[-1]["firing"] if rows else 0, PAGE):
            rows += page
    return rows


def _headed(row: Mapping[str, Any]) -> list[Any]:
    return [row["name"], row["version"], "yes" if row["enabled"] else "no"]


def _in_row(row: Mapping[str, Any]) -> list[Any]:
    found = ", ".join(f"{name} {number:g}" for name, number in row["inputs"].items())
    stands = "overruled" if row["overruled"] else "appealed" if row["appealed"] else "stands"
    return [*(row[name] for name in ("firing", "at", "person", "rule", "version")), found, _action(row), stands]


def _conditions(row: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{one['collector']} {one['comparison']} {one['value']:g}{_told(one['parameters'])}"
        for one in row["conditions"]
    )


def _action(row: Mapping[str, Any]) -> str:
    action = {name: value for name, value in row["action"].items() if value is not None}
    return f"{action.pop('do')}{_told(action)}"


def _told(parameters: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name} {value}" for name, value in parameters.items())
    return f" ({said})" if said else ""
