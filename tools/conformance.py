"""Write docs/conformance.md: which promised items are proved, and by which tests.

The claims are the `@pytest.mark.conformance("A1")` marks in tests/, read from the source without running it. With
`--check` nothing is written, and a page that is out of date is an error. So is a claim of an unknown item, always.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = {"A": "Agreement: published numbers", "B": "Workflow: behaviour"}
HEADER = """\
# Conformance

What Annolog promises to people who come from Label Studio Enterprise, and the tests that prove each promise.
Written by `make conformance` from [conformance-items.toml](conformance-items.toml) and the marks in `tests/`.
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A test says that it proves an item. `test` is a pytest node without parameters, or a file for a whole module."""

    item: str
    test: str
    line: int


class Mistake(Exception):
    """The marks, the items or the page are wrong, and the message says how to put it right."""


def read_items(path: Path) -> dict[str, str]:
    """The promised items in their order, each with its sentence."""
    items: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["items"]
    if astray := [item for item in items if item[0] not in PARTS]:
        raise Mistake(f"{path.name}: an item begins with {' or '.join(PARTS)}, unlike {', '.join(astray)}")
    return items


def read_claims(tests: Path, root: Path) -> list[Claim]:
    """Every claim made under `tests`, with files named relative to `root`."""
    return [
        claim
        for path in sorted(tests.rglob("*.py"))
        for claim in claims_in(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    ]


def claims_in(source: str, file: str) -> Iterator[Claim]:
    """The claims in one test file.

    A mark belongs to the innermost class or function that carries it, be it as a decorator, in `pytestmark` or on a
    parameter set of that test; a mark outside them all belongs to the file.
    """
    yield from _claims_below(ast.parse(source, filename=file), file)


def _claims_below(node: ast.AST, owner: str) -> Iterator[Claim]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _claims_below(child, f"{owner}::{name}")
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="mark") | ast.Name(id="mark"), attr="conformance")
            ):
                yield from _claims_of(child, owner)
            case _:
                yield from _claims_below(child, owner)


def _claims_of(mark: ast.Call, owner: str) -> Iterator[Claim]:
    match mark:
        case ast.Call(args=[ast.Constant(value=str(item))], keywords=[]):
            yield Claim(item, owner, mark.lineno)
        case _:
            file = owner.partition("::")[0]
            raise Mistake(f'{file}:{mark.lineno}: write one item as text, such as @pytest.mark.conformance("A1")')


def refuse_unknown(claims: Iterable[Claim], items: Mapping[str, str]) -> None:
    """Raise `Mistake` when a claim names an item that nobody promised."""
    unknown = [claim for claim in claims if claim.item not in items]
    if unknown:
        lines = (f"{claim.test.partition('::')[0]}:{claim.line}: no such item: {claim.item}" for claim in unknown)
        raise Mistake("\n".join(lines))


def render(items: Mapping[str, str], claims: Iterable[Claim]) -> str:
    """The page: how far the promises are kept, then a table for each part."""
    proofs: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        proofs[claim.item].add(claim.test)
    proved = sum(1 for item in items if item in proofs)
    blocks = [HEADER, f"Proved: {proved} of {len(items)}.\n"]
    for letter, title in PARTS.items():
        rows = [_row(item, says, proofs.get(item, ())) for item, says in items.items() if item.startswith(letter)]
        if rows:
            blocks.append(
                "\n".join([f"## {title}\n", "| item | what it says | tests |", "| --- | --- | --- |", *rows, ""])
            )
    return "\n".join(blocks)


def _row(item: str, says: str, tests: Iterable[str]) -> str:
    links = "<br>".join(f"[`{test}`](../{test.partition('::')[0]})" for test in sorted(tests))
    cell = says.replace("|", r"\|")
    return f"| {item} | {cell} | {links or 'later'} |"


def main(arguments: list[str] | None = None, *, root: Path = ROOT) -> int:
    """Write or check the page of the repository at `root`; the exit code is 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the page is out of date")
    check = parser.parse_args(arguments).check
    page = root / "docs" / "conformance.md"
    try:
        items = read_items(root / "docs" / "conformance-items.toml")
        claims = read_claims(root / "tests", root)
        refuse_unknown(claims, items)
        text = render(items, claims)
        if not check:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            raise Mistake("docs/conformance.md is out of date: run `make conformance`")
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    print(f"conformance: {len({claim.item for claim in claims})} of {len(items)} items proved")
    return 0


if __name__ == "__main__":
    sys.exit(main())
