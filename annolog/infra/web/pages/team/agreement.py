"""How people agree: the matrix of those one chooses, and any two of them looked at closely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.live import Live
from annolog.infra.web.pages.team.crowd import Crowd
from annolog.infra.web.pages.team.matrix import Beside, Matrix, Shared
from annolog.infra.web.pages.team.pair import show_pair
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import ProjectPlace

AT_FIRST, AT_MOST = 40, 80
SECONDS = 10.0
OVERALL = ""


class Agreement:
    """The view of agreement, of a project as one viewer finds it."""

    def __init__(self, place: ProjectPlace, crowd: Crowd) -> None:
        self._place = place
        self._crowd = crowd
        self._dimension = OVERALL
        self._dimensions: Sequence[str] = ()
        self._chosen: list[int] = []

    async def build(self) -> None:
        """Put it on the page."""
        for what, words in (("agreement", "agreement"), ("names", "who annotates")):
            if not self._place.rights[what]:
                with card():
                    empty(
                        "Agreement is not shown here", f"The project does not show {words} to its reviewers.", "block"
                    )
                return
        self._chosen = self._with_most_work()
        self._dimensions = list((await self._place.shared("/agreement", SECONDS)).value["dimensions"])
        if len(self._chosen) < 2:
            with card():
                empty("Nobody to compare yet", "It takes two people who answered the same task.", "compare_arrows")
            return
        with card("Agreement of every two people", "In percent, over so many common tasks.") as actions:
            with block("div", "an-matrix-tools"):
                self._tools()
            with block("div", "an-legend"):
                for name, words in (("high", "66 % or more"), ("middle", "33 to 66 %"), ("low", "under 33 %")):
                    with block("span"):
                        block("i", f"an-band-{name}", aria_hidden="true")
                        Words("span", words)
            self._word = Words("p", "", "an-note")
            self._matrix = Matrix(self._place.id, self._look_closer)
            note = "The average is over all tasks in common with those shown. Choose a cell to look at two people."
            Words("p", note, "an-note")
        with actions:
            button("CSV", self._file, kind="tiny", label="Download the matrix")
        self._select.props["display-value"] = _chosen(self._chosen)
        await self._fill()
        Live(self._refresh, SECONDS)

    def _tools(self) -> None:
        names = {row["person"]: row["name"] for row in self._answering()}
        self._select = ui.select(names, value=list(self._chosen), multiple=True, with_input=True, label="People")
        self._select.props("outlined dense options-dense").classes("an-people-select").on_value_change(self._choose)
        if len(self._dimensions) > 1:
            # Controls are named by users, so they are values and not keys of what is sent.
            words = ["All together", *self._dimensions]
            choice = ui.select(dict(enumerate(words)), value=0, label="Control").props("outlined dense")
            choice.classes("an-control-select")
            choice.on_value_change(lambda event: self._of_dimension(event.value))
        button("Most work", lambda: self._set(self._with_most_work()))
        button("Lowest agreement", lambda: self._set(self._with_lowest()))

    def _answering(self) -> list[dict[str, Any]]:
        return [row for row in self._crowd.rows if row["submitted"] or row.get("agreement_pairs")]

    def _with_most_work(self) -> list[int]:
        rows = sorted(self._answering(), key=lambda row: (-row["submitted"], row["person"]))
        return [row["person"] for row in rows[:AT_FIRST]]

    def _with_lowest(self) -> list[int]:
        rows = [row for row in self._answering() if row.get("agreement") is not None]
        return [row["person"] for row in sorted(rows, key=lambda row: row["agreement"])[:AT_FIRST]]

    def _set(self, people: list[int]) -> None:
        self._select.value = people

    async def _choose(self, event: Any) -> None:
        wanted = list(event.value or ())
        self._chosen = wanted[:AT_MOST]
        self._select.props["display-value"] = _chosen(self._chosen)
        self._select.update()
        if len(wanted) > AT_MOST:
            ui.notify(f"At most {AT_MOST} people fit into the matrix.", type="warning", position="bottom")
        await self._fill()

    async def _of_dimension(self, number: int) -> None:
        self._dimension = OVERALL if number == 0 else self._dimensions[number - 1]
        await self._fill()

    async def _refresh(self) -> None:
        await self._place.refresh_rights()
        await self._crowd.ask(SECONDS)
        await self._fill()

    async def _fill(self) -> None:
        rows = {row["person"]: row for row in self._answering()}
        people = [_beside(rows[person], self._dimension) for person in self._chosen if person in rows]
        pairs: dict[tuple[int, int], Shared] = {}
        if len(people) > 1:
            ids = sorted(one.id for one in people)
            found = await self._place.shared(
                "/agreement/pairs", SECONDS, dimension=self._dimension, person=ids if len(ids) < len(rows) else None
            )
            pairs = {
                (pair["one"], pair["other"]): Shared(pair["agreement"], pair["tasks"]) for pair in found.value["pairs"]
            }
        self._matrix.show(people, pairs)
        words = f"{len(people):,} of {len(rows):,} people who answered"
        self._word.text = words + (", those with most work." if self._chosen == self._with_most_work() else ".")

    async def _look_closer(self, one: int, other: int) -> None:
        dimensions = [self._dimension] if self._dimension else self._dimensions
        await show_pair(self._place, self._crowd, one, other, dimensions)

    def _file(self) -> None:
        ui.download.content(self._matrix.document(), "agreement-of-pairs.csv", "text/csv")


def _chosen(people: Sequence[int]) -> str:
    return f"{len(people):,} chosen" if people else "Nobody"


def _beside(row: dict[str, Any], dimension: str) -> Beside:
    # Agreement with the ground truth is known of all controls together.
    tasks = row.get("ground_truth_tasks") if dimension == OVERALL else 0
    truth = Shared(row["ground_truth_accuracy"], tasks) if tasks else None
    return Beside(row["person"], row["name"], truth)
