"""What stands between the network and the routes, in the order in which a request meets it."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from annolog.infra.http.client import KnownClient
from annolog.infra.http.correlation import Correlation
from annolog.infra.http.limits import HeadLimit
from annolog.infra.http.origin import OwnOrigin
from annolog.infra.http.rates import RateLimits, Rates
from annolog.infra.http.security_headers import SecurityHeaders
from annolog.infra.settings import InstallationSettings
from annolog.infra.telemetry.tracing import Tracing

ASKED_WITH = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Annolog-On-Behalf-Of",
    "traceparent",
)
ANSWERED_WITH = (
    "ETag",
    "X-Position",
    "X-Lag",
    "X-Correlation-Id",
    "Idempotency-Replayed",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Content-Disposition",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PREFLIGHT_SECONDS = 600


def shielded(app: ASGIApp, settings: InstallationSettings, tracing: Tracing) -> ASGIApp:
    """The API behind everything that a request has to get past, and that an answer is given on its way out.

    Around all of the application, so that what fails inside is answered with the same headers.
    """
    rates = Rates(
        settings.requests_per_minute_per_token,
        settings.requests_per_minute_per_address,
        settings.failed_tokens_per_minute_per_address,
    )
    app = OwnOrigin(app, settings.origins_with_cookies)
    app = RateLimits(app, rates)
    app = HeadLimit(app)
    if settings.allowed_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=METHODS,
            allow_headers=ASKED_WITH,
            expose_headers=ANSWERED_WITH,
            allow_credentials=settings.cookies_from_allowed_origins,
            max_age=PREFLIGHT_SECONDS,
        )
    app = Correlation(app, tracing)
    return guarded(app, settings)


def guarded(app: ASGIApp, settings: InstallationSettings) -> ASGIApp:
    """Only what every server says about its answers, also one that nobody but operators should reach."""
    return KnownClient(SecurityHeaders(app), settings.trusted_proxies, settings.proxy_headers)
