"""How much work a trial is, and what there could be less of."""

from __future__ import annotations

import pytest

from annolog.domain.policies.catalogue import policies
from annolog.domain.refusals import InvalidInput
from annolog.domain.simulation.outcome import references_of
from annolog.domain.simulation.recording import RecordedAnswer, Recording
from annolog.domain.simulation.trial import Trial

RECORDING = Recording.of([RecordedAnswer(task, person, "A") for task in range(5) for person in range(2)], {})


def test_there_are_as_many_outcomes_as_it_says() -> None:
    trial = Trial([policies("fixed", 2), policies("rule", 2, [0.5])], seeds=3)
    references, _ = references_of(RECORDING)
    found = [(o.policy, o.parameter, o.seed) for o in trial.outcomes(RECORDING, references)]
    assert len(found) == len(set(found)) == trial.size == 9


@pytest.mark.parametrize(
    ("most", "words"),
    [(89, "/seeds: with 10 answers and so many parameters at most 2"), (29, "/policies: with 10 answers at most 2")],
)
def test_too_much_work_is_refused_by_the_field_that_is_too_large(most: int, words: str) -> None:
    trial = Trial([policies("rule", 2, [0.3, 0.4, 0.5])], seeds=3)
    trial.must_be_within(90, RECORDING)
    with pytest.raises(InvalidInput) as refusal:
        trial.must_be_within(most, RECORDING)
    assert refusal.value.detail.startswith(words)
