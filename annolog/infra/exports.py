"""Reading what Label Studio exports as JSON: tasks with their annotations, an array of them or one a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

import orjson

from annolog.domain.labeling import LabelingConfig, Value, comparable_values, validate_result
from annolog.domain.refusals import Fault, InvalidInput, Malformed, Refused

MOST_PROBLEMS = 1_000
STEP = 500
EXPECTED = (
    "expected Label Studio's JSON export: an array of tasks, or one task a line, each an object with `annotations`"
)

# The id of a task, an annotation or a person. People without a number are told by e-mail, models by version.
Id: TypeAlias = "int | str"
Advance: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one annotation, which is left out. `pointer` is a JSON Pointer into the task."""

    task: Id
    annotation: Id | None
    pointer: str
    message: str


@dataclass(slots=True)
class Export:
    """What was read: answers by task, participant and dimension, and how much was left out and why.

    `annotations` counts everything that was there, predictions aside; `repeated` those that a later one by the same
    participant on the same task replaced. Only the first problems are kept, `problem_count` counts all.
    """

    answers: dict[Id, dict[Id, dict[str, Value]]] = field(default_factory=dict)
    annotations: int = 0
    predictions: int = 0
    skipped: int = 0
    ground_truth: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    @property
    def compared(self) -> int:
        """The answers that are compared."""
        return sum(len(task) for task in self.answers.values())


class Tasks:
    """The tasks of a file, which is read again each time they are gone through, unless it is an array.

    Raises `Malformed` for what is no export, naming the place.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """`file` stands at its beginning, past a byte order mark, and can be rewound to there."""
        self._file = file
        self._begin = file.tell()
        self._array = self._read_whole() if self._is_whole() else None

    def read(self, advance: Advance | None = None) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Every task with its number, from 1, saying now and then how far it is."""
        tell = advance or (lambda done, of: None)
        found = self._lines(tell) if self._array is None else self._elements(self._array, tell)
        for number, task in found:
            _must_be_task(task, number, "line" if self._array is None else "task")
            yield number, task

    def _is_whole(self) -> bool:
        """Whether the file is one JSON value, as told by its first line, which otherwise is a task by itself."""
        self._file.seek(self._begin)
        first = next((line for line in self._file if line.strip()), b"")
        if not first:
            raise InvalidInput("The file holds no task.", faults=[Fault("FILE", "holds no task")])
        try:
            return not isinstance(_loaded(first), dict)
        except orjson.JSONDecodeError:
            return True

    def _read_whole(self) -> list[Any]:
        self._file.seek(self._begin)
        try:
            found = _loaded(self._file.read())
        except orjson.JSONDecodeError as error:
            raise Malformed(f"The file is not JSON: {error}; {EXPECTED}.") from error
        if isinstance(found, dict):
            found = [found]
        if not isinstance(found, list):
            raise Malformed(f"The file holds one {type(found).__name__}; {EXPECTED}.")
        if not found:
            raise InvalidInput("The file holds no task.", faults=[Fault("FILE", "holds no task")])
        return found

    def _elements(self, array: list[Any], tell: Advance) -> Iterator[tuple[int, Any]]:
        for number, task in enumerate(array, start=1):
            yield number, task
            if number % STEP == 0 or number == len(array):
                tell(number, len(array))

    def _lines(self, tell: Advance) -> Iterator[tuple[int, Any]]:
        size = self._file.seek(0, 2)
        self._file.seek(self._begin)
        # Not `for line in file`: that forbids asking where it is.
        for number, line in enumerate(iter(self._file.readline, b""), start=1):
            if line.strip():
                try:
                    task = _loaded(line)
                except orjson.JSONDecodeError as error:
                    raise Malformed(f"Line {number} is not JSON: {error}.") from error
                yield number, task
            if number % STEP == 0:
                tell(self._file.tell(), size)
        tell(size, size)


def _loaded(text: bytes) -> Any:
    """JSON, also with the NaN and infinities that Python writes: those make one annotation wrong, not the file."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if b"NaN" not in text and b"Infinity" not in text:
            raise
        try:
            return json.loads(text)
        except ValueError:
            raise error from None


def _must_be_task(task: object, number: int, place: str) -> None:
    if isinstance(task, dict) and isinstance(task.get("annotations"), list):
        return
    hint = ""
    if isinstance(task, dict) and isinstance(task.get("tasks"), list):
        hint = " It is an object around `tasks`: export these alone."
    elif isinstance(task, dict) and "annotation_id" in task:
        hint = " It looks like JSON_MIN, which does not tell answers from data: export as JSON."
    raise Malformed(f"{place.capitalize()} {number} is no task with annotations; {EXPECTED}.{hint}")


def results_in(tasks: Tasks, *, predictions: bool, advance: Advance | None = None) -> Iterator[object]:
    """Every result that is to be compared, as it came: what the labeling config can be inferred from."""
    for _, task in tasks.read(advance):
        for annotation in task["annotations"]:
            if isinstance(annotation, dict) and not _is_left_out(annotation):
                yield annotation.get("result")
        for prediction in _predictions(task) if predictions else ():
            if isinstance(prediction, dict):
                yield prediction.get("result")


def read_export(tasks: Tasks, config: LabelingConfig, *, predictions: bool, advance: Advance | None = None) -> Export:
    """The answers in an export. What does not fit the config is a problem, and left out.

    Skips and ground truths are no answers. Of several annotations by one person on one task the last that fits counts.
    Tasks with the same id are one task. With `predictions` every model version takes part, as `model:<version>`.
    """
    export = Export()
    for number, task in tasks.read(advance):
        found = _id(task.get("id"))
        identity = f"#{number}" if found is None else found
        answers = export.answers.setdefault(identity, {})
        for index, annotation in enumerate(task["annotations"]):
            export.annotations += 1
            _take(export, answers, config, (identity, f"/annotations/{index}"), annotation, _annotator)
        for index, prediction in enumerate(_predictions(task) if predictions else ()):
            export.predictions += 1
            _take(export, answers, config, (identity, f"/predictions/{index}"), prediction, _model)
    return export


def _predictions(task: Mapping[str, Any]) -> list[Any]:
    found = task.get("predictions")
    return found if isinstance(found, list) else []


def _take(
    export: Export,
    answers: dict[Id, dict[str, Value]],
    config: LabelingConfig,
    place: tuple[Id, str],
    found: object,
    who: Callable[[Mapping[str, Any]], Id],
) -> None:
    try:
        if not isinstance(found, dict):
            raise _fault("", "must be an object")
        if found.get("was_cancelled") is True:
            export.skipped += 1
            return
        if found.get("ground_truth") is True:
            export.ground_truth += 1
            return
        participant = who(found)
        validate_result(config, found.get("result"))
    except Refused as refusal:
        export.problem_count += 1
        if len(export.problems) < MOST_PROBLEMS:
            identity = _id(found.get("id")) if isinstance(found, dict) else None
            fault = refusal.faults[0]
            export.problems.append(Problem(place[0], identity, place[1] + fault.pointer, fault.message))
        return
    export.repeated += participant in answers
    answers[participant] = comparable_values(config, found["result"])


def _is_left_out(annotation: Mapping[str, Any]) -> bool:
    return annotation.get("was_cancelled") is True or annotation.get("ground_truth") is True


def _annotator(annotation: Mapping[str, Any]) -> Id:
    """Who wrote an annotation, by number, or else by what is there of email and username."""
    completed_by = annotation.get("completed_by")
    names = [completed_by]
    if isinstance(completed_by, dict):
        names = [completed_by.get(name) for name in ("id", "email", "username")]
    found = next((name for name in map(_id, names) if name is not None), None)
    if found is None:
        raise _fault("/completed_by", "must say who annotated: a number, or an object with an id or an email")
    return found


def _model(prediction: Mapping[str, Any]) -> Id:
    return f"model:{prediction.get('model_version') or 'unknown'}"


def _id(found: object) -> Id | None:
    """A number or a text that names something; nothing else does."""
    return found if isinstance(found, int | str) and not isinstance(found, bool) and found != "" else None


def _fault(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
