"""Write docs/permissions.md: what every role may do, from annolog/domain/access.

With `--check` nothing is written, and a page that is out of date is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from annolog.domain.access.permissions import OF_INSTALLATION, OF_ORGANIZATION, OF_PROJECT, OF_WORKSPACE, Permission
from annolog.domain.access.roles import CHANGEABLE, DEFAULTS, Role
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from tools.generated_page import DOCS, write_or_check

PAGE = DOCS / "permissions.md"
HEADER = """\
# Permissions

Written by `make permissions` from `annolog/domain/access`, the one table that the API, the command line and pages ask.
`GET /v1/permissions` tells the same to programs, with what owners have changed.

A permission has a reach: the *installation*, which organizations share, an *organization*, a *workspace* of it, or a
*project*. Everybody is something in their organization: `owner`, `administrator` or `member`; and members may be
something in a workspace or a project: `manager`, `reviewer`, `annotator` or `viewer`. What somebody is in a workspace
they are in every project inside. What somebody may do in a project is what either of the two allows. What reaches the
installation is open to who has it in the organization that was first, and to nobody of another. Nothing opens anything
of another organization. Owners and administrators need no membership. A viewer looks at everything and changes nothing,
which is what an auditor needs; [hidden and sensitive fields](data-fields.md) of tasks have rules of their own. Who may
not see a project is told that there is none, and so are those who ask for what is in it.

**yes** is allowed; **+** is not, and an owner may allow it; **yes -** is, and an owner may take it away:

    PUT /v1/permissions/{permission}/{role}     {"granted": true | false | null}

null leaves it to this table again. Each change is an event (`PermissionChanged`, with what was said before) and holds
from the next request on. What owners may do cannot be changed, so that nobody locks an organization, and no role can be
given what its place in the workflow forbids, such as agreement to annotators. Nobody registers, issues tokens for or
acts for who is more than themselves, so an administrator does not become an owner that way.

**Roles of an organization's own** (`PUT /v1/roles/{name}`, `annolog roles`) are a set of permissions under a name, like
one of these roles: that is what they count as in the workflow. A role may be made of whatever is **yes** or **+** in
the column of the one that it is like; [access.md](access.md) says more.
"""
# Administrators and owners are there without being members.
INSIDE: tuple[Role, ...] = (
    OrganizationRole.OWNER,
    OrganizationRole.ADMINISTRATOR,
    ProjectRole.MANAGER,
    ProjectRole.REVIEWER,
    ProjectRole.ANNOTATOR,
    ProjectRole.VIEWER,
)
TABLES: Mapping[str, tuple[Mapping[Permission, str], tuple[Role, ...]]] = {
    "In the installation": (OF_INSTALLATION, tuple(OrganizationRole)),
    "In an organization": (OF_ORGANIZATION, tuple(OrganizationRole)),
    "In a workspace": (OF_WORKSPACE, INSIDE),
    "In a project": (OF_PROJECT, INSIDE),
}


def render() -> str:
    """The page."""
    blocks = [HEADER]
    for title, (meanings, roles) in TABLES.items():
        head = f"| permission | what it opens | {' | '.join(role.value for role in roles)} |"
        line = f"| --- | --- |{' :---: |' * len(roles)}"
        rows = [
            f"| `{permission.value}` | {meaning} | {' | '.join(_cell(permission, role) for role in roles)} |"
            for permission, meaning in meanings.items()
        ]
        blocks.append("\n".join([f"## {title}\n", head, line, *rows, ""]))
    return "\n".join(blocks)


def _cell(permission: Permission, role: Role) -> str:
    has, may_change = permission in DEFAULTS[role], role in CHANGEABLE.get(permission, frozenset())
    if has:
        return "yes -" if may_change else "yes"
    return "+" if may_change else ""


def main(arguments: list[str] | None = None, *, page: Path = PAGE) -> int:
    """Write or check the page; the exit code is 1 when it is out of date."""
    code = write_or_check(arguments, page, render(), (__doc__ or "").partition("\n")[0], "permissions")
    if code == 0:
        print(f"permissions: {len(Permission)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
