"""How everything is: how far each reader of the log is, what stands in its way, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nicegui import core, ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.live import Live
from annolog.infra.web.parts.cards import Figure, card, grid, heading
from annolog.infra.web.parts.charts import INK, Chart
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.tables import Column, Kind, Row, Table
from annolog.infra.web.parts.words import Words, block, moment, number, sentence, zone_of
from annolog.infra.web.shared import SharedAnswers, standing_of
from annolog.infra.web.viewer import Viewer

SECONDS = 2.0
# Half of it, so that everybody who looks is told within the time that their page waits.
SHARED_SECONDS = 1.0
PATH = "/v1/system"
STATUSES = {
    "ok": ("Everything is as it should be", "good"),
    "warning": ("It works, but something wants to be looked at", "warning"),
    "trouble": ("It cannot do its work now", "bad"),
}
STANDINGS = {
    "current": ("Up to date", "good"),
    "behind": ("Behind", "info"),
    "stalled": ("Stands still", "bad"),
    "renewing": ("Built anew", "info"),
    "parked": ("Has parked events", "warning"),
}
REACTION = "reaction."
COLUMNS = (
    Column("reader", "Reader of the log"),
    Column("kind", "Kind"),
    Column("standing", "Standing", mark=lambda row: str(row["mark"])),
    Column("lag_events", "Events behind", Kind.NUMBER),
    Column("lag_seconds", "Behind for", Kind.DURATION),
    Column("position", "Position", Kind.NUMBER),
    Column("parked", "Parked", Kind.NUMBER),
    Column("since", "Last moved", Kind.MOMENT),
    Column("version", "Version", Kind.NUMBER, shown_at_first=False),
)
PLACES = {"log": "Log", "read_models": "Read models", "keys": "Keys of personal data"}
PARTS = {"api": "API", "relay": "relay", "projector": "projector", "reactor": "reactor"}


@page("/system", "System", here="system")
async def system(frame: Frame) -> None:
    """The state of the installation, asked every two seconds; a read model that stands still keeps nobody waiting."""
    shown = System(frame.viewer)
    await shown.refresh()
    Live(shown.refresh, SECONDS)


class System:
    """What is on the page, told anew with every refresh; what has not changed is not sent again."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        with heading("System", "How far everything is, as annolog status shows it."):
            self._status = Words("span", "", "an-badge").props("role=status")
        self._reasons = block("ul", "an-concerns")
        with grid("an-grid-kpi"):
            self._position = Figure("Events in the log", "The position of the log: how many events there are.")
            self._pace = Figure(
                "Events a minute", "Recorded in the minute before this one, and on average over an hour."
            )
            self._lag = Figure("Furthest behind", "Events that the reader furthest behind has before it.")
            self._parked = Figure(
                "Parked events", "Events that a reader could not deal with, set aside with the reason."
            )
        with card("Events recorded", "By minute, over the last hour.") as actions:
            self._chart = Chart("Events recorded by minute", actions, height="150px")
        self._parked_place = block("div")
        with card("Readers of the log", "Read models, what happens by itself, and what is sent elsewhere.") as actions:
            self._table = Table("Readers of the log", COLUMNS, "reader", viewer.zone, actions, order="-lag_events")
        self._rest = block("div")
        self._shown: dict[str, Any] = {}

    async def refresh(self) -> None:
        """Ask, and show what is different. Who looks together asks once."""
        door = self._viewer.door
        rights = await door.get("/v1/me/rights")
        shared: SharedAnswers = core.app.state.shared
        standing = standing_of(self._viewer.organization, rights)
        found = (await shared.get(door, standing, PATH, SHARED_SECONDS)).value
        self._show(found)

    def _show(self, found: Mapping[str, Any]) -> None:
        words, mark = STATUSES[found["status"]]
        if self._status.text != words:
            self._status.text = words
            self._status.classes(replace=f"an-badge an-badge-{mark}")
        pace = found["events_by_minute"]
        self._position.show(number(found["position"]))
        self._pace.show(number(pace[-2]), f"{sum(pace[:-1]) / (len(pace) - 1):,.1f} on average over an hour")
        self._lag.show(number(found["lag"]), "" if found["lag"] else "nothing waits")
        elsewhere = found["parked_elsewhere"]
        note = f"and {elsewhere:,} of other organizations" if elsewhere else ""
        self._parked.show(number(len(found["parked"])), note)
        self._draw(pace)
        self._table.show([_row(reader) for reader in found["readers"]])
        self._once("reasons", [found["trouble"], found["reasons"]], lambda: self._say(found))
        self._once("parked", found["parked"], lambda: self._show_parked(found["parked"]))
        self._once("rest", [found["process"], found["data"]], lambda: self._show_rest(found))

    def _once(self, name: str, value: Any, show: Any) -> None:
        """Show a part again only where it is another."""
        if self._shown.get(name, self) != value:
            self._shown[name] = value
            show()

    def _say(self, found: Mapping[str, Any]) -> None:
        self._reasons.clear()
        reasons = [*([found["trouble"]] if found["trouble"] else []), *found["reasons"]]
        self._reasons.set_visibility(bool(reasons))
        with self._reasons:
            for reason in reasons:
                Words("li", str(reason))

    def _draw(self, pace: Sequence[int]) -> None:
        this = datetime.now(UTC).astimezone(zone_of(self._viewer.zone))
        minutes = [f"{this - timedelta(minutes=back):%H:%M}" for back in range(len(pace) - 1, -1, -1)]
        options = {
            "grid": {"top": 8},
            "xAxis": {"type": "category", "data": minutes, "axisLabel": {"interval": 9, "color": INK}},
            "yAxis": {"type": "value", "minInterval": 1, "splitNumber": 3},
            "tooltip": {"trigger": "axis"},
            "series": [{"type": "bar", "name": "Events", "data": list(pace), "barCategoryGap": "20%"}],
        }
        rows = [{"minute": minute, "events": events} for minute, events in zip(minutes, pace, strict=True)]
        self._chart.show(options, ("minute", "events"), rows)

    def _show_parked(self, parked: Sequence[Mapping[str, Any]]) -> None:
        self._parked_place.clear()
        self._parked_place.set_visibility(bool(parked))
        if not parked:
            return
        with (
            self._parked_place,
            card("Parked events", "Later events of the same project wait behind one, where it says so."),
        ):
            with block("p"):
                Words("span", "Once the cause is gone, whoever runs the installation has them dealt with by ")
                Words("code", "annolog events retry")
                Words("span", ", one by ")
                Words("code", f"annolog events retry {parked[0]['position']}")
                Words("span", ".")
            columns = ("Event", "At position", "By", "Project", "Since", "Tries", "Others wait", "Why")
            with block("div", "an-scroll"), plain_table(*columns):
                for row in parked:
                    self._parked_row(row)

    def _parked_row(self, row: Mapping[str, Any]) -> None:
        with block("tr"):
            Words("td", str(row["type"]))
            Words("td", number(row["position"]))
            Words("td", _called(row["reader"]))
            with block("td"):
                if row["project"]:
                    ui.link(str(row["project"]), f"/projects/{row['project']}").classes("an-link")
                else:
                    Words("span", "–")
            Words("td", moment(row["parked_at"], self._viewer.zone), "an-nowrap")
            Words("td", number(row["attempts"]))
            Words("td", "yes" if row["waits"] else "no")
            Words("td", str(row["error"]), "an-wrap an-mono")

    def _show_rest(self, found: Mapping[str, Any]) -> None:
        process, data = found["process"], found["data"]
        self._rest.clear()
        with self._rest, grid():
            with card("The process that answers"):
                parts = ", ".join(PARTS.get(part, part) for part in process["parts"])
                fed = "the log itself" if process["fed_by"] == "log" else "Kafka"
                _facts(
                    {
                        "Annolog": process["version"],
                        "Python": process["python"],
                        "Does": parts,
                        "Read models are fed by": fed,
                        "Running since": moment(process["since"], self._viewer.zone),
                    }
                )
            if data:
                with card("Where the data is", "Only the log and the keys need a backup."):
                    _facts({PLACES[name]: place for name, place in data.items()})


def _facts(known: Mapping[str, str]) -> None:
    with block("dl", "an-known"):
        for name, value in known.items():
            Words("dt", name)
            Words("dd", value, "an-wrap")


def _row(reader: Mapping[str, Any]) -> Row:
    words, mark = STANDINGS.get(reader["standing"], (sentence(reader["standing"]), "plain"))
    name = str(reader["name"])
    kind = "What happens by itself" if name.startswith(REACTION) else _kind(reader)
    shown = {"reader": _called(name), "kind": kind, "standing": words, "mark": mark}
    same = ("lag_events", "lag_seconds", "position", "parked", "since", "version")
    return shown | {key: reader[key] for key in same}


def _kind(reader: Mapping[str, Any]) -> str:
    return {"relay": "Relay to Kafka", "webhooks": "Webhooks"}.get(reader["name"], "Read model")


def _called(name: str) -> str:
    return sentence(name.removeprefix(REACTION))
