"""What a form field for a setting has to be, read off the setting's own type: its choices, its range, its default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt

from annolog.domain.project.settings import GROUPS, plain
from annolog.infra.web.parts.words import number


@dataclass(frozen=True, slots=True)
class Kind:
    """A setting's type as a form sees it: one of switch, choice, choices, whole, decimal, text, other."""

    form: str
    default: Any
    optional: bool = False
    options: Sequence[str] = ()
    least: float | None = None
    greatest: float | None = None
    least_itself: bool = True

    @property
    def range(self) -> str:
        """What is valid, in words; empty where everything of the kind is."""
        above = "from" if self.least_itself else "above"
        if self.least is not None and self.greatest is not None:
            start = _plain(self.least) if self.least_itself else f"above {_plain(self.least)}"
            return f"{start} to {_plain(self.greatest)}"
        if self.least is not None:
            return f"{above} {_plain(self.least)} on"
        return "" if self.greatest is None else f"up to {_plain(self.greatest)}"


def kind_of(group: str, name: str) -> Kind:
    """The kind of a setting."""
    model = GROUPS[group]
    field = model.model_fields[name]
    inner, optional = _without_none(field.annotation)
    bounds: dict[str, Any] = {}
    for rule in field.metadata:
        match rule:
            case Ge(ge=least):
                bounds["least"] = least
            case Gt(gt=least):
                bounds |= {"least": least, "least_itself": False}
            case Le(le=greatest) | Lt(lt=greatest):
                bounds["greatest"] = greatest
    form, options = _form(inner)
    return Kind(form, plain(model())[name], optional, options, **(bounds if form in ("whole", "decimal") else {}))


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        rest = [one for one in get_args(annotation) if one is not NoneType]
        return (rest[0] if len(rest) == 1 else annotation), len(rest) < len(get_args(annotation))
    return annotation, False


def _form(annotation: Any) -> tuple[str, tuple[str, ...]]:
    if annotation is bool:
        return "switch", ()
    if get_origin(annotation) is Literal:
        return "choice", get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "choice", tuple(one.value for one in annotation)
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return ("choices", tuple(one.value for one in inner)) if _is_enum(inner) else ("other", ())
    simple = {int: "whole", float: "decimal", str: "text"}
    return simple.get(annotation, "other"), ()


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _plain(value: float) -> str:
    return number(value) if value == int(value) else f"{value:g}"
