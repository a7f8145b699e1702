"""How an export over HTTP tells people apart."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Query

from annolog.infra.composition import Installation
from annolog.infra.personal.pseudonyms import People, Pseudonym

HowPeople = Annotated[
    People, Query(description="`pseudonyms` puts other numbers in their place, always the same in a project.")
]


async def pseudonym_for(installation: Installation, project: int, people: People) -> Pseudonym | None:
    """What stands for people in an export of a project, None where their own numbers do."""
    if people is People.IDS:
        return None
    return await to_thread.run_sync(installation.vault.pseudonyms, project)
