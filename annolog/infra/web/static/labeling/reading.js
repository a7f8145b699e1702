// A text marked by keyboard: arrows go from word to word, Shift extends, Alt with Shift goes by single characters.

import { nextCharacter, Words } from "./offsets.js";

/** The selection in a surface as `[start, end]` in code units, null where there is none. */
export function selectionIn(surface, element) {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const [start, end] = [surface.unit(range.startContainer, range.startOffset), surface.unit(range.endContainer, range.endOffset)];
  return start !== null && end !== null && start < end ? [start, end] : null;
}

/** Give an element with a surface its keys; `choose` gets the spans at the selection on Enter. */
export function readByKeys(surface, element, choose) {
  const words = new Words(surface.text);
  let anchor = 0, focus = 0;

  const select = (from, to) => {
    [anchor, focus] = [from, to];
    const [one, other] = [surface.place(from), surface.place(to)];
    if (!one || !other) return;
    document.getSelection().setBaseAndExtent(...one, ...other);
    other[0].parentElement.scrollIntoView?.({ block: "nearest" });
  };
  const known = () => {
    const found = selectionIn(surface, element);
    if (found && (Math.min(anchor, focus) !== found[0] || Math.max(anchor, focus) !== found[1])) [anchor, focus] = found;
    return found;
  };
  const go = (step, extend) => {
    const all = words.all;
    if (!all.length) return;
    const found = known();
    if (!found) { select(...all[words.at(Math.min(anchor, focus))]); return; }
    if (!extend) {
      const [start, end] = found;
      const at = step > 0 ? words.at(end) : words.at(start) - 1;
      const next = step > 0 && all[at][1] <= end ? at + 1 : at;
      if (all[next]) select(...all[next]);
      return;
    }
    const forward = focus >= anchor;
    if (step > 0) {
      const at = words.at(focus);
      if (forward) { const next = all[at][1] <= focus ? null : all[at]; if (next) select(anchor, next[1]); }
      else { const next = all[at + 1]; if (next && next[0] < anchor) select(anchor, next[0]); }
    } else if (forward && words.at(anchor) !== words.at(Math.max(focus - 1, 0))) {
      const before = all[words.at(Math.max(focus - 1, 0)) - 1];
      if (before) select(anchor, before[1]);
    } else {
      const start = Math.min(anchor, focus);
      const before = all[words.at(start) - (words.all[words.at(start)][0] >= start ? 1 : 0)];
      if (before) select(Math.max(anchor, focus), before[0]);
    }
  };
  const letter = (step) => {
    if (!known()) return;
    const next = nextCharacter(surface.text, focus, step);
    if (next !== anchor) select(anchor, next);
  };
  const line = (step) => {
    const selection = document.getSelection();
    if (!known()) { go(step, false); return; }
    const box = selection.getRangeAt(0).getBoundingClientRect();
    const y = step > 0 ? box.bottom + box.height / 2 + 4 : box.top - box.height / 2 - 4;
    const place = document.caretRangeFromPoint?.(box.left + 2, y);
    const unit = place && element.contains(place.startContainer) ? surface.unit(place.startContainer, place.startOffset) : null;
    if (unit !== null) select(...words.all[words.at(unit)]);
  };

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.target !== element) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && event.altKey && !event.shiftKey) return;
    if (step) { if (event.altKey) letter(step); else go(step, event.shiftKey); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") line(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Home" && words.all.length) select(...words.all[0]);
    else if (event.key === "End" && words.all.length) select(...words.all.at(-1));
    else if (event.key === "Enter" && known()) choose(surface.at(surface.place(Math.min(anchor, focus))[0]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
