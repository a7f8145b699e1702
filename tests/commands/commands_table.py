"""Every command with who may ask it, and how it is asked: the table by which roles are tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from pydantic import SecretStr

from annolog.commands import (
    activity,
    annotating,
    commenting,
    consensus,
    defining,
    distributing,
    drafting,
    drift,
    following,
    importing,
    interacting,
    inviting,
    members,
    notifying,
    organizations,
    people,
    personal,
    projects,
    provisioning,
    review_stream,
    reviewing,
    routing,
    rules,
    second_review,
    signing_in,
    signing_on,
    subscribing,
    tokens,
    viewing,
    working,
    workspaces,
)
from annolog.commands.command import Command
from annolog.domain.access.mapping import GroupRule
from annolog.domain.activity.events import SignedOut, SignOutCause
from annolog.domain.drift.detector import Measure
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning.profile import Profile
from annolog.domain.refusals import Refused
from annolog.domain.task.importing import ImportedTask
from tests.receiver import SECRET
from tests.story import evidence
from tests.world import World, result

DIGEST = "0" * 64
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULERS = {"owner", "administrator"}
MANAGERS = RULERS | {"manager"}
REVIEWERS = MANAGERS | {"reviewer"}
WORKERS = REVIEWERS | {"annotator"}
EVERYBODY = WORKERS | {"viewer", "stranger"}
NOBODY: set[str] = set()
ROLES = ("owner", "administrator", "manager", "reviewer", "annotator", "viewer", "stranger")

Told = Callable[[World, str], Command]


def own_annotation(world: World, who: str) -> int:
    with suppress(Refused):
        return world.submit(who, 2)
    return 1


def own_comment(world: World, who: str) -> int:
    with suppress(Refused):
        comment: int = world.run(commenting.AddComment(task=2, text="mine"), who).value["comment"]
        return comment
    return 1


def own_review(world: World, who: str) -> int:
    with suppress(Refused):
        return world.review(who, 1, 1, "accepted")
    return 1


def given_to_review(world: World, who: str) -> int:
    with suppress(Refused):
        task: int = world.run(review_stream.RequestReview(project=world.project), who).value["task"]
        return task
    return 1


def reviewed_twice(world: World, *verdicts: str) -> int:
    """A review by somebody else that is to be given again or, with another verdict, to be settled."""
    more = {"second_review_percent": 100, "adjudication": "on_disagreement"}
    world.run(projects.ChangeSettings(project=world.project, group="review", changes=more))
    world.join("one other", ProjectRole.REVIEWER)
    review = world.review("one", 1, 1, verdicts[0])
    for verdict in verdicts[1:]:
        world.run(second_review.GiveSecondReview(task=1, review=review, verdict=verdict), "other")
    return review


def deleted_annotation(world: World) -> int:
    world.run(annotating.DeleteAnnotation(task=1, annotation=1))
    return 1


def leased(world: World, who: str) -> int:
    with suppress(Refused):
        world.run(working.ReserveTask(task=2), who)
    return 2


def changed_group(world: World) -> str:
    world.run(projects.ChangeSettings(project=world.project, group="review", changes={"sample_percent": 50}))
    return "review"


RULE = {
    "conditions": [{"collector": "answers", "comparison": "gte", "value": 1}],
    "action": {"do": "pause", "minutes": 1},
}


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


def issued(world: World) -> int:
    token: int = world.run(tokens.IssueToken(person=world.people["bob"], digest=DIGEST)).value["token"]
    return token


def invitation() -> inviting.InvitePerson:
    return inviting.InvitePerson(digest=DIGEST, expires_at=NOON + timedelta(days=7))


def invited(world: World) -> int:
    found: int = world.run(invitation()).value["invitation"]
    return found


def own_role(name: str) -> organizations.DefineRole:
    return organizations.DefineRole(name=name, like=ProjectRole.REVIEWER, permissions=["see_project", "review"])


def defined(world: World) -> str:
    world.run(own_role("senior"))
    return "senior"


def in_workspace(world: World, who: str, role: ProjectRole = ProjectRole.ANNOTATOR) -> workspaces.NewWorkspaceMember:
    return workspaces.NewWorkspaceMember(person=world.people[who], role=role)


def workspace(world: World) -> int:
    """Where everybody is what they are in the project."""
    found: int = world.run(workspaces.CreateWorkspace(title="films")).value["workspace"]
    members = [in_workspace(world, role.value, role) for role in ProjectRole]
    world.run(workspaces.AddWorkspaceMembers(workspace=found, members=members))
    return found


SAID = Profile(user_name="bob@example.org")
GROUP_RULE = GroupRule(provider="scim", group="Reviewers", role=OrganizationRole.ADMINISTRATOR)


def provisioned(world: World) -> int:
    person: int = world.run(provisioning.ProvisionPerson(profile=SAID)).value["person"]
    return person


def grouped(world: World) -> int:
    group: int = world.run(provisioning.ProvisionGroup(name="Reviewers")).value["group"]
    return group


# Who may send what, with an example that is right in every other respect. World: task 1 is Bob's, 2 and 3 are free.
TABLE: dict[type[Command], tuple[set[str], Told]] = {
    people.RegisterPeople: (RULERS, lambda w, _: people.RegisterPeople(people=[people.NewPerson(handle="new")])),
    people.ChangeOrganizationRole: (
        RULERS,
        lambda w, _: people.ChangeOrganizationRole(person=w.people["bob"], role=OrganizationRole.ADMINISTRATOR),
    ),
    people.DeactivatePerson: (RULERS, lambda w, _: people.DeactivatePerson(person=w.people["bob"])),
    people.ReactivatePerson: (RULERS, lambda w, _: people.ReactivatePerson(person=w.people["bob"])),
    people.ApprovePerson: (RULERS, lambda w, _: people.ApprovePerson(person=w.people["bob"])),
    tokens.IssueToken: (RULERS, lambda w, _: tokens.IssueToken(person=w.people["bob"], digest=DIGEST)),
    tokens.RevokeToken: (RULERS, lambda w, _: tokens.RevokeToken(token=issued(w))),
    organizations.CreateOrganization: ({"owner"}, lambda w, _: organizations.CreateOrganization(name="another")),
    organizations.RenameOrganization: (RULERS, lambda w, _: organizations.RenameOrganization(name="another")),
    organizations.ChangePermission: (
        {"owner"},
        lambda w, _: organizations.ChangePermission(role="manager", permission="export", granted=False),
    ),
    organizations.DefineRole: ({"owner"}, lambda w, _: own_role("senior")),
    organizations.RetireRole: ({"owner"}, lambda w, _: organizations.RetireRole(name=defined(w))),
    workspaces.CreateWorkspace: (RULERS, lambda w, _: workspaces.CreateWorkspace(title="books")),
    workspaces.ReviseWorkspace: (
        MANAGERS,
        lambda w, _: workspaces.ReviseWorkspace(workspace=workspace(w), title="more films"),
    ),
    workspaces.ArchiveWorkspace: (MANAGERS, lambda w, _: workspaces.ArchiveWorkspace(workspace=workspace(w))),
    workspaces.UnarchiveWorkspace: (MANAGERS, lambda w, _: workspaces.UnarchiveWorkspace(workspace=workspace(w))),
    workspaces.AddWorkspaceMembers: (
        MANAGERS,
        lambda w, _: workspaces.AddWorkspaceMembers(workspace=workspace(w), members=[in_workspace(w, "bob")]),
    ),
    workspaces.RemoveWorkspaceMember: (
        MANAGERS,
        lambda w, _: workspaces.RemoveWorkspaceMember(workspace=workspace(w), person=w.people["viewer"]),
    ),
    workspaces.MoveProject: (
        MANAGERS,
        lambda w, _: workspaces.MoveProject(project=w.project, workspace=workspace(w)),
    ),
    activity.RecordActivity: (
        NOBODY,
        lambda w, who: activity.RecordActivity(
            activity=SignedOut(organization=1, person=w.people[who], cause=SignOutCause.PERSON)
        ),
    ),
    following.FollowWorkspace: (NOBODY, lambda w, _: following.FollowWorkspace(project=w.project)),
    following.FollowAccount: (
        NOBODY,
        lambda w, _: following.FollowAccount(project=w.project, person=w.people["bob"]),
    ),
    inviting.InvitePerson: (RULERS, lambda w, _: invitation()),
    inviting.RevokeInvitation: (RULERS, lambda w, _: inviting.RevokeInvitation(invitation=invited(w))),
    inviting.AcceptInvitation: (NOBODY, lambda w, _: inviting.AcceptInvitation(digest=DIGEST, handle="new")),
    signing_in.ChangePassword: (
        NOBODY,
        lambda w, _: signing_in.ChangePassword(person=w.people["bob"], hash=SecretStr("hash")),
    ),
    signing_in.RehashPassword: (
        NOBODY,
        lambda w, _: signing_in.RehashPassword(person=w.people["bob"], hash=SecretStr("hash")),
    ),
    signing_in.RemovePassword: (RULERS, lambda w, _: signing_in.RemovePassword(person=w.people["bob"])),
    signing_in.BeginSession: (
        NOBODY,
        lambda w, _: signing_in.BeginSession(
            person=w.people["bob"], digest=DIGEST, method="password", idle_since=NOON, begun_before=NOON
        ),
    ),
    signing_in.NoteSessions: (NOBODY, lambda w, _: signing_in.NoteSessions(seen={DIGEST: NOON})),
    signing_in.EndSession: (NOBODY, lambda w, _: signing_in.EndSession(digest=DIGEST)),
    signing_on.RecognizePerson: (
        NOBODY,
        lambda w, _: signing_on.RecognizePerson(
            provider="keycloak", organization=1, admits="everybody", subject=SecretStr("s")
        ),
    ),
    signing_on.EndSessionsThere: (
        NOBODY,
        lambda w, _: signing_on.EndSessionsThere(provider="keycloak", organization=1, begun_by=NOON, session="s"),
    ),
    signing_in.EndSessions: (RULERS, lambda w, _: signing_in.EndSessions(person=w.people["bob"])),
    personal.RevisePerson: (
        RULERS,
        lambda w, _: personal.RevisePerson(person=w.people["bob"], name=SecretStr("Bob")),
    ),
    personal.ErasePerson: (RULERS, lambda w, _: personal.ErasePerson(person=w.people["bob"], handle="bob")),
    provisioning.ProvisionPerson: ({"owner"}, lambda w, _: provisioning.ProvisionPerson(profile=SAID)),
    provisioning.ReviseProvisionedPerson: (
        {"owner"},
        lambda w, _: provisioning.ReviseProvisionedPerson(person=provisioned(w), profile=SAID, active=False),
    ),
    provisioning.ReleasePerson: ({"owner"}, lambda w, _: provisioning.ReleasePerson(person=provisioned(w))),
    provisioning.ProvisionGroup: ({"owner"}, lambda w, _: provisioning.ProvisionGroup(name="Reviewers")),
    provisioning.ReviseGroup: ({"owner"}, lambda w, _: provisioning.ReviseGroup(group=grouped(w), name="Seniors")),
    provisioning.RemoveGroup: ({"owner"}, lambda w, _: provisioning.RemoveGroup(group=grouped(w))),
    provisioning.ChangeGroupMapping: (RULERS, lambda w, _: provisioning.ChangeGroupMapping(rules=[GROUP_RULE])),
    provisioning.FollowGroups: (NOBODY, lambda w, _: provisioning.FollowGroups(organization=1)),
    provisioning.FollowGroupsInProject: (NOBODY, lambda w, _: provisioning.FollowGroupsInProject(project=w.project)),
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
    reviewing.ReviewAnnotation: (
        REVIEWERS,
        lambda w, _: reviewing.ReviewAnnotation(task=1, annotation=1, verdict="accepted"),
    ),
    reviewing.WithdrawReview: (REVIEWERS, lambda w, who: reviewing.WithdrawReview(task=1, review=own_review(w, who))),
    reviewing.SetGroundTruth: (REVIEWERS, lambda w, _: reviewing.SetGroundTruth(task=1, annotation=1)),
    reviewing.ClearGroundTruth: (REVIEWERS, lambda w, _: reviewing.ClearGroundTruth(task=1)),
    notifying.MarkNotificationsRead: (EVERYBODY, lambda w, _: notifying.MarkNotificationsRead(up_to=1)),
    review_stream.RequestReview: (REVIEWERS, lambda w, _: review_stream.RequestReview(project=w.project)),
    review_stream.ReleaseReview: (REVIEWERS, lambda w, who: review_stream.ReleaseReview(task=given_to_review(w, who))),
    review_stream.ReviewTasks: (
        REVIEWERS,
        lambda w, _: review_stream.ReviewTasks(project=w.project, tasks=[1], verdict="accepted"),
    ),
    # Who manages sees all verdicts, and would not judge independently.
    second_review.GiveSecondReview: (
        {"reviewer"},
        lambda w, who: second_review.GiveSecondReview(task=1, review=reviewed_twice(w, "accepted"), verdict="accepted"),
    ),
    second_review.AdjudicateReview: (
        REVIEWERS,
        lambda w, who: second_review.AdjudicateReview(
            task=1, review=reviewed_twice(w, "accepted", "rejected"), verdict="accepted"
        ),
    ),
    routing.RouteForReview: (
        NOBODY,
        lambda w, _: routing.RouteForReview(
            task=2, agreement=routing.MeasuredAgreement(overall=0.5, annotations=[], definition=0)
        ),
    ),
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
ORGANIZATION_WIDE = {
    activity.RecordActivity,
    people.RegisterPeople,
    people.ChangeOrganizationRole,
    people.DeactivatePerson,
    people.ReactivatePerson,
    people.ApprovePerson,
    tokens.IssueToken,
    tokens.RevokeToken,
    organizations.CreateOrganization,
    organizations.RenameOrganization,
    organizations.ChangePermission,
    organizations.DefineRole,
    organizations.RetireRole,
    workspaces.CreateWorkspace,
    following.FollowWorkspace,
    following.FollowAccount,
    personal.RevisePerson,
    personal.ErasePerson,
    inviting.InvitePerson,
    inviting.RevokeInvitation,
    inviting.AcceptInvitation,
    signing_in.ChangePassword,
    signing_in.RehashPassword,
    signing_in.RemovePassword,
    signing_in.BeginSession,
    signing_in.NoteSessions,
    signing_in.EndSession,
    signing_in.EndSessions,
    signing_on.RecognizePerson,
    signing_on.EndSessionsThere,
    provisioning.ProvisionPerson,
    provisioning.ReviseProvisionedPerson,
    provisioning.ReleasePerson,
    provisioning.ProvisionGroup,
    provisioning.ReviseGroup,
    provisioning.RemoveGroup,
    provisioning.ChangeGroupMapping,
    provisioning.FollowGroups,
    provisioning.FollowGroupsInProject,
    projects.CreateProject,
    distributing.AssessAgreement,
    routing.RouteForReview,
    distributing.GrantAnswers,
    distributing.TakeBackSlots,
    distributing.JudgeFeasibility,
    distributing.KeepForExperts,
    distributing.GiveUpWork,
    distributing.ReconsiderTasks,
    defining.RecomputeAgreement,
    defining.RecordMeasuredAgreement,
    subscribing.DisableWebhook,
    consensus.RecordConsensusModel,
    working.ReleaseLapsed,
    rules.FireRule,
    drift.RaiseDrift,
}
