"""The full editor is fetched as what is known by its name, or not at all."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
import zlib
from pathlib import Path

import pytest

from tools import editor


def packed(place: Path, **files: bytes) -> Path:
    """A package as npm packs one."""
    with tarfile.open(place, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return place


def test_what_comes_under_its_name_and_is_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = packed(tmp_path / "wrong.tgz", **dict.fromkeys(editor.WANTED, b"alert(1)"))
    monkeypatch.setattr(editor, "_packed", lambda folder: wrong)
    with pytest.raises(editor.NotFetched, match="is not what is known by that name"):
        editor.fetch(tmp_path / "editor")
    assert not (tmp_path / "editor").exists()


def test_nothing_is_taken_of_a_package_but_what_is_wanted(tmp_path: Path) -> None:
    files = dict.fromkeys(editor.WANTED, b"fine") | {"package/../../evil.js": b"no", "package/package.json": b"{}"}
    (place := tmp_path / "editor").mkdir()
    editor.unpack(packed(tmp_path / "package.tgz", **files), place)
    assert {one.name for one in place.iterdir()} == {*editor.WANTED.values(), editor.MARK}
    assert editor.is_complete(place)
    with pytest.raises(editor.NotFetched, match=r"the package lacks LICENSE, main\.css"):
        editor.unpack(packed(tmp_path / "less.tgz", **dict.fromkeys(list(editor.WANTED)[:2], b"")), tmp_path)


def test_set_up_goes_on_without_npm_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(editor, "PLACE", tmp_path / "editor")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert editor.main(["--if-possible"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert editor.main([]) == 1
    assert "npm is not installed" in capsys.readouterr().out


TROUBLES = [
    PermissionError(13, "Permission denied", "/srv/annolog"),
    OSError(28, "No space left on device"),
    tarfile.ReadError("unexpected end of data"),
    gzip.BadGzipFile("Not a gzipped file"),
    EOFError("Compressed file ended before the end-of-stream marker was reached"),
    zlib.error("Error -3 while decompressing data"),
    subprocess.TimeoutExpired(["npm"], 120),
    UnicodeDecodeError("ascii", b"\xff", 0, 1, "ordinal not in range"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: type(one).__name__)
def test_whatever_goes_wrong_is_one_line_and_set_up_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], trouble: Exception
) -> None:
    def fails() -> bool:
        raise trouble

    monkeypatch.setattr(editor, "fetch", fails)
    for arguments, code in ((["--if-possible"], 0), ([], 1)):
        assert editor.main(arguments) == code
        [line] = capsys.readouterr().out.splitlines()
        assert str(trouble).split()[-1] in line
        assert "`make editor` tries again" in line


def test_a_place_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = packed(tmp_path / "package.tgz", **dict.fromkeys(editor.WANTED, b"fine"))
    monkeypatch.setattr(editor, "_packed", lambda folder: package)
    monkeypatch.setattr(editor, "_must_be_the_known_one", lambda content: None)
    # A file where a folder should be is that also for root.
    (taken := tmp_path / "taken").write_bytes(b"")
    monkeypatch.setattr(editor, "PLACE", taken / "editor")
    assert editor.main(["--if-possible"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert "is not installed" in line
