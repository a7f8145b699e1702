// Which editor a task is shown in: our own, or the full one in its frame. Kept in this browser, for each person and project.

import { readConfig } from "/static/labeling/config.js";
import { mount as mountOwn } from "/static/labeling/mount.js";
import { undrawn } from "/static/labeling/undrawn.js";
import { none } from "/static/full_editor/frames.js";
import { mount as mountFull } from "/static/full_editor/mount.js";
import { undrawnInFull } from "/static/full_editor/tags.js";
import { make } from "./elements.js";

const OWN = "built-in";
const FULL = "full";
const MOST_NAMED = 6;

/** The choice of one person in one project; `installed` is what holds for the full editor (`mostBytes`), if it is there. */
export class Editors {
  constructor(person, project, installed) {
    this.installed = Boolean(installed);
    this._limits = installed || {};
    this._place = `annolog.editor.${person}.${project}`;
    this._chosen = null;
    try { this._chosen = localStorage.getItem(this._place); } catch { /* nothing is kept here */ }
    this._known = new Map();
  }

  /** What there is to know of a config: `{needed, possible, lacking}`; tags that ours lacks, and those that both do. */
  of(config) {
    if (!this._known.has(config)) this._known.set(config, known(config));
    return this._known.get(config);
  }

  /** Whether one can choose. */
  offered(config) { return this.installed && this.of(config).possible; }

  /** Whether a config is shown in the full editor: as somebody chose, otherwise where ours lacks something. */
  isFull(config) {
    if (!this.offered(config)) return false;
    return this._chosen === FULL || (this._chosen !== OWN && this.of(config).needed.length > 0);
  }

  /** What the editor is called in which a task is not shown, or "" where there is no choice. */
  otherThan(opened) {
    if (!opened || !this.offered(opened.config)) return "";
    return opened.full ? "Built-in editor" : "Full editor";
  }

  choose(full) {
    this._chosen = full ? FULL : OWN;
    try { localStorage.setItem(this._place, this._chosen); } catch { /* it holds as long as the page */ }
  }

  mount(element, full, options) {
    if (!full) none();
    return full ? mountFull(element, { ...options, ...this._limits }) : mountOwn(element, options);
  }

  /** Say once what of a config is drawn by neither editor, or would be by the one that is not there. */
  say(config, looks) {
    if (this._said === config) return;
    this._said = config;
    const found = this._notice(config);
    if (found) looks.notice(found); else looks.notices.querySelector('[data-name="editor"]')?.remove();
  }

  _notice(config) {
    const { needed, possible, lacking } = this.of(config);
    if (!needed.length || this.offered(config)) return null;
    const title = `Not drawn here: ${named(needed)}`;
    if (!possible) return { title, words: `The full Label Studio editor has no ${named(lacking)} either. Answers to these that exist are kept.`, kind: "info", name: "editor" };
    const how = make("span", {}, "It is not installed on this server. Whoever runs it installs it with ", make("code", {}, "make editor"), ".");
    return { title, words: "The full Label Studio editor draws them.", lines: [how], kind: "info", name: "editor" };
  }
}

function known(config) {
  try {
    const tree = readConfig(config);
    const lacking = undrawnInFull(tree);
    return { needed: undrawn(tree), possible: !lacking.length, lacking };
  } catch {
    // What is wrong with it the component says in its place.
    return { needed: [], possible: false, lacking: [] };
  }
}

function named(tags) {
  const words = [...new Set(tags.map((tag) => (tag.get("name") ? `${tag.name} “${tag.get("name")}”` : tag.name).slice(0, 80)))];
  return words.length > MOST_NAMED ? `${words.slice(0, MOST_NAMED).join(", ")} and ${words.length - MOST_NAMED} more` : words.join(", ");
}
