// Why a task is passed over: asked where the project wants to know, or where somebody wants to say it.

import { button, dialog, make } from "./elements.js";

/** Ask; gives the words, or null where somebody would rather not skip. */
export function askWhy(required) {
  return new Promise((resolve) => {
    let said = null;
    const field = make("textarea", { class: "an-input", rows: "3", "aria-label": "Reason", maxlength: "10000", placeholder: required ? "What keeps you from answering?" : "Optional" });
    const wrong = make("p", { class: "an-work-conflict", role: "alert" });
    const skip = button("Skip", () => done(), { kind: "primary", key: "ctrl+enter" });
    const done = () => {
      const words = field.value.trim();
      if (required && !words) { wrong.textContent = "This project asks for a reason."; field.focus(); return; }
      said = words;
      shown.close();
    };
    field.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); done(); } });
    const cancel = button("Cancel", () => shown.close(), { kind: "quiet" });
    const shown = dialog("Skip the task", [field, wrong, make("div", { class: "an-actions an-dialog-actions" }, cancel, skip)], () => resolve(said));
    field.focus();
  });
}
