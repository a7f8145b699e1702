"""The full editor is fetched as what is known by its name, or not at all."""

from __future__ import annotations

import io
import tarfile
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
