"""Where reviewers spend their days."""

from annolog.infra.web.pages.review import review

__all__ = ["review"]
