// Keys: those that the config names, others by turns, and the ones for working with regions. What is shown is true.

import { keyHint, shownKey } from "./dom.js";

// `t`, `g` and `/` belong to the pages around.
const TURNS = [..."1234567890qweasdfzxcvbyiopjklnmrh"];
const MODIFIERS = ["ctrl", "alt", "shift"];

/** What may be done by key, and by which unless somebody prefers others. */
export const ACTIONS = {
  undo: "ctrl+z", redo: "ctrl+y,ctrl+shift+z", delete: "delete,backspace", delete_all: "ctrl+backspace", unselect: "escape",
  next: "alt+.", previous: "alt+,", hide: "alt+h", relation: "alt+r", play: "alt+p", back: "alt+j", forward: "alt+l",
};

/** A combination in one form: `Shift+Ctrl+Z` as `ctrl+shift+z`. */
export function combination(text) {
  const parts = text.toLowerCase().trim().split("+").map((part) => part.trim()).filter(Boolean);
  const key = parts.find((part) => !MODIFIERS.includes(part) && part !== "command" && part !== "meta") ?? "";
  const held = MODIFIERS.filter((one) => parts.includes(one) || (one === "ctrl" && (parts.includes("command") || parts.includes("meta"))));
  return key && key.length < 12 ? [...held, key].join("+") : "";
}

// A comma at the end is the key itself.
const several = (text) => String(text ?? "").split(/\s*,(?=\S)\s*|\s+/).filter(Boolean);

const ON_THE_KEY = { Period: ".", Comma: "," };

/** The combination that is pressed, in the form of `combination`, but for the space bar by its name; "" for a modifier. */
export function pressed(event) {
  if (["Control", "Alt", "Shift", "Meta", "AltGraph"].includes(event.key)) return "";
  let key = event.key === " " ? "space" : event.key.toLowerCase();
  // With Alt, keyboards write other characters than the one on the key.
  if (event.altKey) key = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? ON_THE_KEY[event.code] ?? key;
  const shift = event.shiftKey && (key.length > 1 || event.ctrlKey || event.altKey || /[a-z]/.test(key));
  return [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", shift ? "shift" : "", key].filter(Boolean).join("+");
}

/** Whether somebody writes there, where a key is a letter. */
export const typing = (target) => target instanceof Element
  && (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=range], [type=button])"));

// Where several components are on a page, keys belong to the one last worked in.
let inUse = null;

export class Keys {
  constructor(desk, preferred = {}) {
    this._desk = desk;
    this._preferred = preferred;
    this._acts = new Map();
    this._wishes = [];
    this._before = 0;
    if (!desk.readonly) inUse = this;
    desk.during(window, "keydown", (event) => this._heard(event), true);
    desk.during(desk.root, "pointerdown", () => this._use(), true);
    desk.during(desk.root, "focusin", () => this._use());
  }

  /** What to do for an action's keys. */
  on(action, act) {
    for (const one of several(this._preferred[action] ?? ACTIONS[action])) {
      const key = combination(one);
      if (key && !this._acts.has(key)) this._acts.set(key, act);
    }
  }

  /** What to do for a key that nobody can move. */
  bind(key, act) { if (!this._acts.has(key)) this._acts.set(key, act); }

  /** The first key of an action, to be shown. */
  of(action) { return combination(several(this._preferred[action] ?? ACTIONS[action])[0] ?? ""); }

  /** Wish for a key for a label or choice: the one somebody prefers, or the config's, or any. `shown` gets its hint. */
  wish(name, own, act, shown) { this._wishes.push({ name, own, act, shown }); }

  /** Give out what was wished for, once everything is known. */
  assign() {
    const free = TURNS.values();
    const take = (wish, key) => { if (!key || this._acts.has(key)) return false; this._acts.set(key, wish.act); wish.key = key; return true; };
    for (const wish of this._wishes) {
      const wanted = [Object.hasOwn(this._preferred, wish.name) ? this._preferred[wish.name] : "", ...several(wish.own)].map((one) => combination(String(one)));
      wanted.some((key) => take(wish, key));
    }
    for (const wish of this._wishes) {
      while (!wish.key) {
        const next = free.next();
        if (next.done || take(wish, next.value)) break;
      }
      if (wish.key) {
        wish.shown?.append(keyHint(wish.key));
        wish.shown?.closest("[data-keyed]")?.setAttribute("aria-keyshortcuts", wish.key.split("+").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("+"));
      }
    }
    this._wishes = [];
  }

  /** All keys with words, for the help of the page. */
  help() {
    const words = { undo: "Undo", redo: "Redo", delete: "Delete the selected region", unselect: "Select nothing", next: "Next region", previous: "Previous region", hide: "Hide or show the selected region" };
    return Object.entries(words).map(([action, word]) => `${shownKey(this.of(action))}=${word}`).join("|");
  }

  _use() { if (!this._desk.readonly) inUse = this; }

  _heard(event) {
    if (event.defaultPrevented || event.isComposing || typing(event.target) || document.querySelector("dialog[open], .q-dialog")) return;
    if (this._desk.readonly ? !this._desk.root.contains(event.target) : inUse !== this) return;
    const key = pressed(event);
    // After `g` the pages around wait for a second key.
    const waiting = Date.now() - this._before < 1200;
    this._before = key === "g" ? Date.now() : 0;
    const act = waiting ? null : this._acts.get(key);
    if (act && act(event) !== false) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Leave the keys to others. */
  end() { if (inUse === this) inUse = null; }
}
