"""Where a command goes, said once: into a folder, or to a running server that is told the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer
from pydantic import ValidationError

from annolog.commands.command import Command
from annolog.domain.faults import faults_of
from annolog.domain.organization.state import FIRST, Organization
from annolog.domain.people.decisions import organization_of
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.infra.composition import Installation

Rest = ParamSpec("Rest")
Found = TypeVar("Found")
Rows = list[dict[str, Any]]

ANYWHERE: Mapping[str, Any] = {"data_dir": DataDir, "url": Url, "token": Token, "as_json": AsJson}

WhichOrganization = Annotated[
    int | None,
    typer.Option("--organization", min=1, help="In a folder: which one; the first if none. A token belongs to one."),
]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or a running server, and how the answer is to be printed."""

    data_dir: Path | None
    url: str | None
    token: str | None
    as_json: bool
    organization: int | None = None

    def tell(
        self, kind: type[Command], fields: Mapping[str, Any], method: str, path: str, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Run a command in the folder in nobody's name, or ask a server for the same."""
        if self.url is not None:
            with server(self.url, self.token) as there:
                return there.ask(method, path, **({} if body is None else {"json": body}))
        try:
            command = kind.model_validate(fields)
        except ValidationError as error:
            raise faults_of(error) from error
        return self._run(command)

    def hand_out(self, path: str, body: Mapping[str, Any], made: Callable[[], tuple[Command, str]]) -> dict[str, Any]:
        """The same for a command that comes with a secret, which is in the answer this once."""
        if self.url is not None:
            with server(self.url, self.token) as there:
                return there.ask("POST", path, json=body)
        try:
            command, secret = made()
        except ValidationError as error:
            raise faults_of(error) from error
        return {**self._run(command), "secret": secret}

    def _run(self, command: Command) -> dict[str, Any]:
        with existing(self.data_dir) as installation:
            answer = installation.as_system(command, organization=self.organization)
        return {**answer.value, "position": answer.position}

    def ask(self, path: str, here: Callable[[Installation, Organization], dict[str, Any]]) -> dict[str, Any]:
        """Look at a folder, or ask a server for what it shows."""
        if self.url is not None:
            with server(self.url, self.token) as there:
                return there.ask("GET", path)
        return self.look(here)

    def look(self, here: Callable[[Installation, Organization], Found]) -> Found:
        """Look at what there is of an organization in the folder."""
        with existing(self.data_dir) as installation:
            return here(installation, organization_of(installation.directory, self.organization or FIRST))

    def say(self, found: Mapping[str, Any], *lines: str) -> None:
        """Print what a command came to: as JSON, or in words."""
        if self.as_json:
            print_json(found)
            return
        for line in lines:
            say(line)

    def show(self, member: str, rows: Rows, title: str, columns: tuple[str, ...]) -> None:
        """Print what there is: as JSON, or in a table of some of it."""
        if self.as_json:
            print_json({member: rows})
            return
        print_table(title, columns, [[_plain(row.get(column)) for column in columns] for row in rows])


def placed(command: Callable[Concatenate[Place, Rest], None]) -> Callable[..., None]:
    """Give a command the options that say where it goes, and hand it the place."""
    return _with_options(command, ANYWHERE)


def placed_in_organization(command: Callable[Concatenate[Place, Rest], None]) -> Callable[..., None]:
    """The same where it matters of which organization in the folder it is."""
    return _with_options(command, {"organization": WhichOrganization, **ANYWHERE})


def _with_options(command: Callable[Concatenate[Place, Rest], None], options: Mapping[str, Any]) -> Callable[..., None]:
    @wraps(command)
    def run(**given: Any) -> None:
        where = {name: given.pop(name) for name in options}
        if where["url"] is not None and where.get("organization") is not None:
            message = "a token belongs to one organization, so a server is not told which"
            raise InvalidInput(f"--organization: {message}", faults=[Fault("--organization", message)])
        command(Place(**where), **given)  # type: ignore[call-arg]

    # Typer reads a command's options off its signature: ours stands in for the place.
    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    added = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if name == "as_json" else None,
            annotation=annotation,
        )
        for name, annotation in options.items()
    ]
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + added
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items()) or None
    return ", ".join(map(str, value)) or None if isinstance(value, list) else value
