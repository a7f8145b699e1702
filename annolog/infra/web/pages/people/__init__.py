"""Who there is in the organization, how they come in, and what ends it."""

from __future__ import annotations

from annolog.infra.web.pages.people import everybody, person

__all__ = ["everybody", "person"]
