"""A task as its labeling config shows it, with an answer in it: to be looked at, or to be worked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from annolog.infra.web.parts.words import Words, block


class Labeling:
    """Shows `data` by the labeling config `config` (XML) with `result`, a list of Label Studio result items.

    Where it is not read-only, `on_change` is called with the new result whenever somebody changes it.
    """

    def __init__(
        self,
        config: str,
        data: Mapping[str, Any],
        result: Sequence[Mapping[str, Any]] = (),
        *,
        readonly: bool = True,
        on_change: Callable[[list[dict[str, Any]]], Any] | None = None,
    ) -> None:
        with block("div", "an-labeling") as self.element:
            pass
        self.show(config, data, result)

    def show(self, config: str, data: Mapping[str, Any], result: Sequence[Mapping[str, Any]] = ()) -> None:
        """Show something else."""
        self.element.clear()
        with self.element:
            Words("pre", orjson.dumps([dict(data), list(result)], option=orjson.OPT_INDENT_2).decode())
