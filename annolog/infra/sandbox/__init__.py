"""Where foreign code runs: in a process of its own that can compute and nothing else; see docs/custom-metrics.md."""

from annolog.infra.sandbox.metric import SandboxedMetric
from annolog.infra.sandbox.process import Limits

__all__ = ["Limits", "SandboxedMetric"]
