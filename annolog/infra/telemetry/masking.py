"""What a log line may hold: plain JSON values, and nothing that would let a reader in anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum

MASK = "***"
DEEPEST = 8
LARGEST_INTEGER = 2**63 - 1

# Found anywhere in a name: `bootstrap_token`, `X-Api-Key` and `sasl_plain_password` count.
SECRET_NAMES = r"token|passw|passphrase|authori[sz]ation|secret|credential|cookie|api[-_]?key|private[-_]?key"
SECRET_NAME = re.compile(SECRET_NAMES, re.IGNORECASE)

# In running text only what is plainly a value is masked: "the token is not known" stays readable. Every repetition
# that could be tried from many places has a limit: a path somebody sent must not take seconds to look through.
SECRET_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A password in an address, up to the last at sign: passwords hold colons, slashes and at signs, encoded or not.
    (re.compile(r"(://[^\s/:@]*:)\S{0,512}@"), rf"\1{MASK}@"),
    (re.compile(r"\b(Bearer +)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b((?:Basic|Token) +)[\w.~+/=-]{16,}", re.IGNORECASE), rf"\1{MASK}"),
    # password=…, ?token=…, secret='…'
    (
        re.compile(rf"((?:{SECRET_NAMES})[\w-]{{0,40}}=)('[^']*'|\"[^\"]*\"|[^\s&,;)'\"]+)", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    # 'secret': '…' and ('secret', '…'), as JSON and Python write it, also inside another string.
    (
        re.compile(
            rf"((?:{SECRET_NAMES})[\w-]{{0,40}}\\{{0,8}}['\"]\s{{0,8}}[:,][\s\[({{]{{0,8}}b?\\{{0,8}}(['\"]))(?:\\+.|(?!\2).)*",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # Our own tokens say what they are.
    (re.compile(r"\bannolog_[\w-]{24,}"), f"annolog_{MASK}"),
)

# No text is longer than somebody would read. The middle is left out, because a traceback says most at its end; what is
# near a cut was looked through together with what lies beyond, so that no secret loses the words by which it is known.
LONGEST_TEXT = 20_000
LONGEST_LOOKED_THROUGH = 200_000


def masked_text(text: str) -> str:
    """A text without the passwords and tokens that can be told from the words around them, its middle cut if long."""
    shown = _ends(text, LONGEST_LOOKED_THROUGH)
    for pattern, instead in SECRET_TEXTS:
        shown = pattern.sub(instead, shown)
    return _ends(shown, LONGEST_TEXT)


def _ends(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def presentable(value: object, depth: int = 0) -> object:
    """A value as JSON can hold it, secrets masked. Never raises: what cannot be shown says so."""
    if value is None or isinstance(value, bool):
        return value
    try:
        return _presentable(value, depth)
    except Exception as trouble:  # noqa: BLE001 - a value may raise anything when it is looked at, and its line matters more
        return f"<{type(value).__name__} that cannot be shown: {type(trouble).__name__}>"


def _presentable(value: object, depth: int) -> object:
    match value:
        case Enum():
            return presentable(value.value, depth)
        case int():
            return int(value) if abs(value) <= LARGEST_INTEGER else str(value)
        case float():
            return float(value)
        case str():
            # Half of a surrogate pair has no place in UTF-8.
            return masked_text(value.encode("utf-8", "backslashreplace").decode("utf-8"))
        case bytes() | bytearray():
            return masked_text(bytes(value).decode("utf-8", "backslashreplace"))
        case Mapping() if depth < DEEPEST:
            return {
                name: MASK if SECRET_NAME.search(name) and item is not None else presentable(item, depth + 1)
                for name, item in ((_name(key), item) for key, item in value.items())
            }
        case (str() | bytes() as name, _) if SECRET_NAME.search(_name(name)):
            # Headers come as pairs.
            return [_name(name), MASK]
        case list() | tuple() | set() | frozenset() if depth < DEEPEST:
            return [presentable(item, depth + 1) for item in value]
        case Mapping() | Collection() if depth >= DEEPEST:
            return "…"
        case BaseException():
            return presentable(repr(value))
        case _:
            return presentable(str(value))


def _name(key: object) -> str:
    return key.encode("utf-8", "backslashreplace").decode() if isinstance(key, str) else str(presentable(key))
