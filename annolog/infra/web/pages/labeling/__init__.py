"""Where annotators spend their days: the page on which tasks are labeled, and what waits for somebody."""

from annolog.infra.web.pages.labeling import label, my_work

__all__ = ["label", "my_work"]
