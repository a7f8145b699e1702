"""Everybody who works in a project: annotators, how they agree, and reviewers."""

from __future__ import annotations

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.live import SECONDS, Live
from annolog.infra.web.pages.team import annotators, reviewers
from annolog.infra.web.pages.team.agreement import Agreement
from annolog.infra.web.pages.team.crowd import Crowd, if_shown
from annolog.infra.web.pages.team.person import show_person
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.tables import Table
from annolog.infra.web.parts.words import block, counted
from annolog.infra.web.viewer import ProjectPlace

VIEWS = {"annotators": "Annotators", "agreement": "Agreement", "reviewers": "Reviewers"}
# A thousand rows are half a megabyte whenever one of them changes.
MANY, SECONDS_OF_MANY = 300, 15.0
OF_ALL = "performance_score,median_lead_time"


@page("/projects/{id}/people", "Team")
async def people(frame: Frame, id: int, view: str = "annotators") -> None:
    """A table of annotators or reviewers, or the matrix of agreement; for who sees only themselves, their own page."""
    place = await frame.viewer.enter(id)
    frame.of_project(place, "team")
    if not place.may("see_quality"):
        await show_person(place, frame.viewer.person)
        return
    here = view if view in VIEWS else "annotators"
    crowd = Crowd(place)
    await crowd.ask()
    there = crowd.annotators()
    paused = sum(row["state"] == "Paused" for row in there)
    note = counted(len(there), "annotator") + (f", {paused:,} paused" if paused else "")
    with heading("Team", note if there and place.rights["names"] else ""):
        pass
    _views(id, here)
    if here == "agreement":
        await Agreement(place, crowd).build()
    elif here == "reviewers":
        await _reviewers(place, crowd)
    else:
        await _annotators(place, crowd)


def _views(project: int, here: str) -> None:
    with block("nav", "an-team-views", aria_label="Of the team"):
        for name, words in VIEWS.items():
            found = ui.link(words, f"/projects/{project}/people?view={name}").classes("an-team-view")
            if name == here:
                found.props["aria-current"] = "page"


async def _annotators(place: ProjectPlace, crowd: Crowd) -> None:
    if not place.rights["names"]:
        with card():
            empty("Annotators are not shown here", "The project does not show its reviewers who annotates.", "block")
        return
    if not crowd.annotators():
        note = "Add members in the settings." if place.may("manage_members") else "They appear as soon as they join."
        with card():
            empty("Nobody annotates here yet", note, "group_add")
        return
    with card("Annotators", "A heading orders by its column; a name leads to its page.", "an-team") as actions:
        shown = annotators.columns(place.id, crowd.modelled, crowd.annotators())
        table = Table("Annotators", shown, "person", place.viewer.zone, actions, order="-submitted")

    async def fill() -> None:
        rows = crowd.annotators()
        of_all = await _of_all(place)
        table.show(rows, annotators.total(rows, of_all))

    async def refresh() -> None:
        await place.refresh_rights()
        await crowd.ask()
        await fill()

    await fill()
    Live(refresh, SECONDS if len(crowd.rows) < MANY else SECONDS_OF_MANY)


async def _of_all(place: ProjectPlace) -> dict[str, float | None]:
    """Figures of the whole that are no sums; reviewers who are not shown agreement would get their own."""
    if not place.rights["agreement"]:
        return {}
    found = (await place.shared("/dashboard", 15.0, measures=OF_ALL)).value["total"]
    return {
        "performance_score": found.get("performance_score"),
        "lead_time_median": found.get("median_lead_time"),
    }


async def _medians(place: ProjectPlace) -> dict[int, float | None]:
    """By person the middle time of a review, as far as the viewer is shown people apart."""
    found = await place.shared("/dashboard", 15.0, by="person", measures="median_review_time")
    return {row["person"]: row["median_review_time"] for row in found.value["rows"]}


async def _reviewers(place: ProjectPlace, crowd: Crowd) -> None:
    found = await if_shown(place.shared("/reviewers", SECONDS))
    if found is None or not found.value["reviewers"]:
        with card():
            empty("Nothing has been reviewed yet", "Whoever reviews an annotation appears here.", "rate_review")
        return
    waiting = found.value.get("waiting", {})
    words = [
        f"{counted(waiting.get('second', 0), 'review')} to be given a second time",
        f"{counted(waiting.get('adjudication', 0), 'dispute')} to settle",
    ]
    with card("Reviewers", " · ".join(words) if any(waiting.values()) else "", "an-team") as actions:
        first = reviewers.rows(found.value["reviewers"], crowd, await _medians(place))
        shown = reviewers.columns(place.id, first)
        table = Table("Reviewers", shown, "person", place.viewer.zone, actions, order="-reviews")
    pairs: Table | None = None
    if found.value.get("pairs"):
        with card("Reviewers beside each other", "Over what both of them judged.") as actions:
            pairs = Table("Pairs of reviewers", reviewers.pair_columns(), "pair", actions=actions, order="-reviews")

    async def fill() -> None:
        answer = (await place.shared("/reviewers", SECONDS)).value
        rows = reviewers.rows(answer["reviewers"], crowd, await _medians(place))
        table.show(rows, reviewers.total(rows))
        if pairs is not None:
            pairs.show(reviewers.pair_rows(answer.get("pairs", ()), crowd))

    async def refresh() -> None:
        await place.refresh_rights()
        await crowd.ask()
        await fill()

    await fill()
    Live(refresh)
