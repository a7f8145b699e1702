"""Whom settings name: networks of proxies, origins of pages; with commas in the environment, as a list in TOML."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

Network = IPv4Network | IPv6Network
PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """The origin of a URL as browsers write it, without the port that goes without saying; None if it has none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or "*" in host:
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, PORTS[scheme]) else f"{scheme}://{shown}:{port}"


def _parted(given: object) -> list[object]:
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _networks(given: object) -> tuple[Network, ...]:
    return tuple(ip_network(str(part)) for part in _parted(given))


def _origins(given: object) -> tuple[str, ...]:
    return tuple(_origin(str(part)) for part in _parted(given))


def _origin(text: str) -> str:
    if text == "*":
        return text
    found = origin_of(text)
    parts = urlsplit(text)
    if found is None or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{text} is no origin: write it as https://labels.example, or http://labels.example:8080")
    return found


def _one_origin(given: object) -> str | None:
    if given == "*":
        raise ValueError("* is no place where browsers could find this")
    return None if given is None else _origin(str(given))


Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)]
OneOrigin = Annotated[str | None, BeforeValidator(_one_origin)]
