"""Which time a dashboard is of, as its address says it, and into which pieces that is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from annolog.infra.web.parts.words import zone_of

PRESETS: Mapping[str, str] = {"today": "Today", "7d": "7 days", "30d": "30 days", "all": "All time", "custom": "Custom"}
DAYS = {"today": 1, "7d": 7, "30d": 30}
USUAL = "30d"
PIECES = ("hour", "day", "week", "month")
LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
# More bars than this nobody can tell apart.
MOST_PIECES = 800
MOMENT_LENGTH = len("2026-11-24T12:15")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: a preset, or from and to as somebody typed them; `by` is how it is cut."""

    preset: str
    by: str
    zone: str
    since: str = ""
    until: str = ""

    @property
    def place(self) -> ZoneInfo:
        """Whose days these are."""
        return zone_of(self.zone)

    @property
    def asked(self) -> dict[str, Any]:
        """What to ask the API's dashboards for; presets are counted from the day that it is now."""
        begin = self.since or None
        if self.preset in DAYS:
            begin = self._first_day().isoformat()
        return {"zone": self.place.key, "from": begin, "to": self.until or None}

    @property
    def bounds(self) -> dict[str, Any]:
        """The same in moments, for what takes no days; nothing where there is no such moment."""
        begin, end = self.begin, self.end
        return {
            "zone": self.place.key,
            "from": begin.isoformat() if begin else None,
            "to": min(end, datetime.now(UTC)).isoformat() if end else None,
        }

    @property
    def begin(self) -> datetime | None:
        """When it begins; None from the beginning on."""
        if self.preset in DAYS:
            return datetime.combine(self._first_day(), time(), self.place)
        return moment_of(self.since, self.place)

    @property
    def end(self) -> datetime | None:
        """When it ends; None where it goes on."""
        return moment_of(self.until, self.place, ends=True)

    def _first_day(self) -> date:
        return datetime.now(self.place).date() - timedelta(days=DAYS[self.preset] - 1)

    def address(self, **changed: str) -> str:
        """The query of the page's address, with some of it changed; what is usual is left out."""
        words = {"range": self.preset, "from": self.since, "to": self.until, "by": self.by} | changed
        if words["range"] != "custom":
            words |= {"from": "", "to": ""}
        return "?" + urlencode({name: value for name, value in words.items() if value})

    def pieces_offered(self) -> list[str]:
        """What it can be cut into so that the pieces can be told apart."""
        length = timedelta(days=366) if self.begin is None else (self.end or datetime.now(UTC)) - self.begin
        return [piece for piece in PIECES if length / LENGTHS[piece] <= MOST_PIECES]


def stretch_of(preset: str, since: str, until: str, by: str, zone: str) -> Stretch:
    """What an address says, with what is usual in place of what it does not say or says in words that nobody knows."""
    if preset not in PRESETS:
        preset = "custom" if since or until else USUAL
    since, until = (since[:40], until[:40]) if preset == "custom" else ("", "")
    found = Stretch(preset, by, zone_of(zone).key, since, until)
    if by in found.pieces_offered():
        return found
    usual = "hour" if preset == "today" else "day"
    return Stretch(preset, usual if usual in found.pieces_offered() else "week", found.zone, since, until)


def moment_of(text: str, place: ZoneInfo, *, ends: bool = False) -> datetime | None:
    """A moment as the place writes it; a day alone is its beginning, or its end."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        if len(text) == len("2026-11-24") and ends:
            found += timedelta(days=1)
        return found if found.tzinfo else found.replace(tzinfo=place)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a stretch: the name that the API gives it, and when it begins and ends."""

    key: str
    begin: datetime
    end: datetime

    def words(self, by: str) -> str:
        """How it is written under a bar."""
        match by:
            case "hour":
                return self.begin.strftime("%-d %b, %H:%M")
            case "month":
                return self.begin.strftime("%b %Y")
            case _:
                return self.begin.strftime("%-d %b")


def pieces(stretch: Stretch, rows: list[Mapping[str, Any]]) -> list[Piece]:
    """Every piece from where the stretch or its first row begins to where it ends or to now, with rows or none."""
    place, by = stretch.place, stretch.by
    given = {str(row[by]): _begin_of(str(row[by]), place) for row in rows}
    begin = stretch.begin or min(given.values(), default=None)
    if begin is None:
        return []
    now = datetime.now(place)
    end = min(stretch.end or now, max([now, *given.values()]))
    found = {_key(one, by): one for one in _begins(begin.astimezone(place), end.astimezone(place), by)} | given
    ordered = sorted(found.items(), key=lambda one: one[1].astimezone(UTC))[-MOST_PIECES:]
    return [Piece(key, one, _next(one, by)) for key, one in ordered]


def _begin_of(key: str, place: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(key)
    return found.astimezone(place) if found.tzinfo else found.replace(tzinfo=place)


def _key(begin: datetime, by: str) -> str:
    return begin.isoformat() if by == "hour" else begin.date().isoformat()


def _begins(begin: datetime, end: datetime, by: str) -> Iterator[datetime]:
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    if by == "hour":
        now = begin.replace(minute=0, second=0, microsecond=0)
    elif by == "week":
        now = day - timedelta(days=day.weekday())
    else:
        now = day.replace(day=1) if by == "month" else day
    for _ in range(MOST_PIECES + 1):
        # A stretch that ends as a piece begins has nothing of it.
        if now.astimezone(UTC) >= end.astimezone(UTC):
            return
        yield now
        now = _next(now, by)


def _next(begin: datetime, by: str) -> datetime:
    if by == "hour":
        # Through UTC, since an hour that comes twice is two.
        return (begin.astimezone(UTC) + timedelta(hours=1)).astimezone(begin.tzinfo)
    if by == "month":
        return (begin + timedelta(days=32)).replace(day=1)
    return begin + timedelta(days=7 if by == "week" else 1)
