"""A process is killed while people come in: each of them is in with all that they came with, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from annolog.commands.inviting import AcceptInvitation
from annolog.commands.workspaces import CreateWorkspace
from annolog.domain.project.events import ProjectRole
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.event_log import credentials
from annolog.infra.identity.ways_in import inviting
from annolog.infra.settings import InstallationSettings
from tests.faults.chance import chance

ROOT = Path(__file__).parents[2]
KILLS = 3


def let_people_in(folder: Path, life: str) -> None:
    """Invite and accept without end. The hash is made up: real ones take their time."""
    with Installation(InstallationSettings(data_dir=folder), parts=NOTHING) as installation:
        workspace = installation.as_system(CreateWorkspace(title=f"life {life}")).value["workspace"]
        for number in range(1_000_000):
            command, _ = inviting({"workspaces": {workspace: ProjectRole.ANNOTATOR}})
            installation.as_system(command)
            name = f"{life}-{number}"
            digest = f"{int(life):02x}{number:062x}"
            comes = {"digest": command.digest, "handle": name, "hash": f"hash of {name}", "token_digest": digest}
            installation.as_system(AcceptInvitation.model_validate(comes))
            if number == 0:
                print("open", flush=True)


@pytest.mark.fault
def test_who_came_in_before_a_kill_is_in_with_everything_and_nobody_is_in_by_half(tmp_path: Path) -> None:
    moments = chance()
    for life in range(KILLS):
        command = [sys.executable, "-m", "tests.faults.test_killed_at_the_door", str(tmp_path), str(life)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "open\n"
            sleep(moments.uniform(0.05, 0.5))
            os.kill(worker.pid, signal.SIGKILL)
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING) as installation:
        directory = installation.directory
        used = [one for one in directory.invitations.values() if not one.open]
        assert {one.person for one in used} == set(directory.accounts)
        assert len(directory.accounts) > KILLS
        organization = directory.organizations[1]
        with installation.log_reader.connect() as connection:
            for invitation in used:
                assert invitation.person is not None
                handle = directory.accounts[invitation.person].handle
                assert credentials.password(connection, invitation.person) == f"hash of {handle}"
                assert len(directory.tokens_of(invitation.person)) == 1
                [workspace] = invitation.workspaces
                assert organization.member_of(workspace, invitation.person) is not None


if __name__ == "__main__":
    let_people_in(Path(sys.argv[1]), sys.argv[2])
