"""Labeling configs to begin with, each with a task to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PICTURE = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI2NDAiIGhlaWdodD0iMzYwIj4"
    "8cmVjdCB3aWR0aD0iNjQwIiBoZWlnaHQ9IjM2MCIgZmlsbD0iIzliYzNlNiIvPjxyZWN0IHk9IjI0MCIgd2lkdGg9IjY0MCIgaGVpZ2h0PSIxMjAi"
    "IGZpbGw9IiM2ZjhmNWEiLz48cmVjdCB4PSI5MCIgeT0iMTkwIiB3aWR0aD0iMTkwIiBoZWlnaHQ9IjgwIiBmaWxsPSIjYjg1MDQyIi8+PGNpcmNsZ"
    "SBjeD0iNDgwIiBjeT0iMTcwIiByPSI2MCIgZmlsbD0iIzJmNWQ1MCIvPjwvc3ZnPg=="
)


@dataclass(frozen=True, slots=True)
class Template:
    """A labeling config to begin with, what it is for, and a task as it would look."""

    key: str
    title: str
    means: str
    icon: str
    xml: str
    sample: Mapping[str, Any]


TEMPLATES = (
    Template(
        "classification",
        "Text classification",
        "One label for a text.",
        "label",
        """<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text" choice="single" required="true">
    <Choice value="Positive"/>
    <Choice value="Neutral"/>
    <Choice value="Negative"/>
  </Choices>
</View>
""",
        {"text": "The second half is slow, but the ending makes up for it."},
    ),
    Template(
        "pair",
        "Sentence pair",
        "What one sentence says about another.",
        "compare_arrows",
        """<View>
  <Header value="Does the first sentence follow from the second?"/>
  <Text name="hypothesis" value="$hypothesis"/>
  <Text name="premise" value="$premise"/>
  <Choices name="entails" toName="hypothesis" choice="single" required="true">
    <Choice value="Yes"/>
    <Choice value="No"/>
  </Choices>
</View>
""",
        {"hypothesis": "Two films won six Oscars.", "premise": "The film brought its tally of Oscars to six."},
    ),
    Template(
        "ner",
        "Named entities",
        "Mark spans of a text.",
        "border_color",
        """<View>
  <Labels name="entity" toName="text">
    <Label value="Person" background="#2f7ebc"/>
    <Label value="Organization" background="#e08214"/>
    <Label value="Place" background="#3a9d6e"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>
""",
        {"text": "Marie Curie studied in Paris and worked for the Radium Institute."},
    ),
    Template(
        "boxes",
        "Boxes in images",
        "Draw rectangles around things.",
        "crop_free",
        """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">
    <Label value="House" background="#c0506e"/>
    <Label value="Tree" background="#3a9d6e"/>
  </RectangleLabels>
</View>
""",
        {"image": PICTURE},
    ),
    Template(
        "rating",
        "Rating",
        "How good something is, with a reason.",
        "star",
        """<View>
  <Text name="text" value="$text"/>
  <Rating name="quality" toName="text" maxRating="5" required="true"/>
  <TextArea name="reason" toName="text" placeholder="Why?" rows="2"/>
</View>
""",
        {"text": "A reply to a customer that should be polite and to the point."},
    ),
    Template(
        "pairwise",
        "Pairwise comparison",
        "Which of two is better.",
        "balance",
        """<View>
  <Header value="$prompt"/>
  <Text name="left" value="$left"/>
  <Text name="right" value="$right"/>
  <Pairwise name="better" toName="left,right"/>
</View>
""",
        {"prompt": "Which answer helps more?", "left": "Restart the router.", "right": "Which light is red?"},
    ),
    Template(
        "ranker",
        "Ranking",
        "Put several answers in order.",
        "format_list_numbered",
        """<View>
  <Text name="prompt" value="$prompt"/>
  <List name="answers" value="$answers" title="Answers"/>
  <Ranker name="rank" toName="answers"/>
</View>
""",
        {
            "prompt": "How do I store basil?",
            "answers": [
                {"id": "a", "title": "In water", "body": "Like flowers, on the table."},
                {"id": "b", "title": "In the fridge", "body": "In a bag."},
            ],
        },
    ),
    Template(
        "audio",
        "Audio",
        "What is heard in a recording, and what is said.",
        "graphic_eq",
        """<View>
  <Audio name="audio" value="$audio"/>
  <Choices name="kind" toName="audio" choice="single" required="true">
    <Choice value="Speech"/>
    <Choice value="Music"/>
    <Choice value="Noise"/>
  </Choices>
  <TextArea name="transcript" toName="audio" rows="3" placeholder="What is said"/>
</View>
""",
        {"audio": "https://example.org/recording.mp3"},
    ),
    Template(
        "html",
        "HTML page",
        "Mark passages of a formatted page.",
        "code",
        """<View>
  <HyperText name="page" value="$html"/>
  <HyperTextLabels name="passage" toName="page">
    <Label value="Claim" background="#2f7ebc"/>
    <Label value="Evidence" background="#3a9d6e"/>
  </HyperTextLabels>
</View>
""",
        {"html": "<h3>Tea</h3><p>Green tea has <b>less</b> caffeine than coffee, as a study of 2019 found.</p>"},
    ),
    Template(
        "own",
        "Your own XML",
        "Begin with an empty config.",
        "edit_note",
        """<View>
</View>
""",
        {"text": "Your data"},
    ),
)
BY_KEY = {template.key: template for template in TEMPLATES}
