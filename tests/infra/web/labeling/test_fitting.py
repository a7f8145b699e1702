"""What is left of an answer under a labeling config in which its labels or controls are no more."""

from __future__ import annotations

import pytest

from annolog.domain.labeling import parse_labeling_config, validate_result
from annolog.domain.refusals import Refused
from tests.infra.web.labeling_bench import NER, SURE, TEXT, Bench, Items, span

pytestmark = pytest.mark.browser

FITTED = (
    "([result, errors]) => import('/static/labeling/fitting.js').then((found) => found.withoutGone(result, errors))"
)
CONFIG = f"<View>{NER}{SURE}</View>"


def fitted(bench: Bench, config: str, result: Items) -> Items:
    """What the page makes of an answer after the server has said what is wrong with it."""
    validate_result(parse_labeling_config(CONFIG), result)
    with pytest.raises(Refused) as refused:
        validate_result(parse_labeling_config(config), result)
    errors = [{"pointer": fault.pointer, "detail": fault.message} for fault in refused.value.faults]
    found: Items = bench.page.evaluate(FITTED, [result, errors])
    return found


def sure(id: str, value: str) -> Items:
    return [
        {"id": id, "from_name": "sure", "to_name": "text", "type": "choices", "value": {"choices": [value]}},
    ]


def test_what_was_said_of_regions_goes_with_their_control(bench: Bench) -> None:
    result = [span("r1", 0, 12, "PER", TEXT), *sure("r1", "yes"), span("r2", 36, 42, "LOC", TEXT)]
    renamed = CONFIG.replace('name="ner"', 'name="entity"')
    left = fitted(bench, renamed, result)
    assert left == []
    validate_result(parse_labeling_config(renamed), left)


def test_a_choice_that_is_no_more_leaves_its_region(bench: Bench) -> None:
    result = [span("r1", 0, 12, "PER", TEXT), *sure("r1", "yes"), span("r2", 36, 42, "LOC", TEXT), *sure("r2", "no")]
    other = CONFIG.replace('value="yes"', 'value="certain"')
    left = fitted(bench, other, result)
    assert left == [result[0], result[2], result[3]]
    validate_result(parse_labeling_config(other), left)


def test_a_region_keeps_the_only_label_it_has_until_it_is_given_another(bench: Bench) -> None:
    result = [span("r1", 0, 12, "PER", TEXT), span("r2", 36, 42, "LOC", TEXT)]
    assert fitted(bench, CONFIG.replace('value="PER"', 'value="Person"'), result) == result
