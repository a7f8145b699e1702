"""Views of the board as rules: who keeps which, and what they may be called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annolog.domain.project import viewing
from annolog.domain.project.events import LabelConfigRevised, ProjectCreated, ViewRemoved, ViewSaved
from annolog.domain.project.state import Project, fold
from annolog.domain.project.view import View, after_event
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, WrongState

ANN, BOB = 5, 6
PROJECT = fold(Project(1), [ProjectCreated(project=1, title="a project")])
CONFIG = '<View><Text name="t" value="$t"/><TextArea name="a" toName="t"/></View>'


def view(id: int = 1, name: str = "Contested", owner: int = ANN, *, shared: bool = False) -> ViewSaved:
    return ViewSaved(project=1, view=id, owner=owner, shared=shared, name=name, order=["agreement"])


def having(*views: ViewSaved) -> Project:
    return fold(PROJECT, views)


def names(project: Project, person: int) -> list[str]:
    return [found.saved.name for found in viewing.listed(project, person)]


def test_everybody_keeps_views_of_their_own_that_nobody_else_is_shown() -> None:
    [event] = viewing.save(PROJECT, view(), may_share=False)
    project = fold(PROJECT, [event])
    assert names(project, ANN) == ["Contested"]
    assert names(project, BOB) == []
    with pytest.raises(NotFound):
        viewing.found(project, 1, BOB)


def test_nobody_changes_or_removes_what_is_somebody_elses_own_whatever_they_may() -> None:
    project = having(view())
    with pytest.raises(NotFound):
        viewing.save(project, view(owner=BOB, name="mine now"), may_share=True)
    with pytest.raises(NotFound):
        viewing.remove(project, 1, BOB, may_share=True)


def test_what_all_see_is_kept_by_who_may_configure_the_project() -> None:
    with pytest.raises(Forbidden):
        viewing.save(PROJECT, view(shared=True), may_share=False)
    project = fold(PROJECT, viewing.save(PROJECT, view(shared=True), may_share=True))
    assert names(project, BOB) == ["Contested"]
    for attempt in (view(owner=BOB, name="other", shared=True), view(owner=BOB, name="other")):
        with pytest.raises(Forbidden):
            viewing.save(project, attempt, may_share=False)
    with pytest.raises(Forbidden):
        viewing.remove(project, 1, ANN, may_share=False)
    assert viewing.remove(project, 1, BOB, may_share=True) == [ViewRemoved(project=1, view=1)]


def test_a_view_of_ones_own_becomes_everybodys_and_back() -> None:
    project = having(view())
    project = fold(project, viewing.save(project, view(shared=True), may_share=True))
    assert names(project, BOB) == ["Contested"]
    project = fold(project, viewing.save(project, view(owner=BOB), may_share=True))
    assert (names(project, BOB), names(project, ANN)) == (["Contested"], [])


def test_saved_as_it_is_already_a_view_is_no_news() -> None:
    assert viewing.save(having(view()), view(), may_share=False) == []
    assert viewing.save(having(view(shared=True)), view(owner=BOB, shared=True), may_share=True) == []


def test_a_name_is_taken_once_among_ones_own_and_once_among_those_of_all() -> None:
    project = having(view())
    with pytest.raises(InvalidInput) as refused:
        viewing.save(project, view(2, "CONTESTED"), may_share=True)
    assert [fault.pointer for fault in refused.value.faults] == ["/name"]
    assert viewing.save(project, view(2, owner=BOB), may_share=False)
    assert viewing.save(project, view(2, shared=True), may_share=True)
    assert viewing.save(project, view(1, "contested"), may_share=False)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "\u202egnp"])
def test_a_name_can_be_read(name: str) -> None:
    with pytest.raises(InvalidInput):
        viewing.save(PROJECT, view(name=name), may_share=True)


def test_a_name_has_no_spaces_around_it() -> None:
    [event] = viewing.save(PROJECT, view(name="  the \n worst "), may_share=True)
    assert isinstance(event, ViewSaved)
    assert event.name == "the worst"


@pytest.mark.parametrize(("shared", "most"), [(True, viewing.MOST_SHARED), (False, viewing.MOST_OWN)])
def test_there_is_an_end_to_how_many_are_kept(shared: bool, most: int) -> None:
    project = having(*(view(id, f"view {id}", shared=shared) for id in range(1, most + 1)))
    with pytest.raises(WrongState):
        viewing.save(project, view(most + 1, "one more", shared=shared), may_share=True)
    assert viewing.save(project, view(1, "another name", shared=shared), may_share=True)
    assert viewing.save(project, view(most + 1, "of another kind", BOB, shared=not shared), may_share=True)


def test_views_outlive_labeling_configs() -> None:
    project = fold(having(view()), [LabelConfigRevised(project=1, version=2, label_config=CONFIG)])
    assert names(project, ANN) == ["Contested"]


def test_what_all_see_is_listed_first_and_each_kind_by_name() -> None:
    project = having(view(1, "b"), view(2, "A"), view(3, "d", shared=True), view(4, "C", BOB, shared=True))
    assert names(project, ANN) == ["C", "d", "A", "b"]


def test_other_events_change_no_view() -> None:
    kept = {1: View(view())}
    assert after_event(kept, ProjectCreated(project=1, title="x")) == kept
    assert replace(having(view()), views={}) == PROJECT
