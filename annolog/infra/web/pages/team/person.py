"""One person in a project: what they do, how well, and what is done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.live import Live
from annolog.infra.web.pages.team.alarms import Alarms
from annolog.infra.web.pages.team.crowd import SOURCES, Crowd
from annolog.infra.web.pages.team.figures import Comparison, Figures
from annolog.infra.web.pages.team.history import Skill, Work
from annolog.infra.web.pages.team.labels import Labels
from annolog.infra.web.pages.team.latest import Latest
from annolog.infra.web.pages.team.pausing import Pausing
from annolog.infra.web.pages.team.reasons import Reasons
from annolog.infra.web.pages.team.taken import confusions
from annolog.infra.web.parts.cards import grid, heading
from annolog.infra.web.parts.words import block, moment, sentence
from annolog.infra.web.viewer import ProjectPlace

SECONDS = 5.0
Refreshing = list[Callable[[], Awaitable[None]]]


@page("/projects/{id}/people/{person}", "Team")
async def person_page(frame: Frame, id: int, person: int) -> None:
    """What the API shows the viewer of this person, who may be the viewer."""
    place = await frame.viewer.enter(id)
    frame.of_project(place, "team")
    await show_person(place, person)


async def show_person(place: ProjectPlace, person: int) -> None:
    """Somebody's page. Raises `Refusal` where they are not the viewer's to look at, or nobody."""
    viewer = place.viewer
    skills = await _skills(place, person)
    crowd = Crowd(place)
    await crowd.ask()
    row = _row(crowd, person)
    if row is None:
        raise Refusal(404, {"detail": "Nobody of this number has to do with the project."})
    oneself = person == viewer.person
    # People apart are shown to who sees their names; the whole beside them to who sees quality.
    shown = oneself or (place.may("see_quality") and place.rights["names"])
    team = place.may("see_quality") and place.rights["agreement"] and place.rights["names"]
    name = crowd.name(person)
    with heading(name, _note(crowd, person, row, viewer.zone)) as actions:
        pass
    pausing = Pausing(place, person, name)
    if crowd.known.get(person, {}).get("role"):
        with actions:
            pausing.buttons()
    figures = Figures(reviews=bool(row.get("reviews_given")))
    comparison = Comparison() if team else None
    refreshing = await _parts(place, person, skills, comparison, shown=shown, team=team)

    async def fill() -> None:
        figures.show(_row(crowd, person) or {}, crowd, await _skills(place, person), team=team)
        if comparison is not None:
            comparison.show(person, crowd)
        await pausing.refresh()
        for refresh in refreshing:
            await refresh()

    async def refresh() -> None:
        await place.refresh_rights()
        await crowd.ask(SECONDS)
        await fill()

    await fill()
    Live(refresh, SECONDS)


async def _parts(
    place: ProjectPlace,
    person: int,
    skills: Sequence[dict[str, Any]],
    comparison: Comparison | None,
    *,
    shown: bool,
    team: bool,
) -> Refreshing:
    """The cards of the page; what has to be done so that each is up to date."""
    alarms: Alarms | None = None
    refreshing: Refreshing = []

    def noticed() -> Sequence[Any]:
        return alarms.found if alarms is not None else ()

    with grid():
        if shown:
            work = Work(place, person)
            refreshing.append(lambda: work.refresh(noticed()))
        sources = [source for source in SOURCES if any(one["source"] == source for one in skills)]
        skill = Skill(place, person, sources)
        refreshing.append(lambda: skill.refresh(noticed()))
    with grid():
        if comparison is not None:
            comparison.build()
        if shown:
            refreshing.append(Labels(place, person, team=team).refresh)
    if team:
        with grid():
            await confusions(place, person)
    with grid():
        if team:
            refreshing.append(Latest(place, person).refresh)
        with block("div", "an-beneath"):
            refreshing.append(Reasons(place, person).refresh)
            if team:
                alarms = Alarms(place, person)
                # Charts mark what was noticed.
                refreshing.insert(0, alarms.refresh)
    return refreshing


async def _skills(place: ProjectPlace, person: int) -> list[dict[str, Any]]:
    """What was measured of somebody, of all controls together. Raises `Refusal` where that is not the viewer's."""
    found = await place.shared("/skills", SECONDS, person=person, dimension="")
    rows: list[dict[str, Any]] = found.value["skills"]
    return rows


def _row(crowd: Crowd, person: int) -> dict[str, Any] | None:
    found = next((row for row in crowd.rows if row["person"] == person), None)
    if found is None and person in crowd.known:
        return {"person": person}
    return found


def _note(crowd: Crowd, person: int, row: dict[str, Any], zone: str) -> str:
    known = crowd.known.get(person, {})
    words = [known.get("handle") if known.get("name") else None, sentence(known.get("role") or "") or None]
    if known.get("standing", "active") != "active":
        words.append(sentence(known["standing"]))
    if row.get("last_active_at"):
        words.append(f"last active {moment(row['last_active_at'], zone)}")
    return " · ".join(word for word in words if word)
