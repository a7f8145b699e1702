// Which key does what: Label Studio's, unless somebody prefers others. Kept in this browser, for each person.

import { ACTIONS as REGION_KEYS, combination, pressed } from "/static/labeling/keys.js";

/** What can be done by key on every page of work: words and the usual key. */
export const EVERYWHERE = {
  comments: { words: "Write a comment", key: "alt+c" },
  instructions: { words: "Instructions", key: "alt+i" },
  keys: { words: "Change keys", key: "alt+k" },
};

/** What can be done on the labeling page. */
export const PAGE_ACTIONS = {
  submit: { words: "Submit", key: "ctrl+enter" },
  update: { words: "Update", key: "alt+enter" },
  skip: { words: "Skip", key: "ctrl+space" },
  back: { words: "Previous task", key: "alt+pageup" },
  next: { words: "Next task", key: "alt+pagedown" },
  ...EVERYWHERE,
  editor: { words: "Switch between the editors", key: "alt+m" },
  save: { words: "Save the draft now", key: "ctrl+s" },
};
const REGION_WORDS = {
  undo: "Undo", redo: "Redo", delete: "Delete the selected region", delete_all: "Delete all regions", unselect: "Select nothing",
  next: "Next region", previous: "Previous region", hide: "Hide or show the selected region", relation: "Relate regions",
  play: "Play or pause", back: "Back in sound or video", forward: "Forward in sound or video",
};
/** What can be done with regions by key. */
export const REGION_ACTIONS = Object.fromEntries(Object.entries(REGION_KEYS).map(([name, key]) => [name, { words: REGION_WORDS[name] ?? name, key }]));

const usual = (actions, name) => combination(actions[name].key.split(",")[0]);

/** The keys of one person in one project, on a page with these `actions`, whose keys are kept under the name `page`. */
export class Keymap {
  constructor(person, project, actions = PAGE_ACTIONS, page = "page") {
    this.actions = actions;
    this._page = page;
    this._place = `annolog.keys.${person}`;
    this._project = String(project);
    this._kept = { page: {}, review: {}, region: {}, labels: {} };
    try {
      const found = JSON.parse(localStorage.getItem(this._place) ?? "{}");
      for (const group of Object.keys(this._kept)) if (found[group] && typeof found[group] === "object") this._kept[group] = found[group];
    } catch { /* what cannot be read counts for nothing */ }
  }

  /** The key of an action of the page. */
  page(name) { return this._kept[this._page][name] ?? usual(this.actions, name); }

  /** The keys of all actions of the page. */
  get all() { return Object.keys(this.actions).map((name) => this.page(name)); }

  /** The key of an action with regions. */
  region(name) { return this._kept.region[name] ?? usual(REGION_ACTIONS, name); }

  /** The key that somebody prefers for a label (`control/label`), or "". */
  label(name) { return this._kept.labels[this._project]?.[name] ?? ""; }

  /** What the labeling component is to know. */
  get ofComponent() { return { ...this._kept.region, ...(this._kept.labels[this._project] ?? {}) }; }

  /** Keep other keys: `{page, region, labels}`, each by name; what is as usual is not kept. */
  keep({ page, region, labels }) {
    const differing = (actions, given) => Object.fromEntries(Object.entries(given).filter(([name, key]) => key && key !== usual(actions, name)));
    this._kept[this._page] = differing(this.actions, page);
    this._kept.region = differing(REGION_ACTIONS, region);
    this._kept.labels[this._project] = Object.fromEntries(Object.entries(labels).filter(([, key]) => key));
    localStorage.setItem(this._place, JSON.stringify(this._kept));
  }

  /** The action of the page that an event asks for, or null. */
  actionOf(event) {
    const key = pressed(event);
    return key ? Object.keys(this.actions).find((name) => this.page(name) === key) ?? null : null;
  }
}

// Browsers keep these for themselves, and pages around ours use the others.
const TAKEN = { "ctrl+t": "the browser", "ctrl+w": "the browser", "ctrl+n": "the browser", "ctrl+shift+t": "the browser", "ctrl+shift+n": "the browser", "ctrl+k": "search", g: "going to pages", t: "light and dark", "/": "search", "?": "help", tab: "the browser", "shift+tab": "the browser" };

/** What speaks against a set of keys `[{name, words, key}]`: by name, in words. */
export function conflicts(rows) {
  const by = new Map();
  for (const row of rows) if (row.key) by.set(row.key, [...(by.get(row.key) ?? []), row]);
  const found = new Map();
  for (const [key, same] of by) {
    for (const row of same) {
      const other = same.find((one) => one !== row);
      if (TAKEN[key]) found.set(row.name, `is used by ${TAKEN[key]}`);
      else if (other) found.set(row.name, `is also “${other.words}”`);
    }
  }
  return found;
}
