"""Whatever happens to a task, second reviews and adjudications go to different people and nothing waits in vain."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from annolog.domain.project.state import Project
from annolog.domain.refusals import OwnWork, Refused
from annolog.domain.task import annotating, distribution, ground_truth, reviewing, second_review
from annolog.domain.task.annotating import Work
from annolog.domain.task.events import AnnotationReviewed, AnnotationRevised, RejectAction, TaskEvent, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.task.lifecycle import state_of
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven, SecondReviewRequested
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.second_review import QUOTA, asked_of, is_first, may_judge, with_second_reviews
from annolog.domain.task.state import Task
from tests.story import NOON, answer, imported, settings

STEPS = ("submit", "review", "withdraw", "revise", "delete", "truth", "second", "adjudicate", "task")
REVIEWERS = st.sampled_from([6, 7, 8, 1])
NEWCOMER = 99
JUDGEMENTS = st.sampled_from(
    [
        Judgement(Verdict.ACCEPTED),
        Judgement(Verdict.FIXED, fix=Work(answer("B"), 1)),
        *(Judgement(Verdict.REJECTED, action) for action in RejectAction),
    ]
)


def project(**review: object) -> Project:
    return Project(
        5, title="a", settings=settings(review={"only_finished": False, **review}, assignment={"overlap": 2})
    )


Said = tuple[Verdict, RejectAction | None, list[dict[str, object]] | None]


class Desk:
    """A task that people work on, by the rules alone; what is refused did not happen."""

    def __init__(self, under: Project) -> None:
        self.under, self.rules = under, under.settings
        self.facts: list[TaskEvent] = [imported(slots=2)]
        self.counted = Counter[str]()
        self.now, self.reviews, self.answers = NOON, 0, 0

    @property
    def task(self) -> Task:
        return fold(Task(self.facts[0].task), self.facts)

    def step(self, what: str, who: int, which: int, judgement: Judgement) -> None:
        self.now += timedelta(minutes=1)
        try:
            events = self.decided(what, who, which, judgement)
        except Refused:
            return
        if not events:
            return
        happened = with_second_reviews(self.task, events, self.under, lambda name: self.counted[name])
        self.counted[QUOTA] += sum(is_first(event) for event in events)
        self.facts += happened

    def decided(self, what: str, who: int, which: int, judgement: Judgement) -> list[TaskEvent]:
        task = self.task
        annotations = list(task.annotations) or [0]
        annotation = annotations[which % len(annotations)]
        reviews = [review.id for found in task.annotations.values() for review in found.reviews] or [0]
        review = reviews[which % len(reviews)]
        waiting = [found.review for found in task.second_reviews.values() if found.stage] or [0]
        asked = waiting[which % len(waiting)]
        self.reviews += 1
        match what:
            case "submit":
                self.answers += 1
                return annotating.submit(task, 1 + which % 4, self.answers, Work(answer(), 1), self.now, self.rules)
            case "review":
                return reviewing.review(task, who, annotation, self.reviews, judgement, self.rules, author_stays=True)
            case "withdraw":
                return reviewing.withdraw(task, review, who, self.now, self.rules, manages=True)
            case "revise":
                author = task.annotations[annotation].annotator if annotation else 0
                return annotating.revise(task, author, annotation, Work(answer("C"), 1), self.rules)
            case "delete":
                return annotating.delete(task, annotation, "", self.rules)
            case "truth":
                return ground_truth.set_ground_truth(task, annotation, self.rules)
            case "second":
                return second_review.give(task, who, asked, judgement, self.under)
            case "adjudicate":
                return second_review.adjudicate(
                    task, who, asked, self.reviews, judgement, self.under, self.now, author_stays=True
                )
            case _:
                return distribution.restore(task) if task.deleted else distribution.delete(task, "")


MOVES = st.tuples(st.sampled_from(STEPS + ("review", "second") * 2), REVIEWERS, st.integers(0, 9), JUDGEMENTS)


def first_said(facts: list[TaskEvent], review: int) -> Said:
    """What the first reviewer said: the verdict, what was to follow it, and what the work was made."""
    [first] = [fact for fact in facts if isinstance(fact, AnnotationReviewed) and fact.review == review]
    if first.verdict is not Verdict.FIXED:
        return first.verdict, first.action, None
    fixes = (fact for fact in facts if isinstance(fact, AnnotationRevised) and fact.review == review)
    return first.verdict, first.action, next(fixes).result


@hypothesis_settings(max_examples=150, deadline=None)
@for_all(
    moves=st.lists(MOVES, min_size=10, max_size=60),
    percent=st.sampled_from([100, 60]),
    adjudication=st.sampled_from(["on_disagreement", "always", "never"]),
)
def test_three_different_people_judge_and_what_waits_can_be_done_by_anybody_else(
    moves: list[tuple[str, int, int, Judgement]], percent: int, adjudication: str
) -> None:
    desk = Desk(project(second_review_percent=percent, adjudication=adjudication))
    for who in (1, 2):
        desk.step("submit", who, who - 1, Judgement(Verdict.ACCEPTED))
    for move in moves:
        desk.step(*move)
        task = desk.task
        if task.exists:
            assert task.state == state_of(task, desk.rules)
        for found in task.second_reviews.values():
            if found.stage is None or not task.exists:
                continue
            live = task.annotations[found.annotation]
            assert not live.deleted
            assert may_judge(found, NEWCOMER)
            # Whoever is new can do what waits, now, whatever became of the task meanwhile.
            judgement = Judgement(Verdict.ACCEPTED)
            if found.stage is ReviewStage.SECOND:
                assert second_review.give(task, NEWCOMER, found.review, judgement, desk.under)
            else:
                done = second_review.adjudicate(
                    task, NEWCOMER, found.review, 1000, judgement, desk.under, desk.now, author_stays=True
                )
                settled = [event for event in done if isinstance(event, ReviewAdjudicated)]
                after = fold(task, done)
                if settled[0].applied:
                    assert after.annotations[found.annotation].verdict is Verdict.ACCEPTED
                assert after.state == state_of(after, desk.rules)
    for fact in desk.facts:
        if isinstance(fact, SecondReviewGiven):
            assert len({fact.annotator, fact.first_reviewer, fact.reviewer}) == 3
        if isinstance(fact, ReviewAdjudicated):
            assert len({fact.annotator, fact.reviewer, fact.second_reviewer, fact.adjudicator}) == 4
            said = (fact.verdict, fact.action, fact.result)
            assert fact.overturns is (said != first_said(desk.facts, fact.review))
        if isinstance(fact, SecondReviewGiven) and adjudication == "never":
            assert fact.agrees is (fact.verdict is fact.first_verdict)
    first = [fact for fact in desk.facts if isinstance(fact, AnnotationReviewed) and is_first(fact)]
    drawn = [fact for fact in desk.facts if isinstance(fact, SecondReviewRequested)]
    assert len(drawn) in (len(first) * percent // 100, -(-len(first) * percent // 100))


@for_all(
    percent=st.integers(0, 100), seed=st.integers(0, 10**6), before=st.integers(0, 500), reviews=st.integers(1, 120)
)
def test_of_any_n_reviews_in_a_row_as_many_are_drawn_as_the_share_says(
    percent: int, seed: int, before: int, reviews: int
) -> None:
    under = project(second_review_percent=percent, seed=seed)
    desk = Desk(under)
    desk.counted[QUOTA] = before
    desk.step("submit", 1, 0, Judgement(Verdict.ACCEPTED))
    for _ in range(reviews):
        desk.step("review", 6, 0, Judgement(Verdict.ACCEPTED))
    drawn = [fact for fact in desk.facts if isinstance(fact, SecondReviewRequested)]
    assert len(drawn) in (reviews * percent // 100, -(-reviews * percent // 100))
    for fact in drawn:
        assert before < fact.quota_reviews <= before + reviews
        assert (fact.percent, fact.seed, fact.settings_version) == (percent, seed, under.settings_version)


def test_nobody_is_asked_for_what_they_answered_or_said() -> None:
    desk = Desk(project(second_review_percent=100, adjudication="always"))
    desk.step("submit", 1, 0, Judgement(Verdict.ACCEPTED))
    desk.step("review", 6, 0, Judgement(Verdict.ACCEPTED))
    assert [bool(asked_of(desk.task, who, ReviewStage.SECOND)) for who in (1, 6, 7)] == [False, False, True]
    desk.step("second", 7, 0, Judgement(Verdict.ACCEPTED))
    assert [bool(asked_of(desk.task, who, ReviewStage.ADJUDICATION)) for who in (1, 6, 7, 8)] == [
        False, False, False, True,
    ]  # fmt: skip
    [review] = desk.task.second_reviews
    for who in (1, 6, 7):
        try:
            second_review.adjudicate(
                desk.task, who, review, 9, Judgement(Verdict.ACCEPTED), desk.under, NOON, author_stays=True
            )
        except OwnWork:
            continue
        raise AssertionError(who)
