"""Asking an application in this process is asking it over a socket, and packets to pages are what they were."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from socketio.packet import Packet

from annolog.infra.web.packets import PagePacket
from annolog.infra.web.within import within

app = FastAPI()


@app.api_route("/said/{what:path}", methods=["GET", "POST"])
async def said(what: str, request: Request) -> JSONResponse:
    assert request.client is not None
    found = {
        "what": what,
        "method": request.method,
        "query": dict(request.query_params),
        "body": (await request.body()).decode(),
        "client": request.client.host,
        "header": request.headers.get("x-told"),
    }
    return JSONResponse(found, 201, {"X-Position": "7"})


@app.get("/broken")
async def broken() -> None:
    raise RuntimeError("a defect")


@app.get("/broken-off")
async def broken_off() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"the beginning"
        raise RuntimeError("a defect")

    return StreamingResponse(pieces())


def ask(*request: Any) -> Any:
    return asyncio.run(within(app, *request))


def test_everything_of_a_request_and_of_its_answer_arrives() -> None:
    target = "/said/a%20b?from=2026-11-01T00%3A00%2B01%3A00&x=%C3%A9"
    found = ask("POST", target, {"X-Told": "ü"}, b'{"a": 1}', "192.0.2.7")
    assert (found.status_code, found.headers["x-position"]) == (201, "7")
    assert found.json() == {
        "what": "a b",
        "method": "POST",
        "query": {"from": "2026-11-01T00:00+01:00", "x": "é"},
        "body": '{"a": 1}',
        "client": "192.0.2.7",
        "header": "ü",
    }


def test_a_defect_is_an_answer() -> None:
    assert ask("GET", "/broken", {}, None, "127.0.0.1").status_code == 500


def test_an_answer_that_breaks_off_is_none() -> None:
    with pytest.raises(RuntimeError, match="a defect"):
        ask("GET", "/broken-off", {}, None, "127.0.0.1")


@pytest.mark.parametrize(
    "data",
    [
        ["update", {"12": {"tag": "div", "props": {"options": {"series": [{"data": [1, 2.5, None]}]}}}}],
        ["run_javascript", {"code": "x()"}],
        ["download", {"src": b"a,b\r\n", "filename": "a.csv"}],
    ],
)
def test_packets_are_written_as_the_library_writes_them(data: list[Any]) -> None:
    assert PagePacket(2, data).encode() == Packet(2, data).encode()
