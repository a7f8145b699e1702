"""A running server, as its clients on the command line see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import sleep
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx
import orjson

from annolog.domain.refusals import Fault, Refused

TIMEOUT_SECONDS = 600.0
PAGE = 1_000
TOO_MANY = 429
LONGEST_WAIT_SECONDS = 60


class Unreachable(Refused):
    """The server does not answer, or not as Annolog does."""

    code: ClassVar[str] = "unreachable"
    status: ClassVar[int] = 503
    summary: ClassVar[str] = "The server does not answer"


KNOWN: Mapping[str, type[Refused]] = {kind.code: kind for kind in Refused.__subclasses__()}


class Server:
    """A server and a token for it, if need be. What it refuses is raised as the refusal that it was over there."""

    def __init__(self, url: str, token: str | None, connections: int = 1) -> None:
        self.url = url.rstrip("/")
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            self._client = httpx.Client(base_url=self.url, headers=headers, timeout=TIMEOUT_SECONDS, limits=limits)
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise Unreachable(f"{url} is no address, or the token is none: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What the server answers; raises what it refuses. Asked to come back later, it does."""
        try:
            response = self._client.request(method, path, **more)
            while response.status_code == TOO_MANY and (wait := response.headers.get("retry-after", "")).isdigit():
                sleep(min(int(wait), LONGEST_WAIT_SECONDS))
                response = self._client.request(method, path, **more)
            found = orjson.loads(response.content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(f"{self.url} does not answer: {error}") from error
        except orjson.JSONDecodeError as error:
            raise Unreachable(f"{self.url} does not answer as Annolog does") from error
        if response.is_error:
            raise _refusal(response.status_code, found)
        answer: dict[str, Any] = found
        return answer

    def text(self, path: str, params: Mapping[str, Any]) -> Iterator[str]:
        """A file, piece by piece as it comes; raises what the server refuses."""
        try:
            with self._client.stream("GET", path, params=dict(params)) as response:
                if response.is_error:
                    raise _refusal(response.status_code, orjson.loads(response.read()))
                yield from response.iter_text()
        except (httpx.HTTPError, httpx.InvalidURL, orjson.JSONDecodeError) as error:
            raise Unreachable(f"{self.url} does not answer: {error}") from error

    def pages(self, path: str, member: str, after: int = 0, **more: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list that comes in pages, with more parameters in what is asked."""
        following: int | None = after
        while following is not None:
            page = self.ask("GET", path, params={"after": following, "limit": PAGE, **more})
            yield from page[member]
            following = page["next"]


def _refusal(status: int, problem: Mapping[str, Any]) -> Refused:
    kind = KNOWN.get(problem.get("code", ""), Unreachable)
    faults = [Fault(fault["pointer"], fault["detail"]) for fault in problem.get("errors", [])]
    return kind(problem.get("detail") or f"The server answered {status}.", faults=faults)
