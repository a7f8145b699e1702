"""How two answers in one dimension are compared, a module for each kind of answer."""

from annolog.domain.agreement.metrics.catalogue import METRICS, default_metric, fits, metric
from annolog.domain.agreement.metrics.metric import Metric

__all__ = ["METRICS", "Metric", "default_metric", "fits", "metric"]
