"""Cookies and refusals, as a browser that came back has them."""

from __future__ import annotations

from http.cookiejar import Cookie

import httpx

SESSION, UNDER_WAY, THERE = "annolog_session", "annolog_sign_on", "annolog_signed_on"


ANN = {"sub": "s-ann", "email": "ann@example.org", "name": "Ann Example", "groups": ["annotators"]}


def cookie(browser: httpx.Client, name: str) -> Cookie | None:
    return next((found for found in browser.cookies.jar if found.name == name), None)


def refusal(answer: httpx.Response) -> str:
    """Why somebody did not come in, said as every refusal is."""
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "sign-in-refused"
    assert SESSION not in answer.headers.get("set-cookie", "")
    detail: str = answer.json()["detail"]
    return detail
