// Elements of a page, made so that whatever somebody wrote is text in them and nothing else.

let made = 0;

/** An id that no other element has. */
export const freshId = (stem) => `an-${stem}-${++made}`;

/** An element. Attributes that are null, undefined or false are left out; children are elements or text. */
export function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  setAll(found, attributes);
  found.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return found;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same in a drawing. */
export function draw(tag, attributes = {}, ...children) {
  const found = document.createElementNS(SVG, tag);
  setAll(found, attributes);
  found.append(...children);
  return found;
}

/** Set what is given and remove what is null or false. */
export function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A button with words; `icon` is a sign that is not read out. */
export function button(words, act, { icon = "", small = false, ...attributes } = {}) {
  const classes = `an-lb-button${small ? " an-lb-small" : ""}`;
  const found = make("button", { type: "button", class: classes, ...(icon ? { "aria-label": words, title: words } : {}), ...attributes },
    icon ? make("span", { "aria-hidden": "true" }, icon) : words);
  found.addEventListener("click", act);
  return found;
}

/** The hint that a key does something. */
export const keyHint = (key) => (key ? make("kbd", { class: "an-lb-key", "aria-hidden": "true" }, shownKey(key)) : null);

const SIGNS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", " ": "Space", space: "Space", escape: "Esc", delete: "Del" };

/** A key as people read it: `ctrl+z` as `Ctrl+Z`. */
export function shownKey(key) {
  const parts = key === "+" ? ["+"] : key.split("+");
  return parts.map((part) => SIGNS[part] || (parts.length === 1 && part.length === 1 ? part : part[0].toUpperCase() + part.slice(1))).join("+");
}

/** A notice in place of what cannot be shown. */
export const notice = (words) => make("p", { class: "an-lb-notice" }, words);

/** `bounding_box` as `Bounding box`. */
export function sentence(name) {
  const words = String(name).replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Ten random letters, as the ids of regions are. */
export function randomId() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => letters[byte & 63]).join("");
}

/** Whether two JSON values say the same. */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}
