// Views: those that come with the board, those that all see, and one's own.
import { ask, button, labelled, make } from "./asking.js";

const is = (filter, operator, value) => ({ filter, operator, value });
const all = (...items) => ({ conjunction: "and", items });

// What people look for most. By the API's own columns, so each can be changed and kept as another view.
export function builtIn(given) {
  const mine = { conjunction: "or", items: ["annotators", "assignees", "reviewers"].map((name) => is(name, "contains", given.person)) };
  const found = [
    { view: "contested", name: "Most contested", note: "asked of more people, and agreed on least", filters: all(is("agreement", "empty", false)), order: ["agreement", "-additional_slots"], agreement: true },
    { view: "review", name: "Needs review", note: "waiting for a verdict", filters: all(is("state", "in_list", ["needs_review", "review_in_progress"])), order: ["-completed_at"] },
    { view: "stuck", name: "Stuck", note: "nobody is left, or nobody agreed", filters: all(is("flag", "in_list", ["exhausted", "infeasible", "empty"])), order: ["-updated_at"], agreement: true },
    { view: "discussed", name: "Unresolved comments", note: "somebody waits for a word", filters: all(is("unresolved_comment_count", "greater", 0)), order: ["-last_comment_at"] },
    { view: "skipped", name: "Skipped", note: "somebody passed on it", filters: all(is("skip_count", "greater", 0)), order: ["-skip_count"] },
    { view: "mine", name: "Mine", note: "I annotate or review it", filters: all(mine), order: ["-updated_at"], names: true },
    { view: "deleted", name: "Deleted", note: "to be restored", filters: all(is("deleted", "equal", true)), order: ["-updated_at"], needs: "delete_tasks" },
  ];
  return found.filter((one) => (!one.agreement || given.agreement_shown) && (!one.names || given.names_shown) && (!one.needs || given.may.includes(one.needs)));
}

export class Views {
  constructor(given) { this.given = given; this.path = `/v1/projects/${given.project}/views`; this.kept = []; this.builtIn = builtIn(given); }
  async load() { this.kept = (await ask("GET", this.path)).value.views; }
  find(id) { return this.builtIn.find((one) => one.view === id) || this.kept.find((one) => String(one.view) === String(id)) || null; }
  mayChange(view) { return typeof view.view === "number" && (view.shared ? this.given.may.includes("configure") : view.owner === this.given.person); }

  async save(view, body) {
    const { value } = view === null ? await ask("POST", this.path, body) : await ask("PUT", `${this.path}/${view}`, body);
    await this.load();
    return value.view;
  }
  async remove(view) { await ask("DELETE", `${this.path}/${view}`); await this.load(); }
}

export function chooseView({ views, current, look, choose, removed }) {
  const wrong = make("p", { class: "an-wrong", role: "alert" });
  const place = make("div", { class: "an-views" });
  const dialog = window.annolog.overlay("Views", place, wrong, make("div", { class: "an-actions an-dialog-actions" },
    button("Keep what is shown as a view", () => { dialog.close(); keepView({ views, look, choose }); }, "primary", { icon: "bookmark_add" })));

  function draw() {
    const section = (title, members) => (members.length ? [make("h3", {}, title), make("ul", { class: "an-view-list", "aria-label": title }, ...members.map(row))] : []);
    place.replaceChildren(
      make("ul", { class: "an-view-list" }, row({ view: null, name: "All tasks", note: "" })),
      ...section("For everybody", [...views.builtIn, ...views.kept.filter((one) => one.shared)]),
      ...section("My own", views.kept.filter((one) => !one.shared)));
  }
  function row(view) {
    const pick = make("button", { type: "button", class: "an-view", "aria-current": view.view === current ? "true" : null, onclick: () => { dialog.close(); choose(view.view); } },
      make("span", { dir: "auto" }, view.name), view.note ? make("span", { class: "an-note" }, view.note) : null);
    const change = views.mayChange(view) ? [
      button("", () => { dialog.close(); keepView({ views, look, choose, view }); }, "icon", { icon: "edit", "aria-label": `Change ${view.name}` }),
      button("", (event) => remove(view, event.currentTarget), "icon", { icon: "delete", "aria-label": `Remove ${view.name}` }),
    ] : [];
    return make("li", {}, pick, ...change);
  }
  // Asked once more, in the same place: what is removed cannot be had back.
  function remove(view, at) {
    const sure = button("Remove", async () => {
      try { await views.remove(view.view); removed(view.view); draw(); window.annolog.announce("View removed"); } catch (error) { wrong.textContent = error.message; }
    }, "danger-tiny", { "aria-label": `Really remove ${view.name}` });
    at.replaceWith(sure);
    sure.focus();
  }
  draw();
  (place.querySelector("[aria-current]") || place.querySelector("button")).focus();
}

// A new view of what is shown now, or another name, or the look of now, for one that there is.
export function keepView({ views, look, choose, view = null }) {
  const name = make("input", { type: "text", class: "an-input", maxlength: "100", value: view ? view.name : "", required: true });
  const shared = make("input", { type: "checkbox", checked: Boolean(view && view.shared) });
  const renew = make("input", { type: "checkbox", checked: view !== null });
  const wrong = make("p", { class: "an-wrong", role: "alert" });
  const form = make("form", { class: "an-form" }, labelled("Name", name),
    views.given.may.includes("configure") ? make("label", { class: "an-tick" }, shared, make("span", {}, "Everybody who sees the board sees it")) : null,
    view ? make("label", { class: "an-tick" }, renew, make("span", {}, "With the filter, order and columns that are shown now")) : null,
    wrong, make("div", { class: "an-actions an-dialog-actions" }, make("button", { type: "submit", class: "an-do an-do-primary" }, "Keep")));
  const dialog = window.annolog.overlay(view ? "Change the view" : "Keep a view", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const of = view && !renew.checked ? view : look;
    const body = { name: name.value, shared: shared.checked, filters: of.filters, order: of.order, columns: of.columns, widths: of.widths };
    try {
      const id = await views.save(view ? view.view : null, body);
      dialog.close();
      choose(id);
      window.annolog.announce("View kept");
    } catch (error) { wrong.textContent = error.wrong?.[0]?.detail ? `${error.wrong[0].detail}` : error.message; name.focus(); }
  });
  name.focus();
}
