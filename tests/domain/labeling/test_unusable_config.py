"""What XML is not taken for a labeling config, and that nothing worse happens than a refusal."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import LabelingConfig, parse_labeling_config
from annolog.domain.refusals import InvalidLabelingConfig, Refused

TEXT = '<Text name="text" value="$text"/>'


def refusal(xml: str) -> InvalidLabelingConfig:
    with pytest.raises(InvalidLabelingConfig) as caught:
        parse_labeling_config(xml)
    return caught.value


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<Rating toName="text"/>', "no name"),
        ('<Rating name="r"/>', "no toName"),
        ('<Rating name="r" toName="nothing"/>', "'nothing'"),
        ('<Pairwise name="p" toName="text,nothing"/>', "'nothing'"),
        ('<Rating name="r" toName="r"/>', "'r'"),
        ('<Text name="empty"/><Rating name="r" toName="empty"/>', "'empty'"),
        ('<Rating name="r" toName="text"/><Number name="r" toName="text"/>', "'r' is used 2 times"),
        ('<Rating name="text" toName="text"/>', "'text' is used 2 times"),
        (TEXT, "'text' is used 2 times"),
        ('<Choices name="c" toName="text"/>', "no labels"),
        ('<Taxonomy name="c" toName="text"/>', "no labels"),
        ('<Labels name="c" toName="text"><Choice value="a"/></Labels>', "no labels"),
        ('<BrushLabels name="c" toName="text" value="static"/>', "no labels"),
        ('<Rating name="r" toName="text" maxRating="0"/>', "maxRating"),
        ('<Rating name="r" toName="text" maxRating="2.5"/>', "maxRating"),
        ('<Rating name="r" toName="text" maxRating="many"/>', "maxRating"),
        ('<Number name="n" toName="text" min="nan"/>', "min"),
        ('<Number name="n" toName="text" max="1e999"/>', "max"),
        ('<Number name="n" toName="text" min="2" max="1"/>', "min"),
    ],
)
def test_a_control_that_cannot_be_used_is_refused_in_words(inside: str, words: str) -> None:
    no = refusal(f"<View>{TEXT}{inside}</View>")
    assert words in no.detail
    assert {fault.pointer for fault in no.faults} == {"/label_config"}


def test_everything_that_is_wrong_is_told_at_once_up_to_twenty() -> None:
    controls = "".join(f'<Rating name="r{i}" toName="nothing{i}"/>' for i in range(3))
    assert len(refusal(f"<View>{controls}</View>").faults) == 3
    controls = "".join(f'<Rating name="r{i}" toName="nothing{i}"/>' for i in range(50))
    assert len(refusal(f"<View>{controls}</View>").faults) == 20


@pytest.mark.parametrize("xml", ["", " ", "text", "<View>", "<View></Views>", "<View/><View/>", "<View a=1/>", "\0"])
def test_malformed_xml_is_refused(xml: str) -> None:
    assert "well-formed" in refusal(xml).detail


def test_lone_surrogates_are_refused() -> None:
    assert "not text" in refusal("<View>\ud800</View>").detail


def test_the_outermost_tag_is_a_view() -> None:
    assert "View" in refusal("<Text/>").detail


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE View><View/>",
        '<!DOCTYPE View SYSTEM "http://example.org/view.dtd"><View/>',
        '<!DOCTYPE View [<!ENTITY secret SYSTEM "file:///etc/passwd">]><View>&secret;</View>',
    ],
)
def test_documents_that_reach_outside_are_refused(xml: str) -> None:
    assert "document type" in refusal(xml).detail


def test_an_entity_bomb_is_refused_before_it_grows() -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 30))
    started = time.perf_counter()
    refusal(f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]><View>&l29;</View>')
    assert time.perf_counter() - started < 1


def test_a_config_is_at_most_a_megabyte_of_bytes_not_of_characters() -> None:
    parse_labeling_config("<View>" + "a" * 900_000 + "</View>")
    assert "bytes" in refusal("<View>" + "a" * 1_000_000 + "</View>").detail
    assert "bytes" in refusal("<View>" + "ä" * 500_000 + "</View>").detail


@pytest.mark.parametrize("levels", [65, 10_000, 70_000])
def test_deep_nesting_is_refused_without_running_out_of_stack(levels: int) -> None:
    assert "deeper" in refusal("<View>" * levels + "</View>" * levels).detail


def test_sixty_four_levels_are_deep_enough() -> None:
    assert parse_labeling_config("<View>" * 64 + "</View>" * 64).dimensions == ()


def outcome(xml: str) -> LabelingConfig | Refused:
    try:
        return parse_labeling_config(xml)
    except Refused as no:
        return no


@given(st.text() | st.text(alphabet="<>/=\"'& !-[]VwChoiceNmta$"))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for xml in (text, f"<View>{text}</View>"):
        match outcome(xml):
            case LabelingConfig() as found:
                assert found.xml == xml
            case no:
                assert (no.code, bool(no.faults)) == ("invalid-labeling-config", True)


NAMES = st.sampled_from(["text", "image", "a", "b", ""])
TAGS = st.sampled_from(
    ["View", "Text", "Choices", "Choice", "Taxonomy", "Labels", "Label", "Rating", "Number", "Rectangle", "Repeater"]
)
ATTRIBUTES = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "toName": NAMES,
        "value": st.sampled_from(["$text", "$a.b", "x", ""]),
        "choice": st.sampled_from(["single", "multiple"]),
        "maxRating": st.sampled_from(["3", "-1", "x"]),
        "required": st.sampled_from(["true", "false"]),
    },
)


def element(tag: str, attributes: dict[str, str], children: list[str]) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


ELEMENTS = st.recursive(
    st.builds(element, TAGS, ATTRIBUTES, st.just([])),
    lambda inner: st.builds(element, TAGS, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@given(ELEMENTS)
def test_what_is_parsed_names_each_control_once_and_each_target_is_an_object(inside: str) -> None:
    found = outcome(f"<View>{inside}</View>")
    if isinstance(found, Refused):
        return
    names = [dimension.name for dimension in found.dimensions]
    assert len(names) == len(set(names))
    assert {target for dimension in found.dimensions for target in dimension.targets} <= found.objects.keys()
    assert all(found.dimension(dimension.name) is dimension for dimension in found.dimensions)
