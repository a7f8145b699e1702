"""What is asked of tasks: to come in, to be given to people, to be worked on and spoken of."""

from __future__ import annotations

from contextlib import suppress

from annolog.commands import (
    annotating,
    commenting,
    distributing,
    drafting,
    importing,
    interacting,
    notifying,
    working,
)
from annolog.commands.command import Command
from annolog.domain.refusals import Refused
from annolog.domain.task.importing import ImportedTask
from tests.commands.commands_table.asked import (
    EVERYBODY,
    MANAGERS,
    NOBODY,
    REVIEWERS,
    WORKERS,
    Table,
)
from tests.story import evidence
from tests.world import World, result


def own_annotation(world: World, who: str) -> int:
    with suppress(Refused):
        return world.submit(who, 2)
    return 1


def own_comment(world: World, who: str) -> int:
    with suppress(Refused):
        comment: int = world.run(commenting.AddComment(task=2, text="mine"), who).value["comment"]
        return comment
    return 1


def deleted_annotation(world: World) -> int:
    world.run(annotating.DeleteAnnotation(task=1, annotation=1))
    return 1


def leased(world: World, who: str) -> int:
    with suppress(Refused):
        world.run(working.ReserveTask(task=2), who)
    return 2


TABLE: Table = {
    importing.ImportTasks: (
        MANAGERS,
        lambda w, _: importing.ImportTasks(project=w.project, tasks=[ImportedTask(data={"text": "x"})]),
    ),
    distributing.AssignTasks: (
        REVIEWERS,
        lambda w, _: distributing.AssignTasks(project=w.project, tasks=[2], people=[w.people["bob"]]),
    ),
    distributing.AddSlot: (MANAGERS, lambda w, _: distributing.AddSlot(task=2)),
    distributing.TakeBackSlots: (NOBODY, lambda w, _: distributing.TakeBackSlots(task=2, slots=1, reason="x")),
    distributing.SetOverlap: (MANAGERS, lambda w, _: distributing.SetOverlap(project=w.project, tasks=[2], slots=2)),
    distributing.DeleteTasks: (MANAGERS, lambda w, _: distributing.DeleteTasks(project=w.project, tasks=[2])),
    distributing.RestoreTasks: (MANAGERS, lambda w, _: distributing.RestoreTasks(project=w.project, tasks=[2])),
    distributing.AssessAgreement: (
        NOBODY,
        lambda w, _: distributing.AssessAgreement(task=2, evidence=evidence(0.0)),
    ),
    distributing.GrantAnswers: (
        NOBODY,
        lambda w, _: distributing.GrantAnswers(
            project=w.project, doubts=[distributing.Doubt(task=2, evidence=evidence(0.0))]
        ),
    ),
    distributing.ReconsiderTasks: (NOBODY, lambda w, _: distributing.ReconsiderTasks(project=w.project, tasks=[2])),
    distributing.JudgeFeasibility: (NOBODY, lambda w, _: distributing.JudgeFeasibility(project=w.project, tasks=[2])),
    distributing.KeepForExperts: (NOBODY, lambda w, _: distributing.KeepForExperts(project=w.project, tasks=[2])),
    distributing.GiveUpWork: (
        NOBODY,
        lambda w, _: distributing.GiveUpWork(project=w.project, person=w.people["bob"], tasks=[2]),
    ),
    working.RequestWork: (WORKERS, lambda w, _: working.RequestWork(project=w.project)),
    working.ReserveTask: (WORKERS, lambda w, _: working.ReserveTask(task=2)),
    working.ExtendReservation: (WORKERS, lambda w, who: working.ExtendReservation(task=leased(w, who))),
    working.ReleaseTask: (WORKERS, lambda w, _: working.ReleaseTask(task=2)),
    working.ReleaseLapsed: (NOBODY, lambda w, _: working.ReleaseLapsed()),
    annotating.SubmitAnnotation: (WORKERS, lambda w, _: annotating.SubmitAnnotation(task=2, result=result("A"))),
    annotating.ReviseAnnotation: (
        WORKERS,
        lambda w, who: annotating.ReviseAnnotation(task=2, annotation=own_annotation(w, who), result=result("B")),
    ),
    annotating.SkipTask: (WORKERS, lambda w, _: annotating.SkipTask(task=2)),
    annotating.DeleteAnnotation: (MANAGERS, lambda w, _: annotating.DeleteAnnotation(task=1, annotation=1)),
    annotating.RestoreAnnotation: (
        MANAGERS,
        lambda w, _: annotating.RestoreAnnotation(task=1, annotation=deleted_annotation(w)),
    ),
    notifying.MarkNotificationsRead: (EVERYBODY, lambda w, _: notifying.MarkNotificationsRead(up_to=1)),
    interacting.RecordInteractions: (
        WORKERS,
        lambda w, who: interacting.RecordInteractions(
            task=leased(w, who),
            session="s",
            sequence=0,
            interactions=[{"kind": "annotation_loaded", "offset_ms": 0}],
            offset_ms=0,
        ),
    ),
    drafting.KeepDraft: (WORKERS, lambda w, who: drafting.KeepDraft(task=leased(w, who), result=[])),
    drafting.DropDraft: (WORKERS, lambda w, who: drafting.DropDraft(task=leased(w, who))),
    commenting.AddComment: (WORKERS, lambda w, _: commenting.AddComment(task=1, text="why?")),
    commenting.EditComment: (
        WORKERS,
        lambda w, who: commenting.EditComment(task=2, comment=own_comment(w, who), text="why not?"),
    ),
    commenting.ResolveComment: (
        WORKERS,
        lambda w, who: commenting.ResolveComment(task=2, comment=own_comment(w, who)),
    ),
    commenting.ReopenComment: (
        WORKERS,
        lambda w, who: commenting.ReopenComment(task=2, comment=own_comment(w, who)),
    ),
    commenting.DeleteComment: (
        WORKERS,
        lambda w, who: commenting.DeleteComment(task=2, comment=own_comment(w, who)),
    ),
}
ORGANIZATION_WIDE: set[type[Command]] = {
    distributing.AssessAgreement,
    distributing.GrantAnswers,
    distributing.TakeBackSlots,
    distributing.JudgeFeasibility,
    distributing.KeepForExperts,
    distributing.GiveUpWork,
    distributing.ReconsiderTasks,
    working.ReleaseLapsed,
}
