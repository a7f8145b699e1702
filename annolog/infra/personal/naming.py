"""Which fields say who: one list for each meaning. Whoever adds such a field adds it here, and every face knows it."""

from __future__ import annotations

# Who said or did what a row is about.
SAYING_WHO = frozenset({"author", "annotator", "by", "resolved_by"})
# Whatever else holds a person, or a list of them, wherever it is.
_ANYWHERE = (
    SAYING_WHO
    | {"person", "actor", "on_behalf_of", "triggered_by", "updated_by"}
    | {"annotators", "assignees", "comment_authors", "held_by", "mentions"}
)
# Where pages, events and rows of the board name those who annotate. Reviewers do not hide behind numbers.
NAMING_ANNOTATORS = _ANYWHERE | {"wanted", "people", "one", "other"}
# Where what is exported names anybody.
NAMING_ANYBODY = _ANYWHERE | {"completed_by", "created_by", "reviewer", "reviewers"}
