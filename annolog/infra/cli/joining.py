"""`annolog join`: coming in by an invitation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from annolog.domain.people.invitations import must_hold
from annolog.domain.people.sessions import must_be_good
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import print_json, say
from annolog.infra.cli.options import AsJson, DataDir, Url, existing
from annolog.infra.digests import digest_of
from annolog.infra.identity.ways_in import accepting
from annolog.infra.replay.server import Server


def join(
    secret: Annotated[str, typer.Argument(help="As it was shown with the invitation.")],
    handle: Annotated[
        str | None,
        typer.Option("--handle", help="What you are known by, for ever; asked for if not given, empty: a number."),
    ] = None,
    token_label: Annotated[str, typer.Option("--token-label", help="What your token is for.")] = "command line",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
    ] = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="Come in by the token alone.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Come in by an invitation, once: with a password for browsers, and a token that is shown this once."""
    if password_stdin and no_password:
        raise typer.BadParameter("is the opposite of --password-stdin", param_hint="--no-password")
    known_by = _asked_for_handle() if handle is None else handle
    password = None if no_password else _password(known_by, from_stdin=password_stdin)
    found = _come_in(secret, known_by, password, token_label, data_dir, url)
    if as_json:
        print_json(found)
        return
    say(f"you are person {found['person']}, known as {found['handle']}")
    say(f"your token, shown this once: {found['secret']}", "bold")
    if found["awaits_approval"]:
        say("somebody has to let you in before it opens anything")


def _come_in(
    secret: str, handle: str, password: str | None, label: str, data_dir: Path | None, url: str | None
) -> dict[str, Any]:
    if url is not None:
        body = {"secret": secret, "handle": handle, "password": password, "token": label}
        with Server(url, None) as there:
            return there.ask("POST", "/v1/invitations/accept", json=body)
    with existing(data_dir) as installation:
        must_hold(installation.directory, digest_of(secret), installation.clock())
        command, token = accepting(secret, handle, password, label)
        answer = installation.as_system(command)
    return {**answer.value, "position": answer.position, "secret": token}


def _asked_for_handle() -> str:
    _must_be_a_terminal("--handle", "say what you are to be known by, or nothing for a number")
    return str(typer.prompt("Handle (stays in the log for ever)", err=True))


def _password(handle: str, *, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        _must_be_a_terminal("--password-stdin", "or say --no-password")
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    must_be_good(password, handle)
    return password


def _must_be_a_terminal(option: str, message: str) -> None:
    """A program is told what it left out, instead of waiting for an answer that nobody gives."""
    if not sys.stdin.isatty():
        raise InvalidInput(f"Nobody can be asked here. {option}: {message}", faults=[Fault(option, message)])
