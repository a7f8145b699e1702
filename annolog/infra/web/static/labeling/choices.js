// Choices: one or several of a list, as buttons to tick or as a menu, also within each other.

import { button, freshId, make } from "./dom.js";
import { flat } from "./config.js";
import { field } from "./field.js";

export function choicesControl(desk, control) {
  return field(desk, control, (set) => (control.tag.get("layout") === "select" ? menu(desk, control, set) : ticked(desk, control, set)));
}

// Where choices lie within each other and the config says so, a choice is told by those above it.
const told = (control, option) => (control.tag.says("allowNested") ? option.path : option.value);
const isTold = (entry, option) => (Array.isArray(entry) ? entry.length === option.path.length && entry.every((part, at) => part === option.path[at]) : entry === option.value);

function chosen(control, value) {
  const entries = Array.isArray(value?.choices) ? value.choices : [];
  return new Set(flat(control.options).filter((option) => entries.some((entry) => isTold(entry, option))));
}

function ticked(desk, control, set) {
  const name = freshId("choice");
  const inputs = new Map();
  let value = null;
  const put = (option, on) => {
    const old = Array.isArray(value?.choices) ? value.choices : [];
    if (!control.many) set(on ? { choices: [told(control, option)] } : null);
    else {
      const rest = old.filter((entry) => !isTold(entry, option));
      const next = on ? [...rest, told(control, option)] : rest;
      set(next.length ? { choices: next } : null);
    }
  };
  const list = (options) => make("div", { class: `an-lb-choices${control.tag.get("showInline") === "false" ? " an-lb-column" : ""}` }, ...options.map((option) => {
    const input = make("input", { type: control.many ? "checkbox" : "radio", name, value: option.value });
    const hint = make("span", { class: "an-lb-hint" });
    inputs.set(option, input);
    input.addEventListener("change", () => put(option, input.checked));
    const label = make("label", { class: "an-lb-choice", title: option.hint || null, "data-keyed": "" }, input, make("span", { dir: "auto" }, option.shown), hint);
    if (!desk.readonly) {
      desk.keys.wish(`${control.name}/${option.value}`, option.hotkey, () => {
        if (desk.regionFor(control) === undefined || label.closest("[hidden]")) return false;
        // As with the mouse: the one choice that is made stays made, so that a suggestion is confirmed by its key.
        put(option, !control.many || !chosen(control, value).has(option));
        return true;
      }, hint);
    }
    return option.children.length ? make("div", { class: "an-lb-nest" }, label, list(option.children)) : label;
  }));
  const clear = control.many || desk.readonly ? null : button("Clear", () => { set(null); [...inputs.values()][0].focus(); }, { small: true, class: "an-lb-button an-lb-small an-lb-clear" });
  return {
    element: make("div", { class: "an-lb-ticked" }, list(control.options), clear),
    show(next) {
      value = next;
      const now = chosen(control, value);
      for (const [option, input] of inputs) input.checked = now.has(option);
      if (clear) clear.hidden = !now.size || control.required;
    },
  };
}

function menu(desk, control, set) {
  const options = flat(control.options);
  const select = make("select", { class: "an-lb-select", multiple: control.many, size: control.many ? Math.min(options.length, 8) : null, "aria-label": control.tag.get("title") || control.name },
    ...(control.many ? [] : [make("option", { value: "" }, "–")]),
    ...options.map((option, at) => make("option", { value: at }, `${"  ".repeat(option.path.length - 1)}${option.shown}`)));
  select.addEventListener("change", () => {
    const picked = [...select.selectedOptions].filter((one) => one.value !== "").map((one) => told(control, options[Number(one.value)]));
    set(picked.length ? { choices: picked } : null);
  });
  return {
    element: select,
    show(value) {
      const now = chosen(control, value);
      for (const one of select.options) one.selected = one.value === "" ? !now.size : now.has(options[Number(one.value)]);
    },
  };
}
