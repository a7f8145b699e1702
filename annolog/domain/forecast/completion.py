"""The day on which the last task will be finished, with an interval, from what was finished on the days before.

Many futures are drawn. Each begins with its own guess at how the days of this project are, and goes on from day to day
until nothing is left. The guess is a Bayesian bootstrap (D. B. Rubin, The Bayesian Bootstrap, Annals of Statistics 9,
1981, pp. 130 to 134): the days that were seen get weights that are uniform over all that sum to one. So the interval
holds both that days differ and that few days tell little. Weekdays on which less than half as much is done as on the
mean day, such as those of a weekend, are drawn from among themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

FEWEST_DAYS = 7
MOST_DAYS = 28
LEVEL = 0.8
FUTURES = 1_000
# Nobody plans further; what takes longer at the rate of now has no date.
LONGEST_DAYS = 3_650
QUIET_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days by which a tenth, half and nine tenths of the futures are done. The last may be open."""

    earliest: date
    expected: date
    latest: date | None
    rate: float
    days: int
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why no day can be named, in words."""

    reason: str


def forecast(finished: Sequence[int], remaining: int, today: date, seed: int) -> Forecast | NoForecast:
    """The forecast as of the beginning of `today`.

    `finished` is how many tasks more were finished than reopened on each whole day up to yesterday, the oldest first;
    the latest `MOST_DAYS` count. `remaining` is how many are not finished. Tasks that come in later are not foreseen.
    """
    if remaining <= 0:
        return NoForecast("nothing is left to do")
    seen = np.array(finished[-MOST_DAYS:], dtype=np.int64)
    if len(seen) < FEWEST_DAYS:
        return NoForecast(f"there are {len(seen)} whole days of work to go by; it takes {FEWEST_DAYS}")
    if seen.sum() <= 0:
        return NoForecast(f"nothing was finished, on balance, in the last {len(seen)} days")
    if np.count_nonzero(seen) < 2:
        return NoForecast(f"tasks were finished on only one of the last {len(seen)} days")
    ends = _ends(seen, remaining, today, np.random.default_rng(seed))
    earliest, expected, latest = np.quantile(ends, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], method="inverted_cdf")
    if expected > LONGEST_DAYS:
        return NoForecast("at the rate of now it would take more than ten years")
    begun = today - timedelta(days=1)
    return Forecast(
        begun + timedelta(days=int(earliest)),
        begun + timedelta(days=int(expected)),
        begun + timedelta(days=int(latest)) if latest <= LONGEST_DAYS else None,
        float(seen.mean()),
        len(seen),
    )


def _ends(seen: NDArray[np.int64], remaining: int, today: date, chance: np.random.Generator) -> NDArray[np.int64]:
    """After how many days each future is done: 1 is today."""
    first = today.weekday() - len(seen)
    weekdays = (first + np.arange(len(seen))) % 7
    quiet = _quiet(seen, weekdays)
    kinds = [_cumulated(seen, quiet[weekdays] == kind, chance) for kind in (False, True)]
    left = np.full(FUTURES, float(remaining))
    ends = np.full(FUTURES, LONGEST_DAYS + 1, dtype=np.int64)
    open_ = np.arange(FUTURES)
    for day in range(1, LONGEST_DAYS + 1):
        values, shares = kinds[int(quiet[(today.weekday() + day - 1) % 7])]
        draws = chance.random(len(open_))
        places = (shares[open_] < draws[:, None]).sum(axis=1).clip(max=len(values) - 1)
        left[open_] -= values[places]
        done = left[open_] <= 0
        ends[open_[done]] = day
        open_ = open_[~done]
        if not len(open_):
            break
    return ends


def _quiet(seen: NDArray[np.int64], weekdays: NDArray[np.int64]) -> NDArray[np.bool_]:
    """By weekday, whether less than half as much is done on it as on the mean day; each has to be seen twice."""
    quiet = np.zeros(7, dtype=bool)
    for weekday in range(7):
        of_it = seen[weekdays == weekday]
        quiet[weekday] = len(of_it) > 1 and of_it.mean() < QUIET_SHARE * seen.mean()
    return quiet


def _cumulated(
    seen: NDArray[np.int64], which: NDArray[np.bool_], chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What the days of one kind came to, and for each future how far their weights add up to each."""
    values = seen[which]
    weights = chance.dirichlet(np.ones(len(values)), FUTURES) if len(values) else np.empty((FUTURES, 0))
    return values, np.cumsum(weights, axis=1)
