"""Whatever JSON is sent as a result, it is taken or refused, and what is taken can be compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import (
    comparable_values,
    decode_value,
    encode_value,
    is_suggestion,
    parse_labeling_config,
    validate_result,
    validate_suggestion,
)
from annolog.domain.refusals import InvalidResult, Refused, UnknownLabel

TYPES = {
    "choice": "choices",
    "many": "choices",
    "tree": "taxonomy",
    "stars": "rating",
    "count": "number",
    "note": "textarea",
    "day": "datetime",
    "better": "pairwise",
    "order": "ranker",
    "ner": "labels",
    "sure": "choices",
}
CONFIG = parse_labeling_config("""
<View>
  <Text name="text" value="$text"/>
  <Choices name="choice" toName="text"><Choice value="a"/></Choices>
  <Choices name="many" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>
  <Taxonomy name="tree" toName="text"><Choice value="a"><Choice value="b"/></Choice></Taxonomy>
  <Rating name="stars" toName="text"/><Number name="count" toName="text"/><TextArea name="note" toName="text"/>
  <DateTime name="day" toName="text"/><Pairwise name="better" toName="text"/><Ranker name="order" toName="text"/>
  <Labels name="ner" toName="text"><Label value="a"/></Labels>
  <Choices name="sure" toName="text" perRegion="true"><Choice value="a"/></Choices>
</View>
""")

SCALARS = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS | st.sampled_from(["a", "b", "left"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        *("choices", "taxonomy", "rating", "number", "text", "datetime", "selected", "ranker", "labels"),
        *("start", "end", "startOffset", "endOffset", "globalOffsets", "ranges", "channel", "sequence"),
        *("x", "y", "width", "height", "rotation", "radiusX", "points", "closed", "vertices"),
        *("rle", "format", "imageDataURL"),
    ]
)
OPTIONAL = {"id": st.just("r1") | JSON, "from_id": JSON, "to_id": JSON, "direction": JSON, "labels": JSON}
ALMOST = st.sampled_from(list(TYPES)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "from_name": st.just(name),
            "to_name": st.just("text"),
            "type": st.just(TYPES[name]),
            "value": st.dictionaries(st.just(TYPES[name]) | FIELDS, JSON | st.just(["a"]), max_size=6),
        },
        optional=OPTIONAL,
    )
)
ITEMS = st.fixed_dictionaries(
    {
        "from_name": st.sampled_from(list(TYPES)) | JSON,
        "to_name": st.just("text") | JSON,
        "type": st.sampled_from([*TYPES.values(), "relation"]) | JSON,
        "value": st.dictionaries(FIELDS, JSON, max_size=6) | JSON,
    },
    optional=OPTIONAL,
)


def refusal(result: object) -> Refused | None:
    try:
        validate_result(CONFIG, result)
    except Refused as no:
        return no
    return None


@given(JSON | st.lists(ALMOST | ITEMS | JSON, max_size=4))
def test_any_json_is_taken_or_refused_with_faults_that_point_into_it(result: object) -> None:
    no = refusal(result)
    if no is not None:
        assert type(no) in (InvalidResult, UnknownLabel)
        assert 1 <= len(no.faults) <= 20
        assert all(fault.pointer.startswith("/result") and fault.message for fault in no.faults)


@given(st.lists(ALMOST, max_size=3))
def test_what_is_taken_can_be_compared_and_kept(result: list[dict[str, object]]) -> None:
    if refusal(result) is None:
        for value in comparable_values(CONFIG, result).values():
            assert decode_value(encode_value(value)) == value
            assert hash(decode_value(encode_value(value))) == hash(value)


@given(st.lists(ALMOST, max_size=3))
def test_a_suggestion_is_what_is_not_refused_as_one_and_an_answer_always_is_one(
    result: list[dict[str, object]],
) -> None:
    try:
        validate_suggestion(CONFIG, result)
    except Refused:
        assert not is_suggestion(CONFIG, result)
        assert refusal(result) is not None
    else:
        assert is_suggestion(CONFIG, result)
