// Keys of the page: heard before anything else on it hears them, never while a dialog is open.

import { typing } from "/static/labeling/keys.js";
import { shownKey } from "./elements.js";

/** Have keys do what they stand for. Those with a modifier do so also where somebody writes. */
export function actOnKeys(keymap, acts, opened) {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || document.querySelector("dialog[open], .q-dialog")) return;
    const action = keymap.actionOf(event);
    if (!action) return;
    const writes = typing(event.target);
    if (writes && (!(event.ctrlKey || event.altKey || event.metaKey) || event.target.closest(".an-work-side"))) return;
    event.preventDefault();
    event.stopPropagation();
    opened()?.attention.sign("hotkey_pressed");
    acts[action]();
  }, true);
}

const plain = (words) => words.replace(/[|=]/g, " ").trim().slice(0, 80);

/** All keys in the form in which the help of the pages reads them, but for actions that are `without` use just now. */
export function helpOf(keymap, place, without = []) {
  const ours = Object.entries(keymap.actions).filter(([name]) => !without.includes(name)).map(([name, one]) => `${shownKey(keymap.page(name))}=${one.words}`);
  const labels = [...place.querySelectorAll("[aria-keyshortcuts]")].map((one) => [one.getAttribute("aria-keyshortcuts"), [...one.childNodes].filter((child) => !(child instanceof Element && child.matches("kbd"))).map((child) => child.textContent).join(" ")])
    .filter(([, words]) => words.trim()).map(([key, words]) => `${plain(key)}=${plain(words)}`);
  return [...ours, ...labels].join("|");
}
