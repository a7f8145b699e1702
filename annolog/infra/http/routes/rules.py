"""Rules of a project's own, what they did, and what people say to that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from sqlalchemy import Connection

from annolog.commands.rules import AppealFiring, OverruleFiring, RemoveRule, SetRule, SetSkill
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import whose_figures
from annolog.infra.rules import rules_of
from annolog.projections.conduct import queries as conduct

router = APIRouter(prefix="/v1/projects/{id}", tags=["rules"], route_class=StrictRoute)
MANAGING = documented(Forbidden, NotFound, InvalidInput, StaleVersion, WrongState)
RuleName = Annotated[str, Path(max_length=100, description="Letters, digits, dots, dashes and underscores.")]
SkillName = Annotated[str, Path(min_length=1, max_length=100)]
RuleBody = Annotated[
    dict[str, Any],
    Field(
        description="`conditions`, which all have to hold, and an `action`; see docs/rules.md.",
        examples=[
            {
                "conditions": [
                    {
                        "collector": "fast_answers",
                        "comparison": "gte",
                        "value": 5,
                        "parameters": {"seconds": 3, "last": 10},
                    }
                ],
                "action": {"do": "pause", "kind": "full", "minutes": 60},
            }
        ],
    ),
]


class NewAppeal(Body):
    """Why a rule was wrong."""

    words: str = Field(min_length=1, max_length=10_000)


class NewOverruling(Body):
    """Why what a rule did is taken back."""

    reason: str = Field(default="", max_length=10_000)


class NewSkill(Body):
    """What somebody is good for; null takes it away."""

    value: float | None = Field(allow_inf_nan=False)


@router.get("/rules", summary="The rules of a project", responses=documented(Forbidden, NotFound))
async def list_rules(id: Id, caller: Calling) -> Response:
    """Every rule with its version, as they are now."""
    project = caller.project(id, Permission.SEE_QUALITY)
    return presented(caller.installation, {"rules": rules_of(project)})


@router.put("/rules/{name}", summary="Set a rule", response_model=Answered, responses=MANAGING)
async def set_rule(id: Id, name: RuleName, body: RuleBody, caller: Calling) -> Response:
    """A new rule, or another version of the one of this name. Everybody in the project is looked at by it at once."""
    return await caller.answer(SetRule(project=id, name=name, rule=body))


@router.delete("/rules/{name}", summary="Remove a rule", response_model=Answered, responses=MANAGING)
async def remove_rule(id: Id, name: RuleName, caller: Calling) -> Response:
    """It looks at nobody any more. What it has done stays until its time is over or it is overruled."""
    return await caller.answer(RemoveRule(project=id, name=name))


@router.get("/firings", summary="What rules did", responses=documented(Forbidden, NotFound, Behind))
async def list_firings(
    id: Id,
    caller: Calling,
    person: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="For whom.")] = None,
    after: After = 0,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """Firings with what they rest on, in their order; without the right to see quality, or where the project does not
    show who annotates, those for oneself.

    `next` is what to pass as `after` for more.
    """
    project = caller.project(id)
    alone = whose_figures(project, caller.person)
    if alone is not None and person not in (None, alone):
        raise Forbidden("What rules did to somebody else is not shown.")
    whose = alone or person

    def query(connection: Connection) -> list[dict[str, Any]]:
        return conduct.firings(connection, id, whose, after, limit)

    rows = await read(caller.installation, min_position, query)
    found = {"firings": rows, "next": rows[-1]["firing"] if len(rows) == limit else None}
    return presented(caller.installation, found)


@router.post("/firings/{firing}/appeal", summary="Appeal a firing", response_model=Answered, responses=MANAGING)
async def appeal(id: Id, firing: Id, body: NewAppeal, caller: Calling) -> Response:
    """Say that a rule was wrong about oneself, once, also while one is paused."""
    return await caller.answer(AppealFiring(project=id, firing=firing, words=body.words))


@router.post("/firings/{firing}/overrule", summary="Overrule a firing", response_model=Answered, responses=MANAGING)
async def overrule(id: Id, firing: Id, body: NewOverruling, caller: Calling) -> Response:
    """Take back what a rule did, as far as nobody has made use of it."""
    return await caller.answer(OverruleFiring(project=id, firing=firing, reason=body.reason))


@router.put("/members/{person}/skills/{skill}", summary="Set a skill", response_model=Answered, responses=MANAGING)
async def set_skill(id: Id, person: Id, skill: SkillName, body: NewSkill, caller: Calling) -> Response:
    """Say what a member is good for, with any number; null takes the skill away."""
    return await caller.answer(SetSkill(project=id, person=person, skill=skill, value=body.value))
