"""Metrics that a project brings along as a Python file: what such a file must hold, and what its answers mean.

The file is foreign code. Nothing here runs it: it is read as a text and as a syntax tree. Running it is for a sandbox.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import TypeAlias

from annolog.domain.refusals import Fault, InvalidInput

MOST_BYTES = 100_000
MOST_LABELS = 1_000
MOST_LABEL = 500
MOST_MESSAGE = 500
MOST_NAME = 100

PAIRWISE = "agreement"
GROUPWISE = "group_agreement"
PER_LABEL = "per_label"

# A mean of ones may be 1.0000000000000002. So much beyond 0 or 1 is taken for rounding.
ROUNDING = 1e-9

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


class FailureReason(StrEnum):
    """Why a file gave no score."""

    CRASH = "crash"
    TIME = "time"
    MEMORY = "memory"
    VALUE = "value"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in [0, 1]; `per_label` holds one for each label, and is None when it was not asked for."""

    value: float
    per_label: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """No score, why, and a sentence for the person who wrote the file."""

    reason: FailureReason
    message: str


Verdict: TypeAlias = "Scored | Failed"


@dataclass(frozen=True, slots=True)
class CustomMetric:
    """A Python file that was checked without being run. `digest` is the SHA-256 of its text in UTF-8, in hex.

    `pairwise` says that it defines `agreement(annotation_1, annotation_2, per_label=False)`, `groupwise` that it
    defines `group_agreement(annotations)`. At least one of them is there; a file that cannot be used is `InvalidInput`.
    """

    name: str
    source: str = field(repr=False)
    digest: str = field(init=False)
    pairwise: bool = field(init=False)
    groupwise: bool = field(init=False)

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > MOST_NAME or not self.name.isprintable():
            raise _wrong("/name", f"must have 1 to {MOST_NAME} characters, all of them visible")
        encoded = _encoded(self.source)
        functions = _functions(self.source)
        if not functions:
            raise _wrong("/source", f"line 1: the file must define {PAIRWISE} or {GROUPWISE}")
        if PAIRWISE in functions:
            _check_pairwise(functions[PAIRWISE])
        if GROUPWISE in functions:
            _check_groupwise(functions[GROUPWISE])
        object.__setattr__(self, "digest", sha256(encoded).hexdigest())
        object.__setattr__(self, "pairwise", PAIRWISE in functions)
        object.__setattr__(self, "groupwise", GROUPWISE in functions)


def verdict_on(value: object, per_label: object = None) -> Verdict:
    """What a file's answer means: a score only if it is a number from 0 to 1. True counts as 1 and False as 0.

    Scores by label, where there are any, have to be texts with such numbers.
    """
    score = _score(value)
    if score is None:
        return Failed(FailureReason.VALUE, f"a score must be a number from 0 to 1, not {_shown(value)}")
    if per_label is None:
        return Scored(score)
    if not isinstance(per_label, Mapping) or len(per_label) > MOST_LABELS:
        return Failed(FailureReason.VALUE, f"scores by label must be a dict of at most {MOST_LABELS} labels")
    scores: dict[str, float] = {}
    for label, found in per_label.items():
        if not isinstance(label, str) or len(label) > MOST_LABEL or "\x00" in label:
            return Failed(FailureReason.VALUE, f"a label must be a text of at most {MOST_LABEL} characters")
        score_of_label = _score(found)
        if score_of_label is None:
            message = f"the score of label {label[:MOST_NAME]!r} must be a number from 0 to 1, not {_shown(found)}"
            return Failed(FailureReason.VALUE, message)
        scores[label] = score_of_label
    return Scored(score, MappingProxyType(dict(sorted(scores.items()))))


def _score(value: object) -> float | None:
    if not isinstance(value, int | float) or not -ROUNDING <= value <= 1 + ROUNDING:
        return None
    return float(min(1, max(0, value)))


def _shown(value: object) -> str:
    """Numbers are told, anything else only by its type: a message must not grow with what a file returns."""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1e300):
        return f"{value:.15g}"
    return f"a value of type {type(value).__name__}"


def _encoded(source: str) -> bytes:
    try:
        encoded = source.encode()
    except UnicodeEncodeError as error:
        raise _wrong_line(source.count("\n", 0, error.start) + 1, "a character that UTF-8 cannot express") from None
    if len(encoded) > MOST_BYTES:
        raise _wrong("/source", f"the file has {len(encoded):,} bytes, and at most {MOST_BYTES:,} are taken")
    if "\x00" in source:
        raise _wrong_line(source.count("\n", 0, source.index("\x00")) + 1, "the character NUL")
    return encoded


def _functions(source: str) -> dict[str, _Function]:
    """The functions of the contract that the file defines at its top level; of two with one name, the later."""
    try:
        tree = ast.parse(source)
        # The tree alone lets pass what the compiler refuses, such as a return outside a function.
        compile(source, "source", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _wrong_line(error.lineno or 1, error.msg[:MOST_MESSAGE]) from None
    except (MemoryError, RecursionError):
        raise _wrong_line(1, "the file is nested too deeply to be read") from None
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: node for node in found if node.name in {PAIRWISE, GROUPWISE}}


def _check_pairwise(function: _Function) -> None:
    _check_plain(function)
    positional = [*function.args.posonlyargs, *function.args.args]
    by_keyword = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    first_two = {argument.arg for argument in positional[:2]}
    if len(positional) < 2 or PER_LABEL in first_two or PER_LABEL not in by_keyword:
        message = f"{function.name} must take two annotations and {PER_LABEL}=False"
        raise _wrong_line(function.lineno, message)
    _check_only(function, 2)


def _check_groupwise(function: _Function) -> None:
    _check_plain(function)
    if not [*function.args.posonlyargs, *function.args.args]:
        raise _wrong_line(function.lineno, f"{function.name} must take one list of annotations")
    _check_only(function, 1)


def _check_plain(function: _Function) -> None:
    if isinstance(function, ast.AsyncFunctionDef):
        raise _wrong_line(function.lineno, f"{function.name} must be a plain function, not async")


def _check_only(function: _Function, count: int) -> None:
    """Nothing but the annotations may be needed for a call: whatever else there is has a default."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = positional[count : len(positional) - len(arguments.defaults)]
    needed += [one for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is None]
    for argument in needed:
        if argument.arg != PER_LABEL:
            raise _wrong_line(argument.lineno, f"parameter {argument.arg} of {function.name} must have a default")


def _wrong_line(line: int, message: str) -> InvalidInput:
    return _wrong("/source", f"line {line}: {message}")


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
