"""Fetches the full Label Studio editor, ready built, from where npm gets packages: one version, known by its hash.

It is not part of this repository and not needed: pages say what they cannot show without it.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath

PACKAGE = "@heartexlabs/label-studio"
VERSION = "1.4.0"
INTEGRITY = "sha512-NczF2gDF/Whq7+xI3tYZLrAk8Pq6hacXhYEDmWfHAQIZ0eiieyrMxxHz4KIU7wnagComaGv+QJ2Zc6SBcBmuCg=="
# What is taken of the package, and where it goes: Apache-2.0 wants its text and the notices of others beside it.
WANTED = {
    "package/build/static/js/main.js": "main.js",
    "package/build/static/js/main.js.LICENSE.txt": "main.js.LICENSE.txt",
    "package/build/static/css/main.css": "main.css",
    "package/LICENSE": "LICENSE",
}
PLACE = Path(__file__).resolve().parents[1] / "annolog" / "infra" / "web" / "static" / "label-studio"
MARK = "integrity"
PATIENCE_SECONDS = 120


class NotFetched(Exception):
    """The editor could not be had, for a reason in words."""


def fetch(place: Path | None = None) -> bool:
    """Put the editor in its place; whether that was needed."""
    place = place or PLACE
    if is_complete(place):
        return False
    with tempfile.TemporaryDirectory(prefix="annolog-editor-") as folder:
        packed = _packed(Path(folder))
        _must_be_the_known_one(packed.read_bytes())
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".label-studio-", dir=place.parent))
        try:
            unpack(packed, fresh)
            fresh.chmod(0o755)
            _moved(fresh, place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return True


def _moved(fresh: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    try:
        fresh.rename(place)
    except OSError:
        # Somebody else has put it there meanwhile.
        if not is_complete(place):
            raise


def is_complete(place: Path) -> bool:
    """Whether the version that is wanted is there."""
    mark = place / MARK
    return mark.is_file() and mark.read_text(encoding="ascii") == INTEGRITY


def unpack(packed: Path, place: Path) -> None:
    """Take the wanted files out of a package, and nothing else, whatever is in it."""
    with tarfile.open(packed, "r:gz") as archive:
        for member in archive:
            name = WANTED.get(str(PurePosixPath(member.name)))
            content = archive.extractfile(member) if name and member.isfile() else None
            if name and content is not None:
                (place / name).write_bytes(content.read())
    missing = sorted(name for name in WANTED.values() if not (place / name).is_file())
    if missing:
        raise NotFetched(f"the package lacks {', '.join(missing)}")
    (place / MARK).write_text(INTEGRITY, encoding="ascii")


def _packed(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm is not installed")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--silent", "--pack-destination", str(folder)]
    try:
        # In an empty folder: no project's own settings for npm are read.
        done = subprocess.run(
            command,
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as trouble:
        raise NotFetched(f"npm did not answer within {PATIENCE_SECONDS} seconds") from trouble
    found = sorted(folder.glob("*.tgz"))
    if done.returncode or len(found) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotFetched(f"npm could not fetch {PACKAGE} {VERSION}: {said[-1] if said else 'it said nothing'}")
    return found[0]


def _must_be_the_known_one(content: bytes) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        raise NotFetched(f"what came as {PACKAGE} {VERSION} is not what is known by that name: {found}")


def main(arguments: list[str]) -> int:
    """Fetch it. With `--if-possible` a failure is a line and nothing more."""
    try:
        fetched = fetch()
    # A folder that may not be written, a full disk, a package that is none: pages work without it all the same.
    except (
        NotFetched,
        OSError,
        EOFError,
        ValueError,
        zlib.error,
        tarfile.TarError,
        subprocess.SubprocessError,
    ) as trouble:
        words = " ".join(str(trouble).split()) or type(trouble).__name__
        kind = "Pages work without it; `make editor` tries again."
        print(f"The full Label Studio editor is not installed: {words}. {kind}")
        return 0 if "--if-possible" in arguments else 1
    if fetched:
        print(f"The full Label Studio editor {VERSION} is installed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
