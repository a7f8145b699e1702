"""Words of settings, rules and simulations: every one there is has some, and they say what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.labeling import parse_labeling_config
from annolog.domain.project import settings
from annolog.domain.rules import collectors
from annolog.domain.rules.rule import Comparison
from annolog.infra.web.pages.policies.points import Point, better, cheaper, current, points_of, summary
from annolog.infra.web.pages.settings.effects import consequences, differences, written
from annolog.infra.web.pages.settings.kinds import kind_of
from annolog.infra.web.pages.settings.rule_words import COLLECTORS, COMPARISONS, rule
from annolog.infra.web.pages.settings.templates import TEMPLATES
from annolog.infra.web.pages.settings.words import GROUPS

NO_EFFECT: dict[str, Any] = {
    "changed": 0,
    "opened": 0,
    "closed": 0,
    "labels_before": 5,
    "labels_after": 5,
    "people_needed": 1,
    "people_at_most": 1,
    "people_there": 3,
    "feasible": True,
}
ALL = [(group, name) for group, model in settings.GROUPS.items() for name in model.model_fields]


def test_every_group_of_settings_has_words_and_nothing_else_has() -> None:
    assert GROUPS.keys() == settings.GROUPS.keys()
    for group, words in GROUPS.items():
        assert {name for name, _ in words.settings()} == set(settings.GROUPS[group].model_fields)


@pytest.mark.parametrize(("group", "name"), ALL)
def test_every_setting_says_what_it_means_and_has_a_field(group: str, name: str) -> None:
    setting, kind = dict(GROUPS[group].settings())[name], kind_of(group, name)
    assert setting.label
    assert setting.means.endswith(".")
    assert kind.form != "other" or setting.elsewhere
    if kind.options and not setting.elsewhere:
        assert set(setting.options) == set(kind.options)
    if kind.optional and not setting.elsewhere:
        assert setting.nothing


def test_ranges_and_defaults_are_the_settings_own() -> None:
    assert kind_of("assignment", "overlap").range == "1 to 100"
    assert kind_of("assignment", "seed").range == "from 0 on"
    assert kind_of("consensus", "quorum").range == "above 0 to 1"
    assert kind_of("assignment", "limit_percent").optional
    assert kind_of("review", "sample_percent").default == 100


def test_values_are_written_as_people_read_them() -> None:
    assert written("assignment", "distribution", "manual") == "Manual"
    assert written("assignment", "limit_count", None) == "no limit"
    assert written("assignment", "coverage_percent", 25) == "25 %"
    assert written("review", "allowed_reject_actions", []) == "none"
    old, new = {"overlap": 1, "skipping": True}, {"overlap": 3, "skipping": True}
    assert differences("assignment", old, new) == [("Annotations per task", "1 person", "3 people")]


def test_what_a_change_comes_to_is_said_gravest_first() -> None:
    assert [one.kind for one in consequences(NO_EFFECT)] == ["good"]
    grave = NO_EFFECT | {"feasible": False, "people_needed": 4, "opened": 2, "labels_after": 9}
    said = consequences(grave)
    assert [one.kind for one in said] == ["bad", "warning", "info"]
    assert "4 people" in said[0].words
    assert "2 finished tasks" in said[1].words
    assert "4 labels more" in said[2].words


def test_every_collector_and_comparison_of_rules_has_words() -> None:
    assert COLLECTORS.keys() == collectors.COLLECTORS.keys()
    assert COMPARISONS.keys() == {one.value for one in Comparison}


def test_a_rule_is_a_sentence() -> None:
    given = {
        "conditions": [
            {"collector": "fast_answers", "comparison": "gte", "value": 5, "parameters": {"seconds": 3, "last": 10}},
            {"collector": "rejection_rate", "comparison": "gt", "value": 0.25, "parameters": {}},
        ],
        "action": {"do": "pause", "kind": "full", "minutes": 60},
        "again": False,
    }
    assert rule(given) == (
        "When fast answers among the latest 10 (under 3.0 s): at least 5 and share of reviewed annotations that were "
        "rejected: more than 25 %, then they are paused from all work for 1 h, once a person."
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_every_template_can_be_used_on_its_own_sample(template: Any) -> None:
    config = parse_labeling_config(template.xml)
    assert config.missing_variables(template.sample) == []
    assert bool(config.dimensions) is (template.key != "own")


def outcome(policy: str, parameter: float, labels: float, accuracy: float | None, seed: int = 0) -> dict[str, Any]:
    found = {"policy": policy, "parameter": parameter, "seed": seed, "labels_per_task": labels, "accuracy": accuracy}
    bounds = {"accuracy_low": (accuracy or 0) - 0.05, "accuracy_high": (accuracy or 0) + 0.05}
    return found | bounds | {"people": 5, "labels_of_busiest": 9, "seconds": 3600.0, "wanting_tasks": 0}


def test_points_are_means_over_replays_and_leave_out_what_is_not_known() -> None:
    outcomes = [
        outcome("rule", 0.75, 3, 0.8),
        outcome("rule", 0.75, 4, 0.9, seed=1),
        outcome("fixed", 1, 1, None),
    ]
    [point] = points_of(outcomes)
    assert (point.labels, round(point.accuracy, 6), point.hours, point.replays) == (3.5, 0.85, 1.0, 2)


def test_the_summary_names_what_is_cheaper_and_what_is_better() -> None:
    points = points_of(
        [outcome("rule", 0.75, 5, 0.9), outcome("confidence", 0.9, 2, 0.9), outcome("confidence", 0.99, 4, 0.95)]
    )
    now: Point = points[0]
    assert cheaper(now, points) is points[1]
    assert better(now, points) is points[2]
    said = " ".join(summary(now, points))
    assert "60 % fewer" in said
    assert "+5.0 points" in said
    assert summary(None, []) == ["Nothing could be compared: no task has an answer to hold others against."]


def test_the_policy_in_force_is_read_off_the_settings() -> None:
    now = settings.Settings().model_dump(mode="json")
    assert current(now) == ("fixed", 1.0)
    now["reassignment"] |= {"enabled": True, "policy": "confidence", "confidence": 0.9}
    assert current(now) == ("confidence", 0.9)
    now["reassignment"]["policy"] = "plug-in"
    assert current(now) is None
