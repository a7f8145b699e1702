"""Other numbers in the place of people, and of nothing else."""

from __future__ import annotations

from annolog.infra.personal.pseudonyms import pseudonymised


def test_people_are_replaced_wherever_they_are_named_and_nothing_else_is() -> None:
    found = {
        "id": 7,
        "task": 7,
        "completed_by": 7,
        "mentions": [7, 8],
        "author": None,
        "by": 0,
        "resolved": True,
        "annotations": [{"id": 7, "annotator": 8, "result": [{"annotator": 7}], "reviews": [{"created_by": 9}]}],
        "data": {"person": 7},
        "meta": {"author": 7},
    }
    assert pseudonymised(found, lambda person: person + 1000) == {
        **found,
        "completed_by": 1007,
        "mentions": [1007, 1008],
        "annotations": [{"id": 7, "annotator": 1008, "result": [{"annotator": 7}], "reviews": [{"created_by": 1009}]}],
    }
