"""How a task's page is changed: a step for each type of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from annolog.domain.recorded import Recorded

Page: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[[Page, Recorded, Any], None]
Steps: TypeAlias = Mapping[type, Step]
