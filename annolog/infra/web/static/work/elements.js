// Elements of the page. Whatever somebody wrote becomes text in them and nothing else.

/** An element; attributes that are null or false are left out, children are elements or text. */
export function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) found.setAttribute(name, value === true ? "" : String(value));
  }
  found.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return found;
}

/** A button of the page; kinds: primary, plain, quiet, danger. `key` is shown in it. */
export function button(words, act, { kind = "plain", key = "", tiny = false, ...attributes } = {}) {
  const found = make("button", { type: "button", class: `an-button an-button-${kind} an-work-button${tiny ? " an-button-tiny" : ""}`, ...attributes }, make("span", {}, words));
  if (key) found.append(make("kbd", { "aria-hidden": "true" }, shownKey(key)));
  found.addEventListener("click", act);
  return found;
}

/** A dialog of the browser's own, which keeps focus inside and gives it back; `ended` is called when it closes. */
export function dialog(title, children, ended = () => {}) {
  const close = make("button", { type: "button", class: "an-icon-button", "aria-label": "Close" }, "✕");
  const head = make("div", { class: "an-heading" }, make("h2", {}, title), close);
  const found = make("dialog", { class: "an-overlay an-work-dialog", "aria-label": title }, make("div", { class: "an-overlay-body" }, head, ...children));
  close.addEventListener("click", () => found.close());
  found.addEventListener("close", () => { found.remove(); ended(); });
  (document.querySelector(".an-page") ?? document.body).append(found);
  found.showModal();
  return found;
}

const SIGNS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", " ": "Space", space: "Space", escape: "Esc", enter: "Enter", pageup: "PgUp", pagedown: "PgDn" };

/** A key as people read it: `ctrl+enter` as `Ctrl+Enter`. */
export function shownKey(key) {
  return String(key).split(",")[0].split("+").map((part) => SIGNS[part] ?? part.charAt(0).toUpperCase() + part.slice(1)).join("+");
}

/** `1 task`, `2 tasks`. */
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A moment as the clock on the wall shows it; with its day if that is another. */
export function clock(text) {
  const at = new Date(text);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString("en", { day: "numeric", month: "short" })}, ${time}`;
}

/** Seconds as people read them: `4 s`, `2 min`. */
export const spell = (seconds) => (seconds < 60 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`);
