"""What many open pages draw from the same answers, drawn once for all of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from annolog.infra.web.parts.charts import Drawing

MOST_KEPT = 1_000
# By the answers themselves, which are kept so that nothing else can come to be in their place.
_kept: OrderedDict[Hashable, tuple[tuple[object, ...], Drawing]] = OrderedDict()


def drawn_once(key: Hashable, answers: tuple[Any, ...], draw: Callable[[], Drawing]) -> Drawing:
    """The drawing of these very answers; two that are equal but not the same are drawn each. `key` is all else that
    the drawing hangs on.
    """
    place = (key, tuple(id(answer) for answer in answers))
    found = _kept.get(place)
    if found is None:
        found = _kept[place] = (answers, draw())
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found[1]
