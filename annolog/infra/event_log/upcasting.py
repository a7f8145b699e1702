"""Old bytes, today's shape: what turns an event as it was stored into the event as code knows it now.

Register with `@upcasts("AnnotationSubmitted", 1)` a function from the stored members of version 1 to those of
version 2. A sample of every shape ever stored stays in tests/infra/event_log/corpus for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Members = dict[str, Any]
Upcaster = Callable[[Members], Members]

UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def upcasts(type_name: str, schema_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register the step from `schema_version` to the next."""

    def register(step: Upcaster) -> Upcaster:
        UPCASTERS[type_name, schema_version] = step
        return step

    return register


def _with_definition(members: Members) -> Members:
    """Evidence names the definition of agreement; before there were any, number 0 was in force."""
    evidence = members.get("evidence")
    return members if evidence is None else {**members, "evidence": {**evidence, "definition": 0}}


for _judged in ("SlotAdded", "AgreementReached", "TaskExhausted", "TaskInfeasible"):
    upcasts(_judged, 1)(_with_definition)


@upcasts("SlotAdded", 2)
@upcasts("AgreementReached", 2)
@upcasts("TaskExhausted", 2)
@upcasts("TaskInfeasible", 3)
def _by_agreement(members: Members) -> Members:
    """Until then the agreement rule alone decided, for anybody and without a budget: as the new members begin."""
    return members


@upcasts("TaskInfeasible", 2)
def _with_evidence(members: Members) -> Members:
    """Until then only disagreement could make a task infeasible, so there was always evidence."""
    return members


@upcasts("TaskReserved", 1)
def _without_score(members: Members) -> Members:
    """Nobody was chosen by how unsure a model is."""
    return members


def _of_no_rule(members: Members) -> Members:
    """Until there were rules none of them paused anybody."""
    return members


def _of_no_account(members: Members) -> Members:
    """Until people could be deactivated nobody was paused for it."""
    return members


for _paused in ("MemberPaused", "MemberResumed"):
    upcasts(_paused, 1)(_of_no_rule)
    upcasts(_paused, 2)(_of_no_account)


@upcasts("MemberAdded", 1)
@upcasts("MemberRoleChanged", 1)
def _of_no_viewer(members: Members) -> Members:
    """Until then nobody was there to look only."""
    return members


@upcasts("MemberAdded", 2)
@upcasts("MemberRoleChanged", 2)
def _one_by_one(members: Members) -> Members:
    """Everybody was added to the project itself, in one of the roles that everybody has."""
    return members


@upcasts("ProjectCreated", 1)
@upcasts("PersonRegistered", 1)
@upcasts("PermissionChanged", 1)
def _in_the_first_organization(members: Members) -> Members:
    """There was one organization, without workspaces."""
    return members


@upcasts("TokenIssued", 1)
def _for_all_and_ever(members: Members) -> Members:
    """Every token opened all that its person may do, and none expired."""
    return members


@upcasts("CommentAdded", 1)
def _about_no_draft(members: Members) -> Members:
    """Nobody could speak of a draft; whose annotation it is the task knows."""
    return members


@upcasts("ReviewWithdrawn", 1)
def _as_before(members: Members) -> Members:
    """Whatever had been said before a review stood again without it."""
    return {**members, "stands": members.get("previous") is not None}


@upcasts("SecondReviewGiven", 1)
@upcasts("ReviewAdjudicated", 1)
def _about_the_whole(members: Members) -> Members:
    """Whoever judged again spoke of the whole annotation."""
    return members


@upcasts("ReviewReserved", 1)
def _only_once(members: Members) -> Members:
    """Until then nothing was reviewed a second time."""
    return members


def _as_claimed(members: Members) -> Members:
    """Nothing was measured or held to anything: every time is as it was claimed. Nothing was reviewed a
    second time. What a reviewer said was about the whole annotation; which review a revision answers follows from the
    history: the latest before it.
    """
    return members


for _timed in ("AnnotationSubmitted", "AnnotationRevised", "AnnotationSkipped", "AnnotationReviewed"):
    upcasts(_timed, 1)(_as_claimed)
