"""What an annotation may say: the labeling config, its dimensions, and the results that fit it."""

from annolog.domain.labeling.canonical import Region
from annolog.domain.labeling.config import LabelingConfig, parse_labeling_config
from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.encoding import Value, decode_value, encode_value
from annolog.domain.labeling.regions import Shape
from annolog.domain.labeling.results import is_suggestion, validate_result, validate_suggestion
from annolog.domain.labeling.values import comparable_values, encoded_values

__all__ = [
    "Dimension",
    "DimensionKind",
    "LabelingConfig",
    "Region",
    "Shape",
    "Value",
    "comparable_values",
    "decode_value",
    "encode_value",
    "encoded_values",
    "is_suggestion",
    "parse_labeling_config",
    "validate_result",
    "validate_suggestion",
]
