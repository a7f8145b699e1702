// What is done to the tasks that are selected: first what it would come to, by the API, then done, then what became of
// which task, and the way back where there is one.
import { ask, button, choice, labelled, make } from "./asking.js";
import { STATES, counted } from "./words.js";

const ACTIONS = [
  { key: "assign", words: "Assign", icon: "person_add", may: ["assign_annotators", "assign_reviewers"], build: assigning },
  { key: "overlap", words: "Overlap", icon: "layers", may: ["change_overlap"], build: overlapping },
  { key: "review", words: "Review", icon: "rule", may: ["review"], build: reviewing },
  { key: "delete", words: "Delete", icon: "delete", may: ["delete_tasks"], build: deleting },
  { key: "restore", words: "Restore", icon: "restore_from_trash", may: ["delete_tasks"], build: restoring },
  { key: "export", words: "Export", icon: "download", may: ["export"], open: exporting },
];
export const possible = (given) => ACTIONS.filter((action) => action.may.some((name) => given.may.includes(name)));
const LOOK_AFTER_MS = 250;

function assigning(given) {
  const kinds = [["annotators", "to annotate"], ["reviewers", "to review"]].filter(([kind]) => given.may.includes(`assign_${kind}`));
  const kind = choice(kinds, kinds[0][0]), way = choice([["give", "Make the tasks theirs"], ["take", "Take the tasks from them"]], "give");
  const search = make("input", { type: "search", class: "an-input", placeholder: "Find somebody", "aria-label": "Find somebody" });
  const boxes = given.members.map(({ person, role }) => {
    const box = make("input", { type: "checkbox", value: person });
    return { box, name: (given.people[person] || "").toLowerCase(), row: make("label", {}, box, make("span", { dir: "auto" }, given.people[person] || `person ${person}`), make("span", { class: "an-note" }, role)) };
  });
  search.addEventListener("input", () => boxes.forEach(({ name, row }) => { row.hidden = !name.includes(search.value.trim().toLowerCase()); }));
  const people = make("div", { class: "an-people", role: "group", "aria-label": "People" }, ...boxes.map(({ row }) => row), boxes.length ? null : make("span", { class: "an-note" }, "The project has no members."));
  const read = () => ({ people: boxes.filter(({ box }) => box.checked).map(({ box }) => Number(box.value)), as_reviewers: kind.value === "reviewers", unassign: way.value === "take" });
  return {
    title: "Assign", path: "assignments", yes: () => (way.value === "take" ? "Take back" : "Assign"),
    fields: [labelled("What", way), labelled("What for", kind), search, people],
    body: () => (read().people.length ? read() : null), missing: "Choose somebody.",
    seen: (found) => (read().unassign ? `Taken from them: ${counted(found.would_change, "task")}.` : `New to them: ${counted(found.would_change, "task")}.`),
    // Of several it is not known who of them was it before.
    undo: (body, tasks) => (body.people.length === 1 ? { path: "assignments", body: { ...body, unassign: !body.unassign, tasks } } : null),
  };
}

function overlapping(given) {
  const slots = make("input", { type: "number", class: "an-input", min: "1", max: "100", value: String(given.overlap) });
  return {
    title: "Change the overlap", path: "overlap", yes: () => "Change", fields: [labelled("People each task needs", slots)],
    body: () => (Number(slots.value) >= 1 ? { slots: Number(slots.value) } : null), missing: "Say how many people.",
    seen: (found) => `Another number than now: ${counted(found.would_change, "task")}. People added since stay on top of it; finished tasks open again where they need more.`,
  };
}

function reviewing(given) {
  const rejects = { remove: "Reject, the answer is out", return: "Reject, back to its author", pass_on: "Reject, done anew by somebody else" };
  const options = [["accepted", "Accept"], ...given.reject_actions.map((name) => [name, rejects[name] || name])];
  const verdict = choice(options, "accepted"), comment = make("textarea", { class: "an-input", rows: "2" });
  return {
    title: "Review", path: "review/bulk", yes: () => (verdict.value === "accepted" ? "Accept" : "Reject"),
    fields: [labelled("Verdict on every answer that waits for one", verdict), labelled("Comment", comment)],
    body: () => ({ verdict: verdict.value === "accepted" ? "accepted" : "rejected", ...(verdict.value === "accepted" ? {} : { action: verdict.value }), comment: comment.value }),
    seen: (found) => `With answers nobody has judged: ${counted(found.would_change, "task")}. Your own answers, and what another reviewer has before them, are left.`,
    danger: () => verdict.value !== "accepted",
  };
}

function deleting() {
  const reason = make("input", { type: "text", class: "an-input", maxlength: "1000" });
  return {
    title: "Delete tasks", path: "tasks/delete", yes: () => "Delete", danger: () => true, fields: [labelled("Why", reason)], body: () => ({ reason: reason.value }),
    seen: (found) => `Out of the work: ${counted(found.would_change, "task")} with ${counted(found.annotations, "annotation")}. Their history stays, and they can be restored.`,
    undo: (body, tasks) => ({ path: "tasks/restore", body: { tasks } }),
  };
}

function restoring() {
  return {
    title: "Restore tasks", path: "tasks/restore", yes: () => "Restore", fields: [], body: () => ({}),
    seen: (found) => `Deleted now: ${counted(found.would_change, "task")}, which are back in the work then.`,
    undo: (body, tasks) => ({ path: "tasks/delete", body: { tasks } }),
  };
}

// A download, which changes nothing: without a preview, and with the browser's own progress.
function exporting({ given, selected, words }) {
  const names = make("input", { type: "checkbox" });
  const link = make("a", { class: "an-do an-do-primary", download: "" }, "Download");
  const show = () => { link.href = `/v1/projects/${given.project}/export?${new URLSearchParams({ filters: JSON.stringify(asFilters(selected)), people: names.checked ? "pseudonyms" : "ids" })}`; };
  names.addEventListener("change", show);
  show();
  const dialog = window.annolog.overlay("Export tasks", make("p", { class: "an-note" }, words),
    make("p", {}, "As Label Studio's JSON, one task a line. It is noted in the activity log; fields that are kept from you stay out."),
    make("label", { class: "an-check" }, names, make("span", {}, "People by pseudonyms")),
    make("div", { class: "an-actions an-dialog-actions" }, button("Cancel", () => dialog.close(), "quiet"), link));
  link.addEventListener("click", () => setTimeout(() => dialog.close()));
  link.focus();
}

const OF_TASK = (operator, value) => ({ filter: "task", operator, value });
// A selection as a filter alone, since an address has no body.
function asFilters({ tasks, filters, excluded }) {
  if (tasks) return { items: [OF_TASK("in_list", tasks)] };
  return excluded.length ? { items: [filters, OF_TASK("not_in_list", excluded)] } : filters;
}

export function act({ action, given, selected, words, done }) {
  const what = action.build(given);
  const base = `/v1/projects/${given.project}`;
  const seen = make("div", { class: "an-seen", role: "status" }), wrong = make("p", { class: "an-wrong", role: "alert" });
  const yes = button(what.yes(), run, "primary");
  const form = make("div", { class: "an-form" }, ...what.fields, seen, wrong);
  const foot = make("div", { class: "an-actions an-dialog-actions" }, button("Cancel", () => dialog.close(), "quiet"), yes);
  const dialog = window.annolog.overlay(what.title, make("p", { class: "an-note" }, words), form, foot);
  let turn = 0, waiting = 0;
  dialog.addEventListener("close", () => { turn += 1; clearTimeout(waiting); });
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  (form.querySelector("select, input") || yes).focus();
  look();

  function later(event) { if (event.target.type === "search") return; clearTimeout(waiting); waiting = setTimeout(look, LOOK_AFTER_MS); }

  async function look() {
    const mine = ++turn, body = what.body();
    yes.querySelector("span").textContent = what.yes();
    yes.className = `an-do an-do-${what.danger?.() ? "danger" : "primary"}`;
    yes.disabled = true;
    wrong.textContent = "";
    if (!body) { seen.replaceChildren(make("p", { class: "an-note" }, what.missing)); return; }
    seen.replaceChildren(make("p", { class: "an-note" }, "Looking what that would come to …"));
    try {
      const { value } = await ask("POST", `${base}/${what.path}`, { ...selected, ...body, preview: true }, { reads: true });
      if (mine !== turn) return;
      seen.replaceChildren(...foreseen(what, value));
      yes.disabled = value.tasks === 0;
    } catch (error) {
      if (mine === turn) { seen.replaceChildren(); wrong.textContent = error.message; }
    }
  }

  async function run() {
    const body = what.body();
    turn += 1;
    clearTimeout(waiting);
    yes.disabled = true;
    wrong.textContent = "";
    seen.append(make("p", { class: "an-note" }, "Working …"));
    try {
      const { value } = await ask("POST", `${base}/${what.path}`, { ...selected, ...body });
      await done(value.position);
      const undo = what.undo && value.changed_tasks?.length ? what.undo(body, value.changed_tasks) : null;
      foot.replaceChildren(...(undo ? [button("Undo", (event) => back(undo, event.currentTarget), "plain", { icon: "undo" })] : []), button("Close", () => dialog.close(), "primary"));
      form.replaceChildren(make("div", { role: "status", class: "an-done" }, ...outcome(value)), wrong);
      foot.lastChild.focus();
    } catch (error) { seen.lastChild?.remove(); wrong.textContent = error.message; yes.disabled = false; }
  }

  // By pieces, as the API takes them by id.
  async function back(undo, at) {
    at.disabled = true;
    const { tasks, ...more } = undo.body;
    try {
      let position = 0;
      for (let start = 0; start < tasks.length; start += 1000) position = (await ask("POST", `${base}/${undo.path}`, { ...more, tasks: tasks.slice(start, start + 1000) })).value.position;
      await done(position);
      form.replaceChildren(make("p", { role: "status" }, `Taken back for ${counted(tasks.length, "task")}.`));
      at.remove();
    } catch (error) { wrong.textContent = error.message; at.disabled = false; }
  }
}

function foreseen(what, found) {
  const states = Object.entries(found.by_state || {}).filter(([, count]) => count).map(([state, count]) => `${count.toLocaleString("en-US")} ${(STATES[state] || state).toLowerCase()}`);
  return [
    make("p", {}, make("strong", {}, counted(found.tasks, "task")), states.length ? `: ${states.join(", ")}.` : "."),
    found.would_change === undefined ? null : make("p", {}, what.seen(found)),
    found.held ? make("p", { class: "an-caution" }, `Somebody is working on ${found.held === 1 ? "one" : found.held.toLocaleString("en-US")} of them now.`) : null,
  ].filter(Boolean);
}

function outcome(found) {
  const refused = found.refused || [];
  // By a filter only the first of very many are named.
  const left = found.refused_count ?? refused.length;
  const tasks = Array.isArray(found.tasks) ? found.tasks.length + left : found.tasks;
  const same = tasks - found.changed - left;
  const rows = refused.slice(0, 100).map(({ task, detail }) => make("li", {}, make("a", { href: `/tasks/${Number(task)}`, class: "an-link" }, `Task ${task}`), `: ${detail}`));
  return [
    make("p", {}, make("strong", {}, `Done for ${counted(found.changed, "task")}.`), same > 0 ? ` ${counted(same, "was", "were")} so already.` : ""),
    found.reviewed === undefined ? null : make("p", {}, `${counted(found.reviewed, "annotation")} judged.`),
    rows.length ? make("p", {}, `Not done for ${counted(left, "task")}${left > rows.length ? ", such as" : ""}:`) : null,
    rows.length ? make("ul", { class: "an-refused" }, ...rows) : null,
  ].filter(Boolean);
}
