"""How a project measures agreement: definitions proposed, computed, in force, and metrics of the project's own."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy import Connection

from annolog.commands.defining import (
    ActivateAgreementDefinition,
    ProposeAgreementDefinition,
    RegisterCustomMetric,
    WithdrawAgreementDefinition,
)
from annolog.domain.refusals import Behind, Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import see_quality
from annolog.projections.agreement import queries as agreement

router = APIRouter(prefix="/v1/projects/{id}/agreement", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
MANAGING = documented(Forbidden, NotFound, InvalidInput, StaleVersion, WrongState)


class Proposal(Body):
    """Another way to measure agreement."""

    definition: dict[str, Any] = Field(
        description="Settings of the group `agreement`; what is not named stays.",
        examples=[{"methodology": "consensus"}],
    )
    activate: bool = Field(default=False, description="Let it take over as soon as every task is computed.")
    threshold: float | None = Field(default=None, ge=0, le=1, description="For the reassignment rule, if on.")


class Activation(Body):
    """Which definition takes over."""

    version: int
    threshold: float | None = Field(default=None, ge=0, le=1)


class Withdrawal(Body):
    """Why a proposal is taken back."""

    reason: str = Field(default="", max_length=1_000)


class MetricFile(Body):
    """A metric of the project's own: a Python file, see docs/custom-metrics.md."""

    name: str = Field(min_length=1, max_length=200)
    source: str


@router.get("/definitions", summary="Every definition of agreement", responses=SEEING)
async def definitions(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """What was, is and is proposed to be measured, and what the scores by it come to, side by side."""

    def query(connection: Connection) -> Any:
        return {"definitions": agreement.definitions(connection, id)}

    return await see_quality(caller, id, min_position, query)


@router.post("/definitions", summary="Propose a definition", response_model=Answered, responses=MANAGING)
async def propose(id: Id, body: Proposal, caller: Calling) -> Response:
    """It is computed in the background beside the one in force; `GET` shows both."""
    command = ProposeAgreementDefinition(
        project=id, definition=body.definition, activate=body.activate, threshold=body.threshold
    )
    return await caller.answer(command)


@router.post("/activate", summary="Let a proposed definition take over", response_model=Answered, responses=MANAGING)
async def activate(id: Id, body: Activation, caller: Calling) -> Response:
    """Refused while it is being computed, and where the reassignment rule is on without a threshold for it."""
    return await caller.answer(ActivateAgreementDefinition(project=id, version=body.version, threshold=body.threshold))


@router.post("/withdraw", summary="Take a proposal back", response_model=Answered, responses=MANAGING)
async def withdraw(id: Id, body: Withdrawal, caller: Calling) -> Response:
    """What is in force stays in force."""
    return await caller.answer(WithdrawAgreementDefinition(project=id, reason=body.reason))


@router.post("/metrics", summary="Register a metric of the project's own", response_model=Answered, responses=MANAGING)
async def register_metric(id: Id, body: MetricFile, caller: Calling) -> Response:
    """Answers its digest, by which a definition asks for it as `custom`. It is checked, not yet run."""
    return await caller.answer(RegisterCustomMetric(project=id, name=body.name, source=body.source))
