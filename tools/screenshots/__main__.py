"""`python -m tools.screenshots [--only NAME …] [--to FOLDER] [--kind webp|png]`: photograph every page, light and
dark, of the demo's project, and write docs/screenshots.md, which shows them.
"""

from __future__ import annotations

import argparse
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tools.chromium import chromium
from tools.generated_page import DOCS
from tools.screenshots.album import album
from tools.screenshots.ground import Ground, furnished, worked
from tools.screenshots.scenes import Scene, scenes
from tools.site import Site, serving, sign_in

PICTURES, PAGE = DOCS / "screenshots", DOCS / "screenshots.md"
WIDTH, HEIGHT, TALLEST = 1360, 900, 1_800
SCHEMES = ("light", "dark")
QUALITY = 62
PATIENCE_MS = 60_000
# Nothing moves any more, every letter and every image is there, and no chart is being drawn.
AT_REST = """() => document.fonts.status === 'loaded'
    && [...document.images].every((one) => one.complete)
    && document.getAnimations().every(
        (one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)
    && !document.querySelector('[aria-busy=true], .an-skeleton, .q-spinner')"""
# Charts draw themselves for so long, and what was asked for in the meantime has come.
DRAWN_MS = 1_500


def photograph(page: Page, site: Site, scene: Scene, path: Path) -> None:
    """Go there, do what is to be done, wait until all is at rest, and keep what is seen."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"{site.url}{scene.path}")
    page.locator("h1").first.wait_for()
    page.wait_for_function("window.socket?.connected")
    scene.done(page)
    if scene.tall:
        page.wait_for_timeout(DRAWN_MS)
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, min(height, TALLEST))})
    page.wait_for_timeout(DRAWN_MS)
    page.wait_for_function(AT_REST)
    path.write_bytes(_taken(page, path.suffix[1:]))


def _taken(page: Page, kind: str) -> bytes:
    if kind == "png":
        return page.screenshot()
    with_quality = {"format": kind, "quality": QUALITY}
    return b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", with_quality)["data"])


@contextmanager
def looking(browser: Browser, site: Site, scheme: str, *, signed_in: bool = True) -> Iterator[Page]:
    """A browser's page in a scheme, by somebody in Greenwich."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="UTC",
        locale="en-GB",
        reduced_motion="reduce",
    )
    if signed_in:
        sign_in(context, site, "owner")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def prepared(browser: Browser, site: Site, ground: Ground) -> None:
    """Furnish it: what boxes are drawn on is a picture of its own dashboard."""
    with looking(browser, site, "light") as page:
        page.goto(f"{site.url}/projects/{ground.project}")
        page.wait_for_timeout(2 * DRAWN_MS)
        furnished(site, ground, _taken(page, "jpeg"))


def photographed(site: Site, browser: Browser, chosen: Sequence[Scene], to: Path, kind: str) -> None:
    """Each of them, light and dark."""
    for scheme in SCHEMES:
        for signed_in in (True, False):
            some = [scene for scene in chosen if scene.signed_in == signed_in]
            if some:
                with looking(browser, site, scheme, signed_in=signed_in) as page:
                    for scene in some:
                        photograph(page, site, scene, to / f"{scene.name}-{scheme}.{kind}")
                        print(f"{scene.name}, {scheme}", flush=True)


def main() -> None:
    """Make what is to be seen, and take the pictures."""
    parser = argparse.ArgumentParser(description="Photograph every page, light and dark.")
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures; all of them if none")
    parser.add_argument("--to", type=Path, default=PICTURES, help="where they go")
    parser.add_argument("--kind", choices=("webp", "png"), default="webp", help="of which kind they are")
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        ground = worked(Path(folder))
        with serving(Path(folder)) as site, chromium() as browser:
            prepared(browser, site, ground)
            chosen = [scene for scene in scenes(ground) if scene.name in asked.only or not asked.only]
            photographed(site, browser, chosen, asked.to, asked.kind)
    if asked.to == PICTURES and asked.kind == "webp":
        PAGE.write_text(album(PICTURES), encoding="utf-8")


main()
