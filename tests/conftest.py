"""What every test shares: how hard Hypothesis tries."""

from __future__ import annotations

import os

from hypothesis import settings

# On a shared machine a slow example is noise, never a finding: no profile has a deadline.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
