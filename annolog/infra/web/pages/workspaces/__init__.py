"""Workspaces: projects that some people work on together."""

from __future__ import annotations

from annolog.infra.web.pages.workspaces import every, one

__all__ = ["every", "one"]
