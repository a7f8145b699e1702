// What has been answered: Label Studio's result items, changed without losing anything of what nobody touched.

import { randomId, same } from "./dom.js";

const MOST_STEPS = 200;
const ONE_GO_MS = 1000;

/**
 * The items of a result and how they came about. An item is never changed in place: whoever holds `items` can tell what
 * has changed by comparing references, and taking a step back is putting the former list in place.
 */
export class Answers {
  constructor(result, suggested = false) {
    this.items = structuredClone(result);
    if (suggested) this.items = this.items.map((item) => (item.origin === undefined && item.type !== "relation" ? { ...item, origin: "prediction" } : item));
    this.settle = (before, after) => after;
    this._listeners = [];
    this._past = [];
    this._future = [];
    this._go = "";
    this._goAt = 0;
  }

  /** Hear of every change: what there was and what there is. */
  listen(listener) { this._listeners.push(listener); }

  /** Put other items in place as one step. Steps of the same `go` soon after each other are one, as typing is. */
  put(items, go = "") {
    const next = this.settle(this.items, items);
    if (next.length === this.items.length && next.every((item, at) => item === this.items[at])) return;
    const goesOn = go && go === this._go && Date.now() - this._goAt < ONE_GO_MS;
    if (!goesOn) {
      this._past.push(this.items);
      if (this._past.length > MOST_STEPS) this._past.shift();
    }
    this._future = [];
    this._go = go;
    this._goAt = Date.now();
    this._become(next);
  }

  get canUndo() { return this._past.length > 0; }
  get canRedo() { return this._future.length > 0; }

  undo() { this._step(this._past, this._future); }
  redo() { this._step(this._future, this._past); }

  /** What to submit. */
  result() { return structuredClone(this.items); }

  /** The item that answers a control, for one region where it asks about each. */
  of(control, region = null) {
    return this.items.find((item) => answers(item, control, region));
  }

  /** Answer a control; null takes the answer back. What else the item says is kept. */
  answer(control, region, value, { about = {}, go = "" } = {}) {
    const at = this.items.findIndex((item) => answers(item, control, region));
    if (value === null) {
      if (at >= 0) this.put(this.items.filter((_, place) => place !== at), go);
    } else if (at >= 0) {
      const item = this.items[at];
      const next = { ...item.value, ...value };
      if (!same(item.value, next)) this.put(this.items.with(at, touched(item, next)), go);
    } else {
      const { value: where = {}, ...frame } = about;
      const item = { ...frame, value: { ...where, ...value }, id: region ?? randomId(), from_name: control.name, to_name: about.to_name ?? control.targets[0], type: control.type, origin: "manual" };
      this.put([...this.items, item], go);
    }
  }

  _step(from, to) {
    if (!from.length) return;
    to.push(this.items);
    this._go = "";
    this._become(from.pop());
  }

  _become(items) {
    const before = this.items;
    this.items = items;
    for (const listener of this._listeners) listener(before, items);
  }
}

function answers(item, control, region) {
  return item.from_name === control.name && item.type === control.type && (!control.perRegion || item.id === region);
}

/** An item with another value; a suggestion that somebody changed says so. */
export function touched(item, value, more = {}) {
  const changed = { ...item, ...more, value };
  if (item.origin === "prediction") changed.origin = "prediction-changed";
  return changed;
}
