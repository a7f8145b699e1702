"""`annolog permissions …`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from annolog.commands.organizations import ChangePermission
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import ROLES, described
from annolog.domain.organization.state import FIRST
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server

app = typer.Typer(no_args_is_help=True)


class Change(StrEnum):
    """What is to become of a permission."""

    GIVE = "give"
    TAKE = "take"
    DEFAULT = "default"


GRANTED: Mapping[Change, bool | None] = {Change.GIVE: True, Change.TAKE: False, Change.DEFAULT: None}


@app.command("list")
def list_permissions(data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """List what every role may do here, and for which roles that can be changed."""
    if url is not None:
        with server(url, token) as there:
            rows = there.ask("GET", "/v1/permissions")["permissions"]
    else:
        with existing(data_dir) as installation:
            rows = described(installation.directory.organizations[FIRST].grants)
    if as_json:
        print_json({"permissions": rows})
        return
    shown = [[row["permission"], ", ".join(row["roles"]), ", ".join(row["changeable"])] for row in rows]
    print_table("Permissions", ("permission", "roles that have it", "can be changed for"), shown)


@app.command("change")
def change_permission(
    permission: Permission,
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
    change: Change,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Give a permission to a role, take it away, or leave it to the default again. It holds from now on."""
    if role not in ROLES:
        message = f"is one of {', '.join(ROLES)}"
        raise InvalidInput(f"ROLE {message}", faults=[Fault("ROLE", message)])
    granted, found = GRANTED[change], dict[str, Any]()
    if url is not None:
        with server(url, token) as there:
            path = f"/v1/permissions/{permission.value}/{role}"
            found |= there.ask("PUT", path, json={"granted": granted})
    else:
        with existing(data_dir) as installation:
            command = ChangePermission(role=ROLES[role], permission=permission, granted=granted)
            found |= installation.as_system(command).value
    if as_json:
        print_json(found)
        return
    becomes = {True: "is given to", False: "is taken from", None: "is by default again what it was for"}[granted]
    say(f"{permission.value} {becomes} {role}")
