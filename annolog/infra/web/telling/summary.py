"""How a task came to where it is, in a few sentences that are understood within a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annolog.infra.web.parts.words import counted, score
from annolog.infra.web.telling.evidence import because, judged, rule_name
from annolog.infra.web.telling.speaker import Speaker, quoted
from annolog.infra.web.telling.talk_events import ACTIONS

Page = Mapping[str, Any]
MOST_ANSWERS = 4
# How people who were considered stand to the task, in the order in which they are told.
CONSIDERED: Mapping[str, str] = {
    "eligible": "could be given it",
    "holds": "at work on it now",
    "returned": "given it back by review",
    "answered": "answered it",
    "skipped_for_now": "skipped it for now",
    "skipped": "skipped it",
    "passed_on": "passed over after a review",
    "paused": "paused",
    "at_limit": "at their limit",
    "not_assigned": "not assigned to it",
    "kept": "kept out: the slot is for others",
    "no_slot": "without a free slot",
    "unpublished": "waiting for the project to be published",
    "deleted": "without it, since it is deleted",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know, of a kind (answers, asked, now, stuck, review, truth), and the event that tells more."""

    kind: str
    words: str
    position: int | None = None


def summary(
    page: Page,
    events: Sequence[Mapping[str, Any]],
    why: Mapping[str, Any] | None,
    speaker: Speaker,
) -> list[Point]:
    """What was answered, who was asked and why, with whom the task is now, and what became of it in review.

    Everything may be missing that the viewer is not shown.
    """
    found: list[Point] = []
    if page.get("deleted"):
        found.append(Point("stuck", "The task is deleted: it is nobody's work.", _last(events, "TaskDeleted")))
    found += _answers(page, speaker)
    found += _asked(events, speaker)
    found += _ending(page, events)
    found += _now(page, why, speaker)
    found += _returned(page, speaker)
    truth = next((one for one in _annotations(page) if one.get("ground_truth")), None)
    if truth is not None:
        words = f"The ground truth is the answer of {speaker.who(truth.get('annotator'))}."
        found.append(Point("truth", words, _last(events, "GroundTruthSet")))
    return found


def standing_words(annotation: Page) -> str:
    """What an annotation counts for, where that is not simply one answer of several."""
    if annotation.get("deleted"):
        return "deleted"
    return {"returned": "returned", "removed": "rejected", "passed_on": "passed on"}.get(
        str(annotation.get("standing")), ""
    )


def considered(why: Mapping[str, Any]) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Everybody who was considered, by how they stand to the task."""
    people: list[Mapping[str, Any]] = list(why.get("people") or ())
    reasons = [*CONSIDERED, *sorted({str(one.get("reason")) for one in people} - CONSIDERED.keys())]
    return [
        (reason, CONSIDERED.get(reason, reason.replace("_", " ")), group)
        for reason in reasons
        if (group := [one for one in people if one.get("reason") == reason])
    ]


def _annotations(page: Page) -> list[Page]:
    return [one for one in page.get("annotations") or () if not one.get("deleted")]


def _answers(page: Page, speaker: Speaker) -> Iterator[Point]:
    given = _annotations(page)
    if not given:
        return
    tally = Counter(speaker.answer(one.get("result")) for one in given).most_common()
    said = [f"{count} {'says' if count == 1 else 'say'} {answer}" for answer, count in tally[:MOST_ANSWERS]]
    more = f" and {len(tally) - MOST_ANSWERS} other answers" if len(tally) > MOST_ANSWERS else ""
    of = f" of {counted(page['overlap'], 'person', 'people')}" if page.get("overlap") else ""
    if len(given) == 1:
        yield Point("answers", f"1{of} answered: {tally[0][0]}.")
    elif len(tally) == 1:
        yield Point("answers", f"{len(given)}{of} answered, all the same: {tally[0][0]}.")
    else:
        yield Point("answers", f"{len(given)}{of} answered, and they disagree: {'; '.join(said)}{more}.")


def _asked(events: Sequence[Mapping[str, Any]], speaker: Speaker) -> Iterator[Point]:
    added = [event for event in events if event.get("type") == "SlotAdded"]
    by_rule = [event for event in added if (event.get("data") or {}).get("evidence")]
    if by_rule:
        first, last = by_rule[0]["data"]["evidence"], by_rule[-1]["data"]["evidence"]
        begun = next((event["data"].get("slots") for event in events if event.get("type") == "TaskImported"), None)
        asked = f"{begun} were to answer at first; " if begun else ""
        more = f"{len(by_rule)} more {'was' if len(by_rule) == 1 else 'were'} asked"
        words = f"{asked}{more}, because {_disagreement(first, last)} (rule {rule_name(last)})."
        yield Point("asked", words, by_rule[-1]["position"])
    by_hand = [event for event in added if event not in by_rule]
    if by_hand:
        last_event = by_hand[-1]
        reason = (last_event.get("data") or {}).get("reason")
        words = f"{counted(len(by_hand), 'person', 'people')} more asked by hand"
        doer = last_event.get("on_behalf_of") if last_event.get("on_behalf_of") is not None else last_event.get("actor")
        given = quoted(reason) if reason not in (None, "", "manual", "low_agreement") else ""
        yield Point("asked", f"{words}, by {speaker.who(doer)}{given}.", last_event["position"])


def _disagreement(first: Mapping[str, Any], last: Mapping[str, Any]) -> str:
    """What the rule found when it asked for one more, the first time and the last."""
    begun, ended = _uncapitalized(judged(first)), _uncapitalized(judged(last))
    if first is last or not ended:
        return begun or "the answers disagreed"
    same = first.get("threshold") == last.get("threshold")
    if same and all(isinstance(one.get("score"), float) and one.get("posterior") is None for one in (first, last)):
        scores = f"{score(first['score'])} the first time and {score(last['score'])} the last"
        return f"agreement was {scores}, below {score(last.get('threshold'))}"
    return f"{begun} the first time, and {ended} the last"


def _ending(page: Page, events: Sequence[Mapping[str, Any]]) -> Iterator[Point]:
    decided = [
        event for event in events if event.get("type") in ("AgreementReached", "TaskExhausted", "TaskInfeasible")
    ]
    if not decided:
        return
    last = decided[-1]
    data = last.get("data") or {}
    evidence = data.get("evidence") or {}
    found = judged(evidence)
    if last["type"] == "AgreementReached":
        words = f"{found or 'The answers agree well enough'}, so nobody else is asked"
        yield Point("reached", f"{words} (rule {rule_name(evidence)}).", last["position"])
    elif page.get("flag") == "exhausted":
        why = "the label budget is used up" if data.get("reason") == "budget" else _limit(data)
        yield Point(
            "stuck", f"{found or 'The answers disagree still'}, but {why}: nobody more is asked.", last["position"]
        )
    elif page.get("flag") == "infeasible":
        yield Point("stuck", "It is stuck: the project has nobody left who could be asked.", last["position"])


def _limit(data: Mapping[str, Any]) -> str:
    limit = data.get("limit")
    return f"the limit of {limit} additional people is reached" if limit is not None else "the limit is reached"


def _now(page: Page, why: Mapping[str, Any] | None, speaker: Speaker) -> Iterator[Point]:
    for held in page.get("reservations") or ():
        reason = f", {because(held['why'])}" if held.get("why") else ""
        until = f", until {speaker.at(held['expires_at'])}" if held.get("expires_at") else ""
        yield Point("now", f"It is with {speaker.who(held.get('person'))} now{reason}{until}.")
    if page.get("deleted") or page.get("state") not in ("created", "annotation_in_progress"):
        if page.get("state") == "needs_review":
            who = f": assigned to {speaker.everybody(page['reviewers'])}" if page.get("reviewers") else ""
            yield Point("now", f"It waits for a reviewer{who}.")
        return
    if why is None:
        return
    groups = {reason: group for reason, _, group in considered(why)}
    eligible = groups.get("eligible", [])
    if eligible:
        people = speaker.everybody(one.get("person") for one in eligible)
        yield Point(
            "now", f"It waits for an answer; {counted(len(eligible), 'person', 'people')} could be given it: {people}."
        )
    elif not page.get("reservations") and not groups.get("returned"):
        rest = ", ".join(
            f"{len(group)} {CONSIDERED.get(reason, reason)}" for reason, group in groups.items() if reason != "no_slot"
        )
        yield Point("stuck", f"It waits for an answer, and nobody could be given it{f' ({rest})' if rest else ''}.")


def _returned(page: Page, speaker: Speaker) -> Iterator[Point]:
    for one in _annotations(page):
        rejected = [
            review
            for review in one.get("reviews") or ()
            if review.get("verdict") == "rejected" and not review.get("withdrawn")
        ]
        if one.get("standing") in ("returned", "removed", "passed_on") and rejected:
            last = rejected[-1]
            by = f" by {speaker.who(last['reviewer'])}" if last.get("reviewer") is not None else ""
            then = ACTIONS.get(str(last.get("action")), "")
            words = f"The answer of {speaker.who(one.get('annotator'))} was rejected{by}"
            words += f"; {then}" if then else ""
            yield Point("review", f"{words}{quoted(last.get('comment'))}.")


def _last(events: Sequence[Mapping[str, Any]], type: str) -> int | None:
    return next((int(event["position"]) for event in reversed(events) if event.get("type") == type), None)


def _uncapitalized(words: str) -> str:
    return words[:1].lower() + words[1:]
