// Texts with regions in them: what Text and HyperText have in common.

import { make } from "./dom.js";
import { addRegion, moveRegion, unchanged } from "./regions.js";
import { wholeCharacters, Words, nextCharacter } from "./offsets.js";
import { readByKeys, selectionIn } from "./reading.js";

/**
 * Show regions in a surface and make new ones. `find(region)` gives `[start, end]` in code units or null;
 * `describe(start, end)` gives the place as a result says it.
 */
export function markable(desk, tag, surface, element, { find, describe }) {
  const name = tag.get("name");
  const fine = tag.get("granularity") !== "word";
  let shown = new Map();

  const show = () => {
    const next = new Map();
    for (const region of desk.regions.values()) {
      if (region.target !== name || region.shape !== "span" || desk.hidden.has(region.id)) continue;
      const before = shown.get(region.id);
      const look = desk.lookOf(region.id);
      if (before && unchanged(before.region, region) && before.look === look) next.set(region.id, before);
      else {
        const place = find(region);
        if (place) next.set(region.id, { id: region.id, start: place[0], end: place[1], color: desk.colorOf(region), words: region.labels.join(", "), look, region });
      }
    }
    for (const ghost of desk.ghosts(name, "span")) {
      const place = find(ghost.region);
      if (place) next.set(ghost.id, shown.get(ghost.id) ?? { id: ghost.id, start: place[0], end: place[1], color: ghost.color, words: `${ghost.who}: ${ghost.region.labels.join(", ")}`, look: "ghost", region: ghost.region });
    }
    shown = next;
    surface.show(next);
  };

  const choose = (spans) => {
    const own = spans.filter((span) => span.look !== "ghost");
    if (!own.length) return;
    const at = own.findIndex((span) => span.id === desk.selected);
    desk.select(own[(at + 1) % own.length].id, "text");
  };

  /** Make a region of what is selected, with the labels of one control. */
  const mark = (control, labels) => {
    const found = selectionIn(surface, element);
    if (!found || desk.readonly || !control.targets.includes(name)) return false;
    const [start, end] = fine ? wholeCharacters(surface.text, ...found) : wholeWords(surface.text, ...found);
    document.getSelection().removeAllRanges();
    const id = addRegion(desk.answers, name, describe(start, end), [{ control, labels }]);
    desk.select(id, "text");
    desk.say(`${labels.join(", ")}: ${surface.text.slice(start, end).slice(0, 80)}`);
    return true;
  };

  /** Move an end of the selected span by a character. */
  const stretch = (step, first) => {
    const span = shown.get(desk.selected);
    if (!span || desk.readonly) return false;
    const start = first ? nextCharacter(surface.text, span.start, step) : span.start;
    const end = first ? span.end : nextCharacter(surface.text, span.end, step);
    if (start >= end) return true;
    moveRegion(desk.answers, span.id, describe(start, end), `stretch-${span.id}`);
    return true;
  };

  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && element.contains(link) && tag.get("clickableLinks") !== "true") event.preventDefault();
    if (!selectionIn(surface, element)) choose(surface.at(event.target));
  });
  desk.during(document, "pointerup", () => {
    const active = desk.activeFor(name, (control) => control.marks);
    if (active && !desk.readonly) setTimeout(() => { if (selectionIn(surface, element)) mark(active.control, active.labels); }, 0);
  });
  readByKeys(surface, element, choose);
  desk.watch(show);
  desk.onSelect((id, from) => {
    surface.select(id);
    if (from !== "text") surface.reveal(id);
  });
  desk.surfaces.set(name, { mark, stretch, pending: () => selectionIn(surface, element) !== null });
}

function wholeWords(text, start, end) {
  const words = new Words(text);
  if (!words.all.length) return [start, end];
  const [first, last] = [words.all[words.at(start)], words.all[words.at(Math.max(end - 1, 0))]];
  return [Math.min(first[0], start), Math.max(last[1], end)];
}

/** The frame of an object that is read: its name for those who cannot see it, and a place to put the keys. */
export function readable(desk, tag, words, ...children) {
  const keys = desk.readonly ? "" : " Arrow keys go from word to word, Shift extends; a label's key marks what is selected.";
  // No `dir="auto"`: it would look through the whole text after every change. Style sheets give each line its direction.
  return make("div", { class: "an-lb-text", tabindex: "0", role: "group", "aria-label": `${words} ${tag.get("name")}.${keys}` }, ...children);
}

