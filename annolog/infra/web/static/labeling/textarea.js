// TextArea: one text or several, each of which can be changed and taken away again.

import { button, make } from "./dom.js";
import { field } from "./field.js";
import { resolve, words } from "./config.js";

export function textAreaControl(desk, control) {
  return field(desk, control, (set) => entries(desk, control, set));
}

function entries(desk, control, set) {
  const { tag } = control;
  const most = Math.max(1, tag.number("maxSubmissions", Infinity));
  const rows = Math.min(Math.max(tag.number("rows", most === 1 ? 3 : 1), 1), 30);
  const list = make("div", { class: "an-lb-entries" });
  const add = make("div");
  let texts = [];
  let own = null;
  const wide = (area) => { area.style.height = "auto"; if (area.scrollHeight) area.style.height = `${Math.min(area.scrollHeight + 2, 420)}px`; };
  const put = (next, go = "") => {
    own = next;
    const said = next.filter((text) => text !== "");
    set(said.length ? { text: said } : null, go);
  };
  const build = () => {
    const shown = texts.length || desk.readonly ? texts : [words(resolve(tag.get("value"), desk.data))];
    list.replaceChildren(...shown.map((text, at) => {
      const area = make("textarea", { class: "an-lb-input an-lb-area", rows, dir: "auto", placeholder: tag.get("placeholder") || null, readonly: desk.readonly, "aria-label": most === 1 ? tag.get("title") || control.name : `${control.name}, entry ${at + 1}` });
      area.value = text;
      area.addEventListener("input", () => { const next = areas(); wide(area); put(next, `type-${control.name}-${at}`); });
      const remove = desk.readonly || most === 1 || shown.length === 1 ? null : button(`Remove entry ${at + 1}`, () => { texts = areas().filter((_, place) => place !== at); put(texts); build(); }, { icon: "✕", small: true });
      requestAnimationFrame(() => wide(area));
      return make("div", { class: "an-lb-entry" }, area, remove);
    }));
    if (desk.readonly && !shown.length) list.append(make("p", { class: "an-note" }, "Nothing written"));
    add.hidden = desk.readonly || shown.length >= most;
  };
  const areas = () => [...list.querySelectorAll("textarea")].map((area) => area.value);
  if (most > 1) {
    add.append(button("Add", () => {
      texts = [...areas(), ""];
      own = texts;
      build();
      list.querySelector(".an-lb-entry:last-child textarea").focus();
    }, { small: true }));
  }
  return {
    readonly: true,
    element: make("div", { class: "an-lb-textarea" }, list, add),
    show(value) {
      const found = typeof value?.text === "string" ? [value.text] : Array.isArray(value?.text) ? value.text.map(String) : [];
      // What comes back of what was just typed does not build the fields anew under somebody's hands.
      const mine = own && own.filter((text) => text !== "");
      if (mine && mine.length === found.length && mine.every((text, at) => text === found[at]) && list.children.length) { texts = own; own = null; return; }
      own = null;
      texts = found;
      build();
    },
  };
}
