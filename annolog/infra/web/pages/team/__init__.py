"""The people of a project: everybody at a glance, how they agree, and a page about each."""

from annolog.infra.web.pages.team import everybody, person

__all__ = ["everybody", "person"]
