"""What every answer tells a browser, whoever gave the answer."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.http.client import KnownClient
from annolog.infra.http.security_headers import EVERYWHERE, SecurityHeaders
from annolog.infra.http.serve import running_server, running_watch
from tests.infra.http.asgi import ask, saying, scope_of
from tests.infra.http.conftest import LIMITS, TOKEN, Api
from tests.world import settings_in

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def tells_it_all(response: httpx.Response) -> bool:
    return all(response.headers.get_list(name) == [value] for name, value in ALWAYS.items())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/projects", 200),
        ("GET", "/v1/projects/999", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/projects", 405),
        ("POST", "/v1/projects", 422),
        ("GET", "/livez", 200),
        ("GET", "/docs", 200),
        ("GET", "/openapi.json", 200),
        ("GET", f"/v1/projects?{'x' * 9_000}", 414),
    ],
)
def test_every_answer_is_hardened(shared_api: Api, method: str, path: str, status: int) -> None:
    response = shared_api.ask(method, path)
    assert response.status_code == status
    assert tells_it_all(response)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


def test_who_has_no_token_is_told_the_same(shared_api: Api) -> None:
    response = httpx.get(f"{shared_api.url}/v1/projects")
    assert response.status_code == 401
    assert tells_it_all(response)


def test_so_is_an_answer_about_a_defect(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(token: str) -> None:
        raise ZeroDivisionError(token)

    monkeypatch.setattr(api.installation, "person_of", broken)
    response = api.ask("GET", "/v1/projects")
    assert (response.status_code, response.json()["code"]) == (500, "internal-error")
    assert tells_it_all(response)
    assert response.headers["X-Correlation-Id"]


def test_data_is_neither_shown_as_a_page_nor_kept(shared_api: Api) -> None:
    answer = shared_api.ask("GET", "/v1/projects")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in shared_api.ask("GET", "/openapi.json").headers


def test_the_page_that_describes_the_api_may_load_what_it_is_made_of(shared_api: Api) -> None:
    """Whatever FastAPI puts into its pages is in their policy; a new version that loads from elsewhere fails here."""
    for path in ("/docs", "/redoc"):
        page = shared_api.ask("GET", path)
        parts = (part.strip().partition(" ") for part in page.headers["Content-Security-Policy"].split(";"))
        policy = {name: values.split() for name, _, values in parts}
        tags = re.findall(r"<(script|link|img)\b([^>]*)>", page.text)
        loaded = [(tag, rest, url[1]) for tag, rest in tags if (url := re.search(r'(?:src|href)="([^"]+)"', rest))]
        assert {tag for tag, _, _ in loaded} >= {"script", "link"}
        for tag, rest, url in loaded:
            kind = "script-src" if tag == "script" else "style-src" if "stylesheet" in rest else "img-src"
            assert any(_covers(source, url) for source in policy[kind]), (path, kind, url)
        assert "'unsafe-inline'" in policy["script-src"]
        assert policy["connect-src"] == ["'self'"]
        assert policy["default-src"] == ["'none'"]


def _covers(source: str, url: str) -> bool:
    one, other = urlsplit(source), urlsplit(url)
    if (one.scheme, one.netloc) != (other.scheme, other.netloc) or not one.netloc:
        return False
    return other.path.startswith(one.path) if one.path.endswith("/") else one.path in ("", other.path)


def test_paths_that_only_begin_alike_are_other_places() -> None:
    app = SecurityHeaders(saying())
    assert "cache-control" in ask(app, scope_of("/v1")).headers
    assert "cache-control" in ask(app, scope_of("/v1/projects")).headers
    assert "cache-control" not in ask(app, scope_of("/v10")).headers
    assert "script-src" in ask(app, scope_of("/docs/oauth2-redirect")).headers["content-security-policy"]
    assert "script-src" not in ask(app, scope_of("/docsearch")).headers["content-security-policy"]


def test_what_an_answer_says_itself_stays_as_it_is() -> None:
    own = {"cache-control": "max-age=60", "x-frame-options": "SAMEORIGIN"}
    headers = ask(SecurityHeaders(saying(headers=own)), scope_of()).headers
    assert {name: headers[name] for name in own} == own
    assert len(headers) == len(EVERYWHERE) + 2 + len({"content-length", "content-type"})


def test_only_who_came_encrypted_is_told_to_come_so_always() -> None:
    app = SecurityHeaders(saying())
    assert "strict-transport-security" not in ask(app, scope_of()).headers
    assert ask(app, scope_of(scheme="https")).headers["strict-transport-security"] == "max-age=31536000"


def test_a_trusted_proxy_may_say_that_somebody_came_encrypted_and_a_stranger_may_not() -> None:
    app = KnownClient(SecurityHeaders(saying()), [ip_network("10.0.0.0/8")], "x-forwarded")
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    assert "strict-transport-security" in ask(app, scope_of(headers=headers, peer="10.0.0.1")).headers
    assert "strict-transport-security" not in ask(app, scope_of(headers=headers, peer="192.0.2.1")).headers


def test_a_process_without_an_api_hardens_its_answers_too(tmp_path: Path) -> None:
    with (
        settings_in(tmp_path) as settings,
        Installation(settings, parts=NOTHING) as installation,
        running_watch(installation, "127.0.0.1", 0) as url,
    ):
        response = httpx.get(f"{url}/livez")
        assert response.status_code == 200
        assert tells_it_all(response)
        assert "Server" not in response.headers


ALLOWED = "https://labels.example"


@pytest.mark.parametrize("cookies", [False, True])
def test_pages_of_allowed_origins_use_the_api_and_others_do_not(tmp_path: Path, cookies: bool) -> None:
    more = {"allowed_origins": (ALLOWED,), "cookies_from_allowed_origins": cookies}
    with (
        settings_in(tmp_path) as settings,
        Installation(settings.model_copy(update={**LIMITS, **more})) as installation,
        running_server(installation) as url,
        httpx.Client(base_url=url) as client,
    ):
        wanted = "authorization,content-type,idempotency-key,if-match,annolog-on-behalf-of"
        asking = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": wanted}
        first = client.options("/v1/projects", headers={"Origin": ALLOWED, **asking})
        assert (first.status_code, first.headers["Access-Control-Allow-Origin"]) == (200, ALLOWED)
        allowed = first.headers["Access-Control-Allow-Headers"].lower()
        assert all(name in allowed for name in wanted.split(","))
        assert tells_it_all(first)
        refused = client.options("/v1/projects", headers={"Origin": "https://evil.example", **asking})
        assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (400, False)
        odd = {**asking, "Access-Control-Request-Headers": "x-something"}
        assert client.options("/v1/projects", headers={"Origin": ALLOWED, **odd}).status_code == 400

        token = {"Authorization": f"Bearer {TOKEN}"}
        answer = client.get("/v1/projects", headers={"Origin": ALLOWED, **token})
        assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
        exposed = answer.headers["Access-Control-Expose-Headers"]
        assert all(name in exposed for name in ("ETag", "X-Position", "X-Lag", "Idempotency-Replayed", "Retry-After"))
        assert ("Access-Control-Allow-Credentials" in answer.headers) is cookies
        foreign = client.get("/v1/projects", headers={"Origin": "https://evil.example", **token})
        assert "Access-Control-Allow-Origin" not in foreign.headers

        riding = {"Cookie": "annolog_session=x", "Origin": ALLOWED}
        wanted_code = "unauthenticated" if cookies else "foreign-origin"
        assert client.post("/v1/projects", headers=riding, json={"title": "x"}).json()["code"] == wanted_code
        own = {"Cookie": "annolog_session=x", "Origin": url}
        assert client.post("/v1/projects", headers=own, json={"title": "x"}).json()["code"] == "unauthenticated"


def test_without_allowed_origins_no_page_of_another_origin_is_let_in(shared_api: Api) -> None:
    answer = shared_api.ask("GET", "/v1/projects", headers={"Origin": ALLOWED})
    assert not [name for name in answer.headers if name.startswith("access-control")]
