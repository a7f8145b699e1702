"""What a labeling config asks."""

from __future__ import annotations

import pytest

from annolog.domain.labeling import Dimension, DimensionKind, LabelingConfig, parse_labeling_config

TEXT = '<Text name="text" value="$text"/>'
IMAGE = '<Image name="image" value="$image"/>'
LABEL = '<Label value="Dog"/>'


def config(inside: str) -> LabelingConfig:
    return parse_labeling_config(f"<View>{inside}</View>")


def only(inside: str) -> Dimension:
    (dimension,) = config(inside).dimensions
    return dimension


# ── what it asks ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_config_is_a_project_under_setup() -> None:
    empty = config("")
    assert (empty.dimensions, dict(empty.objects), empty.variables) == ((), {}, frozenset())


def test_a_choice_is_one_dimension_with_its_labels_in_order() -> None:
    found = only(TEXT + '<Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>')
    assert (found.name, found.tag, found.kind) == ("mood", "Choices", DimensionKind.SINGLE_CHOICE)
    assert (found.targets, found.labels) == (("text",), ("good", "bad"))
    assert (found.required, found.per_region, found.open_labels) == (False, False, False)


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ("single", DimensionKind.SINGLE_CHOICE),
        ("single-radio", DimensionKind.SINGLE_CHOICE),
        ("multiple", DimensionKind.MULTIPLE_CHOICE),
    ],
)
def test_the_choice_attribute_says_whether_there_may_be_many(choice: str, kind: DimensionKind) -> None:
    xml = TEXT + f'<Choices name="c" toName="text" choice="{choice}"><Choice value="a"/></Choices>'
    assert only(xml).kind is kind


def test_an_alias_is_what_results_say() -> None:
    assert only(TEXT + '<Choices name="c" toName="text"><Choice alias="M" value="Male"/></Choices>').labels == ("M",)


def test_a_taxonomy_knows_every_label_by_its_path() -> None:
    found = only(
        TEXT
        + '<Taxonomy name="t" toName="text"><Choice value="Online"><Choice value="Free"/></Choice>'
        + '<Choice value="Offline"><Choice value="Free"/></Choice></Taxonomy>'
    )
    assert found.kind is DimensionKind.TAXONOMY
    assert found.paths == (("Online",), ("Online", "Free"), ("Offline",), ("Offline", "Free"))
    assert found.labels == ("Online", "Free", "Offline")


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("Rating", DimensionKind.RATING),
        ("Number", DimensionKind.NUMBER),
        ("TextArea", DimensionKind.TEXT),
        ("DateTime", DimensionKind.DATETIME),
        ("Pairwise", DimensionKind.PAIRWISE),
        ("Ranker", DimensionKind.RANKER),
        *((shape, DimensionKind.REGION) for shape in ["Rectangle", "Polygon", "Ellipse", "Brush", "KeyPoint"]),
        *((shape, DimensionKind.REGION) for shape in ["Bitmask", "Vector", "VideoRectangle"]),
    ],
)
def test_controls_without_labels_are_dimensions_too(tag: str, kind: DimensionKind) -> None:
    assert only(TEXT + f'<{tag} name="c" toName="text"/>').kind is kind


@pytest.mark.parametrize(
    "tag",
    [
        *("Labels", "RectangleLabels", "PolygonLabels", "EllipseLabels", "BrushLabels", "KeyPointLabels"),
        *("BitmaskLabels", "VectorLabels", "HyperTextLabels", "ParagraphLabels", "TimeSeriesLabels", "TimelineLabels"),
    ],
)
def test_labels_of_every_shape_are_regions(tag: str) -> None:
    found = only(TEXT + f'<{tag} name="c" toName="text">{LABEL}</{tag}>')
    assert (found.tag, found.kind, found.labels) == (tag, DimensionKind.REGION, ("Dog",))


def test_tags_and_attributes_are_read_in_any_case() -> None:
    found = only('<text name="text" value="$text"/><choices name="c" toname="text"><choice value="a"/></choices>')
    assert (found.tag, found.labels) == ("Choices", ("a",))


def test_labels_may_stand_inside_layout() -> None:
    xml = TEXT + '<Choices name="c" toName="text"><View><Header value="Pick"/><Choice value="a"/></View></Choices>'
    assert only(xml).labels == ("a",)


def test_a_shape_without_labels_takes_those_of_the_labels_on_the_same_object() -> None:
    found = config(
        IMAGE
        + TEXT
        + '<Rectangle name="box" toName="image"/>'
        + f'<Labels name="on-image" toName="image">{LABEL}</Labels>'
        + '<Labels name="on-text" toName="text"><Label value="Name"/></Labels>'
    ).dimension("box")
    assert found is not None
    assert found.labels == ("Dog",)


@pytest.mark.parametrize(
    "control",
    [
        '<Choices name="c" toName="text" value="$options"/>',
        '<Taxonomy name="c" toName="text" value="$options"/>',
        '<Labels name="c" toName="text" value="$options"/>',
        '<Taxonomy name="c" toName="text" apiUrl="https://example.org/tree"/>',
    ],
)
def test_labels_from_elsewhere_are_open(control: str) -> None:
    assert only(TEXT + control).open_labels


def test_pairwise_compares_two_objects() -> None:
    xml = TEXT + '<Text name="other" value="$other"/><Pairwise name="p" toName="text, other"/>'
    assert only(xml).targets == ("text", "other")


def test_ratings_go_to_five_unless_told() -> None:
    assert only(TEXT + '<Rating name="r" toName="text"/>').maximum == 5
    assert only(TEXT + '<Rating name="r" toName="text" maxRating="10"/>').maximum == 10


def test_numbers_have_the_limits_they_are_given() -> None:
    found = only(TEXT + '<Number name="n" toName="text" min="-1.5" max="2"/>')
    assert (found.minimum, found.maximum) == (-1.5, 2.0)


def test_required_and_per_region_are_told() -> None:
    found = only(TEXT + '<TextArea name="t" toName="text" required="true" perRegion="true"/>')
    assert (found.required, found.per_region) == (True, True)


def test_a_control_that_draws_regions_is_not_asked_per_region() -> None:
    assert not only(TEXT + f'<Labels name="l" toName="text" perRegion="true">{LABEL}</Labels>').per_region


@pytest.mark.parametrize(
    "inside",
    [
        '<TextArea name="t" toName="text" required="true" visibleWhen="choice-selected"/>',
        '<View visibleWhen="choice-selected"><View><TextArea name="t" toName="text" required="true"/></View></View>',
    ],
)
def test_what_is_shown_on_a_condition_is_never_required(inside: str) -> None:
    found = config(TEXT + inside)
    assert not found.dimensions[0].required
    assert found.required == ()


@pytest.mark.parametrize("tag", ["Header", "Style", "Relations", "Filter", "Shortcut", "Magic", "VideoVector"])
def test_tags_that_are_no_controls_are_layout(tag: str) -> None:
    assert config(TEXT + f'<{tag} name="x" toName="nothing"/>').dimensions == ()


# ── which data it needs ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "variables"),
    [
        ("$text", {"text"}),
        ("$a.b", {"a"}),
        ("$a[0]", {"a"}),
        ("$a[0].b", {"a"}),
        ("$my-key", {"my-key"}),
        ("$größe", {"größe"}),
        ("Dear $first $last", {"first", "last"}),
        ("s3://bucket/$key.jpg", {"key"}),
        ("costs $5", set()),
        ("just words", set()),
        ("$", set()),
        ("$$", set()),
    ],
)
def test_a_reference_needs_the_key_at_the_top(value: str, variables: set[str]) -> None:
    assert config(f'<Text name="t" value="{value}"/>').variables == variables


def test_every_tag_that_shows_data_counts_and_labels_do_not() -> None:
    found = config(
        '<Header value="$title"/><Image name="i" valueList="$pages"/>'
        '<Repeater on="$turns"><Text name="turn_{{idx}}" value="$turns[{{idx}}].text"/></Repeater>'
        '<Choices name="c" toName="i" value="$options"><Choice value="$cheap"/></Choices>'
    )
    assert found.variables == {"title", "pages", "turns", "options"}


def test_objects_know_the_key_they_show() -> None:
    found = config(TEXT + '<HyperText name="html" value="&lt;b&gt;fixed&lt;/b&gt;"/><Video name="v" value="$a.b"/>')
    assert dict(found.objects) == {"text": "text", "html": None, "v": "a"}


def test_missing_variables_are_sorted() -> None:
    found = config('<Text name="b" value="$b"/><Text name="a" value="$a"/><Text name="c" value="$c"/>')
    assert found.missing_variables({"c": None, "more": 1}) == ["a", "b"]
    assert found.missing_variables({"a": 1, "b": 2, "c": 3}) == []


# ── what may be relied on ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_xml_gives_an_equal_config_with_an_equal_hash() -> None:
    one, other = config(TEXT), config(TEXT)
    assert one == other
    assert len({one, other, config(IMAGE)}) == 2


def test_a_config_does_not_change() -> None:
    found = config(TEXT)
    with pytest.raises(TypeError):
        found.objects["text"] = "other"  # type: ignore[index]
    with pytest.raises(AttributeError):
        found.xml = "<View/>"  # type: ignore[misc]


def test_an_unknown_name_has_no_dimension() -> None:
    assert config(TEXT).dimension("text") is None
