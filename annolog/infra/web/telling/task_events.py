"""Events of a task's work in words: imports, reservations, answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.domain.task import events as happened
from annolog.domain.task import interaction_events as interacting
from annolog.infra.web.parts.words import STATES, counted, duration, score
from annolog.infra.web.telling.evidence import because, of_reservation, of_times
from annolog.infra.web.telling.speaker import Speaker, named_event, quoted, took
from annolog.infra.web.telling.told import About, Teller, Told

Data = Mapping[str, Any]


def _imported(data: Data, by: str, speaker: Speaker) -> Told:
    slots = counted(int(data.get("slots") or 1), "person", "people")
    evidence = [
        ("Import", f"{data.get('import_id', '?')}, line {data.get('line', '?')}"),
        ("In the share of tasks with overlap", "yes" if data.get("covered") else "no"),
    ]
    if data.get("draw") is not None:
        evidence.append(("Drawn for coverage and order", f"{data['draw']:.4f} with seed {data.get('seed', '?')}"))
    may_skip = "" if data.get("allow_skip", True) else " It may not be skipped."
    return Told(f"{by} imported the task; {slots} are to answer it.{may_skip}", About.TASK, evidence)


def _deleted(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{by} deleted the task{quoted(data.get('reason'))}. Its history stays.", About.TASK)


def _restored(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{by} restored the task.", About.TASK)


def _data(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{by} gave the task other data.", About.TASK, [("Digest of what it was", str(data.get("digest", "")))])


def _reserved(data: Data, by: str, speaker: Speaker) -> Told:
    why = data.get("why") or {}
    words = f"{speaker.who(data.get('person'))} was given it {because(why)}"
    until = f"; theirs until {speaker.at(data['expires_at'])}" if data.get("expires_at") else ""
    return Told(f"{words}{until}.", About.GIVING, of_reservation(why) if why else ())


def _extended(data: Data, by: str, speaker: Speaker) -> Told:
    words = (
        f"{speaker.who(data.get('person'))} is still at work and keeps it until {speaker.at(data.get('expires_at'))}."
    )
    return Told(words, About.TIMES)


_RELEASES = {
    "left": "{who} left it without an answer; the slot is free again.",
    "expired": "{who} did not answer in time; the slot is free again.",
    "revoked": "It was taken from {who}; the slot is free again.",
}


def _released(data: Data, by: str, speaker: Speaker) -> Told:
    words = _RELEASES.get(str(data.get("reason")), "{who} does not hold it any more; the slot is free again.")
    return Told(words.replace("{who}", speaker.who(data.get("person"))), About.GIVING)


def _related(words: str) -> Teller:
    def told(data: Data, by: str, speaker: Speaker) -> Told:
        return Told(f"{by} {words.replace('{who}', speaker.who(data.get('person')))}.", About.GIVING)

    return told


def _submitted(data: Data, by: str, speaker: Speaker) -> Told:
    answer = speaker.answer(data.get("result"))
    who = speaker.who(data.get("annotator"))
    evidence = [("Labeling config", f"version {data.get('config_version', '?')}")]
    if isinstance(data.get("active_time"), int | float):
        evidence.append(("At work", duration(data["active_time"])))
    if data.get("prediction"):
        evidence.append(("Prediction shown before", f"#{data['prediction']}"))
    evidence += of_times(data, speaker)
    if data.get("origin") == "import":
        words = f"An answer of {who} came with the import: {answer}"
    else:
        words = f"{who} answered {answer}{took(data.get('lead_time'))}"
    surplus = ", beyond the number of people the task needs" if data.get("surplus") else ""
    return Told(f"{words}{surplus}.", About.ANSWERS, evidence)


def _revised(data: Data, by: str, speaker: Speaker) -> Told:
    answer, whose = speaker.answer(data.get("result")), speaker.who(data.get("annotator"))
    reviser = speaker.who(data.get("by"))
    words = {
        "returned": f"{reviser} answered the return with another answer: {answer}{took(data.get('lead_time'))}",
        "fixed_in_review": f"{reviser} fixed the answer of {whose}: {answer}",
        "own_update": f"{reviser} changed their answer to {answer}{took(data.get('lead_time'))}",
    }.get(str(data.get("because")), f"{reviser} revised the answer of {whose}: {answer}")
    evidence = [("Revision", str(data.get("revision", "?"))), *of_times(data, speaker)]
    return Told(f"{words}.", About.ANSWERS, evidence)


_SKIPS = {
    "requeue_for_me": "it will come back to them",
    "requeue_for_others": "it goes to somebody else",
    "ignore_skipped": "that counts as done for them",
}


def _skipped(data: Data, by: str, speaker: Speaker) -> Told:
    then = _SKIPS.get(str(data.get("mode")), "")
    words = f"{speaker.who(data.get('person'))} skipped it{took(data.get('lead_time'))}{quoted(data.get('comment'))}"
    return Told(f"{words}; {then}." if then else f"{words}.", About.ANSWERS, of_times(data, speaker))


def _withdrawn(data: Data, by: str, speaker: Speaker) -> Told:
    who = speaker.who(data.get("person"))
    return Told(f"{who}, who had skipped it, will not come back to it; the slot is free.", About.GIVING)


def _gone(data: Data, by: str, speaker: Speaker) -> Told:
    whose = speaker.who(data.get("annotator"))
    return Told(f"{by} deleted the answer of {whose}{quoted(data.get('reason'))}. It counts no more.", About.ANSWERS)


def _back(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{by} restored the answer of {speaker.who(data.get('annotator'))}.", About.ANSWERS)


def _truth(data: Data, by: str, speaker: Speaker) -> Told:
    whose = speaker.who(data.get("annotator"))
    return Told(f"{by} made the answer of {whose} the ground truth{_by_cause(data)}.", About.ANSWERS)


def _no_truth(data: Data, by: str, speaker: Speaker) -> Told:
    whose = speaker.who(data.get("annotator"))
    return Told(f"{by} took the ground truth back: the answer of {whose} counts as others do.", About.ANSWERS)


def _feedback(data: Data, by: str, speaker: Speaker) -> Told:
    who, hint = speaker.who(data.get("person")), data.get("hint") or {}
    attempt = f"attempt {data.get('attempt', '?')}"
    if data.get("right"):
        return Told(f"{who} was told that the answer is right ({attempt}).", About.ANSWERS)
    about = f" in {', '.join(hint['controls'])}" if hint.get("controls") else ""
    regions = [
        f"{hint[name]} {words}"
        for name, words in (("missing_regions", "missing"), ("surplus_regions", "too many"))
        if hint.get(name)
    ]
    more = f"; regions: {', '.join(regions)}" if regions else ""
    return Told(f"{who} was told that the answer differs from the truth{about} ({attempt}{more}).", About.ANSWERS)


def _predicted(data: Data, by: str, speaker: Speaker) -> Told:
    found = f", score {score(data['score'])}" if data.get("score") is not None else ""
    words = f"Model {data.get('model_version', '?')} predicted {speaker.suggestion(data.get('result'))}{found}."
    return Told(words, About.ANSWERS)


def _state(data: Data, by: str, speaker: Speaker) -> Told:
    old, new = (STATES.get(str(data.get(name)), str(data.get(name, "?"))) for name in ("previous", "state"))
    return Told(f"The task went from “{old}” to “{new}”, after {named_event(str(data.get('cause', '')))}.", About.TASK)


def _interacted(data: Data, by: str, speaker: Speaker) -> Told:
    count = len(data.get("interactions") or ())
    what = "the answer" if data.get("annotation") else "the task"
    words = f"{speaker.who(data.get('person'))} was at work on {what}: {counted(count, 'interaction')} recorded."
    evidence = [("Page", f"session {data.get('session', '?')}, batch {data.get('sequence', '?')}")]
    return Told(words, About.TIMES, evidence + of_times(data, speaker))


def _by_cause(data: Data) -> str:
    cause = str(data.get("cause") or "manual")
    return "" if cause == "manual" else f" ({cause.replace('_', ' ')})"


TELLERS: Mapping[type, Teller] = {
    happened.TaskImported: _imported,
    happened.TaskDeleted: _deleted,
    happened.TaskRestored: _restored,
    happened.TaskDataRevised: _data,
    happened.TaskReserved: _reserved,
    happened.ReservationExtended: _extended,
    happened.ReservationReleased: _released,
    happened.AnnotatorAssigned: _related("assigned it to {who} to annotate"),
    happened.AnnotatorUnassigned: _related("took it from {who}, who was to annotate it"),
    happened.ReviewerAssigned: _related("assigned it to {who} to review"),
    happened.ReviewerUnassigned: _related("took it from {who}, who was to review it"),
    happened.AnnotationSubmitted: _submitted,
    happened.AnnotationRevised: _revised,
    happened.AnnotationSkipped: _skipped,
    happened.SkipWithdrawn: _withdrawn,
    happened.AnnotationDeleted: _gone,
    happened.AnnotationRestored: _back,
    happened.GroundTruthSet: _truth,
    happened.GroundTruthCleared: _no_truth,
    happened.FeedbackGiven: _feedback,
    happened.PredictionRecorded: _predicted,
    happened.TaskStateChanged: _state,
    interacting.InteractionsRecorded: _interacted,
}
