"""What other policies would have made of a project's work, and letting one of them take over."""

from __future__ import annotations

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import Field

from annolog.commands.projects import ChangeSettingsTogether
from annolog.domain.access.permissions import Permission
from annolog.domain.policies.adopting import adopted
from annolog.domain.policies.catalogue import policy
from annolog.domain.refusals import Forbidden, InfeasibleSettings, NotFound, StaleVersion
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import AcceptInfeasible, Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.preview import preview_together
from annolog.infra.simulation import simulate_project

router = APIRouter(prefix="/v1/projects/{id}/simulations", tags=["quality"], route_class=StrictRoute)
POLICY = Field(max_length=100, description="rule, confidence or fixed.", examples=["confidence"])
MOST_LABELS = 1_000


class Tried(Body):
    """A policy, and the parameters to try it with; over its range where none is named."""

    policy: str = POLICY
    parameters: list[float] = Field(default_factory=list, max_length=100, examples=[[0.9, 0.99]])


class Simulation(Body):
    """What to try: all policies over their ranges where none is named."""

    policies: list[Tried] = Field(default_factory=list, max_length=10)
    seeds: int = Field(default=3, ge=1, le=100, description="Replays, with the seeds 0, 1, …")
    routed: bool = Field(default=True, description="Ask the best of three people who are there.")
    budget: float | None = Field(default=None, ge=0, le=MOST_LABELS, description="Most labels a task, on average.")
    dimension: str | None = Field(default=None, max_length=500, description="Which control, where there are several.")


class Choice(Body):
    """The policy that takes over."""

    policy: str = POLICY
    parameter: float = Field(examples=[0.95])
    budget: float | None = Field(
        default=None, ge=0, le=MOST_LABELS, description="Labels a task that it may take on average, up to the next 0.1."
    )


@router.post("", summary="Simulate other policies", responses=documented(Forbidden, NotFound))
async def simulate(id: Id, body: Simulation, caller: Calling, request: Request) -> Response:
    """Asks for the recorded answers again: how many each policy needs, whose, how often it is right, how long it takes.

    Nothing is changed, and no answer is made up. It may take a minute; one is worked out at a time.
    """
    caller.project(id, Permission.CONFIGURE)
    work = partial(
        simulate_project,
        caller.installation,
        id,
        [(tried.policy, tried.parameters) for tried in body.policies],
        body.seeds,
        routed=body.routed,
        budget=body.budget,
        dimension=body.dimension,
    )
    return presented(caller.installation, await to_thread.run_sync(work, limiter=request.app.state.simulating))


@router.post(
    "/apply/preview",
    summary="Preview letting a policy take over",
    responses=documented(Forbidden, NotFound),
)
async def preview_apply(id: Id, body: Choice, caller: Calling) -> Response:
    """The settings that would change, by group, and what that comes to for tasks, labels and people."""
    caller.project(id, Permission.CONFIGURE)
    changes = adopted(policy(body.policy, body.parameter), body.budget)
    return presented(caller.installation, await to_thread.run_sync(preview_together, caller.installation, id, changes))


@router.post(
    "/apply",
    summary="Let a policy take over",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, InfeasibleSettings, StaleVersion),
)
async def apply(id: Id, body: Choice, caller: Calling, accept_infeasible: AcceptInfeasible = False) -> Response:
    """Changes the settings that make the policy decide: reassignment, and the overlap that it starts with."""
    caller.project(id, Permission.CONFIGURE)
    changes = adopted(policy(body.policy, body.parameter), body.budget)
    command = ChangeSettingsTogether(
        project=id,
        changes={group: dict(new) for group, new in changes.items()},
        accept_infeasible=accept_infeasible,
    )
    return await caller.answer(command)
