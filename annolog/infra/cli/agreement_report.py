"""What `annolog agreement` found, as one JSON object for programs and as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annolog.domain.agreement.analysis import Analysis, DimensionAnalysis, TaskScore, analyse
from annolog.domain.agreement.distribution import distribution
from annolog.domain.agreement.pairing import PairScore
from annolog.domain.labeling import LabelingConfig
from annolog.domain.project.settings import AgreementSettings, ReassignmentSettings
from annolog.infra.cli.console import print_table, say
from annolog.infra.exports import Export, Id

MOST_ROWS = 10
NO_SCORE = TaskScore(None, None, None)
# Under which agreement a project asks for one more person, unless it says otherwise.
LOW = ReassignmentSettings().threshold


@dataclass(frozen=True, slots=True)
class Report:
    """An analysis, with the ids of tasks and participants at the places that stand for them in it."""

    export: Export
    config: LabelingConfig
    inferred: bool
    tasks: Sequence[Id]
    participants: Sequence[Id]
    analysis: Analysis

    @classmethod
    def of(cls, export: Export, config: LabelingConfig, settings: AgreementSettings, *, inferred: bool) -> Report:
        """Compare what was read. Numbers come before texts, so the order of the file does not matter."""
        tasks = sorted(export.answers, key=_order)
        participants = sorted({who for task in export.answers.values() for who in task}, key=_order)
        places = {who: place for place, who in enumerate(participants)}
        answers = {
            place: {places[who]: answer for who, answer in export.answers[task].items()}
            for place, task in enumerate(tasks)
        }
        return cls(export, config, inferred, tasks, participants, analyse(answers, config, settings))


def _order(identity: Id) -> tuple[bool, int, str]:
    return (True, 0, identity) if isinstance(identity, str) else (False, identity, "")


def for_programs(report: Report) -> dict[str, Any]:
    """Everything, as JSON values. Scores are in [0, 1], null where they are not defined."""
    analysis, export = report.analysis, report.export
    return {
        "agreement": analysis.agreement,
        "methodology": analysis.methodology.value,
        "compared_tasks": analysis.overall.compared,
        "tasks": [_task(report, place) for place in range(len(report.tasks))],
        "pairs": _pairs(report, analysis.overall.pairs),
        "dimensions": [_dimension(report, found) for found in analysis.dimensions.values()],
        "labels": list(_labels(analysis)),
        "distribution": asdict(distribution(_scores(analysis), LOW)),
        "participants": list(report.participants),
        "annotations": {
            "found": export.annotations,
            "compared": export.compared,
            "skipped": export.skipped,
            "ground_truth": export.ground_truth,
            "repeated": export.repeated,
            "predictions": export.predictions,
            "problems": export.problem_count,
        },
        "problems": [asdict(problem) for problem in export.problems],
        "label_config": report.config.xml,
        "label_config_inferred": report.inferred,
    }


def _scores(analysis: Analysis) -> list[float]:
    return [found.agreement for found in analysis.overall.tasks.values() if found.agreement is not None]


def _task(report: Report, place: int) -> dict[str, Any]:
    analysis = report.analysis
    score = analysis.overall.tasks.get(place, NO_SCORE)
    dimensions = analysis.dimensions.items()
    return {
        "id": report.tasks[place],
        "agreement": score.agreement,
        "pairwise": score.pairwise,
        "consensus": score.consensus,
        "annotations": analysis.annotators[place],
        "dimensions": {name: found.scores.tasks.get(place, NO_SCORE).agreement for name, found in dimensions},
        "winners": {name: found.winners[place] for name, found in dimensions if place in found.winners},
    }


def _pairs(report: Report, pairs: Mapping[tuple[int, int], PairScore]) -> list[dict[str, Any]]:
    who = report.participants
    return [
        {"one": who[one], "other": who[other], "tasks": score.tasks, "agreement": score.agreement}
        for (one, other), score in pairs.items()
    ]


def _dimension(report: Report, found: DimensionAnalysis) -> dict[str, Any]:
    return {
        "name": found.dimension.name,
        "tag": found.dimension.tag,
        "kind": found.dimension.kind.value,
        "metric": found.metric.name,
        "parameters": dict(found.metric.parameters),
        "weight": found.weight,
        "agreement": found.scores.agreement,
        "pairwise": found.scores.pairwise,
        "consensus": found.scores.consensus,
        "compared_tasks": found.scores.compared,
        "coefficients": {name: asdict(coefficient) for name, coefficient in found.coefficients.items()},
        "pairs": _pairs(report, found.scores.pairs),
    }


def _labels(analysis: Analysis) -> Iterator[dict[str, Any]]:
    for name, found in analysis.dimensions.items():
        for label, figure in found.labels.items():
            yield {"dimension": name, "label": label, **asdict(figure)}


def for_people(report: Report) -> None:
    """The figures, and what agrees least: few columns, so that a narrow terminal holds them."""
    analysis = report.analysis
    _say_what_was_read(report)
    _print_dimensions(analysis)
    _print_coefficients(analysis)
    _print_labels(analysis)
    _print_pairs(report)
    _print_tasks(report)
    if analysis.agreement is None:
        say("agreement: none, because no task was answered by two in a way that can be compared")
        return
    spread = distribution(_scores(analysis), LOW)
    tasks = f"{spread.count:,} task{'' if spread.count == 1 else 's'} that two or more answered"
    say(f"agreement {analysis.agreement:.4f}, {analysis.methodology.value}, over {tasks}; {spread.low:,} below {LOW:g}")


def _say_what_was_read(report: Report) -> None:
    export = report.export
    left_out = {
        "skipped": export.skipped,
        "ground truth": export.ground_truth,
        "replaced by a later one of the same participant": export.repeated,
        "unreadable": export.problem_count,
    }
    said = ", ".join(f"{count:,} {why}" for why, count in left_out.items() if count)
    people = len(report.participants)
    say(
        f"{export.compared:,} annotations of {len(report.tasks):,} tasks by {people:,} participants"
        + (f"; left out: {said}" if said else "")
    )
    if report.inferred:
        say("labeling config: inferred from the results; --config gives the real one")


def _print_dimensions(analysis: Analysis) -> None:
    rows = [
        (name, found.metric.name, found.scores.pairwise, found.scores.consensus, len(found.scores.tasks))
        for name, found in analysis.dimensions.items()
    ]
    print_table("Controls", ("control", "metric", "pairwise", "consensus", "tasks"), rows)


def _print_coefficients(analysis: Analysis) -> None:
    rows = [
        (name, coefficient.replace("_", " "), figure.reason if figure.value is None else figure.value)
        for name, found in analysis.dimensions.items()
        for coefficient, figure in found.coefficients.items()
    ]
    if rows:
        print_table("Corrected for chance", ("control", "coefficient", "value"), rows)


def _print_labels(analysis: Analysis) -> None:
    found = [row for row in _labels(analysis) if row["agreement"] is not None]
    found.sort(key=lambda row: (row["agreement"], row["dimension"], row["label"]))
    if found:
        rows = [(row["label"], row["dimension"], row["agreement"], row["answers"]) for row in found[:MOST_ROWS]]
        print_table(_least("Labels", len(found)), ("label", "control", "agreement", "answers"), rows)


def _print_pairs(report: Report) -> None:
    pairs = report.analysis.overall.pairs
    least = sorted(pairs, key=lambda pair: (pairs[pair].agreement, -pairs[pair].tasks, pair))[:MOST_ROWS]
    who = report.participants
    rows = [
        (str(who[one]), str(who[other]), pairs[one, other].agreement, pairs[one, other].tasks) for one, other in least
    ]
    if rows:
        print_table(_least("Pairs", len(pairs)), ("one", "other", "agreement", "tasks"), rows)


def _print_tasks(report: Report) -> None:
    analysis = report.analysis
    scored = [(score.agreement, task) for task, score in analysis.overall.tasks.items() if score.agreement is not None]
    least = sorted(scored)[:MOST_ROWS]
    rows = [(str(report.tasks[task]), score, analysis.annotators[task]) for score, task in least]
    if rows:
        print_table(_least("Tasks", len(scored)), ("task", "agreement", "annotations"), rows)


def _least(what: str, count: int) -> str:
    shown = f"{MOST_ROWS} of {count:,}, " if count > MOST_ROWS else ""
    return f"{what}, {shown}least agreement first"
