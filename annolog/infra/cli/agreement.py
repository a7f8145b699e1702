"""`annolog agreement …`: how well people agree in a Label Studio export. No server and no database takes part."""

from __future__ import annotations

from math import isnan
from typing import Annotated, NoReturn, TextIO

import typer

from annolog.domain.agreement.methodology import Methodology
from annolog.domain.agreement.metrics import METRICS, metric
from annolog.domain.labeling import LabelingConfig, parse_labeling_config
from annolog.domain.labeling.inference import infer_labeling_config
from annolog.domain.project.settings import AgreementSettings, MetricChoice
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.as_json import AsJson
from annolog.infra.cli.console import print_json, progress_bar, warn
from annolog.infra.cli.sources import rewound, seekable
from annolog.infra.exports import Export, Tasks, read_export, results_in

MOST_SHOWN = 20


def agreement(
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="EXPORT", help="Label Studio's JSON export, an array or one task a line; - is stdin."),
    ],
    config: Annotated[
        typer.FileText | None,
        typer.Option("--config", encoding="utf-8-sig", help="A file with the labeling config; else it is inferred."),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            metavar="[CONTROL=]NAME[:PARAMETER=VALUE,…]",
            help="How answers are compared, in one control or in all. Repeatable.",
        ),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option("--weight", metavar="CONTROL=WEIGHT", help="How much a control counts, 0 to 1. Repeatable."),
    ] = None,
    methodology: Annotated[
        Methodology, typer.Option("--methodology", help="How the scores of pairs become the score of a task.")
    ] = Methodology.PAIRWISE,
    predictions: Annotated[
        bool, typer.Option("--predictions", help="Let every model version take part, as model:<version>.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how well people agree in a Label Studio export."""
    # It brings numpy along, which no other command should wait for.
    from annolog.infra.cli.agreement_report import Report, for_people, for_programs

    with seekable(file) as source:
        given = None if config is None else _given(config)
        tasks = Tasks(rewound(source))
        asked = given or _inferred(tasks, predictions=predictions, quiet=as_json)
        settings = _settings(asked, metrics or [], weights or [], methodology)
        with progress_bar("reading", as_json) as advance:
            export = read_export(tasks, asked, predictions=predictions, advance=advance)
    _tell_problems(export)
    if not export.compared:
        message = f"holds no annotation that can be compared, of {export.annotations:,}"
        raise InvalidInput(f"The file {message}.", faults=[Fault("FILE", message)])
    with progress_bar("comparing", as_json):
        report = Report.of(export, asked, settings, inferred=given is None)
    if as_json:
        print_json(for_programs(report))
    else:
        for_people(report)


def _given(file: TextIO) -> LabelingConfig:
    try:
        return parse_labeling_config(file.read())
    except UnicodeDecodeError:
        _wrong("--config", "the file is not UTF-8")


def _inferred(tasks: Tasks, *, predictions: bool, quiet: bool) -> LabelingConfig:
    with progress_bar("looking for controls", quiet) as advance:
        return infer_labeling_config(results_in(tasks, predictions=predictions, advance=advance))


def _tell_problems(export: Export) -> None:
    for problem in export.problems[:MOST_SHOWN]:
        which = "" if problem.annotation is None else f", annotation {problem.annotation}"
        warn(f"task {problem.task}{which}: {problem.pointer}: {problem.message}")
    if export.problem_count:
        more = "" if export.problem_count <= MOST_SHOWN else f"; the first {MOST_SHOWN} are above"
        warn(f"annotations that cannot be read and are left out: {export.problem_count:,}{more}")


def _settings(
    config: LabelingConfig, metrics: list[str], weights: list[str], methodology: Methodology
) -> AgreementSettings:
    for_all: MetricChoice | None = None
    chosen: dict[str, MetricChoice] = {}
    for text in metrics:
        control = _control_in(text, config)
        if control is None:
            for_all = _choice(text, text, config)
        else:
            chosen[control] = _choice(text, text[len(control) + 1 :], config)
    if for_all is not None:
        chosen = dict.fromkeys(config.by_name, for_all) | chosen
    shares = dict(_weight(text, config) for text in weights)
    return AgreementSettings(methodology=methodology, metrics=chosen, weights=shares)


def _control_in(text: str, config: LabelingConfig) -> str | None:
    """The control that is named before an equals sign, the longest that fits."""
    return max((name for name in config.by_name if text.startswith(f"{name}=")), key=len, default=None)


def _choice(text: str, choice: str, config: LabelingConfig) -> MetricChoice:
    name, colon, rest = choice.partition(":")
    if "=" in name:
        _wrong("--metric", f"{text!r} names no control; there are {_names(config)}")
    parameters: dict[str, float | str] = {}
    for part in rest.split(",") if colon else ():
        parameter, equals, value = part.partition("=")
        if not (parameter and equals and value):
            _wrong("--metric", f"{part!r} in {text!r} is not PARAMETER=VALUE")
        parameters[parameter] = _number_or_text(value)
    try:
        metric(name, parameters)
    except InvalidInput as refusal:
        known = f"; the metrics are {', '.join(METRICS)}" if name not in METRICS else ""
        _wrong("--metric", f"{text!r}: {refusal.faults[0].message}" if not known else f"{text!r} is no metric{known}")
    return MetricChoice(metric=name, parameters=parameters)


def _number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _weight(text: str, config: LabelingConfig) -> tuple[str, float]:
    control = _control_in(text, config)
    if control is None:
        _wrong("--weight", f"{text!r} is not CONTROL=WEIGHT; there are {_names(config)}")
    weight = _number_or_text(text[len(control) + 1 :])
    if isinstance(weight, str) or isnan(weight) or not 0 <= weight <= 1:
        _wrong("--weight", f"the weight in {text!r} must be a number from 0 to 1")
    return control, weight


def _names(config: LabelingConfig) -> str:
    return ", ".join(config.by_name) or "no controls"


def _wrong(option: str, message: str) -> NoReturn:
    raise typer.BadParameter(message, param_hint=option)
