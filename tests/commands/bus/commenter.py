"""A process of its own that comments on task 1, so that two processes write to one stream.

python tests/commands/bus/commenter.py DATA_DIR COMMENTS
"""

from __future__ import annotations

import sys
from pathlib import Path

from annolog.commands.commenting import AddComment
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings


def comment(installation: Installation, name: str, count: int) -> list[int]:
    commands = (AddComment(task=1, text=f"{number} by {name}") for number in range(count))
    return [installation.as_system(command).value["comment"] for command in commands]


if __name__ == "__main__":
    with Installation(InstallationSettings(data_dir=Path(sys.argv[1])), parts=NOTHING) as opened:
        print(*comment(opened, "the other process", int(sys.argv[2])))
