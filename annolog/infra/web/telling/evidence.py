"""What decisions rested on, in words: scores and thresholds, places in the queue, people who were candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.infra.web.parts.words import score, sentence
from annolog.infra.web.telling.speaker import Speaker

Data = Mapping[str, Any]
Pairs = list[tuple[str, str]]

LANES: Mapping[str, str] = {
    "returned": "a reviewer had returned their answer to them",
    "held": "they held it already",
    "assigned": "it was assigned to them",
    "ground_truth": "its truth is known, and their work was to be held against it",
    "wanted": "a slot was kept for them",
    "started": "others had begun it, and begun tasks are finished first",
    "skipped": "they had skipped it, and it came back",
    "picked": "they asked for this very task",
}
ORDERINGS: Mapping[str, str] = {
    "sequential": "it was the next one in the order of import",
    "uniform": "it was the next one in the random order that its import was given",
    "uncertainty": "the model was least sure about it",
}


def because(why: Data) -> str:
    """Why somebody was given the task: the end of a sentence."""
    lane, policy = str(why.get("lane") or ""), str(why.get("policy") or "")
    words = LANES.get(lane) or ORDERINGS.get(policy)
    if words is None:
        return f"by the ordering “{policy or lane or 'not told'}”"
    if policy == "uncertainty" and why.get("score") is not None:
        words += f" (its prediction scored {score(why['score'])})"
    return f"because {words}"


def of_reservation(why: Data) -> Pairs:
    """What the choice of the task rested on."""
    found = [("Lane", str(why.get("lane", ""))), ("Ordering", str(why.get("policy", "")))]
    if why.get("rank") is not None:
        found.append(("Place in it", str(why["rank"])))
    if why.get("seed") is not None:
        found.append(("Seed", str(why["seed"])))
    if why.get("score") is not None:
        found.append(("Score of the prediction", score(why["score"])))
    return [*found, ("Settings version", str(why.get("settings_version", "")))]


def of_rule(evidence: Data, speaker: Speaker) -> Pairs:
    """What the reassignment rule looked at, and what it made of it."""
    found: Pairs = [("Rule", rule_name(evidence))]
    if "score" in evidence:
        found.append(("Agreement", score(evidence["score"])))
    if "threshold" in evidence:
        found.append(("Threshold", score(evidence["threshold"])))
    if evidence.get("posterior") is not None:
        found.append(("Probability of the likeliest answer", score(evidence["posterior"])))
    if evidence.get("need") is not None:
        found.append(("Need", f"{evidence['need']:.3f}"))
    if evidence.get("methodology"):
        found.append(("Methodology", str(evidence["methodology"])))
    found.append(("Definition of agreement", str(evidence.get("definition", 0))))
    if evidence.get("annotations"):
        compared = ", ".join(f"#{id} (revision {revision})" for id, revision in evidence["annotations"])
        found.append(("Annotations compared", compared))
    if evidence.get("models"):
        found.append(("Models", ", ".join(f"{name} version {of}" for name, of in evidence["models"].items())))
    if evidence.get("candidates"):
        worth = [f"{speaker.who(person)} ({nats:.3f} nats)" for person, nats in evidence["candidates"]]
        found.append(("Whose answers would tell most", ", ".join(worth)))
    return [*found, ("Settings version", str(evidence.get("settings_version", "")))]


def rule_name(evidence: Data) -> str:
    """Which rule, in which version."""
    return f"{evidence.get('policy', 'agreement')} v{evidence.get('policy_version', 1)}"


def judged(evidence: Data | None) -> str:
    """What the rule found, as the beginning of a sentence: `Agreement was 0.33, below 0.75`."""
    if not evidence:
        return ""
    threshold = evidence.get("threshold")
    if evidence.get("posterior") is not None:
        return _beside("The likeliest answer has probability", evidence["posterior"], threshold)
    if evidence.get("score") is None:
        return "" if "score" not in evidence else "Agreement could not be measured"
    return _beside("Agreement was", evidence["score"], threshold)


def _beside(words: str, found: float, threshold: Any) -> str:
    if not isinstance(threshold, int | float):
        return f"{words} {score(found)}"
    side = "below" if found < threshold else "not below"
    return f"{words} {score(found)}, {side} {score(threshold)}"


def of_times(data: Data, speaker: Speaker) -> Pairs:
    """Which times are not as they were claimed, and why."""
    return [
        (
            f"{sentence(str(note.get('field', 'time')))} was corrected",
            f"{str(note.get('rule', '')).replace('_', ' ')}; claimed was "
            + (speaker.at(note["moment"]) if note.get("moment") else f"{note.get('seconds')} s"),
        )
        for note in data.get("time_notes") or ()
    ]
