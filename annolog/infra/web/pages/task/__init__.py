"""The page of one task: its answers side by side, what became of them and why, and all that has happened to it."""

from annolog.infra.web.pages.task import page

__all__ = ["page"]
