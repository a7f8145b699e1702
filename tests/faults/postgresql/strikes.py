"""Trouble at a chosen moment: before the nth statement that goes to PostgreSQL, before a commit, or right after one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

import psycopg

Strike = Callable[[psycopg.Connection[Any]], None]


class Struck:
    """Whether it came to that."""

    def __init__(self) -> None:
        self.happened = False


def killed(_: psycopg.Connection[Any]) -> None:
    """This process is no more."""
    os.kill(os.getpid(), signal.SIGKILL)


def stopped(_: psycopg.Connection[Any]) -> None:
    """This process hangs, until it is told to go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def cut(connection: psycopg.Connection[Any]) -> None:
    """PostgreSQL ends the session."""
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))


@contextmanager
def struck_at(step: int, strike: Strike) -> Iterator[Struck]:
    """Strike at one step of what this process does with PostgreSQL from here on; the first step is 1."""
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit
    steps, struck = count(1), Struck()

    def pass_by(connection: psycopg.Connection[Any]) -> None:
        if not struck.happened and next(steps) == step:
            struck.happened = True
            strike(connection)

    def executed(cursor: psycopg.Cursor[Any], *arguments: Any, **more: Any) -> Any:
        pass_by(cursor.connection)
        return execute(cursor, *arguments, **more)

    def committed(connection: psycopg.Connection[Any]) -> None:
        pass_by(connection)
        commit(connection)
        pass_by(connection)

    with patch.object(psycopg.Cursor, "execute", executed), patch.object(psycopg.Connection, "commit", committed):
        yield struck
