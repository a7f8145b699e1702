"""What rules and people decided about a task, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.domain.task import events as happened
from annolog.infra.web.parts.words import counted, score
from annolog.infra.web.telling.evidence import judged, of_rule, rule_name
from annolog.infra.web.telling.speaker import Speaker, named_event, quoted
from annolog.infra.web.telling.told import About, Teller, Told

Data = Mapping[str, Any]


def _overlap(data: Data, by: str, speaker: Speaker) -> Told:
    slots = counted(int(data.get("slots") or 0), "person", "people")
    words = f"{slots} instead of {data.get('previous', '?')} are to answer it now"
    return Told(f"{words}{quoted(data.get('cause'))}.", About.DECISIONS)


def _slot(data: Data, by: str, speaker: Speaker) -> Told:
    evidence = data.get("evidence") or {}
    kept = ""
    if data.get("wanted"):
        until = f" until {speaker.at(data['wanted_until'])}" if data.get("wanted_until") else ""
        kept = f" The slot is kept for {speaker.everybody(data['wanted'])}{until}."
    total = f"{data.get('slots', '?')} in all"
    if data.get("reason") == "low_agreement" or evidence:
        found = judged(evidence) or "The answers disagreed"
        rule = f" (rule {rule_name(evidence)})" if evidence else ""
        words = f"{found}, so one more person was asked: {total}{rule}.{kept}"
        return Told(words, About.DECISIONS, of_rule(evidence, speaker) if evidence else ())
    reason = data.get("reason")
    words = f"{by} had one more person asked: {total}{quoted(reason if reason != 'manual' else '')}.{kept}"
    return Told(words, About.DECISIONS)


_PREFERENCES = {
    "answered": "it is answered",
    "lapsed": "the time for which it was kept is over",
    "experts": "the experts there are have changed",
}


def _preference(data: Data, by: str, speaker: Speaker) -> Told:
    cause = str(data.get("cause") or "")
    words = _PREFERENCES.get(cause, f"after {named_event(cause)}")
    people = speaker.everybody(data.get("people") or ())
    return Told(f"The slot is no longer kept for {people}: {words}.", About.GIVING)


def _kept(data: Data, by: str, speaker: Speaker) -> Told:
    if not data.get("people"):
        return Told("The free slot waits for an expert, and there is none.", About.GIVING)
    return Told(f"The free slot is kept for {speaker.everybody(data['people'])}.", About.GIVING)


def _doubted(data: Data, by: str, speaker: Speaker) -> Told:
    then = "so one more answer is wanted, once the label budget comes to it"
    return _by_rule(data, speaker, "The answers leave a doubt", then)


def _reached(data: Data, by: str, speaker: Speaker) -> Told:
    return _by_rule(data, speaker, "The answers agree well enough", "so nobody else is asked")


def _exhausted(data: Data, by: str, speaker: Speaker) -> Told:
    limit = counted(int(data.get("limit") or 0), "additional person", "additional people")
    why = "the label budget is used up" if data.get("reason") == "budget" else f"the limit of {limit} is reached"
    return _by_rule(data, speaker, "The answers disagree still", f"but {why}: nobody more is asked")


def _by_rule(data: Data, speaker: Speaker, otherwise: str, then: str) -> Told:
    """What a rule found in the answers, or what it must have found where it does not say, and what follows."""
    evidence = data.get("evidence") or {}
    words = f"{judged(evidence) or otherwise}, {then} (rule {rule_name(evidence)})."
    return Told(words, About.DECISIONS, of_rule(evidence, speaker))


def _infeasible(data: Data, by: str, speaker: Speaker) -> Told:
    evidence = data.get("evidence") or {}
    wanted, eligible = int(data.get("slots_wanted") or 0), int(data.get("eligible") or 0)
    begin = f"{judged(evidence)}, but the" if judged(evidence) else "The"
    words = f"{begin} project has nobody left to ask: {counted(wanted, 'person', 'people')} wanted, {eligible} possible"
    return Told(f"{words}.", About.DECISIONS, of_rule(evidence, speaker) if evidence else ())


def _feasible(data: Data, by: str, speaker: Speaker) -> Told:
    return Told("There is somebody again who can be asked.", About.DECISIONS)


def _measured(data: Data, by: str, speaker: Speaker) -> Told:
    error = data.get("error")
    found = f"could not be applied: {error}" if error else f"found an agreement of {score(data.get('score'))}"
    evidence = [("Definition of agreement", str(data.get("definition", "?"))), ("Source", str(data.get("digest", "")))]
    evidence += [
        (f"#{pair.get('one')} and #{pair.get('other')}", str(pair.get("error") or score(pair.get("score"))))
        for pair in data.get("pairs") or ()
    ]
    return Told(f"The project's own metric {found}.", About.DECISIONS, evidence)


TELLERS: Mapping[type, Teller] = {
    happened.OverlapSet: _overlap,
    happened.SlotAdded: _slot,
    happened.PreferenceEnded: _preference,
    happened.SlotKept: _kept,
    happened.TaskDoubted: _doubted,
    happened.AgreementReached: _reached,
    happened.TaskExhausted: _exhausted,
    happened.TaskInfeasible: _infeasible,
    happened.TaskFeasible: _feasible,
    happened.AgreementMeasured: _measured,
}
