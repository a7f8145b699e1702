"""What anybody at work in a project asks about comments."""

from __future__ import annotations

from pydantic import Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.ids import IdKind
from annolog.domain.project.state import Project
from annolog.domain.task import commenting
from annolog.domain.task.commenting import Remark, Speaker


class AddComment(TaskCommand):
    """Say something about the task, one of its annotations, a region of one, or one's own draft."""

    text: str = Field(max_length=100_000)
    annotation: int | None = None
    region: str | None = None
    parent: int | None = None
    mentions: list[int] = Field(default_factory=list, max_length=100)
    classification: str | None = None
    draft: bool = False


class EditComment(TaskCommand):
    """Say it differently."""

    comment: int
    text: str = Field(max_length=100_000)


class ResolveComment(TaskCommand):
    """What the comment asked for is done."""

    comment: int


class ReopenComment(TaskCommand):
    """It is not done after all."""

    comment: int


class DeleteComment(TaskCommand):
    """Withdraw a comment."""

    comment: int


@handles(AddComment)
def add_comment(command: AddComment, scope: Scope) -> Decision:
    """For everybody at work in the project."""
    task, project = scope.task(command.task, Permission.COMMENT)
    must_be_open(project, scope, new_work=False)
    id = scope.id(IdKind.COMMENT)
    remark = Remark(
        command.text,
        command.annotation,
        command.region,
        command.parent,
        command.mentions,
        command.classification,
        command.draft,
    )
    members = {person: member.role for person, member in project.members.items()}
    return decided(task, commenting.comment(task, _speaker(scope, project), id, remark, members), comment=id)


def _speaker(scope: Scope, project: Project) -> Speaker:
    person = scope.person
    return Speaker(
        person.id,
        reviews=may(Permission.REVIEW, person, project),
        manages=may(Permission.MODERATE_COMMENTS, person, project),
    )


@handles(EditComment)
def edit_comment(command: EditComment, scope: Scope) -> Decision:
    """One's own."""
    task, project = scope.task(command.task, Permission.COMMENT)
    must_be_open(project, scope, new_work=False)
    events = commenting.edit(task, scope.person.id, command.comment, command.text)
    return decided(task, events, comment=command.comment)


@handles(ResolveComment)
def resolve_comment(command: ResolveComment, scope: Scope) -> Decision:
    """For reviewers; for annotators where it is about their own work, or they began it."""
    task, project = scope.task(command.task, Permission.COMMENT)
    must_be_open(project, scope, new_work=False)
    return decided(task, commenting.resolve(task, _speaker(scope, project), command.comment), comment=command.comment)


@handles(ReopenComment)
def reopen_comment(command: ReopenComment, scope: Scope) -> Decision:
    """For reviewers; for annotators where it is about their own work, or they began it."""
    task, project = scope.task(command.task, Permission.COMMENT)
    must_be_open(project, scope, new_work=False)
    return decided(task, commenting.reopen(task, _speaker(scope, project), command.comment), comment=command.comment)


@handles(DeleteComment)
def delete_comment(command: DeleteComment, scope: Scope) -> Decision:
    """One's own; for managers anybody's."""
    task, project = scope.task(command.task, Permission.COMMENT)
    must_be_open(project, scope, new_work=False)
    events = commenting.delete(task, _speaker(scope, project), command.comment)
    return decided(task, events, comment=command.comment)
