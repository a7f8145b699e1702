"""The repository keeps its own rules: files, dependencies and the conformance table."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import conformance

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_MODULE = 400

# Put together here so that this file does not contain what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("registry", "yarnpkg"),
        ("crates", "io"),
        ("proxy", "golang"),
        ("repo", "maven"),
        ("repo1", "maven"),
        ("deb", "debian"),
    ]
]
MACHINE_PATH = re.compile(r"(?<![\w.}~-])/(?:home|root|work|Users)/")


def files_of_the_repository() -> list[Path]:
    """What is committed, and what would be by `git add --all`."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def modules_of_annolog() -> list[Path]:
    return sorted((ROOT / "annolog").rglob("*.py"))


def extras() -> dict[str, Requirement]:
    """What the extras of the package ask for, by name."""
    wishes = [Requirement(entry) for extra in PYPROJECT["project"]["optional-dependencies"].values() for entry in extra]
    return {canonicalize_name(wish.name): wish for wish in wishes}


def requirements(group: str | None = None) -> dict[str, Requirement]:
    """The direct requirements by name: those of the package, or those of a dependency group and the groups in it."""
    entries = PYPROJECT["project"]["dependencies"] if group is None else PYPROJECT["dependency-groups"][group]
    found: dict[str, Requirement] = {}
    for entry in entries:
        if isinstance(entry, dict):
            found |= requirements(entry["include-group"])
        else:
            requirement = Requirement(entry)
            found[canonicalize_name(requirement.name)] = requirement
    return found


def pins(file: str) -> dict[str, str]:
    """Name and version of every pin in a requirements file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==(\S+)", text, flags=re.MULTILINE))


def shown(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_file_names_a_package_registry_or_a_place_on_one_machine() -> None:
    findings = []
    for path in files_of_the_repository():
        text = path.read_bytes().decode("utf-8", errors="replace")
        findings += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRY_HOSTS if host in text]
        findings += [f"{path.relative_to(ROOT)}: {place}" for place in sorted(set(MACHINE_PATH.findall(text)))]
    assert findings == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}home{}someone", True),
        ('"{}root{}.cache"', True),
        ("file://{}work{}main", True),
        ("https://example.org{}work{}1", False),
        ("~{}work{}main", False),
        ("framework{}home{}", False),
    ],
)
def test_a_machine_path_is_told_from_part_of_an_address(text: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(text.format("/", "/"))) is found


def test_every_module_says_what_it_is_about() -> None:
    silent = [path for path in modules_of_annolog() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert shown(silent) == []


def test_no_module_is_too_long_to_read_at_once() -> None:
    long = [path for path in modules_of_annolog() if len(path.read_text("utf-8").splitlines()) > LONGEST_MODULE]
    assert shown(long) == []


# ── dependencies ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_dependency_is_accounted_for() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = {canonicalize_name(name) for name in re.findall(r"^\| `([\w.-]+)", text, flags=re.MULTILINE)}
    assert rows == {*requirements(), *extras(), *requirements("dev"), *requirements("converter")}


@pytest.mark.parametrize(
    ("file", "group"),
    [
        ("requirements.txt", None),
        ("requirements-build.txt", "build"),
        ("requirements-converter.txt", "converter"),
        ("requirements-dev.txt", "dev"),
    ],
)
def test_the_lock_satisfies_what_is_required(file: str, group: str | None) -> None:
    pinned = pins(file)
    unmet = [str(wish) for name, wish in requirements(group).items() if pinned.get(name) not in wish.specifier]
    assert unmet == [], "run `make lock`"


def test_the_image_runs_what_the_package_runs_and_what_sends_traces() -> None:
    pinned = pins("requirements-image.txt")
    assert pins("requirements.txt").items() <= pinned.items()
    assert [str(wish) for name, wish in extras().items() if pinned.get(name) not in wish.specifier] == []


def test_everything_is_pinned_once_so_that_one_environment_can_hold_it_all() -> None:
    everything = pins("requirements-dev.txt")
    assert pins("requirements.txt").items() <= everything.items()
    assert pins("requirements-build.txt").items() <= everything.items()


# ── the conformance table ────────────────────────────────────────────────────────────────────────────────────────────


def claims(source: str) -> list[tuple[str, str]]:
    found = conformance.claims_in(source, "tests/test_x.py")
    return [(claim.item, claim.test) for claim in sorted(found, key=lambda claim: claim.line)]


def test_a_mark_belongs_to_the_function_that_carries_it() -> None:
    source = """
@pytest.mark.conformance("A1")
@pytest.mark.conformance("A2")
def test_one(): ...

class TestMany:
    @mark.conformance("B3")
    async def test_two(self): ...
"""
    assert claims(source) == [
        ("A1", "tests/test_x.py::test_one"),
        ("A2", "tests/test_x.py::test_one"),
        ("B3", "tests/test_x.py::TestMany::test_two"),
    ]


def test_a_mark_on_a_class_belongs_to_the_class() -> None:
    source = """
@pytest.mark.conformance("A1")
class TestMany:
    pytestmark = [pytest.mark.conformance("A2"), pytest.mark.slow]
"""
    assert claims(source) == [("A1", "tests/test_x.py::TestMany"), ("A2", "tests/test_x.py::TestMany")]


def test_a_mark_on_a_parameter_set_belongs_to_the_test() -> None:
    source = """
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.conformance("A1")), 2])
def test_one(x): ...
"""
    assert claims(source) == [("A1", "tests/test_x.py::test_one")]


def test_a_mark_outside_any_test_belongs_to_the_file() -> None:
    assert claims('pytestmark = pytest.mark.conformance("B9")') == [("B9", "tests/test_x.py")]


@pytest.mark.parametrize("arguments", ["", "item", "1", '"A1", "A2"', 'item="A1"'])
def test_a_mark_without_one_item_as_text_is_refused(arguments: str) -> None:
    with pytest.raises(conformance.Mistake, match=r"test_x\.py:1"):
        claims(f"pytestmark = pytest.mark.conformance({arguments})")


def test_the_table_names_the_tests_and_says_later_where_there_are_none() -> None:
    items = {"A1": "One | two.", "A2": "Three.", "B1": "Four."}
    proofs = [
        conformance.Claim("A1", "tests/test_y.py::test_b", 1),
        conformance.Claim("A1", "tests/test_x.py::test_a", 1),
        conformance.Claim("A1", "tests/test_x.py::test_a", 9),
    ]
    page = conformance.render(items, proofs)
    assert "Proved: 1 of 3." in page
    assert (
        r"| A1 | One \| two. | [`tests/test_x.py::test_a`](../tests/test_x.py)"
        "<br>[`tests/test_y.py::test_b`](../tests/test_y.py) |"
    ) in page
    assert "| A2 | Three. | later |" in page
    assert page.index("| A2 |") < page.index("## Workflow") < page.index("| B1 | Four. | later |")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository with one item that one test proves."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conformance-items.toml").write_text('[items]\nA1 = "One."\n')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('@pytest.mark.conformance("A1")\ndef test_one(): ...\n')
    return tmp_path


def test_checking_fails_until_the_table_is_written(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance.main(["--check"], root=repository) == 1
    assert "make conformance" in capsys.readouterr().err
    assert conformance.main([], root=repository) == 0
    assert conformance.main(["--check"], root=repository) == 0


def test_checking_fails_when_a_test_was_added_since(repository: Path) -> None:
    conformance.main([], root=repository)
    (repository / "tests" / "test_y.py").write_text('@pytest.mark.conformance("A1")\ndef test_two(): ...\n')
    assert conformance.main(["--check"], root=repository) == 1


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_an_item_that_nobody_promised_is_an_error(
    repository: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "tests" / "test_y.py").write_text('\npytestmark = pytest.mark.conformance("Z9")\n')
    assert conformance.main(arguments, root=repository) == 1
    assert "tests/test_y.py:2: no such item: Z9" in capsys.readouterr().err


def test_an_item_outside_both_parts_is_an_error(repository: Path) -> None:
    (repository / "docs" / "conformance-items.toml").write_text('[items]\nC1 = "One."\n')
    with pytest.raises(conformance.Mistake, match="unlike C1"):
        conformance.read_items(repository / "docs" / "conformance-items.toml")


def test_every_published_number_and_behaviour_is_listed() -> None:
    items = conformance.read_items(ROOT / "docs" / "conformance-items.toml")
    assert list(items) == [*(f"A{i}" for i in range(1, 25)), *(f"B{i}" for i in range(1, 26))]
