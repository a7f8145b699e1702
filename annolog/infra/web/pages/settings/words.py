"""What every setting is called and means: forms are made from this table and the settings' own types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from annolog.infra.web.pages.settings.wording import Group, Setting
from annolog.infra.web.pages.settings.words_of_quality import AGREEMENT, CONSENSUS, EVALUATION, REVIEW
from annolog.infra.web.pages.settings.words_of_work import ASSIGNMENT, REASSIGNMENT

DATA_FIELDS = Group(
    "Data fields",
    "Fields of the tasks' data that not everybody sees, and what is there instead.",
    {
        "Fields": {
            "fields": Setting(
                "Rules", "By field: from whom it is hidden, whether it is sensitive, and how.", elsewhere=True
            )
        }
    },
)

GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "assignment": ASSIGNMENT,
        "agreement": AGREEMENT,
        "consensus": CONSENSUS,
        "reassignment": REASSIGNMENT,
        "review": REVIEW,
        "evaluation": EVALUATION,
        "data_fields": DATA_FIELDS,
    }
)
