"""Agreement corrected for chance, over patterns of answers, with intervals.

What only matters for numbers is imported when it is needed, so that importing this costs nothing.
"""

from annolog.domain.agreement.coefficients.alpha import (
    Alpha,
    Level,
    WeightedAlpha,
    krippendorff_alpha,
    weighted_alpha,
)
from annolog.domain.agreement.coefficients.bootstrap import with_interval
from annolog.domain.agreement.coefficients.brennan_prediger import BrennanPrediger, brennan_prediger
from annolog.domain.agreement.coefficients.coefficient import Coefficient
from annolog.domain.agreement.coefficients.continua import Aspect, Continuum
from annolog.domain.agreement.coefficients.estimator import Estimator
from annolog.domain.agreement.coefficients.gwet import GwetAC, gwet_ac1, gwet_ac2
from annolog.domain.agreement.coefficients.kappa import Cell, CohenKappa, FleissKappa, cohen_kappa, fleiss_kappa
from annolog.domain.agreement.coefficients.metric_alpha import metric_alpha, metric_alpha_of_encoded
from annolog.domain.agreement.coefficients.patterns import (
    Pattern,
    Patterns,
    carrying,
    merge,
    pattern_of,
    with_label,
)
from annolog.domain.agreement.coefficients.percent import PercentAgreement, percent_agreement
from annolog.domain.agreement.coefficients.unitizing import unitizing_alpha
from annolog.domain.agreement.coefficients.weights import Weights

__all__ = [
    "Alpha",
    "Aspect",
    "BrennanPrediger",
    "Cell",
    "Coefficient",
    "CohenKappa",
    "Continuum",
    "Estimator",
    "FleissKappa",
    "GwetAC",
    "Level",
    "Pattern",
    "Patterns",
    "PercentAgreement",
    "WeightedAlpha",
    "Weights",
    "brennan_prediger",
    "carrying",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "merge",
    "metric_alpha",
    "metric_alpha_of_encoded",
    "pattern_of",
    "percent_agreement",
    "unitizing_alpha",
    "weighted_alpha",
    "with_interval",
    "with_label",
]
