"""Whoever falls short is paused, and resumed once the score recovers, or by hand where the project wants that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from annolog.commands.members import PauseMember, ResumeMember
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.evaluation import Standing, fails, in_words, is_news
from annolog.domain.project.events import PauseCause, PauseKind, ProjectRole
from annolog.domain.project.settings import EvaluationMode
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.services.ports import Agreement, Conducts, States
from annolog.services.reaction import Ask, Reaction

INTERESTS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    project_events.SettingsChanged,
    project_events.AgreementDefinitionActivated,
}


def evaluation(states: States, agreement: Agreement, conducts: Conducts) -> Reaction:
    """Judge people after every answer, and every review, that could change their score."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {recorded.project: recorded for recorded in batch if _concerns(recorded, states)}
        for id, recorded in latest.items():
            assert id is not None
            project = states.project(id)
            annotators = [p for p, member in project.members.items() if member.role is ProjectRole.ANNOTATOR]
            standings = _standings(project, annotators, agreement, conducts)
            for person in annotators:
                ask = _following(project, person, standings.get(person))
                if ask is not None:
                    yield recorded, ask

    return Reaction("evaluation", INTERESTS, react)


def _concerns(recorded: Recorded, states: States) -> bool:
    if recorded.project is None:
        return False
    event = recorded.event
    group = event.group if isinstance(event, project_events.SettingsChanged) else None
    if group in ("evaluation", "assignment"):
        return True
    settings = states.project(recorded.project).settings
    if not settings.evaluates:
        return False
    by_truth = settings.evaluation.mode is EvaluationMode.GROUND_TRUTH
    if isinstance(event, project_events.AgreementDefinitionActivated) or group is not None:
        # Under another definition something else agrees with the truth; verdicts of reviewers are what they were.
        return by_truth and group in (None, "agreement")
    if not by_truth:
        # What nobody has reviewed yet says nothing by being submitted.
        return not isinstance(event, happened.AnnotationSubmitted)
    assert isinstance(event, happened.TaskEvent)
    return isinstance(event, happened.GroundTruthCleared) or states.task(event.task).ground_truth is not None


def _standings(
    project: Project, people: Sequence[int], agreement: Agreement, conducts: Conducts
) -> Mapping[int, Standing]:
    """How each of these people stands by what the project judges by, for those of whom there is anything to judge."""
    mode = project.settings.evaluation.mode
    if mode is EvaluationMode.GROUND_TRUTH:
        accuracies = agreement.accuracy(project.id, people)
        return {person: Standing(mode, found.score, found.tasks) for person, found in accuracies.items()}
    found = conducts.of_people(project.id, people)
    standings = {p: Standing.of_reviews(mode, conduct.reviewed, conduct.rejected) for p, conduct in found.items()}
    return {person: standing for person, standing in standings.items() if standing is not None}


def _following(project: Project, person: int, standing: Standing | None) -> Ask | None:
    member, rules = project.members[person], project.settings.evaluation
    paused = (PauseCause.EVALUATION, None) in member.pauses
    failing = standing is not None and fails(project.settings, standing.score, standing.tasks)
    by_hand = rules.resume == "manual"
    if failing and standing is not None:
        # Whoever ends a pause by hand knows what had been found by then, so a pause that stands is kept up to date.
        due = is_news(member.judged, standing) if by_hand else not paused
        return Ask(_pause(project, person, standing), f"pause:{person}") if due else None
    if not paused:
        return None
    keeps = by_hand and project.settings.evaluates and rules.pause_on_failure
    if keeps:
        return None
    return Ask(ResumeMember(project=project.id, person=person, cause=PauseCause.EVALUATION), f"resume:{person}")


def _pause(project: Project, person: int, standing: Standing) -> PauseMember:
    rules = project.settings.evaluation
    return PauseMember(
        project=project.id,
        person=person,
        kind=PauseKind.FLEXIBLE,
        cause=PauseCause.EVALUATION,
        reason=in_words(standing, rules),
        evidence={**standing.evidence(rules), "settings_version": project.settings_version},
    )
