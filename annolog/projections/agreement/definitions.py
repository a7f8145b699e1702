"""How a project measures agreement, as its read model knows it: what is in force, what is proposed, what there was."""

from __future__ import annotations

import orjson

from annolog.domain.project import events as happened
from annolog.domain.project.settings import AgreementSettings
from annolog.domain.project.state import EMPTY_CONFIG
from annolog.domain.recorded import Recorded
from annolog.projections.engine.rows import Values


def new_project(project: int) -> Values:
    """A project measures by default settings, which are definition 0."""
    settings = AgreementSettings().model_dump_json()
    return {
        "project": project,
        "label_config": EMPTY_CONFIG,
        "label_config_before": EMPTY_CONFIG,
        "definition": 0,
        "settings": settings,
        "definitions": 0,
        "proposal": None,
        "proposal_settings": None,
        "proposal_computed": 0,
        "answers": 0,
        "changed": 0,
        "history": orjson.dumps([{"version": 0, "status": "active", "settings": orjson.loads(settings)}]).decode(),
    }


def changed_project(project: Values, recorded: Recorded) -> None:
    """Fold an event of the project into how it measures."""
    match recorded.event:
        case happened.LabelConfigRevised(label_config=xml):
            project["label_config_before"], project["label_config"] = project["label_config"], xml
        case happened.SettingsChanged(group="agreement", new=new):
            settings = AgreementSettings.model_validate(new)
            project["definitions"] += 1
            _note(project, recorded, project["definitions"], "active", settings)
            project["definition"], project["settings"] = project["definitions"], settings.model_dump_json()
        case happened.AgreementDefinitionProposed(version=version, definition=definition):
            settings = AgreementSettings.model_validate(definition)
            project["definitions"] = project["proposal"] = version
            project["proposal_settings"], project["proposal_computed"] = settings.model_dump_json(), 0
            _note(project, recorded, version, "proposed", settings)
        case happened.AgreementRecomputed(version=version, last_task=last) if version == project["proposal"]:
            project["proposal_computed"] = last
        case happened.AgreementDefinitionActivated(version=version, definition=definition):
            settings = AgreementSettings.model_validate(definition)
            _note(project, recorded, version, "active", settings)
            project["definition"], project["settings"] = version, settings.model_dump_json()
            project["proposal"] = project["proposal_settings"] = None
        case happened.AgreementDefinitionWithdrawn(version=version):
            _note(project, recorded, version, "withdrawn")
            project["proposal"] = project["proposal_settings"] = None


def _note(
    project: Values, recorded: Recorded, version: int, status: str, settings: AgreementSettings | None = None
) -> None:
    """Write into the history what became of a definition; the one it replaces is over."""
    history = orjson.loads(project["history"])
    if status == "active":
        for entry in history:
            if entry["status"] == "active":
                entry["status"] = "replaced"
    known = [entry for entry in history if entry["version"] == version]
    if not known and settings is not None:
        known = [{"version": version, "settings": settings.model_dump(mode="json")}]
        history += known
    for entry in known:
        entry |= {"status": status, f"{status}_at": recorded.position}
    project["history"] = orjson.dumps(history).decode()
