// Having done anew what somebody answered on some days: how much that is, then done.
import { ask, button, choice, labelled, make } from "./asking.js";
import { counted } from "./words.js";

export function doAnew({ given, done }) {
  const people = Object.entries(given.people).sort((one, other) => one[1].localeCompare(other[1]));
  const person = choice(people, people[0]?.[0]);
  const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
  const since = make("input", { type: "date", class: "an-input", value: day(7) }), until = make("input", { type: "date", class: "an-input", value: day(0) });
  const reason = make("input", { type: "text", class: "an-input", maxlength: "1000" });
  const seen = make("p", { role: "status" }), wrong = make("p", { class: "an-wrong", role: "alert" });
  const yes = button("Have it done anew", run, "danger");
  const form = make("div", { class: "an-form" }, labelled("Whose answers", person), labelled("From (UTC)", since), labelled("To, this day too (UTC)", until), labelled("Why", reason), seen, wrong);
  const dialog = window.annolog.overlay("Have work done anew", make("p", { class: "an-note" }, "Their answers of these days are taken out; the tasks are open to others."), form,
    make("div", { class: "an-actions an-dialog-actions" }, button("Cancel", () => dialog.close(), "quiet"), yes));
  [person, since, until].forEach((one) => one.addEventListener("change", look));
  look();

  async function look() {
    yes.disabled = true; wrong.textContent = "";
    const query = new URLSearchParams({ person: person.value, since: since.value, until: until.value });
    try {
      const { value } = await ask("GET", `/v1/projects/${given.project}/requeue?${query}`);
      seen.textContent = `${counted(value.answers, "answer")} would be taken out.`;
      yes.disabled = !value.answers;
    } catch (error) { seen.textContent = ""; wrong.textContent = error.message; }
  }
  async function run() {
    yes.disabled = true;
    try {
      const { value } = await ask("POST", `/v1/projects/${given.project}/requeue`, { person: Number(person.value), since: since.value, until: until.value, reason: reason.value });
      dialog.close();
      await done(value.position, "The answers are taken out.");
    } catch (error) { wrong.textContent = error.message; yes.disabled = false; }
  }
}
