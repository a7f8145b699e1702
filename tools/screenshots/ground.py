"""What is in the pictures: the demo's project as if its crowd had worked for four weeks, and what else there can be."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from annolog.commands.command import Command, Request
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.reviewing import ReviewAnnotation, SetGroundTruth
from annolog.commands.scope import SYSTEM
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from annolog.domain.task.events import AnnotationSubmitted, RejectAction, TaskImported, Verdict
from annolog.infra.composition import Installation
from annolog.infra.replay.dataset import Dataset, RecordedLabel, load
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan, result_of
from annolog.infra.replay.run import replay
from annolog.infra.settings import InstallationSettings
from tools.screenshots.reviewed import reviewed
from tools.site import Site

TITLE = "Recognizing textual entailment"
WEEKS = 4
# Labels on the days of a week, in proportion.
DAYS = (5, 7, 8, 7, 4, 0, 0)
OPENS, HOURS = 8, 9
# So much of what is recorded is submitted, as far as the rule asks for it.
ASKED_FOR = 0.6
# One task in so many is reviewed, of one in so many it is known what is true; the reviewer comes by every so
# many answers.
REVIEWED, TRUE, COMING_BY = 9, 8, 40
# Nobody recorded how long rte's people took: as long as it takes to read the sentences, so many words a second.
WORDS_A_SECOND = 2.5
REVIEWER = "Ada Moreno"
LONG = "Sentence pairs from the newswire of the third quarter, second batch, with everything that was too long before"
NAME = "Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine the elder, of the night shift in Philadelphia"
# In the text in which names are marked.
NAMED = "exile in Washington, Aristide"
SPANS = (
    '<View><Labels name="entity" toName="text"><Label value="Person" background="#d97706"/>'
    '<Label value="Organization" background="#2563eb"/><Label value="Place" background="#059669"/></Labels>'
    '<Text name="text" value="$text"/></View>'
)
BOXES = (
    '<View><RectangleLabels name="part" toName="page"><Label value="Figure" background="#2563eb"/>'
    '<Label value="Chart" background="#d97706"/><Label value="Navigation" background="#059669"/></RectangleLabels>'
    '<Image name="page" value="$page"/></View>'
)


CHOICES = (
    '<View><Header value="Does the second sentence follow from the first?"/><Text name="text" value="$text"/>'
    '<Text name="hypothesis" value="$hypothesis"/><Choices name="entailed" toName="text" showInLine="true">'
    '<Choice value="Yes"/><Choice value="No"/><Choice value="Cannot be told"/></Choices></View>'
)


class Then:
    """A clock that is set, and goes on by a microsecond at every look. It ends yesterday."""

    def __init__(self) -> None:
        today = datetime.now(UTC).replace(hour=OPENS, minute=0, second=0, microsecond=0)
        self.now = today - timedelta(days=7 * WEEKS)
        days = [self.now + timedelta(days=number) for number in range(7 * WEEKS)]
        self._days = [day for day in days for _ in range(DAYS[day.weekday()])]

    def __call__(self) -> datetime:
        """The time, which is never the same twice."""
        self.now += timedelta(microseconds=1)
        return self.now

    def to(self, share: float) -> None:
        """Set it to a share of four weeks' working hours."""
        place = min(share, 0.9999) * len(self._days)
        day = self._days[int(place)]
        first = self._days.index(day)
        within = (place - first) / self._days.count(day)
        self.now = max(self.now, day + timedelta(hours=HOURS * within))


class _Reviewed(Plan):
    """A tenth of the tasks is looked at again."""

    def settings(self, dataset: Dataset) -> dict[str, Any]:
        """As the demo's, with a share that is reviewed."""
        return super().settings(dataset) | {"review": {"sample_percent": 10}}


@dataclass
class Ground:
    """What is where."""

    project: int
    task: int
    person: int
    empty: int = 0
    long: int = 0
    labeling: dict[str, int] = field(default_factory=dict)
    workspace: int = 0
    review: str = ""


def worked(folder: Path) -> Ground:
    """The demo's project in the folder, with four weeks of work in it."""
    clock, crowd = Then(), load("rte")
    crowd = replace(crowd, labels=[_taking_time(crowd, label) for label in crowd.labels])
    with Installation(InstallationSettings(data_dir=folder), clock=clock) as installation:
        door, reviewing = LocalDoor(installation), _Reviewing(installation, crowd)

        def go_on(done: int, of: int) -> None:
            clock.to(done / (ASKED_FOR * of))
            if done % COMING_BY == 0:
                reviewing.come_by()

        told = replay(crowd, _Reviewed(title=TITLE), door, go_on)
        reviewing.come_by()
        reviewing.tell_truths(told.project)
        installation.settle()
        busiest = max(door.figures(told.project)["annotators"], key=lambda row: row["submitted"])
    return Ground(told.project, told.ids[_contested(crowd)], busiest["person"])


def _taking_time(crowd: Dataset, label: RecordedLabel) -> RecordedLabel:
    words = sum(len(text.split()) for text in crowd.texts.get(label.task, {}).values())
    pace = 0.7 + 0.1 * (sum(map(ord, label.worker)) % 8)
    return replace(label, duration=round(pace * words / WORDS_A_SECOND, 1))


def _contested(crowd: Dataset) -> str:
    """A task about which the first people disagreed, and later ones did not."""
    for task in crowd.tasks[40:]:
        first = [label.label for label in crowd.labels if label.task == task][:6]
        if len(set(first[:3])) == 2 and len(set(first[2:])) == 1:
            return task
    return crowd.tasks[0]


class _Reviewing:
    """Somebody who looks at answers as they come, and says of some tasks what is recorded as true."""

    def __init__(self, installation: Installation, crowd: Dataset) -> None:
        self._installation, self._crowd = installation, crowd
        self._reviewer = self._position = 0
        self._tasks: dict[int, str] = {}
        self._true: dict[int, int] = {}

    def come_by(self) -> None:
        """Judge what is new."""
        while batch := self._installation.log.after(self._position, 1_000):
            self._position = batch[-1].position
            for recorded in batch:
                match recorded.event:
                    case TaskImported() as event:
                        self._tasks[event.task] = str(event.meta["task"])
                    case AnnotationSubmitted() as event:
                        self._judge(event)
                    case _:
                        pass

    def tell_truths(self, project: int) -> None:
        """At last: a task whose truth is known is one that everybody does."""
        for task, annotation in self._true.items():
            self._try(SetGroundTruth(task=task, annotation=annotation), project)

    def _judge(self, event: AnnotationSubmitted) -> None:
        wanted = RecordedLabel("", "", self._crowd.truth.get(self._tasks[event.task], ""), None)
        true = result_of(wanted) == event.result
        if event.task % TRUE == 0 and true:
            self._true.setdefault(event.task, event.annotation)
        if event.task % REVIEWED:
            return
        rejected = not true and event.annotation % 3 == 0
        verdict = ReviewAnnotation(
            task=event.task,
            annotation=event.annotation,
            verdict=Verdict.REJECTED if rejected else Verdict.ACCEPTED,
            action=RejectAction.REMOVE if rejected else None,
            comment="The second sentence says more than the first." if rejected else "",
            review_time=4.0 + event.annotation % 9,
        )
        self._try(verdict, event.project)

    def _try(self, command: Command, project: int) -> None:
        if not self._reviewer:
            registered = self._installation.as_system(RegisterPeople(people=[NewPerson(handle=REVIEWER)])).value
            self._reviewer = registered["people"][0]["person"]
            manager = NewMember(person=self._reviewer, role=ProjectRole.MANAGER)
            self._installation.as_system(AddMembers(project=project, members=[manager]))
        try:
            self._installation.bus.run(Request(command, uuid4(), SYSTEM.id, on_behalf_of=self._reviewer))
        except Refused:
            # What was not drawn to be reviewed is done without.
            return


def furnished(site: Site, ground: Ground, picture: bytes) -> None:
    """Projects with nothing in them, with long names and to label spans and images in; a workspace; some words."""
    owner = site.ask("GET", "/v1/me")["person"]
    long = site.ask("POST", "/v1/people", json={"people": [{"handle": NAME}]})["people"][0]["person"]
    ground.empty = _project(site, "Customer letters", SPANS, [])
    ground.long = _project(site, LONG, SPANS, [{"text": LONG * 3}, {"text": "Short."}], {owner: "annotator"})
    site.ask("POST", f"/v1/projects/{ground.long}/members", json={"members": [{"person": long, "role": "annotator"}]})
    rte = load("rte")
    texts = [{"text": text["text"]} for text in rte.texts.values()]
    texts = sorted(texts, key=lambda text: NAMED not in text["text"])[:20]
    ground.labeling["spans"] = _project(site, "Names in the news", SPANS, texts, {owner: "annotator"})
    image = f"data:image/jpeg;base64,{b64encode(picture).decode()}"
    ground.labeling["boxes"] = _project(site, "Parts of pages", BOXES, [{"page": image}], {owner: "annotator"})
    ground.review = _in_review(site, texts[0]["text"])
    pairs = [dict(text) for text in list(rte.texts.values())[:20]]
    ground.labeling["choices"] = _project(site, "Entailment, second batch", CHOICES, pairs, {owner: "annotator"})
    workspace = {"title": "Language", "description": "Texts, and what follows from them.", "colour": "#2563eb"}
    ground.workspace = site.ask("POST", "/v1/workspaces", json=workspace)["workspace"]
    for project in (ground.project, ground.labeling["spans"], ground.empty):
        site.ask("PUT", f"/v1/projects/{project}/workspace", json={"workspace": ground.workspace})
    for number, text in enumerate(("Is “is said to” enough for yes?", "No: it has to follow, not only be likely.")):
        body: Mapping[str, Any] = {"text": text, "parent": 1} if number else {"text": text}
        site.ask("POST", f"/v1/tasks/{ground.task}/comments", json=body)


def _in_review(site: Site, text: str) -> str:
    settings = {"assignment": {"overlap": 2}, "review": {"default_reject_action": "return"}}
    project = _project(site, "Names, looked at twice", SPANS, [{"text": text}], settings=settings)
    [task] = [row["task"] for row in site.ask("GET", f"/v1/projects/{project}/tasks")["tasks"]]
    person, office, place = {"Aristide": "Person"}, {"Secret Service": "Organization"}, {"Haiti": "Place"}
    first = {"Aristide": "Place"} | office
    return reviewed(site, project, task, text, first, person | office, person | office | place)


def _project(
    site: Site,
    title: str,
    config: str,
    tasks: list[dict[str, str]],
    members: Mapping[int, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> int:
    body = {"title": title, "label_config": config, "settings": settings or {}}
    made: int = site.ask("POST", "/v1/projects", json=body)["project"]
    if members:
        joined = [{"person": person, "role": role} for person, role in members.items()]
        site.ask("POST", f"/v1/projects/{made}/members", json={"members": joined})
    if tasks:
        site.ask("POST", f"/v1/projects/{made}/imports", json=[{"data": task} for task in tasks])
        site.ask("POST", f"/v1/projects/{made}/publish")
    return made
