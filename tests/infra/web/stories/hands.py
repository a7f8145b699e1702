"""The two ways to work on the pages: with the mouse alone, and without it.

A browser itself tells what a hand may not have used: pressing a button of the mouse, or a key outside of a text field.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from playwright.sync_api import Browser, expect

from tests.infra.web.labeling_bench import drag, select_text
from tests.infra.web.reviewing import forgive
from tests.infra.web.site import Site, Visit, visiting

MOST_STEPS = 80
STEP = 20

IN_USE = """() => {
    const found = document.activeElement;
    if (found === document.body) return "";
    return (found.getAttribute("aria-label") ?? found.labels?.[0]?.textContent ?? found.textContent).trim();
}"""


class Hand(ABC):
    """Somebody at a browser, who works in one way: what they do, in the words of the work."""

    forbidden: str

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        self.misused: list[str] = []
        visit.context.expose_function("misused", self._misuse)
        visit.context.add_init_script(self.forbidden)

    def go(self, path: str) -> None:
        """Open the page at an address, the one thing that is done neither way."""
        self.page.goto(f"{self.visit.site.url}{path}")

    def comes(self, heading: str) -> None:
        """Wait for what follows by itself, to go on there."""
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()

    def comes_task(self, task: int) -> None:
        """Wait for a task to be worked on."""
        expect(self.page.get_by_role("heading", name=f"Task {task}", exact=True)).to_be_visible()

    def _misuse(self, what: str) -> None:
        self.misused.append(what)

    @abstractmethod
    def answers(self, choice: str) -> None:
        """Choose one of the answers."""

    @abstractmethod
    def marks(self, words: str, label: str) -> None:
        """Mark words of the first text with a label."""

    @abstractmethod
    def draws(self, label: str) -> None:
        """Draw a box of a label on the image."""

    @abstractmethod
    def selects(self) -> None:
        """Select the first region."""

    @abstractmethod
    def labels(self, label: str) -> None:
        """Give the selected region another label."""

    @abstractmethod
    def moves(self) -> None:
        """Move the selected box to the right, by `STEP` percent of the image."""

    @abstractmethod
    def hands_in(self) -> None:
        """Submit."""

    @abstractmethod
    def sends_back(self) -> None:
        """Hand in again what was returned."""

    @abstractmethod
    def returns(self, words: str) -> None:
        """Reject, so that the author has it again with these words."""

    @abstractmethod
    def accepts(self) -> None:
        """Accept."""

    @abstractmethod
    def presses(self, name: str) -> None:
        """Do what a button or a link of this name does."""

    @abstractmethod
    def goes_to_my_work(self) -> None:
        """Leave for My work by the navigation."""


AnyHand = TypeVar("AnyHand", bound=Hand)


class Mouse(Hand):
    """Whoever only points; the keys are there to write words with."""

    forbidden = """addEventListener("keydown", (event) => {
        if (event.isTrusted && !event.target.matches?.("textarea")) misused(event.key);
    }, true);"""

    def answers(self, choice: str) -> None:
        self.page.get_by_role("radio", name=choice, exact=True).check()

    def marks(self, words: str, label: str) -> None:
        self.labels(label)
        select_text(self.page, words)
        expect(self.page.locator(".an-lb-span")).to_have_count(1)

    def draws(self, label: str) -> None:
        self.labels(label)
        drag(self.page, self._at(10, 10), self._at(40, 50))

    def selects(self) -> None:
        self.page.locator(".an-lb-span, .an-lb-box rect").first.click()

    def labels(self, label: str) -> None:
        self.page.get_by_role("button", name=label).first.click()

    def moves(self) -> None:
        drag(self.page, self._at(25, 30), self._at(25 + STEP, 30))

    def hands_in(self) -> None:
        self.presses("Submit")

    def sends_back(self) -> None:
        self.presses("Send back")

    def returns(self, words: str) -> None:
        self.presses("Return")
        self.page.get_by_role("textbox", name="What is wrong with it").click()
        self.page.keyboard.type(words)
        self.presses("Send")

    def accepts(self) -> None:
        self.presses("Accept")

    def presses(self, name: str) -> None:
        wanted = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
        wanted.last.click()

    def goes_to_my_work(self) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name="My work").click()

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture in percent, as one of the screen."""
        self.page.wait_for_function("document.querySelector('.an-lb-picture').complete")
        area = self.page.locator(".an-lb-drawing").bounding_box()
        assert area is not None
        return area["x"] + area["width"] * x / 100, area["y"] + area["height"] * y / 100


class Keyboard(Hand):
    """Whoever has no mouse, and is never to lose the place where they are."""

    forbidden = 'addEventListener("pointerdown", (event) => { if (event.isTrusted) misused("the mouse"); }, true);'

    def comes(self, heading: str) -> None:
        super().comes(heading)
        self.is_somewhere()

    def comes_task(self, task: int) -> None:
        super().comes_task(task)
        self.is_somewhere()

    def answers(self, choice: str) -> None:
        self.keys(self._key_of(choice))
        expect(self.page.get_by_role("radio", name=choice, exact=True)).to_be_checked()

    def marks(self, words: str, label: str) -> None:
        self.reaches("Text text")
        for _ in range(MOST_STEPS):
            self.keys("ArrowRight")
            if self.page.evaluate("String(document.getSelection())") == words:
                break
        self.labels(label)
        expect(self.page.locator(".an-lb-span")).to_have_count(1)

    def draws(self, label: str) -> None:
        self.labels(label)
        self.reaches("Image image")
        self.keys("Enter")

    def selects(self) -> None:
        self.keys("Alt+.")

    def labels(self, label: str) -> None:
        self.keys(self._key_of(label))

    def moves(self) -> None:
        self.reaches("Image image")
        self.keys(*["ArrowRight"] * STEP)

    def hands_in(self) -> None:
        self.keys("Control+Enter")

    def sends_back(self) -> None:
        self.keys("Alt+Enter")

    def returns(self, words: str) -> None:
        self.keys("Alt+1")
        self.page.keyboard.type(words)
        self.keys("Control+Enter")

    def accepts(self) -> None:
        self.keys("Control+Enter")

    def presses(self, name: str) -> None:
        self.reaches(name)
        self.keys("Enter")

    def goes_to_my_work(self) -> None:
        self.keys("g", "h")
        self.page.wait_for_url("**/my-work")

    def keys(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reaches(self, name: str) -> None:
        """Go on with Tab until what is called so has the keys."""
        passed: list[str] = []
        for _ in range(MOST_STEPS):
            self.keys("Tab")
            passed.append(self.page.evaluate(IN_USE))
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"“{name}” cannot be reached, only {passed}")

    def is_somewhere(self) -> None:
        """What had the keys is still there, or something else has them."""
        self.page.wait_for_function("document.activeElement !== document.body")

    def _key_of(self, words: str) -> str:
        """The key that is shown beside a label or an answer."""
        named = self.page.locator("[data-keyed]").filter(has=self.page.get_by_text(words, exact=True))
        key = named.first.get_attribute("aria-keyshortcuts")
        assert key is not None
        return key


@contextmanager
def working(browser: Browser, site: Site, way: type[AnyHand], handle: str, *forgiven: str) -> Iterator[AnyHand]:
    """Somebody at a browser of their own, who must have worked in this way when they leave."""
    with visiting(browser, site, handle) as visit:
        hand = way(visit)
        yield hand
        # The browser reports what there is not, as a draft that nobody began.
        forgive(visit, "404", *forgiven)
        assert not hand.misused
