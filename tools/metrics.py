"""Write docs/metrics.md: every measure of dashboards, from annolog/domain/measures.

With `--check` nothing is written, and a page that is out of date is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from annolog.domain.measures.calendar import Span
from annolog.domain.measures.columns import Dating
from annolog.domain.measures.measure import MEASURES, Measure
from annolog.domain.measures.question import segments_of
from annolog.domain.measures.snapshot import SNAPSHOTS
from tools.generated_page import DOCS, write_or_check

PAGE = DOCS / "metrics.md"
HEADER = """\
# Measures

What dashboards show: `GET /v1/projects/{id}/dashboard`, `GET /v1/dashboard?projects=1,2` and `annolog dashboard`.
Written by `make metrics` from `annolog/domain/measures`, where each is declared once; `GET /v1/measures` tells the
same to programs. [telemetry.md](telemetry.md) is about the process itself.

Facts are dated by completion: by when something was submitted or judged, never by when it was opened. What is asked
for is told in the hours and days of any IANA time zone (`zone`), from a day or a time (`from`) to the end of a day or
to a time (`to`); a time is on a quarter of an hour. A day on which clocks change has 23 or 25 hours, and an hour that
comes twice is two hours. `by` tells apart, parted by commas: `project`, `person`, `label` (with its control), and one
of `hour`, `day`, `week` (from Monday), `month`, `year`. Rows come in that order, only where there is anything;
`total` is of all of them, but for labels, of which an annotation may have many. Times are in seconds, shares in [0,
1]; a number is empty where nothing is divided by nothing, and for one person where only a project as a whole has it.

Annotators see themselves; so do reviewers where the project hides agreement from them, and, told apart by person,
where it hides names. `format=csv` or `format=parquet` gives the rows as a file, or the total where nothing is told
apart.
"""
ABOUT = {
    Dating.LAST_ACTION: """\
## By last action

Of annotations that are not deleted, each counted once, ever, with all it is, at the time of its last action:
submitted, updated, fixed and accepted, accepted, rejected. A later action moves it there. A fix is its reviewer's,
not an update, and adds no lead time. A review that is withdrawn is no action any more: the one before it is the last
again. A deleted task takes nothing away from those who worked on it.
""",
    Dating.EVENT: """\
## When it happened

Facts that stay where they are, whatever comes later. Withdrawn reviews are taken out where they were given; the time
they took stays.
""",
}
NOW = """\
## Now

How a project is at this moment, whatever time a dashboard is of. `GET /v1/measures` lists these as `snapshots`.

| number | what it says | unit | made of | from, below the project |
| --- | --- | --- | --- | --- |"""
HEADINGS = "| measure | what it says | unit | made of | told apart by |\n| --- | --- | --- | --- | --- |"


def render(measures: Iterable[Measure] = MEASURES) -> str:
    """The page: what holds for all of them, then a table for each way to date facts."""
    known = list(measures)
    blocks = [HEADER]
    for dating, about in ABOUT.items():
        rows = [_row(measure) for measure in known if measure.dating is dating]
        blocks.append("\n".join([about, HEADINGS, *rows, ""]))
    now = [f"| `{one.key}` | {one.says} | {one.unit} | {one.formula} | `{one.path}` |" for one in SNAPSHOTS]
    return "\n".join([*blocks, NOW, *now, ""])


def _row(measure: Measure) -> str:
    told = ", ".join([segment for segment in segments_of(measure) if segment not in set(Span)] + ["time"])
    if measure.only_by_label:
        told = "label, and with it project, person, time"
    return f"| `{measure.key}` | {measure.says} | {measure.unit} | {measure.formula} | {told} |"


def main(arguments: list[str] | None = None, *, page: Path = PAGE) -> int:
    """Write or check the page; the exit code is 1 when it is out of date."""
    code = write_or_check(arguments, page, render(), (__doc__ or "").partition("\n")[0], "metrics")
    if code == 0:
        print(f"metrics: {len(MEASURES)} measures")
    return code


if __name__ == "__main__":
    sys.exit(main())
