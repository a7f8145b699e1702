"""An issuer that signs whatever a test asks for: a real HTTP server on loopback with keys of its own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from annolog.infra.identity.claims import Claims
from annolog.infra.identity.openid import Answer, OpenId
from annolog.infra.identity.providers import Provider, ProviderSettings
from annolog.infra.identity.sealed_state import SignIn

CLIENT = "annolog"
SECRET = "a secret: with signs & such"
CALLBACK = "https://annolog.example/callback"
SUBJECT = "f3a1-ann"
AnyKey = RSAKey | ECKey | OKPKey


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def part(data: bytes | Mapping[str, Any]) -> bytes:
    """A part of a token."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: AnyKey) -> str:
    """Put together by hand, so that no library refuses to forge."""
    signed = part(header) + b"." + part(claims)
    return (signed + b"." + part(JWSRegistry.algorithms[header["alg"]].sign(signed, key))).decode()


class Issuer:
    """Its answers are what its attributes say at that moment."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.url = ""
        self.key: AnyKey = RSAKey.generate_key(2048, {"kid": "one"})
        self.published: list[Any] = [self.key]
        self.metadata: dict[str, Any] = {}
        self.token_reply: tuple[int, Any] = (200, {})
        self.asked: list[str] = []
        self.bearers: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.userinfo_reply: tuple[int, Any] = (200, {})
        self.keys_reply: bytes | None = None
        self.redirects_to: str | None = None

    @property
    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
            "userinfo_endpoint": f"{self.url}/userinfo",
            **self.metadata,
        }

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self.description).encode()
        if path == "/keys":
            keys = [key if isinstance(key, dict) else key.as_dict(private=False) for key in self.published]
            return 200, json.dumps({"keys": keys}).encode() if self.keys_reply is None else self.keys_reply
        status, body = self.userinfo_reply if path == "/userinfo" else self.token_reply
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def claims(self, nonce: str, /, **changed: Any) -> dict[str, Any]:
        """What is right in every respect but those changed; None leaves a claim out."""
        now = int(self.clock().timestamp())
        right = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "email": "ann@example.org",
            "email_verified": True,
            "name": "Ann Example",
            "groups": ["annotators"],
        }
        return {name: value for name, value in (right | changed).items() if value is not None}

    def signs(self, claims: Mapping[str, Any], key: AnyKey | None = None, **header: Any) -> str:
        signing = key or self.key
        return sign({"alg": "RS256", "kid": signing.kid, **header}, claims, signing)


@contextmanager
def issuing(clock: Clock) -> Iterator[Issuer]:
    issuer = Issuer(clock)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if issuer.redirects_to is not None:
                self.reply(302, b"{}", location=issuer.redirects_to)
            else:
                issuer.bearers.append(self.headers.get("authorization", ""))
                self.reply(*issuer.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            issuer.forms.append((self.headers.get("authorization", ""), {key: one for key, (one,) in form.items()}))
            self.reply(*issuer.answer(self.path))

        def reply(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                # Whoever asked has read enough.
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()


def provider_at(url: str, secret: str | None = SECRET, **settings: Any) -> Provider:
    return Provider("acme", ProviderSettings(issuer=url, client_id=CLIENT, title="Acme", **settings), secret)


class Desk:
    """Our side: begins and ends sign-ins at the issuer."""

    def __init__(self, issuer: Issuer, secret: str | None = SECRET, **settings: Any) -> None:
        self.issuer = issuer
        self.open_id = OpenId({"acme": provider_at(issuer.url, secret, **settings)}, issuer.clock)

    async def begun(self) -> tuple[str, SignIn]:
        return await self.open_id.begin("acme", "/tasks", CALLBACK)

    async def with_token(self, make: Callable[[str], str], **reply: Any) -> Claims:
        """A whole sign-in in which the token for this nonce is the one that `make` makes."""
        _, sign_in = await self.begun()
        self.issuer.token_reply = (200, {"id_token": make(sign_in.nonce), "access_token": "opaque", **reply})
        return await self.open_id.finish(sign_in, Answer(sign_in.state, "a-code"))

    async def with_claims(self, **changed: Any) -> Claims:
        return await self.with_token(lambda nonce: self.issuer.signs(self.issuer.claims(nonce, **changed)))


def at_hash(token: str) -> str:
    """Computed here from OpenID Connect Core 3.1.3.6 alone."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()
