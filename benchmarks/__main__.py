"""`python -m benchmarks [name …]`: run the measurements, all of them unless some are named."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = (
    "bus",
    "projections",
    "next_task",
    "board",
    "board_page",
    "http",
    "labeling_page",
    "shield",
    "agreement",
    "agreement_boxes",
    "running_agreement",
    "running_skills",
    "coefficients",
    "consensus",
    "policies",
    "decisions",
    "dashboards",
    "pages",
    "dashboard_page",
    "access",
    "sandbox",
    "scaled_out",
)


def main() -> None:
    chosen = [name for name in sys.argv[1:2] if name in NAMES] or NAMES
    for name in chosen:
        import_module(f"benchmarks.{name}").main()


main()
