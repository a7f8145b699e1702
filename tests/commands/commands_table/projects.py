"""What is asked of a project: its settings, members, rules, definitions, views and webhooks."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from pydantic import SecretStr

from annolog.commands import (
    consensus,
    defining,
    drift,
    members,
    projects,
    rules,
    subscribing,
    viewing,
)
from annolog.commands.command import Command
from annolog.domain.drift.detector import Measure
from annolog.domain.project.events import ProjectRole
from tests.commands.commands_table.asked import (
    DIGEST,
    MANAGERS,
    NOBODY,
    REVIEWERS,
    RULERS,
    Table,
)
from tests.receiver import SECRET
from tests.world import World


def changed_group(world: World) -> str:
    world.run(projects.ChangeSettings(project=world.project, group="review", changes={"sample_percent": 50}))
    return "review"


def with_rule(world: World) -> World:
    world.run(rules.SetRule(project=world.project, name="enough", rule=RULE))
    return world


def firing(world: World, who: str, after: int = 0) -> rules.FireRule:
    return rules.FireRule(
        project=with_rule(world).project, name="enough", version=1, person=world.people[who], inputs={"answers": 1},
        after=after, answers=1, skips=0,
    )  # fmt: skip


def fired(world: World, who: str) -> int:
    """A firing for the annotator, or to whoever is none for somebody else."""
    world.run(firing(world, who if who == "annotator" else "bob"))
    return 1


def drifting(world: World) -> drift.RaiseDrift:
    world.run(projects.ChangeSettings(project=world.project, group="evaluation", changes={"drift": True}))
    days = [*((day, 0.9) for day in range(1, 21)), *((day, 0.1) for day in range(21, 31))]
    figures = [drift.DailyFigure(day=f"2026-10-{day:02}", value=value, answers=30) for day, value in days]
    return drift.RaiseDrift(
        project=world.project, person=world.people["bob"], measure=Measure.ACCURACY, figures=figures
    )


def drifted(world: World) -> int:
    world.run(drifting(world))
    return 1


def registration(world: World) -> subscribing.RegisterWebhook:
    return subscribing.RegisterWebhook(project=world.project, url="https://example.org/hook", secret=SecretStr(SECRET))


def viewed(world: World) -> int:
    """A view that all see."""
    shared = viewing.SaveView(project=world.project, name=str(uuid4()), shared=True)
    view: int = world.run(shared).value["view"]
    return view


def registered(world: World) -> int:
    webhook: int = world.run(registration(world)).value["webhook"]
    return webhook


RULE = {
    "conditions": [{"collector": "answers", "comparison": "gte", "value": 1}],
    "action": {"do": "pause", "minutes": 1},
}


TABLE: Table = {
    projects.CreateProject: (RULERS, lambda w, _: projects.CreateProject(title="another")),
    projects.ReviseProject: (MANAGERS, lambda w, _: projects.ReviseProject(project=w.project, title="otherwise")),
    projects.ReviseLabelConfig: (
        MANAGERS,
        lambda w, _: projects.ReviseLabelConfig(project=w.project, label_config="<View></View>"),
    ),
    projects.ReviseInstructions: (
        MANAGERS,
        lambda w, _: projects.ReviseInstructions(project=w.project, instructions="look"),
    ),
    projects.ChangeSettings: (
        MANAGERS,
        lambda w, _: projects.ChangeSettings(project=w.project, group="assignment", changes={"seed": 1}),
    ),
    projects.ChangeSettingsTogether: (
        MANAGERS,
        lambda w, _: projects.ChangeSettingsTogether(project=w.project, changes={"assignment": {"seed": 1}}),
    ),
    projects.UndoSettings: (MANAGERS, lambda w, _: projects.UndoSettings(project=w.project, group=changed_group(w))),
    projects.PublishProject: (MANAGERS, lambda w, _: projects.PublishProject(project=w.project)),
    projects.UnpublishProject: (MANAGERS, lambda w, _: projects.UnpublishProject(project=w.project)),
    members.AddMembers: (
        MANAGERS,
        lambda w, _: members.AddMembers(
            project=w.project, members=[members.NewMember(person=w.people["stranger"], role=ProjectRole.ANNOTATOR)]
        ),
    ),
    members.RemoveMember: (MANAGERS, lambda w, _: members.RemoveMember(project=w.project, person=w.people["bob"])),
    members.PauseMember: (MANAGERS, lambda w, _: members.PauseMember(project=w.project, person=w.people["bob"])),
    members.ResumeMember: (MANAGERS, lambda w, _: members.ResumeMember(project=w.project, person=w.people["bob"])),
    rules.SetRule: (MANAGERS, lambda w, _: rules.SetRule(project=w.project, name="enough", rule=RULE)),
    rules.RemoveRule: (MANAGERS, lambda w, _: rules.RemoveRule(project=with_rule(w).project, name="enough")),
    rules.SetSkill: (
        MANAGERS,
        lambda w, _: rules.SetSkill(project=w.project, person=w.people["bob"], skill="films", value=1.0),
    ),
    rules.FireRule: (NOBODY, lambda w, _: firing(w, "bob")),
    rules.AppealFiring: (
        {"annotator"},
        lambda w, who: rules.AppealFiring(project=w.project, firing=fired(w, who), words="no"),
    ),
    rules.OverruleFiring: (
        MANAGERS,
        lambda w, _: rules.OverruleFiring(project=w.project, firing=fired(w, "bob")),
    ),
    drift.RaiseDrift: (NOBODY, lambda w, _: drifting(w)),
    drift.DismissDrift: (MANAGERS, lambda w, _: drift.DismissDrift(project=w.project, alarm=drifted(w))),
    drift.RequeueWindow: (
        MANAGERS,
        lambda w, _: drift.RequeueWindow(
            project=w.project, person=w.people["bob"], since=date(2026, 11, 24), until=date(2026, 11, 24)
        ),
    ),
    defining.ProposeAgreementDefinition: (
        MANAGERS,
        lambda w, _: defining.ProposeAgreementDefinition(project=w.project, definition={"methodology": "consensus"}),
    ),
    defining.ActivateAgreementDefinition: (
        MANAGERS,
        lambda w, _: defining.ActivateAgreementDefinition(project=w.project, version=0),
    ),
    defining.WithdrawAgreementDefinition: (
        MANAGERS,
        lambda w, _: defining.WithdrawAgreementDefinition(project=w.project),
    ),
    defining.RegisterCustomMetric: (
        MANAGERS,
        lambda w, _: defining.RegisterCustomMetric(
            project=w.project, name="mine", source="def agreement(one, other, per_label=False):\n    return 1.0\n"
        ),
    ),
    viewing.SaveView: (REVIEWERS | {"viewer"}, lambda w, _: viewing.SaveView(project=w.project, name="mine")),
    viewing.RemoveView: (MANAGERS, lambda w, _: viewing.RemoveView(project=w.project, view=viewed(w))),
    subscribing.RegisterWebhook: (MANAGERS, lambda w, _: registration(w)),
    subscribing.ChangeWebhook: (
        MANAGERS,
        lambda w, _: subscribing.ChangeWebhook(project=w.project, webhook=registered(w), active=False),
    ),
    subscribing.RemoveWebhook: (
        MANAGERS,
        lambda w, _: subscribing.RemoveWebhook(project=w.project, webhook=registered(w)),
    ),
    subscribing.ResendWebhook: (
        MANAGERS,
        lambda w, _: subscribing.ResendWebhook(project=w.project, webhook=registered(w), after=0),
    ),
    subscribing.DisableWebhook: (
        NOBODY,
        lambda w, _: subscribing.DisableWebhook(project=w.project, webhook=registered(w), reason="gone"),
    ),
    defining.RecomputeAgreement: (NOBODY, lambda w, _: defining.RecomputeAgreement(project=w.project, version=1)),
    defining.RecordMeasuredAgreement: (
        NOBODY,
        lambda w, _: defining.RecordMeasuredAgreement(task=2, definition=1, digest=DIGEST, annotations=[], pairs=[]),
    ),
    consensus.RecordConsensusModel: (
        NOBODY,
        lambda w, _: consensus.RecordConsensusModel(
            project=w.project,
            dimension="label",
            version=1,
            kind="majority",
            parameters={},
            tasks=0,
            answers=0,
            known=0,
            position=0,
            skills={},
            evidence={},
        ),
    ),
}
ORGANIZATION_WIDE: set[type[Command]] = {
    projects.CreateProject,
    defining.RecomputeAgreement,
    defining.RecordMeasuredAgreement,
    subscribing.DisableWebhook,
    consensus.RecordConsensusModel,
    rules.FireRule,
    drift.RaiseDrift,
}
