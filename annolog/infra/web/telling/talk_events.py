"""Reviews and comments in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.infra.web.parts.words import duration, score, share
from annolog.infra.web.telling.evidence import of_times
from annolog.infra.web.telling.speaker import Speaker, quoted
from annolog.infra.web.telling.told import About, Teller, Told

Data = Mapping[str, Any]

VERDICTS = {"accepted": "accepted", "fixed": "fixed and accepted", "rejected": "rejected"}
ACTIONS = {
    "remove": "it counts no more, and nobody does it again",
    "return": "it goes back to its author",
    "pass_on": "somebody else is to answer instead",
}


def _awaited(data: Data, by: str, speaker: Speaker) -> Told:
    words = "All answers are there. Whether they are reviewed is decided once agreement is known."
    return Told(words, About.REVIEWS)


def _routed(data: Data, by: str, speaker: Speaker) -> Told:
    rule = "no rule" if data.get("rule") is None else f"rule {int(data['rule']) + 1}"
    sampled = "is reviewed" if data.get("sampled") else "is not reviewed"
    found = f" with agreement {score(data['agreement'])}" if data.get("agreement") is not None else ""
    words = f"The task {sampled}: it met {rule}{found}"
    if data.get("percent") is not None:
        words += f", by which {data['percent']} % of tasks are reviewed"
    evidence = []
    if data.get("quota_tasks") is not None:
        quota = f"{data.get('quota_sampled', '?')} of {data['quota_tasks']} tasks so far, this one included"
        evidence.append(("Sampled in the quota", quota))
    evidence.append(("Seed and settings version", f"{data.get('seed', '?')}, {data.get('settings_version', '?')}"))
    return Told(f"{words}.", About.REVIEWS, evidence)


_STAGES = {"second": " a second time", "adjudication": " to settle what two reviewers said"}


def _reserved(data: Data, by: str, speaker: Speaker) -> Told:
    stage = _STAGES.get(str(data.get("stage")), "")
    until = f", until {speaker.at(data['expires_at'])}" if data.get("expires_at") else ""
    return Told(f"{speaker.who(data.get('reviewer'))} began to review it{stage}{until}.", About.REVIEWS)


def _left(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{speaker.who(data.get('reviewer'))} left the review to others.", About.REVIEWS)


def _about(data: Data) -> str:
    return ", about one region" if data.get("region") else ""


def _reviewed(data: Data, by: str, speaker: Speaker) -> Told:
    whose = speaker.who(data.get("annotator"))
    verdict = VERDICTS.get(str(data.get("verdict")), "judged")
    then = ACTIONS.get(str(data.get("action")), "")
    overturned = ", as settled by adjudication" if data.get("adjudicates") else ""
    words = f"{speaker.who(data.get('reviewer'))} {verdict} the answer of {whose}{overturned}{_about(data)}"
    words += f"; {then}" if then else ""
    evidence = [("Revision judged", str(data.get("revision", "?"))), *_took(data, speaker)]
    if data.get("fix_agreement") is not None:
        evidence.append(("Kept of the original by the fix", share(data["fix_agreement"])))
    return Told(f"{words}{quoted(data.get('comment'))}.", About.REVIEWS, evidence)


def _withdrawn(data: Data, by: str, speaker: Speaker) -> Told:
    verdict = VERDICTS.get(str(data.get("verdict")), "judged")
    whose = speaker.who(data.get("annotator"))
    reviewer = speaker.who(data.get("reviewer"))
    words = f"{by} took the review of {reviewer} back, who had {verdict} the answer of {whose}"
    previous = data.get("previous")
    then = f"; before it was {VERDICTS.get(str(previous), str(previous))}" if previous else ""
    return Told(f"{words}{then}.", About.REVIEWS)


def _given_up(data: Data, by: str, speaker: Speaker) -> Told:
    who = speaker.who(data.get("annotator"))
    return Told(f"{who}, to whom it was returned, has left: the answer is reviewed as it is.", About.REVIEWS)


def _second_asked(data: Data, by: str, speaker: Speaker) -> Told:
    evidence = [
        ("Share given again", f"{data.get('percent', '?')} %"),
        ("In the quota", f"{data.get('quota_sampled', '?')} of {data.get('quota_reviews', '?')} reviews"),
        ("Seed and settings version", f"{data.get('seed', '?')}, {data.get('settings_version', '?')}"),
    ]
    words = f"The review of {speaker.who(data.get('reviewer'))} is in the sample that another reviewer gives again."
    return Told(words, About.REVIEWS, evidence)


def _second(data: Data, by: str, speaker: Speaker) -> Told:
    verdict = VERDICTS.get(str(data.get("verdict")), "judged")
    agrees = "as the first reviewer did" if data.get("agrees") else "other than the first reviewer"
    words = f"{speaker.who(data.get('reviewer'))}, not knowing the first review, {verdict} it, {agrees}{_about(data)}"
    return Told(f"{words}{quoted(data.get('comment'))}.", About.REVIEWS, _took(data, speaker))


def _adjudication_asked(data: Data, by: str, speaker: Speaker) -> Told:
    both = speaker.everybody([data.get("reviewer"), data.get("second_reviewer")])
    how = "agreed" if data.get("agree") else "disagreed"
    return Told(f"{both} {how}; a third person is to settle it.", About.REVIEWS)


def _adjudicated(data: Data, by: str, speaker: Speaker) -> Told:
    verdict = VERDICTS.get(str(data.get("verdict")), "judged")
    overturns = "which overturns the first review" if data.get("overturns") else "as the first review had it"
    applied = "" if data.get("applied", True) or not data.get("overturns") else "; the answer cannot go by it any more"
    words = f"{speaker.who(data.get('adjudicator'))} settled it: {verdict}, {overturns}{applied}{_about(data)}"
    return Told(f"{words}{quoted(data.get('comment'))}.", About.REVIEWS, _took(data, speaker))


def _called_off(data: Data, by: str, speaker: Speaker) -> Told:
    stage = "adjudication" if data.get("stage") == "adjudication" else "second review"
    return Told(f"The {stage} is called off: there is nothing left that it could be about.", About.REVIEWS)


def _commented(data: Data, by: str, speaker: Speaker) -> Told:
    about = "the task"
    if data.get("draft"):
        about = "unfinished work"
    elif data.get("annotation"):
        region = "a region of " if data.get("region") else ""
        about = f"{region}the answer of {speaker.who(data.get('annotator'))}"
    verb = "answered in a thread on" if data.get("parent") else "commented on"
    mentioned = f" (to {speaker.everybody(data['mentions'])})" if data.get("mentions") else ""
    kind = f" [{data['classification']}]" if data.get("classification") else ""
    words = f"{speaker.who(data.get('author'))} {verb} {about}{mentioned}{kind}{quoted(data.get('text'))}"
    return Told(words if data.get("text") else f"{words}.", About.COMMENTS)


def _edited(data: Data, by: str, speaker: Speaker) -> Told:
    return Told(f"{by} edited a comment, which says now{quoted(data.get('text'))}", About.COMMENTS)


def _plain(words: str) -> Teller:
    return lambda data, by, speaker: Told(f"{by} {words}.", About.COMMENTS)


def _took(data: Data, speaker: Speaker) -> list[tuple[str, str]]:
    times = [("From opening to judging", "review_time"), ("Of it at work", "active_time")]
    found = [(words, duration(data[name])) for words, name in times if isinstance(data.get(name), int | float)]
    return found + of_times(data, speaker)


TELLERS: Mapping[type, Teller] = {
    happened.AnnotationReviewed: _reviewed,
    happened.ReviewWithdrawn: _withdrawn,
    reviewing.ReviewRoutingAwaited: _awaited,
    reviewing.ReviewRouted: _routed,
    reviewing.ReviewReserved: _reserved,
    reviewing.ReviewReleased: _left,
    reviewing.ReturnGivenUp: _given_up,
    reviewing.SecondReviewRequested: _second_asked,
    reviewing.SecondReviewGiven: _second,
    reviewing.AdjudicationRequested: _adjudication_asked,
    reviewing.ReviewAdjudicated: _adjudicated,
    reviewing.SecondReviewCalledOff: _called_off,
    saying.CommentAdded: _commented,
    saying.CommentEdited: _edited,
    saying.CommentResolved: _plain("resolved a comment"),
    saying.CommentReopened: _plain("reopened a comment"),
    saying.CommentDeleted: _plain("deleted a comment"),
}
