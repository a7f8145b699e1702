// The board: a row a task, asked of the API block by block; what is looked at is in the address.
import * as address from "./address.js";
import { act, possible } from "./actions.js";
import { doAnew } from "./anew.js";
import { ask, button, make } from "./asking.js";
import { Columns } from "./columns.js";
import { editFilters } from "./filters.js";
import { Following } from "./following.js";
import { Grid } from "./grid.js";
import { editOrder, pickColumns } from "./panels.js";
import { said } from "./said.js";
import { Selection } from "./selection.js";
import { Source } from "./source.js";
import { Views, chooseView } from "./views.js";
import { counted } from "./words.js";

const COUNTED_AT_FIRST = 10000;
const COUNTED_AT_MOST = 10000000;

export class Board {
  constructor(place, given) {
    this.given = given;
    this.columns = new Columns(given);
    this.views = new Views(given);
    this.selection = new Selection(() => this.showSelection());
    this.source = new Source(given.project, { rows: (rows, number) => this.came(rows, number), refused: (error) => this.refused(error) });
    this.total = null;
    this.arrangement = this.remembered();
    this.look = address.read();
    // What comes with the board is known at once; of what is kept the API is asked first.
    if (this.views.builtIn.some((one) => one.view === this.look.view)) this.takeView(this.look.view, this.look.given);
    if (this.look.view === null || this.views.find(this.look.view) || this.look.given) this.source.ahead(this.look.filters, this.look.order);
    this.build(place);
    if (this.look.wrong) this.notice(this.look.wrong, "bad");
    this.following = new Following(this);
    this.back = () => this.lookAgain();
    window.addEventListener("popstate", this.back);
    this.begin();
  }

  build(place) {
    this.viewName = make("span", { dir: "auto" }, "All tasks");
    const viewButton = make("button", { type: "button", class: "an-do an-do-plain an-view-button", "data-hotkey": "v", "aria-label": "Views", onclick: () => this.chooseView() }, icon("bookmarks"), this.viewName, icon("expand_more"));
    const tools = make("div", { class: "an-board-tools" }, viewButton,
      button("Filter", () => this.editFilters(), "plain", { icon: "filter_list", "data-hotkey": "f" }),
      button("Order", () => editOrder({ columns: this.columns, order: this.look.order, apply: (order) => this.change({ order }) }), "plain", { icon: "swap_vert", "data-hotkey": "o" }),
      button("Columns", () => this.pickColumns(), "plain", { icon: "view_column", "data-hotkey": "c" }),
      this.given.may.includes("change_answers") ? button("Redo work", () => doAnew({ given: this.given, done: (position, words) => this.changed(position, words) }), "plain", { icon: "replay" }) : null);
    this.counter = make("span", { class: "an-note", role: "status" });
    this.chips = make("div", { class: "an-board-chips" });
    this.told = make("div", { class: "an-board-told", role: "status" });
    this.gridPlace = make("div", { class: "an-board-grid", "data-keys": "Arrows=Move in the tasks|Enter=Open the task|Space=Select the task|Shift+click=Order by one more column" });
    this.emptyPlace = make("div", { class: "an-board-empty", hidden: true });
    this.bar = make("div", { class: "an-board-bar", role: "region", "aria-label": "What is selected", hidden: true });
    const stage = make("div", { class: "an-board-stage" }, this.gridPlace, this.emptyPlace, this.bar);
    place.replaceChildren(make("div", { class: "an-board-head" }, tools, make("div", { class: "an-space" }), this.counter), this.chips, this.told, stage);
    this.grid = new Grid(this.gridPlace, this.columns, this.selection, this.source, {
      ordered: (order) => { if (order.join("\n") !== this.look.order.join("\n")) this.change({ order }, true); }, arranged: (columns, widths) => this.arrange(columns, widths),
      opened: (task) => { location.href = `/tasks/${Number(task)}`; }, scrolled: () => this.following.scrolled(),
    });
    this.grid.api.setGridAriaProperty("label", "Tasks");
  }

  // Views are asked for only where one is looked at; the others when somebody chooses.
  async begin() {
    const known = this.views.builtIn.find((one) => one.view === this.look.view);
    if (this.look.view !== null && !known) {
      try { await this.views.load(); } catch (error) { this.notice(error.message, "bad"); }
    }
    this.takeView(this.look.view, this.look.given);
    this.start();
  }

  takeView(id, given) {
    const view = id === null ? null : this.views.find(id);
    if (id !== null && !view) { this.notice("There is no such view for you; all tasks are shown.", "bad"); this.look.view = null; }
    if (view && !given) { this.look.filters = view.filters || null; this.look.order = [...view.order]; }
    if (view) this.look.view = view.view;
    this.arrangement = view && view.columns && view.columns.length ? { columns: view.columns, widths: view.widths || {} } : this.remembered();
  }

  // Show what is to be looked at now, from the first row.
  start() {
    const { filters, order } = this.look;
    if (JSON.stringify([this.source.filters, this.source.order]) !== JSON.stringify([filters, order])) { this.source.early = null; this.source.begin(); }
    this.source.filters = filters;
    this.source.order = [...order];
    this.hideEmpty();
    this.grid.arrange(this.arrangement.columns, this.arrangement.widths, order);
    this.grid.begin();
    this.showLook();
    this.count();
  }

  // Something else is to be looked at. What the grid has ordered itself it has asked for already.
  change(changes, byGrid = false) {
    const filtered = "filters" in changes;
    Object.assign(this.look, changes);
    address.write(this.look);
    if (filtered) this.selection.clear();
    this.notice("");
    if (byGrid) { this.showLook(); this.hideEmpty(); } else this.start();
  }

  async lookAgain() {
    this.look = address.read();
    this.selection.clear();
    await this.begin();
  }

  choose(id) {
    this.look = { filters: null, order: [], view: id, given: false };
    this.takeView(id, false);
    // The address of a view is short; what it says is looked up.
    address.write({ filters: null, order: [], view: this.look.view });
    this.selection.clear();
    this.notice("");
    this.start();
  }

  came(rows, number) {
    // What is learnt can be picked from now on; it is shown by itself only where no labeling config says what to show.
    if (this.columns.learn(rows) && number === 0 && !this.given.data_keys.length && this.look.view === null) {
      this.arrangement = this.remembered();
      this.grid.arrange(this.arrangement.columns, this.arrangement.widths, this.source.order);
    }
    if (number === 0 && !rows.length) this.showEmpty();
    else if (number === 0) this.hideEmpty();
  }

  refused(error) {
    if (error.status === 403 || error.status === 404) { this.showRefused(error.message); return; }
    this.notice(error.message, "bad");
  }

  notice(words, kind = "good") { this.told.className = `an-board-told${words ? ` an-told-${kind}` : ""}`; this.told.textContent = words; }

  // Counting looks at every task that no index rules out, so it stops at a bound unless all are asked for.
  async count(upTo = COUNTED_AT_FIRST) {
    this.counting?.abort();
    const mine = (this.counting = new AbortController());
    this.total = null;
    this.counter.textContent = "Counting …";
    try {
      const value = await this.counted(upTo, mine.signal);
      this.total = value.exact ? value.count.toLocaleString("en-US") : null;
      const words = value.exact ? counted(value.count, "task") : `more than ${counted(value.count, "task")}`;
      this.counter.replaceChildren(words, ...(value.exact ? [] : [" · ", make("button", { type: "button", class: "an-link-button", onclick: () => this.count(COUNTED_AT_MOST) }, "count all")]));
      this.showSelection();
    } catch (error) {
      if (error.name !== "AbortError") this.counter.textContent = "";
    }
  }

  // How many there are in all is known without counting.
  async counted(upTo, signal) {
    const path = `/v1/projects/${this.given.project}`;
    if (this.look.filters === null && this.given.tasks >= COUNTED_AT_FIRST) return { count: (await ask("GET", `${path}/progress`, undefined, { signal })).value.tasks, exact: true };
    return (await ask("POST", `${path}/tasks/count`, { filters: this.look.filters, up_to: upTo }, { reads: true, signal })).value;
  }

  showLook() {
    const view = this.look.view === null ? null : this.views.find(this.look.view);
    const same = !view || JSON.stringify([view.filters || null, view.order]) === JSON.stringify([this.look.filters, this.look.order]);
    this.viewName.textContent = view ? `${view.name}${same ? "" : " (changed)"}` : "All tasks";
    const { filters, order } = this.look;
    const items = filters ? (filters.conjunction === "or" && filters.items.length > 1 ? [filters] : filters.items) : [];
    const without = (index) => { const left = items.filter((_, at) => at !== index); return left.length ? { conjunction: "and", items: left } : null; };
    const chip = (words, label, open, drop) => make("span", { class: "an-chip" },
      make("button", { type: "button", class: "an-chip-words", dir: "auto", onclick: open, title: words }, words), button("", drop, "icon", { icon: "close", "aria-label": label }));
    this.chips.replaceChildren(
      ...items.map((item, index) => { const words = said(item, this.columns); return chip(words, `Remove the filter ${words}`, () => this.editFilters(), () => this.change({ filters: without(index) })); }),
      ...order.map((name, index) => { const words = `${name.startsWith("-") ? "↓" : "↑"} ${this.columns.get(name.replace(/^-/, "")).heading}`; return chip(words, `Do not order by ${words.slice(2)}`, () => editOrder({ columns: this.columns, order, apply: (next) => this.change({ order: next }) }), () => this.change({ order: order.filter((_, at) => at !== index) })); }));
    this.chips.hidden = !items.length && !order.length;
  }

  showSelection() {
    const empty = this.selection.isEmpty;
    this.bar.hidden = empty;
    if (empty) return;
    const words = this.selection.words(this.total);
    if (this.bar.firstChild) { this.bar.firstChild.textContent = words; return; }
    this.bar.append(make("strong", { role: "status" }, words),
      ...possible(this.given).map((action) => button(action.words, () => this.act(action), "bar", { icon: action.icon })),
      button("", () => { this.selection.clear(); this.grid.marked(); }, "icon", { icon: "close", "aria-label": "Select nothing" }));
  }

  act(action) {
    if (this.selection.tooMany) { this.notice(this.selection.all ? "At most 10,000 tasks can be left out." : "At most 1,000 tasks can be picked one by one; take a filter and select all.", "bad"); return; }
    (action.open || act)({ action, given: this.given, selected: this.selection.body(this.look.filters), words: `${this.selection.words(this.total)}.`, done: (position) => this.changed(position) });
  }

  // Something was done from here: show it as soon as the read models have it.
  async changed(position, words = "") {
    this.source.least = position;
    this.anew();
    if (words) this.notice(words);
  }

  // The same again, from the first row.
  anew() {
    this.source.early = null;
    this.source.begin();
    this.grid.api.purgeInfiniteCache();
    this.count();
  }

  editFilters() { editFilters({ columns: this.columns, given: this.given, filters: this.look.filters, apply: (filters) => this.change({ filters }) }); }
  pickColumns() { pickColumns({ columns: this.columns, shown: this.grid.shown(), apply: (names) => { this.arrange(names, this.grid.widths()); this.grid.arrange(names, this.arrangement.widths, this.look.order); } }); }
  async chooseView() {
    try { await this.views.load(); } catch (error) { this.notice(error.message, "bad"); return; }
    const look = { filters: this.look.filters, order: this.look.order, columns: this.grid.shown(), widths: this.grid.widths() };
    chooseView({ views: this.views, current: this.look.view, look, choose: (id) => this.choose(id), removed: (id) => { if (id === this.look.view) this.choose(null); } });
  }

  // How columns stand without a view is this browser's own, by project.
  remembered() {
    const usual = { columns: this.columns.usual(), widths: {} };
    try {
      const kept = JSON.parse(localStorage.getItem(this.memory)) || usual;
      return Array.isArray(kept.columns) && kept.columns.length ? kept : usual;
    } catch { return usual; }
  }
  get memory() { return `annolog_board_${this.given.project}_${this.given.person}`; }
  arrange(columns, widths) {
    this.arrangement = { columns, widths };
    if (this.look.view === null || typeof this.look.view === "string") localStorage.setItem(this.memory, JSON.stringify(this.arrangement));
  }

  showEmpty() {
    const filtered = this.look.filters !== null;
    const inside = filtered
      ? [icon("filter_alt_off"), make("p", { class: "an-empty-title" }, "No task meets the filter"), make("p", { class: "an-note" }, "Take a condition away, or look at another view."), button("Show all tasks", () => this.choose(null), "plain")]
      : [icon("inbox"), make("p", { class: "an-empty-title" }, "There are no tasks yet"), make("p", { class: "an-note" }, ...(this.given.may.includes("import_tasks") ? [make("a", { class: "an-link", href: `/projects/${this.given.project}/settings/tasks` }, "Import some"), " in the settings, or over the API."] : ["A manager imports them."]))];
    this.emptyPlace.replaceChildren(make("div", { class: "an-empty" }, ...inside));
    this.emptyPlace.hidden = false;
  }
  hideEmpty() { this.emptyPlace.hidden = true; }
  showRefused(words) {
    this.emptyPlace.replaceChildren(make("div", { class: "an-empty" }, icon("block"), make("p", { class: "an-empty-title" }, "That is not shown to you"), make("p", { class: "an-note" }, words), button("Show all tasks", () => this.choose(null), "plain")));
    this.emptyPlace.hidden = false;
    this.counter.textContent = "";
  }

  close() { this.following.stop(); window.removeEventListener("popstate", this.back); this.grid.api.destroy(); }
}

function icon(name) { return make("i", { class: "q-icon notranslate material-icons", "aria-hidden": "true" }, name); }
