"""Which read models there are."""

from __future__ import annotations

from annolog.infra.event_log.log import HOT
from annolog.projections.access.projector import access
from annolog.projections.activity.projector import activity
from annolog.projections.agreement.projector import agreement
from annolog.projections.board.projector import board
from annolog.projections.burndown.projector import burndown
from annolog.projections.comments.projector import comments
from annolog.projections.conduct.projector import conduct
from annolog.projections.consensus.projector import consensus
from annolog.projections.dashboards.projector import dashboards
from annolog.projections.drift.projector import drift
from annolog.projections.engine.projector import Projector
from annolog.projections.notifications.projector import notifications
from annolog.projections.performance.projector import performance
from annolog.projections.progress.projector import progress
from annolog.projections.reviewers.projector import reviewers
from annolog.projections.skills.projector import skills
from annolog.projections.stages.projector import stages

PROJECTORS: tuple[Projector, ...] = (
    access,
    activity,
    agreement,
    consensus,
    performance,
    progress,
    board,
    conduct,
    skills,
    comments,
    notifications,
    drift,
    reviewers,
    burndown,
    stages,
    dashboards,
)
ALL_PROJECTORS: tuple[Projector, ...] = (*HOT, *PROJECTORS)
