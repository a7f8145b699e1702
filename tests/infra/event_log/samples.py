"""One event of every type, complete to the last field, and the files in which they are kept for ever.

    python tests/infra/event_log/samples.py

writes a file for each type and schema version that has none. It never writes a file again: what it holds may be in
somebody's log. Whoever changes an event's shape raises its `schema_version`, registers an upcaster, and runs this.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from annolog.domain.access.mapping import GroupRule
from annolog.domain.activity import events as activity
from annolog.domain.consensus import events as consensus
from annolog.domain.drift import events as drift
from annolog.domain.event import Event
from annolog.domain.organization import events as organization
from annolog.domain.people import events as people
from annolog.domain.project import events as project
from annolog.domain.provisioning import events as provisioning
from annolog.domain.rules import events as rules
from annolog.domain.sign_on import events as sign_on
from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as task
from annolog.domain.task import interaction_events as interactions
from annolog.domain.task import review_events as review
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.time.notes import TimeNote, TimeRule

CORPUS = Path(__file__).parent / "corpus"

P, T = 3, 41
HERE: dict[str, Any] = {"project": P, "task": T}
DOOR: dict[str, Any] = {"organization": 2, "person": 5, "address": "192.0.2.7"}
NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
RESULT = [{"id": "r1", "from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["é", "B"]}}]
EVIDENCE = task.Evidence(
    score=0.5,
    threshold=0.75,
    methodology="pairwise",
    annotations=[(11, 1), (12, 2)],
    settings_version=4,
    definition=2,
    policy="confidence",
    policy_version=1,
    need=0.25,
    posterior=0.75,
    models={"label": 3},
    disagreements=1,
    candidates=[(8, 0.5), (9, 0.25)],
)
NOTES = [TimeNote(field="lead_time", rule=TimeRule.LONGER_THAN_OPEN, seconds=99.5, moment=NOON)]
WHY = task.ReservationReason(policy="uncertainty", lane="fresh", rank=9, seed=7, score=0.25, settings_version=4)

SAMPLES: Sequence[Event] = (
    task.TaskImported(
        **HERE, data={"text": "a", "none": None, "deep": [{"n": 1.5}]}, meta={"source": "x"}, allow_skip=False,
        import_id=2, line=41, slots=2, covered=True, draw=0.25, seed=7,
    ),
    task.TaskDeleted(**HERE, reason="twice"),
    task.TaskRestored(**HERE),
    task.TaskDataRevised(**HERE, data={"text": "b"}, digest="9f86d081884c7d65"),
    task.OverlapSet(**HERE, slots=3, previous=2, covered=True, cause="overlap or coverage changed"),
    task.SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=EVIDENCE, wanted=[8, 9], wanted_until=NOON),
    task.PreferenceEnded(**HERE, people=[8, 9], cause="answered"),
    task.SlotKept(**HERE, people=[8, 9]),
    task.TaskDoubted(**HERE, need=0.25, evidence=EVIDENCE),
    task.AgreementReached(**HERE, evidence=EVIDENCE),
    task.TaskExhausted(**HERE, limit=2, evidence=EVIDENCE, reason="budget"),
    task.TaskInfeasible(**HERE, eligible=0, slots_wanted=3, evidence=EVIDENCE),
    task.TaskFeasible(**HERE),
    task.TaskReserved(**HERE, person=5, lease=6, expires_at=NOON, why=WHY),
    task.ReservationExtended(**HERE, person=5, lease=6, expires_at=NOON),
    task.ReservationReleased(**HERE, person=5, lease=6, reason=task.ReleaseReason.EXPIRED),
    task.AnnotatorAssigned(**HERE, person=5),
    task.AnnotatorUnassigned(**HERE, person=5),
    task.ReviewerAssigned(**HERE, person=5),
    task.ReviewerUnassigned(**HERE, person=5),
    task.AnnotationSubmitted(
        **HERE, annotation=11, annotator=5, result=RESULT, config_version=2, lease=6, started_at=NOON, lead_time=12.5,
        active_time=10.25, time_notes=NOTES, prediction=8, surplus=True, origin="import",
    ),
    task.AnnotationRevised(
        **HERE, annotation=11, annotator=5, revision=2, result=RESULT, by=9, config_version=2, lead_time=2.5,
        active_time=1.25, time_notes=NOTES, because=task.RevisionCause.FIXED_IN_REVIEW, review=21,
    ),
    task.AnnotationSkipped(
        **HERE, person=5, mode=task.SkipMode.REQUEUE_FOR_OTHERS, comment="unclear", lead_time=1.5, time_notes=NOTES,
    ),
    task.SkipWithdrawn(**HERE, person=5),
    task.AnnotationDeleted(**HERE, annotation=11, annotator=5, reason="spam"),
    task.AnnotationRestored(**HERE, annotation=11, annotator=5, standing=task.Standing.RETURNED),
    task.AnnotationReviewed(
        **HERE, review=21, annotation=11, annotator=5, revision=1, reviewer=9, verdict=task.Verdict.REJECTED,
        action=task.RejectAction.PASS_ON, comment="no", region="r1", started_at=NOON, review_time=3.5,
        active_time=2.5, time_notes=NOTES, fix_agreement=0.5, adjudicates=20,
    ),
    task.ReviewWithdrawn(
        **HERE, review=21, annotation=11, annotator=5, reviewer=9, verdict=task.Verdict.FIXED, fix_agreement=0.5,
        standing=task.Standing.REMOVED, previous=task.Verdict.ACCEPTED, stands=True,
    ),
    task.GroundTruthSet(**HERE, annotation=11, annotator=5, cause="manual"),
    task.GroundTruthCleared(**HERE, annotation=11, annotator=5, cause="manual", standing=task.Standing.PASSED_ON),
    task.FeedbackGiven(
        **HERE, person=8, attempt=2, right=False,
        hint=task.Hint(controls=["label"], missing_regions=1, surplus_regions=2),
    ),
    saying.CommentAdded(
        **HERE, comment=31, author=5, text="why?", annotation=11, region="r1", parent=30, mentions=[9],
        classification="unclear_guideline", draft=True, annotator=5,
    ),
    saying.CommentEdited(**HERE, comment=31, text="why not?"),
    saying.CommentResolved(**HERE, comment=31),
    saying.CommentReopened(**HERE, comment=31),
    saying.CommentDeleted(**HERE, comment=31),
    interactions.InteractionsRecorded(
        **HERE, person=5, session="6f1c9d", sequence=3, annotation=11, client_clock=NOON,
        interactions=[("annotation_loaded", 65_000), ("idle_detected", 4_000)],
        time_notes=[TimeNote(field="client_clock", rule=TimeRule.OTHER_CLOCK, moment=NOON, seconds=1.5)],
    ),
    task.PredictionRecorded(**HERE, prediction=8, model_version="m-1", result=RESULT, score=0.5),
    task.AgreementMeasured(
        **HERE, definition=3, digest="9f86d081884c7d65", annotations=[(11, 1), (12, 2)],
        pairs=[task.MeasuredPair(one=11, other=12, score=0.5, error="none")], score=0.5, error="none",
    ),
    task.TaskStateChanged(
        **HERE, previous=task.TaskState.CREATED, state=task.TaskState.ANNOTATION_IN_PROGRESS, cause="TaskReserved"
    ),
    review.ReviewRoutingAwaited(**HERE),
    review.ReviewRouted(
        **HERE, sampled=True, rule=1, percent=25, agreement=0.75, annotations=[(11, 1), (12, 2)], definition=2,
        quota="gte:0.5:25:7:label", quota_tasks=9, quota_sampled=3, seed=7, settings_version=4,
    ),
    review.ReviewReserved(
        **HERE, reviewer=9, annotation=11, expires_at=NOON, review=21, stage=ReviewStage.SECOND
    ),
    review.ReviewReleased(**HERE, reviewer=9),
    review.SecondReviewRequested(
        **HERE, review=21, annotation=11, annotator=5, revision=1, reviewer=9, verdict=task.Verdict.ACCEPTED,
        percent=25, quota="second_review:7", quota_reviews=9, quota_sampled=3, seed=7, settings_version=4,
    ),
    review.SecondReviewGiven(
        **HERE, review=21, annotation=11, annotator=5, revision=1, first_reviewer=9,
        first_verdict=task.Verdict.ACCEPTED, reviewer=8, verdict=task.Verdict.REJECTED, agrees=False,
        action=task.RejectAction.RETURN, comment="no", region="r1", result=RESULT, started_at=NOON, review_time=3.5,
        active_time=2.5, time_notes=NOTES,
    ),
    review.AdjudicationRequested(
        **HERE, review=21, annotation=11, annotator=5, reviewer=9, second_reviewer=8, agree=False, settings_version=4
    ),
    review.ReviewAdjudicated(
        **HERE, review=21, annotation=11, annotator=5, reviewer=9, first_verdict=task.Verdict.ACCEPTED,
        second_reviewer=8, second_verdict=task.Verdict.REJECTED, adjudicator=7, verdict=task.Verdict.REJECTED,
        action=task.RejectAction.RETURN, comment="no", region="r1", result=RESULT, overturns=True, applied=False,
        started_at=NOON, review_time=3.5, active_time=2.5, time_notes=NOTES,
    ),
    review.ReturnGivenUp(**HERE, review=21, annotation=11, annotator=7),
    review.SecondReviewCalledOff(
        **HERE, review=21, annotation=11, stage=ReviewStage.ADJUDICATION, cause="AnnotationRevised"
    ),
    project.ProjectCreated(project=P, title="Sentiment", description="of films", organization=2, workspace=4),
    project.ProjectRevised(project=P, title="Feelings", description="of books"),
    project.ProjectMoved(project=P, old=4, workspace=5),
    project.LabelConfigRevised(project=P, version=2, label_config="<View/>"),
    project.InstructionsRevised(project=P, instructions="Read twice."),
    project.SettingsChanged(project=P, group="assignment", version=4, old={"overlap": 1}, new={"overlap": 2}),
    project.AgreementDefinitionProposed(
        project=P, version=3, definition={"methodology": "consensus"}, activate=True, threshold=0.5
    ),
    project.AgreementRecomputed(project=P, version=3, first_task=1, last_task=T, complete=True),
    project.AgreementDefinitionActivated(
        project=P, version=3, previous=2, definition={"methodology": "consensus"}, threshold=0.5
    ),
    project.AgreementDefinitionWithdrawn(project=P, version=3, reason="another one was proposed"),
    project.CustomMetricRegistered(project=P, name="mine", digest="9f86d081884c7d65", source="def f(a, b): ..."),
    project.TasksImported(project=P, import_id=2, first_task=T, count=100, covered=30),
    project.CoverageSet(project=P, covered=40),
    project.LabelsGranted(project=P, count=2, granted=7),
    project.ProjectPublished(project=P),
    project.ProjectUnpublished(project=P),
    project.MemberAdded(
        project=P, person=5, role=project.ProjectRole.REVIEWER, custom_role="senior",
        source=project.MemberSource.WORKSPACE,
    ),
    project.MemberRoleChanged(
        project=P, person=5, old=project.ProjectRole.REVIEWER, new=project.ProjectRole.ANNOTATOR,
        custom_role="junior", source=project.MemberSource.GROUPS,
    ),
    project.MemberRemoved(project=P, person=5),
    project.MemberPaused(
        project=P, person=5, kind=project.PauseKind.FULL, cause=project.PauseCause.RULE, reason="falls short",
        until=NOON, evidence={"score": 0.25, "tasks": 4}, rule="too-fast",
    ),
    project.MemberResumed(project=P, person=5, cause=project.PauseCause.RULE, rule="too-fast"),
    drift.DriftDetected(
        project=P, alarm=1, person=8, measure="accuracy", direction="fall", since="2026-11-22", until="2026-11-24",
        figures=[{"day": "2026-11-22", "value": 0.25, "answers": 4}], tasks=[T],
    ),
    drift.DriftDismissed(project=P, alarm=1, person=8, reason="the texts were harder"),
    drift.WindowRequeued(project=P, person=8, since="2026-11-22", until="2026-11-24", reason="haste"),
    rules.RuleSet(
        project=P, name="too-fast", version=2,
        rule={
            "conditions": [
                {
                    "collector": "fast_answers", "comparison": "gte", "value": 3.0,
                    "parameters": {"seconds": 2.0, "last": 5},
                }
            ],
            "action": {"do": "pause", "kind": "full", "minutes": 60.0}, "enabled": True, "again": True,
        },
    ),
    rules.RuleRemoved(project=P, name="too-fast"),
    rules.RuleFired(
        project=P, firing=7, person=5, rule="too-fast", version=2, inputs={"fast_answers": 3.0},
        conditions=[{"collector": "fast_answers", "comparison": "gte", "value": 3.0, "parameters": {"last": 5}}],
        action={"do": "redo", "last": 5}, tasks=[T], annotations=[11], answers=40, skips=2,
    ),
    rules.FiringAppealed(project=P, firing=7, person=5, words="the texts are short"),
    rules.FiringOverruled(project=P, firing=7, person=5, reason="they are"),
    rules.SkillSet(
        project=P, person=5, skill="films", value=0.5, cause=rules.SkillCause.RULE, previous=0.25, firing=7
    ),
    project.WebhookRegistered(
        project=P, webhook=2, url="https://example.org/hook", event_types=["TaskExhausted"], include_task_data=True,
        after=17, secret_fingerprint="9f86d081884c7d65",
    ),
    project.WebhookChanged(
        project=P, webhook=2, url="https://example.org/hook", event_types=["TaskExhausted"], include_task_data=True,
        active=False, secret_fingerprint="9f86d081884c7d65",
    ),
    project.WebhookRemoved(project=P, webhook=2),
    project.WebhookDisabled(project=P, webhook=2, reason="the receiver says that it is gone (410)"),
    project.WebhookRewound(project=P, webhook=2, after=17),
    project.ViewSaved(
        project=P, view=4, owner=5, shared=True, name="Contested",
        filters={"conjunction": "and", "items": [{"filter": "agreement", "operator": "less", "value": 0.6}]},
        order=["agreement", "-task"], columns=["task", "agreement", "data.text"], widths={"data.text": 320},
    ),
    project.ViewRemoved(project=P, view=4),
    consensus.ConsensusModelFitted(
        project=P, dimension="label", version=2, kind="one_coin", parameters={"prior": [0.5, 0.5]}, tasks=10,
        answers=30, known=1, position=99, skills={"5": [("a", "b", 1.5)]}, evidence={"chosen": "one_coin"},
    ),
    people.PersonRegistered(
        person=5, handle="ann", role=people.OrganizationRole.MEMBER, organization=2, custom_role="inviter",
        service=True, awaits_approval=True,
    ),
    people.PersonApproved(person=5),
    people.PersonRoleChanged(
        person=5, old=people.OrganizationRole.MEMBER, new=people.OrganizationRole.ADMINISTRATOR,
        old_custom_role="inviter", custom_role="auditor", source=people.Source.SCIM,
    ),
    people.PersonDeactivated(person=5, reason="left", source=people.Source.SCIM),
    people.PersonReactivated(person=5, source=people.Source.GROUPS),
    people.PersonInvited(
        organization=2, invitation=3, digest="9f86d081884c7d65", role=people.OrganizationRole.MEMBER,
        custom_role="inviter", expires_at=NOON, inviter=6, workspaces={4: project.ProjectRole.ANNOTATOR}, approval=True,
    ),
    people.InvitationRevoked(organization=2, invitation=3),
    people.InvitationAccepted(organization=2, invitation=3, person=5),
    people.PasswordChanged(person=5),
    people.PasswordRemoved(person=5),
    people.TokenIssued(
        token=1, person=5, digest="9f86d081884c7d65", label="laptop", scopes=["export"], expires_at=NOON
    ),
    people.TokenRevoked(token=1, digest="9f86d081884c7d65"),
    activity.SignedIn(**DOOR, method=activity.SignInMethod.SIGN_ON, provider="keycloak"),
    activity.SignedOut(**DOOR, cause=activity.SignOutCause.PROVIDER),
    activity.SignInFailed(
        **DOOR, method=activity.SignInMethod.PASSWORD, reason=activity.SignInFailure.WRONG_PASSWORD,
        provider="keycloak", count=7, since=NOON,
    ),
    activity.AccessDenied(
        **DOOR, on_behalf_of=6, method="GET", route="/v1/projects/{id}/export", in_project=P, code="forbidden", count=7,
        since=NOON,
    ),
    activity.DataExported(
        **DOOR, on_behalf_of=6, what="comments", format="csv", in_project=P, filter={"task": T}, rows=12, position=99,
        pseudonyms=True,
    ),
    activity.TokenUsed(**DOOR, token=1),
    activity.CommandLocated(**DOOR, command=UUID("00f0f000-7d38-4a3f-a3f7-7a1a1a1a1a1a")),
    organization.OrganizationCreated(organization=2, name="Films"),
    organization.OrganizationRenamed(organization=2, name="Films and more"),
    organization.PermissionChanged(organization=2, role="manager", permission="export", old=True, granted=False),
    organization.RoleDefined(organization=2, name="senior", like="reviewer", permissions=["review", "see_project"]),
    organization.RoleRetired(organization=2, name="senior"),
    organization.WorkspaceCreated(organization=2, workspace=4, title="A", description="of films", colour="#aa00ff"),
    organization.WorkspaceRevised(organization=2, workspace=4, title="B", description="of books", colour="#00ffaa"),
    organization.WorkspaceArchived(organization=2, workspace=4),
    organization.WorkspaceUnarchived(organization=2, workspace=4),
    organization.WorkspaceMemberAdded(
        organization=2, workspace=4, person=5, role=project.ProjectRole.REVIEWER, custom_role="senior",
        source=people.Source.SCIM,
    ),
    organization.WorkspaceMemberRemoved(organization=2, workspace=4, person=5),
    people.PersonRevised(person=5, name="AYc3-sealed", email="AX9k-sealed", vouched=True),
    people.PersonErased(person=5, certificate="0190f6b5c1de7cc0b5d1a2f0a94c3e57"),
    sign_on.PersonRecognized(organization=2, person=5, provider="keycloak", subject="ASu7-sealed"),
    sign_on.GroupsClaimed(organization=2, person=5, provider="keycloak", groups=["Reviewers"]),
    provisioning.PersonProvisioned(organization=2, person=5, profile="AQp4-sealed"),
    provisioning.PersonReleased(organization=2, person=5),
    provisioning.GroupProvisioned(organization=2, group=6, name="Reviewers", external_id="g-1", members=[5, 7]),
    provisioning.GroupRenamed(organization=2, group=6, old="Reviewers", name="Senior reviewers", external_id="g-2"),
    provisioning.GroupMembershipChanged(organization=2, group=6, added=[8], removed=[5]),
    provisioning.GroupRemoved(organization=2, group=6),
    provisioning.MappingChanged(
        organization=2,
        old=[GroupRule(provider="scim", group="Owners", role=people.OrganizationRole.OWNER)],
        new=[
            GroupRule(provider="scim", group="Reviewers", workspace=4, project_role=project.ProjectRole.REVIEWER),
            GroupRule(provider="scim", group="Reviewers", project=3, project_role=project.ProjectRole.MANAGER),
        ],
    ),
)  # fmt: skip


def shape(kind: type[Event]) -> Any:
    """Everything about an event type that decides which bytes it reads and writes."""
    return _without_words(kind.model_json_schema())


def _without_words(schema: Any) -> Any:
    """A schema without what is only said in it. A field may be called `title`; then its value is a schema itself."""
    if isinstance(schema, list):
        return [_without_words(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_words(part)
        for name, part in schema.items()
        if not (name in ("title", "description") and isinstance(part, str))
    }


def file_of(type_name: str, schema_version: int) -> Path:
    return CORPUS / f"{type_name}.v{schema_version}.json"


def record(event: Event) -> None:
    """Keep a sample of a shape that has none."""
    file = file_of(event.type_name(), event.schema_version)
    if not file.exists():
        body = json.loads(event.model_dump_json(exclude_none=True))
        kept = {
            "type": event.type_name(),
            "schema_version": event.schema_version,
            "body": body,
            "shape": shape(type(event)),
        }
        file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    for sample in SAMPLES:
        record(sample)
