"""What stands in the cells of the table of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from annolog.infra.web.pages.task.comparing import Column
from annolog.infra.web.pages.task.facts import Context
from annolog.infra.web.parts.words import Words, badge, block, duration, moment, score, share
from annolog.infra.web.telling.answers import Drawn, read_answer
from annolog.infra.web.telling.differences import Found, Mark, changes, inline
from annolog.infra.web.telling.summary import standing_words
from annolog.infra.web.telling.talk_events import ACTIONS, VERDICTS

if TYPE_CHECKING:
    from annolog.infra.web.pages.task.acting import Acting

Missing = tuple[Drawn, Found]
VERDICT_KINDS = {"accepted": "good", "fixed": "info", "rejected": "bad"}


def head(column: Column, context: Context) -> None:
    """Whose answer it is, and what it counts for."""
    raw = column.raw
    Words("span", column.name, "an-compare-name").props["title"] = column.name
    with block("div", "an-task-badges"):
        if column.model:
            badge("model", "info")
            if raw.get("score") is not None:
                badge(f"score {score(raw['score'])}")
        if raw.get("ground_truth"):
            badge("★ ground truth", "good")
        if raw.get("surplus"):
            badge("surplus", "warning")
        if words := standing_words(raw):
            badge(words, "warning" if words == "returned" else "bad")
        if raw.get("origin") == "import":
            badge("imported")
        config = context.place.shown.get("config_version")
        if raw.get("config_version") not in (None, config):
            badge(f"labeling config {raw['config_version']}, now {config}")


def said(column: Column, control: str, found: Mapping[str, Found]) -> None:
    """What one control says, with what the comparison found."""
    one = column.answer.by(control)
    if column.unreadable:
        Words("p", f"Does not fit the labeling config: {column.unreadable}", "an-note")
        return
    mark = found.get(control)
    with block("div", _marked(mark)):
        if one is None:
            Words("span", "no answer", "an-note")
        else:
            for part in one.parts:
                Words("p" if one.long_text else "span", part, "an-long" if one.long_text else "an-answer")
        told(mark)


def told(found: Found | None) -> None:
    """The sign and the words of a comparison."""
    if found is None or not found.words:
        return
    with block("span", f"an-found an-found-{found.mark.name.lower()}"):
        Words("span", found.mark.sign, "an-sign").props("aria-hidden=true")
        Words("span", found.words)


def regions(column: Column, found: Mapping[str, Found], missing: Sequence[Missing]) -> None:
    """Every region with its place, and what is not there."""
    if not column.answer.drawn and not missing:
        Words("span", "no regions", "an-note")
    with block("ul", "an-regions"):
        for one in column.answer.drawn:
            _region(one, found.get(one.id))
        for one, mark in missing:
            _region(one, mark)


def _region(one: Drawn, found: Found | None) -> None:
    with block("li", _marked(found)):
        with block("div", "an-region"):
            for label in one.labels or ("no label",):
                Words("span", label, "an-answer")
            if one.quote:
                Words("q", one.quote)
        Words("span", one.place, "an-note an-mono")
        for more in one.said:
            Words("span", f"{more.control}: {more.words}", "an-note")
        told(found)


def relations(column: Column) -> None:
    """How regions relate."""
    with block("ul", "an-regions"):
        for words in column.answer.relations:
            Words("li", words)


def times(column: Column, context: Context) -> None:
    """When it was given, and how long that took."""
    raw = column.raw
    if column.model:
        return
    Words("span", moment(raw.get("created_at"), context.zone))
    if raw.get("updated_at") != raw.get("created_at"):
        Words("span", f"revised {moment(raw.get('updated_at'), context.zone)}", "an-note")
    if raw.get("lead_time") is not None:
        active = f", {duration(raw['active_time'])} of it at work" if raw.get("active_time") is not None else ""
        Words("span", f"{duration(raw['lead_time'])}{active}", "an-note")


def reviews(column: Column, context: Context, acting: Acting) -> None:
    """What reviewers said, second ones too, and what followed."""
    who = context.speaker.who
    for one in column.raw.get("reviews") or ():
        with block("div", "an-review"):
            with block("div", "an-task-badges"):
                verdict = str(one.get("verdict"))
                badge(VERDICTS.get(verdict, verdict), VERDICT_KINDS.get(verdict, "plain"))
                if one.get("withdrawn"):
                    badge("taken back")
                if one.get("given_up"):
                    badge("author has left")
            if one.get("comment"):
                Words("p", f"“{one['comment']}”", "an-long")
            if ACTIONS.get(str(one.get("action"))):
                Words("span", ACTIONS[str(one["action"])], "an-note")
            _about(column, one)
            by = f"{who(one['reviewer'])}, " if one.get("reviewer") is not None else ""
            took = f", {duration(one['review_time'])}" if one.get("review_time") is not None else ""
            of = f"revision {one.get('revision', '?')}"
            Words("span", f"{by}{moment(one.get('reviewed_at'), context.zone)}{took}, {of}", "an-note")
            if one.get("fix_agreement") is not None:
                Words("span", f"the fix kept {share(one['fix_agreement'])} of it", "an-note")
            if one.get("answered_by_revision"):
                Words("span", f"answered by revision {one['answered_by_revision']}", "an-note")
            acting.on_review(column, one)
    for one in column.raw.get("second_reviews") or ():
        _second(column, one, context)


def _second(column: Column, one: Mapping[str, Any], context: Context) -> None:
    verdict = str(one.get("verdict"))
    with block("div", "an-review"):
        with block("div", "an-task-badges"):
            badge(f"second review: {VERDICTS.get(verdict, verdict)}", VERDICT_KINDS.get(verdict, "plain"))
            badge("agrees" if one.get("agrees") else "disagrees", "good" if one.get("agrees") else "warning")
        if one.get("comment"):
            Words("p", f"“{one['comment']}”", "an-long")
        _about(column, one)
        by = context.speaker.who(one.get("reviewer"))
        Words("span", f"{by}, {moment(one.get('reviewed_at'), context.zone)}", "an-note")
        settled = one.get("adjudication")
        if settled:
            words = VERDICTS.get(str(settled.get("verdict")), "judged")
            how = "overturns the first" if settled.get("overturns") else "confirms the first"
            Words("span", f"settled by {context.speaker.who(settled.get('adjudicator'))}: {words}, {how}", "an-note")
            _about(column, settled)


def _about(column: Column, one: Mapping[str, Any]) -> None:
    if one.get("region"):
        Words("span", f"about {_of_region(column, str(one['region']))}", "an-note")


def _of_region(column: Column, id: str) -> str:
    return next((one.words for one in column.answer.drawn if one.id == id), "a region that is there no more")


def revisions(column: Column, context: Context) -> None:
    """What every revision changed, before and after."""
    told_of = column.raw.get("revisions") or ()
    if len(told_of) < 2:
        return
    with block("details", "an-fold"):
        with block("summary"):
            Words("span", f"{len(told_of)} revisions")
            Words("span", f" of {column.name}", "an-visually-hidden")
        with block("ol", "an-revisions"):
            for place, one in enumerate(told_of):
                with block("li"):
                    by = context.speaker.who(one.get("by"))
                    because = {
                        "returned": "after a return",
                        "fixed_in_review": "in review",
                        "own_update": "by themselves",
                    }
                    why = because.get(str(one.get("because")), "first answer")
                    Words("span", f"{by}, {why}, {moment(one.get('recorded_at'), context.zone)}", "an-note")
                    if place:
                        _changed(told_of[place - 1], one, context)
                    else:
                        Words("span", read_answer(context.config, one.get("result") or ()).brief)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], context: Context) -> None:
    old, new = (read_answer(context.config, one.get("result") or ()) for one in (before, after))
    found = changes(old, new)
    for one in new.said:
        earlier = old.by(one.control)
        if one.long_text and earlier is not None and earlier.value != one.value:
            # A text is told by what was taken out and put in, not twice.
            found = [words for words in found if not words.startswith(f"{one.control}: ")]
            with block("p", "an-long"):
                Words("span", f"{one.control}: ", "an-note")
                for how, text in inline(earlier.words, one.words):
                    Words("span" if how == "keep" else how, text)
    for words in found or (["nothing that agreement compares"] if old == new else []):
        Words("span", words)


def _marked(found: Found | None) -> str:
    return "an-cell" if found is None or found.mark is Mark.NOTHING else f"an-cell an-cell-{found.mark.name.lower()}"
