"""`annolog groups …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import TypeAdapter, ValidationError

from annolog.commands.provisioning import ChangeGroupMapping
from annolog.domain.access.mapping import GroupRule
from annolog.domain.organization.state import FIRST
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.infra.scim.mapping import described

app = typer.Typer(no_args_is_help=True)
RULES = TypeAdapter(list[GroupRule])


@app.command("list")
def list_groups(data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """List what groups of identity providers are worth here, and the groups that came over SCIM."""
    if url is not None:
        with server(url, token) as there:
            found = there.ask("GET", "/v1/group-mapping")
    else:
        with existing(data_dir) as installation:
            found = described(installation.directory, FIRST)
    if as_json:
        print_json({name: found[name] for name in ("rules", "groups", "kept_owner")})
        return
    print_table("What groups are worth", ("provider", "group", "gives"), [_row(rule) for rule in found["rules"]])
    groups = [[group["group"], group["people"]] for group in found["groups"]]
    print_table("Groups over SCIM", ("group", "people"), groups)
    if found["kept_owner"] is not None:
        say(f"person {found['kept_owner']} stays owner, whatever their groups say, until somebody else is one")


def _row(rule: dict[str, Any]) -> list[object]:
    place = next((f"{kind} {rule[kind]}" for kind in ("project", "workspace") if kind in rule), "the organization")
    return [rule["provider"], rule["group"], f"{rule.get('role') or rule['project_role']} in {place}"]


@app.command("map")
def map_groups(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A JSON list of rules: all there are to be.")
    ],
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Say what groups are worth. Everybody in a group that came over SCIM has it at once, or has it no longer."""
    rules, found = _rules(file), dict[str, Any]()
    if url is not None:
        with server(url, token) as there:
            said = [rule.model_dump(mode="json", exclude_none=True) for rule in rules]
            found |= there.ask("PUT", "/v1/group-mapping", json={"rules": said})
    else:
        with existing(data_dir) as installation:
            found |= installation.as_system(ChangeGroupMapping(rules=rules)).value
    if as_json:
        print_json(found)
        return
    say(f"{found['rules']} rules hold from now on")


def _rules(file: Path) -> list[GroupRule]:
    try:
        return RULES.validate_python(orjson.loads(file.read_bytes()))
    except orjson.JSONDecodeError as wrong:
        message = f"is not JSON: {wrong}"
    except ValidationError as wrong:
        first = wrong.errors()[0]
        message = f"rule {first['loc'][0] if first['loc'] else 0}: {first['msg']}"
    raise InvalidInput(f"FILE {message}", faults=[Fault("FILE", message)])
