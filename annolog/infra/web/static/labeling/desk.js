// What everything in the component shares: the answers, what is selected, and who wants to hear of it.

import { Answers } from "./answers.js";
import { make } from "./dom.js";
import { colorOf } from "./colors.js";
import { flat } from "./config.js";
import { about, regionsOf } from "./regions.js";

export class Desk {
  constructor(root, options, purify) {
    this.root = root;
    this.data = options.data ?? {};
    this.readonly = options.readonly !== false;
    this.compact = options.compact === true;
    this.purify = purify;
    this.answers = new Answers(options.result ?? [], options.suggested === true);
    this.controls = new Map();
    this.objects = new Map();
    this.surfaces = new Map();
    this.active = null;
    this.selected = null;
    this.hidden = new Set();
    this.differences = null;
    this._watchers = [];
    this._selecting = [];
    this._handlers = new Map();
    this._ending = new AbortController();
    this._status = make("div", { class: "an-visually-hidden", role: "status" });
    root.append(this._status);
    this.answers.listen((before, after) => this._changed(before, after));
  }

  get regions() { return regionsOf(this.answers.items); }
  get region() { return this.regions.get(this.selected) ?? null; }

  /** Be called now and after every change. */
  watch(act) { this._watchers.push(act); act(); }

  /** Be called with the id of the region that is selected, or null, and with the place where that was done. */
  onSelect(act) { this._selecting.push(act); }

  /** Listen to something of the page for as long as the component is there. */
  during(target, event, act, capture = false) { target.addEventListener(event, act, { capture, signal: this._ending.signal }); }

  on(event, handler) {
    if (!this._handlers.has(event)) this._handlers.set(event, new Set());
    this._handlers.get(event).add(handler);
    return () => this._handlers.get(event).delete(handler);
  }

  emit(event, ...given) { for (const handler of this._handlers.get(event) ?? []) handler(...given); }

  /** Tell those who listen instead of looking. */
  say(words) { this._status.textContent = words; }

  select(id, from = "") {
    const found = this.regions.has(id) ? id : null;
    if (found === this.selected) return;
    this.selected = found;
    for (const act of this._selecting) act(found, from);
    for (const act of this._watchers) act();
    this.emit("select", found);
  }

  hide(id, hidden) {
    if (hidden) this.hidden.add(id); else this.hidden.delete(id);
    this.refresh();
  }

  refresh() { for (const act of this._watchers) act(); }

  /** Labels to be used for what is marked next: of one control, or none. */
  activate(control, labels) {
    this.active = labels === null ? null : { control, labels };
    this.refresh();
  }

  /** The labels to be used on an object, if its control fits. */
  activeFor(target, fits) {
    const { active } = this;
    return active && active.control.targets.includes(target) && fits(active.control) ? active : null;
  }

  /** The region about which a control asks now, undefined where it asks for one and none is selected. */
  regionFor(control) {
    if (!control.perRegion) return null;
    return this.region && control.targets.includes(this.region.target) ? this.region.id : undefined;
  }

  answerTo(control) {
    const region = this.regionFor(control);
    return region === undefined ? undefined : this.answers.of(control, region);
  }

  setAnswer(control, value, go = "") {
    const region = this.regionFor(control);
    if (this.readonly || region === undefined) return;
    this.answers.answer(control, region, value, { about: region ? about(this.regions.get(region)) : {}, go });
  }

  /** The colour of a region: that of its first label. */
  colorOf(region) {
    for (const item of region.items) {
      const control = this.controls.get(item.from_name);
      const color = control?.colors?.get(region.labels[0]);
      if (color) return color;
    }
    return "#6b7280";
  }

  /** `differs`, where others see a region otherwise. */
  lookOf(id) { return this.differences?.regions.has(id) ? "differs" : ""; }

  /** What others marked on an object and this answer does not have. */
  ghosts(target, shape) { return this.differences?.ghosts.filter((one) => one.region.target === target && one.region.shape === shape) ?? []; }

  end() {
    this._ending.abort();
    this.emit("end");
  }

  _changed(before, after) {
    if (this.selected !== null && !regionsOf(after).has(this.selected)) {
      this.selected = null;
      for (const act of this._selecting) act(null, "");
      this.emit("select", null);
    }
    this.emit("before-refresh", before, after);
    this.refresh();
    this.emit("change", after);
  }
}

/** What is known of a control tag: its name, its answers' type, its labels with their colours. */
export function controlOf(tag, options) {
  const key = tag.key;
  const labels = key.endsWith("labels");
  const colors = new Map(flat(options).map((option, place) => [option.value, colorOf(option.color, place)]));
  const choice = tag.get("choice").toLowerCase();
  return {
    tag, options, colors, name: tag.get("name"), type: key, targets: tag.targets, many: choice === "multiple",
    perRegion: tag.says("perRegion") && !labels, required: tag.says("required"),
    marks: key === "labels" || key === "hypertextlabels", draws: key === "rectanglelabels" || key === "rectangle" || key === "labels",
  };
}
